"""Real files of every literature format against the figures that come with them."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest

from ingest.files import read_records
from ingest.imrad import is_back_matter
from ingest.records import BadRecord, Publication

PARALLEL = {
    "records.pubmed.xml": "pubmed_xml",
    "records.nbib": "medline",
    "records.ris": "ris",
    "records.bib": "bibtex",
    "records.csv": "literature_csv",
    "records.bioc.json": "bioc_json",
    "records.bioc.xml": "bioc_xml",
    "expected.jsonl": "literature_jsonl",
}


@cache
def figures(shared):
    return json.loads((shared / "literature/formats/expected_parse.json").read_text())


def read(shared, name):
    opened = read_records(shared / "literature/formats" / name)
    return opened.reader, list(opened.records)


def papers(shared, name):
    return [it for it in read(shared, name)[1] if isinstance(it, Publication)]


def folded(text):
    return " ".join((text or "").split())


@pytest.mark.parametrize("name", PARALLEL)
def test_twenty_papers_equal_the_truth_in_every_format(shared, name):
    path = shared / "literature/formats/parallel20/expected.jsonl"
    truth = [json.loads(line) for line in path.read_text().splitlines()]
    reader, found = read(shared, f"parallel20/{name}")
    assert reader == PARALLEL[name]
    assert len(found) == 20
    for paper, expected in zip(found, truth, strict=True):
        assert paper.pmid == expected["pmid"]
        assert paper.title == folded(expected["title"])
        assert paper.abstract == folded(expected["abstract"])
        assert paper.doi == expected["doi"]
        assert paper.year == expected["year"]
        assert paper.journal == expected["journal"]
        if paper.authors:  # BioC has none
            assert list(paper.authors) == expected["authors"]


@pytest.mark.parametrize("folder", ["ris/", "parallel20/records.ris"])
def test_ris(shared, folder):
    names = [name for name in figures(shared) if name.startswith(folder)]
    assert names
    for name in names:
        reader, found = read(shared, name)
        good = [it for it in found if isinstance(it, Publication)]
        expected = figures(shared)[name]
        assert (reader, len(found)) == ("ris", expected["records"]), name
        assert sum(bool(it.doi) for it in good) == expected["with_doi"], name
        # The figures count AB alone; N2 holds the abstract where there is no AB.
        assert sum(bool(it.abstract) for it in good) >= expected["with_abstract"], name
        assert all("neither title" in it.reason for it in found if isinstance(it, BadRecord))


def test_embase_keeps_its_abstract_in_n2(shared):
    assert [bool(it.abstract) for it in papers(shared, "ris/asreview_embase.ris")] == [True] * 6


def test_bibtex(shared):
    for name, expected in figures(shared).items():
        if not name.endswith(".bib"):
            continue
        reader, found = read(shared, name)
        assert (reader, len(found)) == ("bibtex", expected["entries"])
        assert not any(isinstance(it, BadRecord) for it in found)
        assert sum(bool(it.doi) for it in found) == expected["with_doi"]
        assert not any("{" in it.title or "\\" in it.title for it in found)


def test_tables(shared):
    for name, expected in figures(shared).items():
        if not (name.startswith("csv/") or name.endswith("records.csv")):
            continue
        reader, found = read(shared, name)
        assert (reader, len(found)) == ("literature_csv", expected["rows"]), name
        bad = [it for it in found if isinstance(it, BadRecord)]
        assert len(bad) == (4 if "duplicate" in name else 0), name


def test_jats(shared):
    seen = 0
    for name, expected in figures(shared).items():
        if not name.startswith(("jats/", "craft/")):
            continue
        seen += 1
        reader, (paper,) = read(shared, name)
        assert reader == "jats"
        assert paper.title.startswith(expected["title"])
        sections = [section for section, _ in paper.sections]
        for kind in ("Figure", "Table"):
            held = sum(section.startswith(kind) for section in sections)
            assert held == expected[{"Figure": "figs", "Table": "tables"}[kind]], name
        tops = {section.split(" > ")[0] for section in sections}
        assert len(sections) == len(set(sections))
        assert {"Methods"} <= tops
        assert tops & {"Introduction"}
        assert tops & {"Results", "Results and discussion"}
        assert not any(is_back_matter(top) and top != "Appendix" for top in tops)
        assert not any("ompeting interests" in text[:40] for _, text in paper.sections)
    assert seen == 11


def test_a_full_text_without_its_reference_list(shared):
    (paper,) = papers(shared, "jats/1471-2180-11-174.nxml")
    whole = " ".join(text for _, text in paper.sections)
    assert "lysis time" in whole
    assert "Microbial cell individuality and the underlying sources" not in whole  # a reference
    assert "grateful for insightful comments" not in whole  # acknowledgements


def test_bioc(shared):
    for name, expected in figures(shared).items():
        if ".bioc." not in name and not name.startswith("bioc/"):
            continue
        reader, found = read(shared, name)
        assert reader == ("bioc_xml" if name.endswith("xml") else "bioc_json")
        assert not any(isinstance(it, BadRecord) for it in found)
        if "documents" in expected:
            assert len(found) == expected["documents"]
            # The figures leave out annotations of sentences and of whole documents.
            assert sum(len(it.mentions) for it in found) >= expected["annotations"]


def test_a_document_is_no_paper_of_pubmed_because_its_id_is_a_number(shared):
    assert [it.pmid for it in papers(shared, "bioc/everything.json")] == ["", ""]


def test_bioc_and_jats_of_one_article_agree(shared):
    (jats,) = papers(shared, "jats/PMC8885717.xml")
    (bioc,) = papers(shared, "bioc/PMC8885717_bioc.json")
    assert (bioc.pmid, bioc.pmcid, bioc.doi) == (jats.pmid, jats.pmcid, jats.doi)
    assert bioc.title == jats.title
    names = {section for section, _ in jats.sections if not section.startswith(("Fig", "Table"))}
    assert {section for section, _ in bioc.sections} == names


def test_tables_in_bioc_without_sentences_are_one_paper(shared):
    (paper,) = papers(shared, "bioc/PMC8885717_tables.json")
    assert paper.pmcid == "PMC8885717"
    assert [section for section, _ in paper.sections] == [f"Table {n}" for n in (1, 2, 3, 4)]


def test_pubtator(shared):
    name = "pubtator/CDR_sample.txt"
    found = papers(shared, name)
    expected = figures(shared)[name]
    mentions = [mention for it in found for mention in it.mentions]
    assert len(found) == expected["documents"]
    assert sum(bool(text) for _, _, text in mentions) == expected["annotations"]
    assert sum(not text for _, _, text in mentions) == expected["relations"]
    assert found[0].mentions[0] == ("Disease", "D003866", "depression")


def test_retraction_watch(shared):
    name = "retractions/paperqa_stub_retractions.csv"
    reader, found = read(shared, name)
    assert (reader, len(found)) == ("retraction_watch", figures(shared)[name]["rows"])
    assert {it.kind for it in found} <= {"retraction", "concern", "correction", "reinstatement"}
    first = found[0]
    assert (first.kind, first.pmid, first.doi) == ("retraction", "36035816", "10.1155/2022/9172719")
    assert (first.date, first.reference) == ("2023-07-12", "DOI:10.1155/2023/9756480")
    assert "Paper Mill" in first.reason


@pytest.mark.parametrize("pmid", ["14609438", "14723793", "17029558", "17565376"])
def test_plain_text_gives_the_abstract_and_sections_of_the_xml(shared, pmid):
    (text,) = papers(shared, f"craft/{pmid}.txt")
    (xml,) = papers(shared, f"craft/{pmid}.nxml")
    letters = [re.sub(r"[\W_]+", "", it.abstract).casefold() for it in (text, xml)]
    assert letters[0] == letters[1]
    assert re.sub(r"[\W_]+", "", text.title) == re.sub(r"[\W_]+", "", xml.title)
    tops = [{name.split(" > ")[0] for name, _ in it.sections} for it in (text, xml)]
    assert {it for it in tops[1] if not it.startswith(("Figure", "Table"))} <= tops[0]


def test_pdf_titles_come_from_the_page(shared):
    expected = {
        "journal.pone.0281682": ("Linguistic effects on news headline success", "2023"),
        "publichealth-2017-2-e35": ("How Do You #relax When You’re #stressed?", "2017"),
        "s41597-021-00934-7": ("The Upworthy Research Archive, a time series", "2021"),
    }
    for name, (title, year) in expected.items():
        reader, (paper,) = read(shared, f"pdf/{name}.pdf")
        assert reader == "pdf"
        assert paper.title.startswith(title)
        assert paper.year == year
        assert paper.doi.endswith(
            ("journal.pone.0281682", "publichealth.5939", "s41597-021-00934-7")
        )
        tops = {section.split(" > ")[0] for section, _ in paper.sections}
        assert {"Introduction", "Methods"} <= tops
        assert not {"References", "Acknowledgements", "Funding"} & tops
        assert 500 < len(paper.abstract) < 3500
        whole = " ".join(text for _, text in paper.sections)
        letters = sum(map(len, (whole, paper.abstract)))
        assert letters > 0.4 * figures(shared)[f"pdf/{name}.pdf"]["chars"]
        # Running heads and feet are gone, and so are hyphens at the ends of lines.
        assert "PLOS ONE |" not in whole
        assert "page number not for citation" not in whole
        assert not re.search(r"Scientific Data \|", whole)
        assert len(re.findall(r"[a-z]- [a-z]", whole)) < 12


def test_words_broken_at_line_ends_are_mended(shared):
    (paper,) = papers(shared, "pdf/journal.pone.0281682.pdf")
    assert "linguistic characteristics of news headline success" in paper.abstract
    assert "multiple headline variants for the same news articles" in paper.abstract
