"""Answers of web services and exports of databases, each in its own layout."""

from __future__ import annotations

import json

import pytest

from ingest.errors import UnknownFormatError
from ingest.files import read_records
from ingest.records import BadRecord

TEXT = "Gut bacteria split starch into sugars."


def papers(folder, name, content):
    path = folder / name
    written = content if isinstance(content, str) else json.dumps(content)
    path.write_text(written, encoding="utf-8")
    return list(read_records(path).records)


def openalex(**fields):
    index = {}
    for place, word in enumerate(TEXT.split()):
        index.setdefault(word, []).append(place)
    work = {
        "id": "https://openalex.org/W3",
        "doi": "https://doi.org/10.1000/x.3",
        "title": "Starch and <i>sugars</i>",
        "publication_year": 2020,
        "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/31"},
        "authorships": [{"author": {"display_name": "John Smith"}, "institutions": []}],
        "primary_location": {"source": {"display_name": "J Test"}},
        "is_retracted": False,
        "mesh": [{"descriptor_ui": "D001439", "descriptor_name": "Bacteroides"}],
        "abstract_inverted_index": index,
    }
    return work | fields


@pytest.mark.parametrize(
    ("name", "wrap"),
    [
        ("a.json", lambda work: {"meta": {"count": 1}, "results": [work]}),
        ("b.json", lambda work: work),
        ("c.jsonl", lambda work: json.dumps(work) + "\n"),
        ("d.json", lambda work: [work]),
    ],
)
def test_openalex_keeps_the_abstract_as_places_of_words(tmp_path, name, wrap):
    (paper,) = papers(tmp_path, name, wrap(openalex(is_retracted=True)))
    assert paper.abstract == TEXT
    assert paper.title == "Starch and sugars"
    assert (paper.pmid, paper.doi, paper.authors) == ("31", "10.1000/x.3", ("Smith J",))
    assert paper.mesh == (("D001439", "Bacteroides"),)
    assert paper.is_retracted


@pytest.mark.parametrize("index", [None, [], {"a": None}, {"a": [-1, "x", 10**9]}, {"a": 3}])
def test_a_damaged_index_is_no_abstract(tmp_path, index):
    (paper,) = papers(tmp_path, "a.json", [openalex(abstract_inverted_index=index)])
    assert paper.abstract == ""


def test_biorxiv_says_where_a_preprint_was_published(tmp_path):
    first = {
        "doi": "10.1101/2019.12.30.891234",
        "title": "Starch",
        "authors": "Smith, J.; Doe, A. B.",
        "date": "2020-01-01",
        "version": "2",
        "category": "microbiology",
        "abstract": TEXT,
        "published": "10.1000/x.3",
        "server": "biorxiv",
    }
    collection = [first, first | {"doi": "10.1101/2019.12.30.891235", "published": "NA"}]
    found = papers(tmp_path, "a.json", {"messages": [{"status": "ok"}], "collection": collection})
    assert [it.is_preprint for it in found] == [True, True]
    assert [it.links for it in found] == [(("UpdateIn", "DOI:10.1000/x.3"),), ()]
    assert found[0].authors == ("Smith J", "Doe AB")


def test_crossref_with_authors_in_sequence_and_its_updates(tmp_path):
    retraction = {"DOI": "10.1000/x.3", "type": "retraction", "label": "Retraction"}
    items = [
        {
            "DOI": "10.1000/x.3",
            "title": ["Starch"],
            "author": [{"given": "John", "family": "Smith", "sequence": "first"}],
            "container-title": ["J Test"],
            "issued": {"date-parts": [[2020, 1]]},
            "abstract": "<jats:title>ABSTRACT</jats:title><jats:p>Gut bacteria.</jats:p>",
            "updated-by": [retraction | {"DOI": "10.1000/r"}],
        },
        {"DOI": "10.1000/r", "title": ["Retraction of Starch"], "update-to": [retraction]},
    ]
    answer = {"status": "ok", "message-type": "work-list", "message": {"items": items}}
    paper, notice = papers(tmp_path, "a.json", answer)
    assert (paper.abstract, paper.year, paper.journal) == ("Gut bacteria.", "2020", "J Test")
    assert paper.links == (("RetractionIn", "DOI:10.1000/r"),)
    assert paper.is_retracted
    assert notice.links == (("RetractionOf", "DOI:10.1000/x.3"),)
    assert not notice.is_retracted


