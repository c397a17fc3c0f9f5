"""References: what exporters, services and publishers write, beside the samples."""

from __future__ import annotations

import io
import json

import pytest

from ingest.errors import FormatError
from ingest.readers import READERS
from ingest.readers.base import Source
from ingest.readers.bibtex import plain_text
from ingest.records import BadRecord


def read(name, text):
    source = Source("x")
    reader = READERS.get(name)()
    assert reader.sniff(text)
    return list(reader.read(io.StringIO(text), source)), source.warnings


# status


@pytest.mark.parametrize(
    ("title", "types", "is_retracted"),
    [
        ("RETRACTED: Lactase in the gut", "", True),
        ("Retracted Article: Lactase in the gut", "Article", True),
        ("WITHDRAWN: Lactase in the gut", "", True),
        ("Retraction: Lactase in the gut", "", False),
        ("RETRACTED: Lactase in the gut", "Retraction of Publication", False),
        ("Lactase in the gut", "Retracted Publication", True),
        ("Retracted studies of lactase", "", False),
    ],
)
def test_a_retraction_in_a_list_of_references(title, types, is_retracted):
    (paper,), _ = read("literature_csv", f"Title,DOI,Publication Type\n{title},10.1000/x,{types}\n")
    assert paper.is_retracted == is_retracted


# RIS


def test_ris_of_other_exporters():
    text = (
        "Provider: Somebody\nContent: text/plain\n\n"
        "TY - JOUR\nT1 - A title\nA1 - Doe, J.\nN2 - Text.\nER -\n"  # one space
        "TY  - JOUR\nTI  - No end\nN1  - PMID: 12\nN1  - Erratum in: J Test. PMID: 99\n"
        "TY  - JOUR\nTI  - Third\nC2  - PMC34\nM3  - 10.1000/x\nUR  - https://doi.org/10.1000/y\n"
    )
    (first, second, third), warnings = read("ris", text)
    assert (first.title, first.authors, first.abstract) == ("A title", ("Doe J",), "Text.")
    assert (second.title, second.pmid) == ("No end", "12")
    assert (third.pmcid, third.doi) == ("PMC34", "10.1000/x")
    assert warnings == ["2 references have no end (ER): check that the file was not cut short"]


def test_an_accession_number_is_a_pmid_only_in_pubmed():
    text = "TY  - JOUR\nTI  - {}\nAN  - 12345\nDB  - {}\nER  - \n"
    (first,), _ = read("ris", text.format("One", "Medline"))
    (second,), _ = read("ris", text.format("Two", "PsycINFO"))
    assert (first.pmid, second.pmid) == ("12345", "")


# BibTeX


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"G{\"o}tze and {\v{S}}eva: 50% of \emph{E. coli}", "Götze and Ševa: 50% of E. coli"),
        (r"{$\beta$}-lactamase at $10^{-3}$ M", "β-lactamase at 10^-3 M"),
        ("~10 kDa at $5 a gram, 3 & 4", "~10 kDa at $5 a gram, 3 & 4"),
        (r"{DNA}~gyrase \& others", "DNA gyrase & others"),
        ("open { brace", "open brace"),
        ("plain -- text", "plain -- text"),
    ],
)
def test_latex_becomes_plain(latex, plain):
    assert " ".join(plain_text(latex).split()) == plain


def test_broken_entries_are_told_and_doubled_keys_are_read():
    text = (
        "@article{a, title = {One}, year = 2001}\n@article{a, title = {Two}}\n"
        "@article{c, title = {Three}, title = {Again}}\n@article{d, title = {Cut"
    )
    records, _ = read("bibtex", text)
    assert [it.title for it in records if not isinstance(it, BadRecord)] == ["One", "Two", "Three"]
    (bad,) = [it for it in records if isinstance(it, BadRecord)]
    assert (bad.line, bad.reason) == (4, "the entry is broken or cut short")


# tables


@pytest.mark.parametrize(
    "header",
    [
        "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,PMCID,DOI",
        "Authors,Author full names,Title,Year,Source title,DOI,Abstract,Author Keywords,EID",
        '"Key","Item Type","Author","Title","Publication Title","DOI","Abstract Note"',
        "Publication Type\tAuthors\tArticle Title\tSource Title\tAbstract\tDOI\tUT (Unique WOS ID)",
        "key,title,year,month,day,journal,issn,authors,url,abstract,notes,pubmed_id,pmc_id",
        "Title;Authors;Abstract;Published Year;Journal;DOI;Ref;Covidence #",
        "Lens ID|Title|Date Published|Source Title|Abstract|Author/s|PMID|DOI",
    ],
)
def test_headers_of_databases_are_known(header):
    assert READERS.get("literature_csv")().sniff(f"{header}\n")


@pytest.mark.parametrize(
    "header",
    [
        "sample_id,title,abstract",
        "Run,BioSample,Title,DOI",
        "title,year",
        "a,b",
        "gene_id\ttitle\tpmid",
    ],
)
def test_headers_of_other_tables_are_not_taken(header):
    assert not READERS.get("literature_csv")().sniff(f"{header}\n1,2\n")


