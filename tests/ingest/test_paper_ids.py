"""Identifiers, names and years of papers, however files write them."""

from __future__ import annotations

import pytest

from ingest.author_lists import split_authors
from ingest.paper_ids import (
    author_name,
    given_first,
    is_preprint_source,
    made_up_id,
    normal_doi,
    normal_pmcid,
    normal_pmid,
    year_in,
)


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1000/Abc", "10.1000/Abc"),
        ("https://dx.doi.org/10.1016/S0022-2836(05)80360-2.", "10.1016/S0022-2836(05)80360-2"),
        ("(doi: 10.1000/abc)", "10.1000/abc"),
        ("doi:10.1002%2Fabc", "10.1002/abc"),
        ("http://doi.org/10.1002%2Fabc", "10.1002/abc"),
        ("10.1101/2020.01.01.123456v2.full.pdf", "10.1101/2020.01.01.123456"),
        ("see 10.1000/abc, and others", "10.1000/abc"),
        ("10.1", ""),
        ("unavailable", ""),
        ("", ""),
    ],
)
def test_doi(text, doi):
    assert normal_doi(text) == doi


def test_pmid_and_pmcid():
    pmids = ["37476288.0", "PMID: 12", "https://pubmed.ncbi.nlm.nih.gov/123/", "007"]
    assert [normal_pmid(it) for it in pmids] == ["37476288", "12", "123", "7"]
    assert [normal_pmid(it) for it in ("0", "1-5", "12; 13", "L373791783", "1" * 9)] == [""] * 5
    pmcids = ["PMC12", "12", "PMCID: PMC12", "PMC12.4", "https://x.org/pmc/articles/PMC12/"]
    assert {normal_pmcid(it) for it in pmcids} == {"PMC12"}
    assert normal_pmcid("see PMC") == ""


@pytest.mark.parametrize(
    ("text", "year"),
    [("2014//", "2014"), ("1999 Jan-Feb", "1999"), ("in press", ""), ("20145", ""), ("3014", "")],
)
def test_year(text, year):
    assert year_in(text) == year


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Zhang, Xiaoli", "Zhang X"),
        ("van der Berg, Jan-Piet", "van der Berg JP"),
        ("King, Jr., Martin Luther", "King ML"),
        ("Adler D.G.", "Adler DG"),
        ("Glaus Garzon J", "Glaus Garzon J"),
        ("Jane Ann Doe", "Doe JA"),
        ("René van der Roe", "van der Roe R"),
        ("The Human Microbiome Consortium", "The Human Microbiome Consortium"),
        ("Plato", "Plato"),
    ],
)
def test_author(name, written):
    assert given_first(name) == written


def test_a_name_that_is_already_short_stays():
    assert author_name("Zhang X") == "Zhang X"
    assert author_name("World Health Organization") == "World Health Organization"


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Zhang, Xiaoli; Pan, Zui", ["Zhang X", "Pan Z"]),
        ("Liu R., Adler D.G.", ["Liu R", "Adler DG"]),
        ("Zhang X, Pan Z, et al.", ["Zhang X", "Pan Z"]),
        ("Zhang, X., Pan, Z.", ["Zhang X", "Pan Z"]),
        ("['Marx, Karl', 'Lindgren, Astrid']", ["Marx K", "Lindgren A"]),
        ("Smith, John", ["Smith J"]),
        ("John Smith, Jane Doe, Max Roe", ["Smith J", "Doe J", "Roe M"]),
        ("Jane Doe and John Roe", ["Doe J", "Roe J"]),
        ("['Marx, Karl', ", ["Marx K"]),
        ("", []),
    ],
)
def test_lists_of_authors(cell, names):
    found = split_authors(cell)
    assert found == names or (cell.startswith("[") and not cell.endswith("]"))


def test_preprints_are_known_by_their_doi():
    preprints = ["10.1101/2020.07.25.217158", "10.1101/123456", "10.48550/arXiv.2001.00001"]
    assert all(map(is_preprint_source, preprints))
    assert not is_preprint_source("10.1101/gr.123456.120")  # Genome Research
    assert is_preprint_source("", "bioRxiv : the preprint server for biology")
    assert not is_preprint_source("10.1000/x", "Nature")


def test_an_id_that_is_made_up_does_not_depend_on_how_the_title_is_written():
    one = made_up_id("Lactase of E. coli.", ("Doe J",), "2001")
    assert one == made_up_id("LACTASE of <E coli>", ("Doe J",), "2001").replace("<", "")
    assert one.startswith("ref:Doe2001-")


def test_a_short_title_is_told_apart_by_its_journal():
    ids = {made_up_id("Editorial", (), "2001", journal) for journal in ("J Test", "J. test", "Gut")}
    assert len(ids) == 2
    long = "Lactase of Escherichia coli in the gut of mammals"
    assert made_up_id(long, (), "2001", "J Test") == made_up_id(long, (), "2001", "Gut")