def test_europe_pmc_with_its_lists(tmp_path):
    result = {
        "id": "31",
        "source": "MED",
        "pmid": "31",
        "title": "Starch.",
        "authorString": "Smith J, Gut Consortium.",
        "journalInfo": {"journal": {"title": "Journal of Tests"}},
        "pubYear": "2020",
        "abstractText": TEXT,
        "meshHeadingList": {"meshHeading": [{"descriptorName": "Bacteroides"}]},
        "chemicalList": {"chemical": [{"name": "Amylase", "registryNumber": "EC 3.2.1.1"}]},
        "commentCorrectionList": {
            "commentCorrection": [{"id": "39", "source": "MED", "type": "Retraction in"}]
        },
    }
    (paper,) = papers(tmp_path, "a.json", {"resultList": {"result": [result]}})
    assert paper.journal == "Journal of Tests"
    assert paper.authors == ("Smith J", "Gut Consortium")
    assert paper.mesh == (("", "Bacteroides"),)
    assert paper.chemicals == (("EC 3.2.1.1", "Amylase"),)
    assert paper.is_retracted


def test_summaries_of_ncbi_and_full_texts_of_cord19(tmp_path):
    summary = {
        "uid": "31",
        "title": "Starch.",
        "fulljournalname": "Journal of Tests",
        "source": "J Test",
        "pubdate": "2020 Jan",
        "authors": [{"name": "Smith J", "authtype": "Author"}],
        "articleids": [{"idtype": "pubmed", "value": "31"}, {"idtype": "doi", "value": "10.1/x"}],
    }
    (paper,) = papers(tmp_path, "a.json", {"result": {"uids": ["31"], "31": summary}})
    assert (paper.pmid, paper.doi, paper.journal) == ("31", "10.1/x", "Journal of Tests")
    text = {
        "paper_id": "d1aa",
        "metadata": {"title": "Starch", "authors": [{"first": "John", "last": "Smith"}]},
        "abstract": [{"text": TEXT, "section": "Abstract"}, {"text": "More."}],
        "body_text": [{"text": "One.", "section": "Introduction"}, {"text": "Two.", "section": ""}],
        "bib_entries": {"BIBREF0": {"title": "A cited paper"}},
    }
    (paper,) = papers(tmp_path, "b.json", text)
    assert paper.abstract == f"{TEXT} More."
    assert paper.sections == (("Introduction", "One."), ("Text", "Two."))


def test_web_of_science_as_a_table(tmp_path):
    header = "PT\tAU\tAF\tTI\tSO\tDT\tDE\tID\tAB\tPY\tDI\tUT\tPM"
    cells = ["J", "Smith, J", "Smith, John", "Starch", "J TEST", "Article", "gut", "COLON", TEXT]
    row = "\t".join([*cells, "2020", "10.1/x", "WOS:3", "31"])
    path = tmp_path / "savedrecs.txt"
    path.write_text(f"{header}\n{row}\n", encoding="utf-16")
    (paper,) = read_records(path).records
    assert paper.source_id == "WOS:3"
    assert paper.publication_types == ("Article",)
    assert paper.keywords == ("gut", "COLON")


def test_what_databases_write_for_want_of_an_abstract_is_none(tmp_path):
    rows = "Title,Abstract,DOI,Extra\nOne,[No abstract available],10.1/a,PMID: 31 PMCID: PMC7\n"
    rows += "Two,n/a,10.1/b,see also PMID: 32\nThree,Abstract: Real text.,10.1/c,\n"
    found = papers(tmp_path, "a.csv", rows)
    assert [it.abstract for it in found] == ["", "", "Real text."]
    assert [(it.pmid, it.pmcid) for it in found] == [("31", "PMC7"), ("", ""), ("", "")]


