"""PubMed XML: a PubmedArticleSet, as from the baseline, daily updates or efetch.

    <PubmedArticle><MedlineCitation><PMID Version="1">1</PMID><Article>
    <ArticleTitle>...</ArticleTitle><Abstract><AbstractText Label="AIM">...</AbstractText>

Kept: title and abstract as plain text (labels kept), other abstracts apart, authors, journal, year,
ids, version and date of revision, language, keywords, MeSH, chemicals, publication types, links to
other papers; books; DeleteCitation as notices. Dropped: references, grants, affiliations. Read as a
stream; entities and outside references are refused. All versions of a PMID are given: the store
keeps the newest.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.paper_fields import paper_of
from ingest.records import BadRecord, Notice, Publication
from ingest.xml_stream import elements, first_tag, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import TextIO
    from xml.etree.ElementTree import Element

    from ingest.readers.base import Kind, Source

_ROOTS: Final = frozenset(
    {"PubmedArticleSet", "PubmedArticle", "PubmedBookArticleSet", "PubmedBookArticle"}
    | {"MedlineCitationSet", "MedlineCitation", "DeleteCitation"}
)
#: Labels that say nothing.
_NO_LABEL: Final = frozenset({"", "UNLABELLED"})
#: What RegistryNumber says for a substance that has none.
_NO_NUMBER: Final = frozenset({"", "0"})
#: Our field -> where it stands, from PubmedArticle and from PubmedBookArticle.
_PLACES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "PubmedArticle": {
        "top": ("MedlineCitation",),
        "title": ("Article/ArticleTitle", "Article/VernacularTitle"),
        "abstract": ("Article/Abstract/AbstractText",),
        "authors": ("Article/AuthorList/Author",),
        "journal": ("Article/Journal/Title", "MedlineJournalInfo/MedlineTA"),
        "year": (
            *(
                "Article/Journal/JournalIssue/PubDate/Year",
                "Article/Journal/JournalIssue/PubDate/MedlineDate",
            ),
            *("Article/ArticleDate/Year", "DateCompleted/Year"),
        ),
        "types": ("Article/PublicationTypeList/PublicationType",),
        "language": ("Article/Language",),
        "keywords": ("KeywordList/Keyword", "MeshHeadingList/MeshHeading/DescriptorName"),
        "located": ("Article/ELocationID",),
        "ids": ("PubmedData/ArticleIdList/ArticleId",),
    },
    "PubmedBookArticle": {
        "top": ("BookDocument",),
        "title": ("ArticleTitle", "Book/BookTitle", "VernacularTitle"),
        "abstract": ("Abstract/AbstractText",),
        "authors": ("AuthorList/Author",),
        "journal": ("Book/BookTitle",),
        "year": ("Book/PubDate/Year", "ContributionDate/Year", "Book/PubDate/MedlineDate"),
        "types": ("PublicationType",),
        "language": ("Language",),
        "keywords": ("KeywordList/Keyword",),
        "located": ("Book/ELocationID",),
        "ids": ("PubmedBookData/ArticleIdList/ArticleId",),
    },
}


class PubmedXmlReader:
    """Publications from PubMed's own XML."""

    name = "pubmed_xml"
    kind: Kind = "literature"
    description = "PubMed XML (baseline, update files, efetch)"

    def sniff(self, head: str) -> bool:
        """Look for XML whose first element is PubMed's."""
        return first_tag(head) in _ROOTS

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | Notice | BadRecord]:
        """Yield a Publication per article and a Notice per withdrawn PMID.

        Where the XML is broken, a BadRecord is given and the next article is read.

        Raises:
            FormatError: The XML is broken before the first article, or defines entities.
        """
        read = 0
        withdrawn = 0
        for element in elements(handle, source, (*_PLACES, "MedlineCitation", "DeleteCitation")):
            read += 1
            if isinstance(element, BadRecord):
                yield element
            elif element.tag == "DeleteCitation":
                for notice in _withdrawn(element, source):
                    withdrawn += 1
                    yield notice
            else:
                yield _publication(element, source)
        if withdrawn:
            source.warnings.append(f"{withdrawn} PMIDs are marked as withdrawn by PubMed")
        if not read:
            hint = "Ask PubMed for XML, not for a list of ids"
            raise FormatError("no article was found", path_name=source.path_name, hint=hint)


def _withdrawn(element: Element, source: Source) -> Iterator[Notice]:
    for pmid in filter(str.isdigit, map(text_of, element.iterfind("PMID"))):
        place = source.provenance(PubmedXmlReader.name)
        yield Notice("deletion", pmid=pmid, source="PubMed", provenance=place)


