"""What library formats and TEI say of a paper: fields of the samples, and odd files."""

from __future__ import annotations

import pytest

from ingest.errors import FormatError
from ingest.files import read_records
from tests.contracts.reader import DATA

ABSTRACT = "Lactose is split by lactase."


def sample(name):
    return list(read_records(DATA / name).records)


def test_refworks():
    first, second, third = sample("papers.refworks.txt")
    assert first.title == "Lactose in E. coli, a title that goes on"
    assert (first.authors, first.journal, first.year) == (("Doe J", "Roe AB"), "J Test", "1999")
    assert (first.doi, first.pmid, first.abstract) == ("10.1000/Test.1", "11", ABSTRACT)
    assert first.keywords == ("lactase", "Lactose", "Mice")
    assert (second.year, third.authors, third.pmid) == ("", ("Poe E", "Moe T"), "14")


def test_mods():
    first, _, third = sample("papers.mods.xml")
    assert first.title == "The lactose of E. coli: a story"
    assert first.authors == ("Doe JB", "Roe A", "The Group")
    assert (first.journal, first.year, first.language) == ("J Test", "1999", "eng")
    assert (first.doi, first.pmid, first.abstract) == ("10.1000/test.1", "11", ABSTRACT)
    assert (first.keywords, third.doi) == (("lactase", "mice"), "10.1000/test.3")


def test_zotero_rdf():
    first, second, third = sample("papers.zotero.rdf")
    assert (first.title, first.authors) == ("Lactose in E. coli", ("Doe JB", "The Group"))
    assert (first.journal, first.year, first.language) == ("J Test", "1999", "en")
    assert (first.doi, first.pmid, first.pmcid) == ("10.1000/test.1", "11", "PMC111")
    assert first.keywords == ("lactase", "Mice")
    assert (second.journal, second.publication_types) == ("Proc Test", ("Conference Paper",))
    assert (third.journal, third.abstract) == ("A Book", "Plain text.")


def test_a_journal_of_several_items_gives_none_of_them_its_doi(tmp_path):
    text = (DATA / "papers.zotero.rdf").read_text()
    inline = text[text.index("<dcterms:isPartOf><bib:Journal>") :].split("\n", 1)[0]
    path = tmp_path / "a.rdf"
    path.write_text(
        text.replace(inline, '<dcterms:isPartOf rdf:resource="urn:issn:1234-5678"/>').replace(
            "DOI 10.1000/test.13", "ISSN 1"
        )
    )
    first, second, _ = read_records(path).records
    assert (first.journal, second.journal, first.doi, second.doi) == ("J Test", "J Test", "", "")


def test_tei():
    first, second, third = sample("fulltext.tei.xml")
    assert (first.title, first.authors) == ("Lactose in E. coli", ("Doe JB",))
    assert (first.journal, first.year, first.language) == ("J Test", "1999", "en")
    assert (first.doi, first.abstract) == ("10.1000/test.1", f"{ABSTRACT} It is sweet.")
    assert first.sections == (
        ("Introduction", "Milk has lactose [1]."),
        ("Methods", "Cells were used."),
        ("Methods > Strains", "One strain grew."),
        ("Results", "It grew."),
        ("Figure 1", "Growth over time."),
        ("Table 1", "The strains."),
    )
    assert (second.sections, third.sections) == ((), (("Text", "Plain text."),))


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("tei", "<TEI><teiHeader/>" + "<div>" * 5000 + "</div>" * 5000 + "</TEI>"),
        ("mods", "<mods>" + "<name>" * 5000 + "</name>" * 5000 + "</mods>"),
        ("zotero_rdf", "<RDF><Book>" + "<title>" * 5000 + "</title>" * 5000 + "</Book></RDF>"),
    ],
)
def test_deep_nesting_is_a_bad_record(tmp_path, format, text):
    (tmp_path / "a.xml").write_text(text)
    (record,) = read_records(tmp_path / "a.xml", format).records
    assert "neither title nor abstract" in record.reason


@pytest.mark.parametrize("name", ["papers.mods.xml", "papers.zotero.rdf", "fulltext.tei.xml"])
def test_entities_are_refused(tmp_path, name):
    text = (DATA / name).read_text().removeprefix('<?xml version="1.0" encoding="UTF-8"?>')
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    (tmp_path / name).write_text(bomb + text.replace("Only a title", "&b;"))
    with pytest.raises(FormatError, match="refused"):
        list(read_records(tmp_path / name).records)