def test_a_collection_without_titles_is_no_single_document(tmp_path):
    lines = [{"_id": 7, "text": 5 * TEXT}, {"_id": "8", "title": "T", "text": "Eight."}]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    first, second = papers(tmp_path, "corpus.jsonl", text)
    assert (first.source_id, first.title, first.abstract) == ("7", "", 5 * TEXT)
    assert (second.source_id, second.title) == ("8", "T")
    with pytest.raises(UnknownFormatError):  # questions are no papers
        papers(tmp_path, "queries.jsonl", '{"_id": "1", "text": "Does starch feed mice?"}\n')


MANAGERS = {
    "zotero": {
        "items": [
            {
                "title": "Starch",
                "DOI": "10.1000/x.3",
                "abstractNote": TEXT,
                "creators": [
                    {"creatorType": "author", "firstName": "John", "lastName": "Smith"},
                    {"creatorType": "editor", "firstName": "Ed", "lastName": "Itor"},
                ],
                "extra": "PMID: 31\nPMCID: PMC7",
                "tags": [{"tag": "starch, raw"}, {"tag": "SusC"}],
            }
        ]
    },
    "mendeley": [
        {
            "title": "Starch",
            "authors": [{"first_name": "John", "last_name": "Smith"}],
            "identifiers": {"doi": "10.1000/x.3", "pmid": "31", "issn": "1"},
            "abstract": TEXT,
            "keywords": ["starch, raw", "SusC"],
        }
    ],
    "csl": [
        {
            "title": "Starch",
            "author": [{"family": "Smith", "given": "John"}],
            "DOI": "10.1000/x.3",
            "PMID": "31",
            "abstract": TEXT,
            "keyword": "starch (raw, dry), SusC",
        }
    ],
    "doaj": {
        "results": [
            {
                "bibjson": {
                    "title": "Starch",
                    "author": [{"name": "John Smith"}],
                    "abstract": TEXT,
                    "identifier": [{"type": "doi", "id": "10.1000/x.3"}],
                    "keywords": ["starch, raw", "SusC"],
                }
            }
        ]
    },
    "datacite": {
        "data": [
            {
                "attributes": {
                    "titles": [{"title": "Starch"}],
                    "creators": [{"name": "Smith, John"}],
                    "doi": "10.1000/x.3",
                    "descriptions": [{"description": TEXT, "descriptionType": "Abstract"}],
                    "subjects": [],
                }
            }
        ]
    },
}


@pytest.mark.parametrize("name", MANAGERS)
def test_libraries_of_reference_managers_and_registries(tmp_path, name):
    (paper,) = papers(tmp_path, f"{name}.json", MANAGERS[name])
    assert (paper.title, paper.abstract, paper.doi) == ("Starch", TEXT, "10.1000/x.3")
    assert paper.authors == ("Smith J",)
    assert paper.pmid == ("" if name in {"doaj", "datacite"} else "31")
    assert len(paper.keywords) == (0 if name == "datacite" else 2)


def test_numbers_with_links_and_names_with_initials_first(tmp_path):
    rows = "Title,Authors,Medline PMID\n"
    rows += 'One,"J Smith, AB Doe",31 (http://www.ncbi.nlm.nih.gov/pubmed/31)\n'
    (paper,) = papers(tmp_path, "a.csv", rows)
    assert (paper.pmid, paper.authors) == ("31", ("Smith J", "Doe AB"))


NOT_PAPERS = {
    "31000001\n31000002\n300003\n": "list of numbers",
    "<!DOCTYPE html><html><body>A page.</body></html>": "web page",
    '<rdf:RDF xmlns:rdf="x"><bib:Article/></rdf:RDF>': "RDF",
    '<?xml version="1.0"?><eFetchResult><ERROR>Empty id list</ERROR></eFetchResult>': "NCBI",
    "<eSummaryResult><DocSum><Id>1</Id></DocSum></eSummaryResult>": "NCBI",
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>': "Atom",
    '<collection xmlns="http://www.loc.gov/MARC21/slim"><record/></collection>': "MARC",
    "{\\rtf1\\ansi A paper.}": "RTF",
    "cff-version: 1.2.0\ntitle: A tool\n": "CITATION.cff",
}