def _publication(article: Element, source: Source) -> Publication | BadRecord:
    is_alone = article.tag == "MedlineCitation"  # as leased files had them, without PubmedData
    places = _PLACES["PubmedArticle" if is_alone else article.tag]
    citation = article if is_alone else article.find(places["top"][0])
    number = None if citation is None else citation.find("PMID")
    pmid = text_of(number)
    if citation is None or number is None or not (pmid.isascii() and pmid.isdigit()):
        return BadRecord(source.path_name, 0, pmid[:80], "the article has no PMID")
    names = ("title", "journal", "year", "types", "language", "keywords")
    fields = {name: _all(citation, places[name]) for name in names}
    ids = {it.get("IdType", ""): text_of(it) for it in article.iterfind(places["ids"][0])}
    fields["own_id"] = fields["pmid"] = [pmid]
    fields["abstract"] = [_abstract(citation.iterfind(places["abstract"][0]))]
    fields["authors"] = [_author(it) for it in citation.iterfind(places["authors"][0])]
    fields["doi"] = [ids.get("doi", ""), *_located(citation, places["located"][0])]
    fields["pmcid"] = [ids.get("pmc", "")]
    try:
        paper = paper_of(fields, source.provenance(PubmedXmlReader.name))
    except ValueError as error:
        return BadRecord(source.path_name, 0, pmid, f"the article has {error}")
    links = tuple(dict.fromkeys(_links(citation)))
    kinds = {kind for kind, _ in links}
    version = number.get("Version", "1")
    return replace(
        paper,
        is_retracted="Retracted Publication" in paper.publication_types or "RetractionIn" in kinds,
        has_concern="ExpressionOfConcernIn" in kinds,
        links=links,
        mesh=tuple(_mesh(citation)),
        chemicals=tuple(_chemicals(citation)),
        other_abstracts=tuple(_other_abstracts(citation)),
        version=int(version) if version.isdecimal() else 1,
        revised=_date(citation.find("DateRevised")),
    )


def _all(citation: Element, paths: Iterable[str]) -> list[str]:
    return [text for path in paths for it in citation.iterfind(path) if (text := text_of(it))]


def _abstract(parts: Iterator[Element]) -> str:
    return " ".join(filter(None, map(_labelled, parts)))


def _labelled(part: Element) -> str:
    label, text = part.get("Label", "").strip(), text_of(part)
    return f"{label}: {text}" if text and label.upper() not in _NO_LABEL else text


def _other_abstracts(citation: Element) -> Iterator[tuple[str, str]]:
    for other in citation.iterfind("OtherAbstract"):
        label = f"{other.get('Type', '')} [{other.get('Language', 'eng')}]".strip()
        if text := _abstract(other.iterfind("AbstractText")):
            yield label, text


def _author(author: Element) -> str:
    last, initials = text_of(author.find("LastName")), text_of(author.find("Initials"))
    if last and not initials and (given := text_of(author.find("ForeName"))):
        return f"{last}, {given}"
    return f"{last} {initials}".strip() or text_of(author.find("CollectiveName"))


def _located(citation: Element, path: str) -> list[str]:
    places = citation.iterfind(f"{path}[@EIdType='doi']")
    return [text_of(place) for place in places if place.get("ValidYN", "Y") == "Y"]


def _mesh(citation: Element) -> Iterator[tuple[str, str]]:
    for name in citation.iterfind("MeshHeadingList/MeshHeading/DescriptorName"):
        yield name.get("UI", ""), text_of(name)


def _chemicals(citation: Element) -> Iterator[tuple[str, str]]:
    for chemical in citation.iterfind("ChemicalList/Chemical"):
        number = text_of(chemical.find("RegistryNumber"))
        yield "" if number in _NO_NUMBER else number, text_of(chemical.find("NameOfSubstance"))


def _links(citation: Element) -> Iterator[tuple[str, str]]:
    for link in citation.iterfind("CommentsCorrectionsList/CommentsCorrections"):
        pmid = text_of(link.find("PMID"))
        reference = f"PMID:{pmid}" if pmid else text_of(link.find("RefSource"))
        yield link.get("RefType", ""), reference


def _date(date: Element | None) -> str:
    if date is None:
        return ""
    parts = [text_of(date.find(part)).zfill(2) for part in ("Year", "Month", "Day")]
    return "-".join(parts) if all(part.isdecimal() for part in parts) else ""