def test_a_row_that_is_shifted_or_never_ends_is_told():
    text = "title,abstract,doi\nOne,Text,10.1000/a\nTwo,a, b, c,10.1000/b\n"
    text += 'Three,"open,10.1000/c\nFour,x,y\n'
    records, _ = read("literature_csv", text)
    assert [it.reason[:36] for it in records if isinstance(it, BadRecord)] == [
        "the row has more cells than the head",
        "the row goes on for 2 lines: is a qu",
    ]
    many = 'title,abstract\n"open,x\n' + "One,Text\n" * 600
    (bad, *rest), _ = read("literature_csv", many)
    assert "is a quote left open" in bad.reason
    assert [it.title for it in rest] == ["One"] * 600


def test_lines_above_the_header_are_passed_over():
    text = "sep=;\nExported by Somebody\nTitle;DOI;Abstract\nOne;10.1000/a;Text\n"
    (paper,), _ = read("literature_csv", text)
    assert (paper.title, paper.provenance.line) == ("One", 4)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("literature_csv", "title,abstract\nOne,Text\nTwo,Te"),
        ("medline", "PMID- 1\nTI  - One\nAB  - Te"),
        ("ris", "TY  - JOUR\nTI  - One\nAB  - Te"),
        ("pubtator", "1|t|One\n1|a|Te"),
    ],
)
def test_a_file_that_ends_within_a_line_is_told(name, text):
    _, warnings = read(name, text)
    assert any("cut short" in warning for warning in warnings)


# JSON


EUROPE_PMC = {
    "resultList": {
        "result": [
            {
                "id": "1",
                "pmid": "1",
                "title": "Lactase",
                "authorString": "Doe J, Roe R.",
                "journalInfo": {"journal": {"title": "J Test"}},
                "pubYear": "2001",
                "abstractText": "<h4>Aim</h4>Text.",
                "doi": "10.1000/a",
                "pubTypeList": {"pubType": ["Journal Article", "Retracted Publication"]},
            }
        ]
    }
}
CROSSREF = {
    "message": {
        "items": [
            {
                "DOI": "10.1000/a",
                "title": ["Lactase"],
                "author": [{"given": "Jane", "family": "Doe"}, {"given": "R", "family": "Roe"}],
                "container-title": ["J Test"],
                "issued": {"date-parts": [[2001, 5]]},
                "abstract": "<jats:p>Text.</jats:p>",
                "type": "journal-article",
            }
        ]
    }
}
OPENALEX = {
    "results": [
        {
            "id": "https://openalex.org/W1",
            "display_name": "Lactase",
            "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/1"},
            "doi": "https://doi.org/10.1000/a",
            "publication_year": 2001,
            "authorships": [
                {"author": {"display_name": "Jane Doe"}},
                {"author": {"display_name": "R. Roe"}},
            ],
            "primary_location": {"source": {"display_name": "J Test"}},
        }
    ]
}
SCHOLAR = {
    "data": [
        {
            "paperId": "x",
            "externalIds": {"PubMed": "1", "DOI": "10.1000/a"},
            "title": "Lactase",
            "venue": "J Test",
            "year": 2001,
            "abstract": "Text.",
            "authors": [{"authorId": "1", "name": "Jane Doe"}, {"name": "R. Roe"}],
        }
    ]
}


@pytest.mark.parametrize("document", [EUROPE_PMC, CROSSREF, OPENALEX, SCHOLAR])
def test_answers_of_services(document):
    (paper,), _ = read("literature_json", json.dumps(document, indent=1))
    assert (paper.title, paper.year, paper.journal) == ("Lactase", "2001", "J Test")
    assert paper.authors == ("Doe J", "Roe R")
    assert paper.doi == "10.1000/a"
    assert paper.pmid == ("" if document is CROSSREF else "1")
    assert paper.abstract in {"", "Text.", "Aim Text."}
    assert paper.is_retracted == (document is EUROPE_PMC)


def test_json_that_is_cut_short_says_so():
    text = json.dumps([{"title": "x", "abstract": "y", "doi": "10.1000/a"}] * 3, indent=1)
    (first, second, cut), _ = read("literature_json", text[:-20])
    assert (first.title, second.title) == ("x", "x")
    assert "broken or cut short" in cut.reason
    with pytest.raises(FormatError, match="broken or cut short"):
        read("literature_json", text[:40])


# text


ABSTRACT = """{n}. J Test. 2020 Nov 9;12(1):1-15. doi: 10.1000/{n}.

Lactase in the gut of mammals.

Doe J(1), Roe R(2).

Lactose is the sugar of milk and it is split by lactase in the gut of mammals. It is also split
by many bacteria of the community that lives there, and what they make of it is taken up.

DOI: 10.1000/{n}
PMID: {n} [Indexed for MEDLINE]


"""


def test_several_abstracts_in_one_text_are_refused():
    """Taken for one paper, the first title would stand over the text of all."""
    with pytest.raises(FormatError, match=r"several papers.*nbib"):
        read("plain_text", ABSTRACT.format(n=1) + ABSTRACT.format(n=2))
    (paper,), _ = read("plain_text", ABSTRACT.format(n=1))
    assert (paper.pmid, paper.doi) == ("1", "10.1000/1")
