"""The contract of readers, for papers."""

from __future__ import annotations

from tests.contracts.reader import (
    BinaryReaderContract,
    ReaderContract,
    WholeFileContract,
)


class TestPubmedXml(ReaderContract):
    name = "pubmed_xml"
    sample = "pubmed.xml"
    ids = ("11", "13", "14", "PMID:98", "PMID:99")
    breaks = ('<PMID Version="1">13</PMID>', "<PMID>?</PMID>")
    bad = (0, "?")


class TestMedline(ReaderContract):
    name = "medline"
    sample = "papers.nbib"
    ids = ("11", "13", "14")
    breaks = ("TI  - Only a title.\n", "")
    bad = (20, "13")


class TestJats(ReaderContract):
    name = "jats"
    sample = "fulltext.nxml"
    ids = ("21", "10.1000/test.22", "23")
    breaks = ("<article-title>A third paper</article-title>", "<article-title/>")
    bad = (0, "23")


class TestRis(ReaderContract):
    name = "ris"
    sample = "papers.ris"
    ids = ("11", "rayyan-13", "14")
    breaks = ("T1  - Only a title.", "T9  - Only a title.")
    bad = (16, "rayyan-13")


class TestBibtex(ReaderContract):
    name = "bibtex"
    sample = "papers.bib"
    ids = ("11", "ref:2001-bc4c0cf2", "10.1000/test.3")
    breaks = ('title = "Only a title"', 'titel = "Only a title"')
    bad = (10, "doe2001")


class TestLiteratureCsv(ReaderContract):
    name = "literature_csv"
    sample = "papers.csv"
    ids = ("11", "13", "10.1000/test.3")
    breaks = ("Only a title;", ";")
    bad = (4, "13")


class TestLiteratureJson(ReaderContract):
    name = "literature_json"
    sample = "papers.csl.json"
    ids = ("doe1999", "k2", "k3")
    breaks = ('"title": "Only a title"', '"titel": "Only a title"')
    bad = (2, "object 2")


class TestPubtator(ReaderContract):
    name = "pubtator"
    sample = "papers.pubtator"
    ids = ("11", "13", "14")
    breaks = ("13|t|Only a title", "13|t|")
    bad = (7, "13")


class TestBiocXml(ReaderContract):
    name = "bioc_xml"
    sample = "papers.bioc.xml"
    ids = ("11", "13", "14")
    breaks = ("<text>Only a title</text>", "<text/>")
    bad = (0, "13")


class TestBiocJson(ReaderContract):
    name = "bioc_json"
    sample = "papers.bioc.json"
    ids = ("21", "d2", "PMC73")
    breaks = ("Only a text, and no infons.", "")
    bad = (0, "d2")


class TestMarkdown(WholeFileContract):
    name = "markdown"
    sample = "note.md"
    ids = ("10.1000/test.32",)
    breaks = (
        ".\n- The cells were harvested by centrifugation and washed in a buffer.",
        "\x00" * 3000,
    )


class TestPlainText(WholeFileContract):
    name = "plain_text"
    sample = "paper.txt"
    ids = ("10.1000/test.31",)
    breaks = ("No growth was seen without it.", "0\t1\t2\t3\t" * 300)


class TestRetractionWatch(ReaderContract):
    name = "retraction_watch"
    sample = "retractions.csv"
    ids = ("PMID:11", "PMID:13", "DOI:10.1000/test.3")
    breaks = ("unavailable,13,", "unavailable,0,")
    bad = (3, "2")


class TestPdf(BinaryReaderContract):
    name = "pdf"
    sample = "paper.pdf"
    ids = ("10.1000/test.41",)


class TestLiteratureJsonl(ReaderContract):
    name = "literature_jsonl"
    sample = "papers.jsonl"
    ids = ("d1", "11", "card-1")
    breaks = ('{"_id": "card-1"', '{"_id: "card-1"')
    bad = (3, "")
