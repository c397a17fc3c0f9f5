"""Literature: the same papers in every format give the same records."""

from __future__ import annotations

import gzip
import html
import io
import json

import pytest
from Bio import Medline

from ingest.errors import FormatError
from ingest.files import read_records
from ingest.readers.base import Source
from ingest.readers.literature_jsonl import LiteratureJsonlReader
from ingest.readers.pubmed_xml import PubmedXmlReader
from ingest.records import Notice, Publication
from tests.contracts.reader import DATA


def folded(text):
    return " ".join((text or "").split())


@pytest.mark.parametrize("name", ["records.pubmed.xml", "records.nbib", "expected.jsonl"])
def test_twenty_papers_equal_the_truth_in_every_format(shared, name):
    folder = shared / "literature/formats/parallel20"
    truth = [json.loads(line) for line in (folder / "expected.jsonl").read_text().splitlines()]
    papers = list(read_records(folder / name).records)
    assert len(papers) == 20
    for paper, expected in zip(papers, truth, strict=True):
        assert paper.pmid == expected["pmid"]
        assert folded(paper.title) == folded(expected["title"])
        assert folded(paper.abstract) == folded(expected["abstract"])
        assert (paper.doi, paper.pmcid) == (expected["doi"] or "", expected["pmcid"] or "")
        assert (paper.journal, paper.year) == (expected["journal"], expected["year"])
        assert list(paper.authors) == expected["authors"]
        assert set(paper.keywords) == {*expected["keywords"], *expected["mesh"]}


def test_real_files_have_the_expected_records(shared):
    folder = shared / "literature/formats"
    expected = json.loads((folder / "expected_parse.json").read_text())
    names = [n for n in expected if n.startswith(("pubmed_xml/", "medline_nbib/"))]
    assert len(names) >= 8
    for name in names:
        papers = list(read_records(folder / name).records)
        count = expected[name].get("articles", expected[name].get("records"))
        assert [paper.pmid for paper in papers][:5] == expected[name]["pmids"]
        assert len(papers) == count
        assert sum(bool(paper.abstract) for paper in papers) == expected[name]["abstracts"]


def test_medline_equals_biopythons_reading(shared):
    path = shared / "literature/formats/parallel20/records.nbib"
    with path.open() as handle:
        expected = list(Medline.parse(handle))
    found = list(read_records(path).records)
    assert [paper.title for paper in found] == [record["TI"] for record in expected]
    assert [list(paper.authors) for paper in found] == [record["AU"] for record in expected]


def test_pubmed_update_file_equals_its_json_form(shared):
    """660 PMIDs; retractions flagged; deleted PMIDs told."""
    folder = shared / "literature/pubmed"
    opened = read_records(folder / "pubmed21n1298_microbiome_subset.xml.gz")
    records = list(opened.records)
    papers = {p.pmid: p for p in reversed(records) if isinstance(p, Publication)}
    with gzip.open(folder / "pubmed_abstracts.jsonl.gz", "rt") as handle:
        rows = [json.loads(line) for line in handle]
    known = {row["pmid"]: row for row in rows if row["version"] == "1"}
    assert len(papers) == 660
    shared_pmids = papers.keys() & known.keys()
    assert len(shared_pmids) > 600
    for pmid in shared_pmids:
        assert papers[pmid].title == folded(html.unescape(known[pmid]["title"]))
        assert papers[pmid].abstract == folded(html.unescape(known[pmid]["abstract"]))
        assert papers[pmid].year == known[pmid]["year"]
    retracted = {pmid for pmid, paper in papers.items() if paper.is_retracted}
    assert retracted == {"27602157", "31031480", "32743968", "33104149"}
    assert opened.source.warnings == ["20 PMIDs are marked as withdrawn by PubMed"]
    assert sum(isinstance(record, Notice) for record in records) == 20


def test_pubmed_xml_fields():
    opened = read_records(DATA / "pubmed.xml")
    first, second, third, *notices = opened.records
    assert [(notice.kind, notice.pmid) for notice in notices] == [
        ("deletion", "98"),
        ("deletion", "99"),
    ]
    assert first.mesh == (("D007785", "Lactose"),)
    assert first.links == (("RetractionIn", "PMID:12"),)
    assert first.title == "Lactose in E. coli at 10-3 M."
    assert first.abstract == "AIM: To split lactose. RESULTS: It was split."
    assert first.authors == ("Doe J", "The Group")
    assert (first.journal, first.year) == ("J Test", "1999")
    assert (first.doi, first.pmcid) == ("10.1000/test.1", "PMC1")
    assert first.keywords == ("lactase", "Lactose")
    assert first.is_retracted
    assert (second.abstract, second.year, second.is_retracted) == ("", "2020", False)
    assert third.abstract == "Plain text."


def test_pubmed_xml_cut_short_keeps_what_was_read(tmp_path):
    path = tmp_path / "cut.xml"
    text = (DATA / "pubmed.xml").read_text()
    path.write_text(text[: text.index("A third.")])
    *papers, bad = read_records(path).records
    assert [paper.pmid for paper in papers] == ["11", "13"]
    assert "cut short" in bad.reason
    assert bad.line > 20


def test_xml_with_entities_is_refused():
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
        "<PubmedArticleSet><PubmedArticle>&b;</PubmedArticle></PubmedArticleSet>"
    )
    with pytest.raises(FormatError, match=r"x\.xml: the XML is refused"):
        list(PubmedXmlReader().read(io.StringIO(bomb), Source("x.xml")))


def test_medline_fields():
    first, second, _ = read_records(DATA / "papers.nbib").records
    assert first.title == "Lactose in E. coli, a title that goes on."
    assert (first.year, first.doi, first.pmcid) == ("1999", "10.1000/test.1", "PMC1")
    assert first.keywords == ("lactase", "Lactose")
    assert first.is_retracted
    assert second.abstract == ""


def test_jsonl_fields():
    first, second, third = read_records(DATA / "papers.jsonl").records
    assert (first.source_id, first.year) == ("d1", "2001")
    assert first.reference == "d1"
    assert second.is_retracted
    assert (second.pmid, second.pmcid, second.doi) == ("11", "PMC1", "10.1000/Test.1")
    assert second.keywords == ("lactase", "Lactose")
    assert (third.authors, third.doi) == (("Doe J", "Roe R"), "10.1000/card")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[1, 2]", "no object"),
        ("not json", "no JSON object"),
        ('{"_id": "x"}', "neither title nor abstract"),
        ('{"_id": "good", "text": "again"}', "occurs twice, first on line 1"),
        ("[" * 100_000, "no JSON object"),
    ],
)
def test_bad_json_lines(line, reason):
    text = f'{{"_id": "good", "title": "T", "text": "x"}}\n{line}\n'
    good, bad = LiteratureJsonlReader().read(io.StringIO(text), Source("x.jsonl"))
    assert (good.source_id, bad.line) == ("good", 2)
    assert reason in bad.reason


def test_real_collections_are_read_whole(shared):
    folder = shared / "literature"
    scifact = list(read_records(folder / "scifact/corpus.jsonl.gz").records)
    assert len(scifact) == 5183
    assert scifact[0].source_id == "4983"