@pytest.mark.parametrize(("content", "what"), NOT_PAPERS.items())
def test_what_is_given_in_place_of_papers_is_told(tmp_path, content, what):
    with pytest.raises(UnknownFormatError, match=what):
        papers(tmp_path, "given.txt", content)


LIST = [
    {"title": f"Paper {n}", "abstract": TEXT, "author": [{"family": "A"}, {"family": "B"}]}
    for n in range(5)
]
WHOLE = json.dumps(LIST)
DAMAGED = {
    WHOLE[:200]: ["Paper 0", 2],
    json.dumps({"message": {"items": LIST}})[:230]: ["Paper 0", 2],
    WHOLE.replace('"title": "Paper 2"', '"title: "Paper 2"'): [
        *("Paper 0", "Paper 1", 3, "Paper 3", "Paper 4"),
    ],
    WHOLE.replace('{"family": "A"}', '{"family" "A"}', 1): [
        *(1, "Paper 1", "Paper 2", "Paper 3", "Paper 4"),
    ],
    WHOLE.replace('}, {"title": "Paper 3"', '} {"title": "Paper 3"'): [
        *("Paper 0", "Paper 1", "Paper 2", 4, "Paper 4"),
    ],
    WHOLE[:-1]: ["Paper 0", "Paper 1", "Paper 2", "Paper 3", "Paper 4", 6],
}


@pytest.mark.parametrize(("content", "expected"), DAMAGED.items(), ids=range(len(DAMAGED)))
def test_one_broken_object_does_not_take_the_list_along(tmp_path, content, expected):
    found = papers(tmp_path, "a.json", content)
    assert [it.line if isinstance(it, BadRecord) else it.title for it in found] == expected


def test_refworks_is_no_prose(tmp_path):
    text = f"RT Journal Article\nA1 Smith, John\nT1 Starch\nAB {3 * TEXT} {3 * TEXT}\n"
    (paper,) = papers(tmp_path, "a.txt", text)
    assert (paper.title, paper.authors) == ("Starch", ("Smith J",))


def bioc(number):
    passages = [
        {"infons": {"type": kind}, "offset": 0, "text": text, "annotations": [{"text": "starch"}]}
        for kind, text in (("title", f"Paper {number}"), ("abstract", TEXT))
    ]
    return {"id": str(number), "infons": {}, "passages": passages}


@pytest.mark.parametrize("wrap", ["[%s]", "%s"])
def test_one_broken_document_does_not_take_the_collection_along(tmp_path, wrap):
    collection = {"source": "PubMed", "infons": {}, "documents": [bioc(n) for n in range(4)]}
    text = wrap % json.dumps(collection, indent=1)
    damaged = text.replace('"text": "Paper 1"', '"text" "Paper 1"')
    found = papers(tmp_path, "a.json", damaged)
    assert [getattr(it, "title", None) for it in found] == ["Paper 0", None, "Paper 2", "Paper 3"]
    assert found[1].record == "document 2"
    found = papers(tmp_path, "b.json", text[: len(text) // 2])
    assert [getattr(it, "title", None) for it in found] == ["Paper 0", None]


def test_papers_that_a_broken_record_cites_are_no_records(tmp_path):
    cited = [{"title": f"Cited {n}", "doi": f"10.1/{n}", "abstract": TEXT} for n in range(3)]
    records = [{"title": f"Paper {n}", "abstract": TEXT, "references": cited} for n in range(3)]
    text = json.dumps(records)
    for damaged in (text[:-200], text.replace('"title": "Paper 1"', '"title" "Paper 1"')):
        found = papers(tmp_path, "a.json", damaged)
        titles = [it.title for it in found if not isinstance(it, BadRecord)]
        assert titles in (["Paper 0"], ["Paper 0", "Paper 1"])
        assert isinstance(found[-1], BadRecord)
