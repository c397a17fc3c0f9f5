"""Names that tables and JSON objects give to the fields of a reference, brought to ours.

The names are those of PubMed, Embase, Scopus, Web of Science, Zotero, EndNote, Rayyan, Covidence,
ASReview, Dimensions, Lens, Crossref, Europe PMC, OpenAlex, Semantic Scholar and BEIR. They are
compared without case, spaces and punctuation ("Article Title" and ``article_title`` are one).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

#: Our field -> names, in order of preference.
COLUMNS: Final = {
    "title": (
        *(
            "title",
            "titles",
            "articletitle",
            "primarytitle",
            "documenttitle",
            "papertitle",
            "displayname",
        ),
        *(
            "ti",
            "t1",
            "itemtitle",
            "dctitle",
            "titledisplay",
            "originaltitle",
            "titleenglish",
            "translatedtitle",
        ),
    ),
    "abstract": (
        *("abstract", "abstracttext", "abstractnote", "notesabstract", "ab", "n2", "text"),
        *("dcdescription", "summary", "originalabstract", "tldr"),
    ),
    "authors": (
        *(
            "authorsparsed",
            "authors",
            "author",
            "authornames",
            "authorfullnames",
            "firstauthors",
            "authorlist",
        ),
        *("authorstring", "au", "a1", "authornamesf", "authorships", "creators", "creator"),
        *("authorshipsauthordisplayname", "dccreator", "authordisplay"),
    ),
    "journal": (
        *(
            "journal",
            "journaltitle",
            "journalbook",
            "publicationtitle",
            "sourcetitle",
            "journalname",
        ),
        *("journalinfojournaltitle", "fulljournalname", "journalabbreviation", "containertitle"),
        *("source", "secondarytitle", "venue", "so", "jf"),
        *("primarylocationsourcedisplayname", "hostvenue", "t2", "jt"),
        *("publication", "publicationname", "pubtitle", "prismpublicationname"),
    ),
    "year": (
        *(
            "year",
            "publicationyear",
            "pubyear",
            "publishedyear",
            "yearpublished",
            "yearofpublication",
        ),
        *("publicationdate", "datepublished", "dateofpublication", "date", "py", "y1", "dp"),
        *("issued", "firstpublicationdate", "publishtime", "pubdate"),
        *("published", "publishedprint", "publishedonline", "prismcoverdate"),
    ),
    "pmid": (
        *(
            "pmid",
            "pubmedid",
            "medlinepmid",
            "externalidspubmed",
            "idspmid",
            "identifierspmid",
            "pm",
            "pubmed",
        ),
        *("pubmedpmid", "pmidn"),
    ),
    "pmcid": ("pmcid", "pmcidn", "pmc", "pubmedcentralid", "externalidspubmedcentral", "idspmcid"),
    "doi": (
        "doi",
        "digitalobjectidentifier",
        "externalidsdoi",
        "idsdoi",
        "identifiersdoi",
        "do",
        "di",
        "articledoi",
        "itemdoi",
        "prismdoi",
    ),
    "keywords": (
        *("keywords", "authorkeywords", "keyword", "de", "kw", "keywordlistkeyword", "tags"),
        *("keywordsplus", "indexkeywords", "id_keywords", "meshterms", "mesh", "meshheadings"),
        *("emtreemedicalindextermsmajorfocus", "emtreedrugindextermsmajorfocus"),
        *("manualtags", "automatictags"),
    ),
    "types": (
        *("publicationtypes", "publicationtype", "pubtypes", "pubtype", "pubtypelistpubtype"),
        *("documenttype", "typeofreference", "itemtype", "articletype", "type", "referencetype"),
        *("subtype", "pt"),
    ),
    "language": ("language", "lang", "languageoforiginaldocument", "la", "articlelanguage"),
    "own_id": (
        *("_id", "recordid", "id", "corpusid", "paperid", "lensid", "eid", "utuniquewosid", "key"),
        *("embaseaccessionid", "accessionnumber", "covidence", "publicationid", "citekey"),
        *("docid", "corduid"),
    ),
    "place": (
        "url",
        "link",
        "urls",
        "fulltexturl",
        "openurllink",
        "note",
        "notes",
        "links",
        "extra",
    ),
}
#: Fields of which a table of references has one besides a title.
TELLING: Final = frozenset({"abstract", "doi", "pmid", "pmcid", "journal", "authors"})
#: Columns of other tables that have titles and abstracts too: sequencing runs, samples.
_OF_OTHERS: Final = frozenset(
    {"sampleid", "sampname", "samplename", "run", "biosample", "bioproject", "experimentaccession"}
    | {"locustag", "geneid", "proteinid", "sequence", "retractiondoi", "originalpaperdoi"}
)
_BETWEEN: Final = re.compile(r"[\W_]+")
_BY_NAME: Final = {
    name: (field, rank) for field, names in COLUMNS.items() for rank, name in enumerate(names)
}


@lru_cache(maxsize=4096)  # the same few names come with every record
def plain_name(name: str) -> str:
    """Write a column's name without case, spaces and punctuation; BEIR's ``_id`` stays."""
    return "_id" if name == "_id" else _BETWEEN.sub("", name.casefold())


def field_of(name: str) -> str:
    """Return our field that a column holds; "" for columns that are not read."""
    return _BY_NAME.get(plain_name(name), ("", 0))[0]


def rank_of(name: str) -> int:
    """Return how early a column is looked at for its field; lower is earlier."""
    return _BY_NAME.get(plain_name(name), ("", 0))[1]


def is_reference_header(names: list[str]) -> bool:
    """Tell whether columns are those of references: a title, and what only papers have."""
    plain = {plain_name(name) for name in names}
    fields = {field_of(name) for name in names}
    return "title" in fields and bool(fields & TELLING) and not plain & _OF_OTHERS
