"""The contract of readers, for exports of databases and reference managers; what each keeps."""

from __future__ import annotations

import pytest

from tests.contracts.reader import DATA, ReaderContract, records_of


class TestWebOfScience(ReaderContract):
    name = "web_of_science"
    sample = "papers.wos.txt"
    ids = ("WOS:000000000000011", "WOS:000000000000013", "WOS:000000000000014")
    breaks = ("TI Only a title\n", "")
    bad = (23, "WOS:000000000000013")


class TestEndnoteTagged(ReaderContract):
    name = "endnote_tagged"
    sample = "papers.enw"
    ids = ("11", "rayyan-13", "14")
    breaks = ("%T Only a title\n", "")
    bad = (16, "rayyan-13")


class TestRefworks(ReaderContract):
    name = "refworks"
    sample = "papers.refworks.txt"
    ids = ("11", "rayyan-13", "14")
    breaks = ("T1 Only a title\n", "")
    bad = (17, "rayyan-13")


class TestMods(ReaderContract):
    name = "mods"
    sample = "papers.mods.xml"
    ids = ("doe1999", "m13", "rec-3")
    breaks = ("<title>Only a title</title>", "<title/>")
    bad = (2, "m13")


class TestZoteroRdf(ReaderContract):
    name = "zotero_rdf"
    sample = "papers.zotero.rdf"
    ids = ("11", "10.1000/test.13", "10.1000/test.3")
    breaks = ("<dc:title>Only a title</dc:title>", "")
    bad = (2, "DOI 10.1000/test.13")


class TestTei(ReaderContract):
    name = "tei"
    sample = "fulltext.tei.xml"
    ids = ("10.1000/test.1", "10.1000/test.13", "14")
    breaks = ("<title>Only a title</title>", "<title/>")
    bad = (2, "10.1000/test.13")


class TestEndnoteXml(ReaderContract):
    name = "endnote_xml"
    sample = "papers.endnote.xml"
    ids = ("11", "rayyan-13", "14")
    breaks = ("<title>Only a title</title>", "<title/>")
    bad = (2, "rayyan-13")


class TestEuropepmcXml(ReaderContract):
    name = "europepmc_xml"
    sample = "papers.europepmc.xml"
    ids = ("11", "PPR13", "14")
    breaks = ("<title>Only a title</title>", "<title/>")
    bad = (2, "PPR13")


class TestOvid(ReaderContract):
    name = "ovid"
    sample = "papers.ovid.txt"
    ids = ("11", "2013000013", "14")
    breaks = ("TI  - Only a title\n", "")
    bad = (10, "2013000013")


class TestPubmedText(ReaderContract):
    name = "pubmed_text"
    sample = "papers.pubmed.txt"
    ids = ("11", "13", "14")
    breaks = ("[Only a title]. J Test. 2001;13:5. German. ", "")
    bad = (4, "13")


class TestEmbaseRows(ReaderContract):
    name = "embase_rows"
    sample = "papers.embase.csv"
    ids = ("L11", "L13", "L14")
    breaks = ('"TITLE","Only a title"', '"TITLE",""')
    bad = (10, "L13")


SAMPLES = [
    *("papers.wos.txt", "papers.enw", "papers.endnote.xml"),
    *("papers.europepmc.xml", "papers.ovid.txt", "papers.pubmed.txt"),
    "papers.embase.csv",
]


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_tells_what_the_paper_is(sample):
    first, second, third = records_of(DATA / sample)
    assert first.title.startswith("Lactose in E. coli")
    assert (first.pmid, first.year, first.authors[0]) == ("11", "1999", "Doe J")
    assert sample == "papers.ovid.txt" or first.doi == "10.1000/Test.1"
    assert first.journal.split()[0].lower() in {"j", "journal"}
    assert "Only a title" in second.title
    assert second.abstract == ""
    assert third.title.endswith(("A third", "What is a third? A second sentence."))
    assert first.is_retracted == (sample == "papers.europepmc.xml")
