"""Headings of full texts: parts of IMRaD, back matter, and what is neither."""

from __future__ import annotations

import pytest

from ingest.imrad import is_back_matter, part_of, section_name


@pytest.mark.parametrize(
    ("headings", "name"),
    [
        (["1. Introduction"], "Introduction"),
        (["Background"], "Introduction"),
        (["MATERIALS AND METHODS"], "Methods"),
        (["Experimental procedures", "Strains"], "Methods > Strains"),
        (["II. RESULTS"], "Results"),
        (["Results & Discussion"], "Results and discussion"),
        (["Discussion and Conclusions"], "Discussion"),
        (["Concluding remarks"], "Conclusions"),
        (["Model and Results"], "Results > Model and Results"),
        (["Appendix A"], "Appendix > Appendix A"),
        (["3 | RESULTS"], "Results"),
        (["STAR★METHODS", "Mice"], "Methods > Mice"),
        (["Online methods"], "Methods > Online methods"),
        (["Materiales y métodos"], "Methods > Materiales y métodos"),
        (["Resultados e discussão"], "Results and discussion > Resultados e discussão"),
        (["Ergebnisse"], "Results > Ergebnisse"),
        (["Growth of strains", "In LB"], "Growth of strains > In LB"),
        ([""], "Text"),
        ([], "Text"),
    ],
)
def test_names(headings, name):
    assert section_name(headings) == name


def test_the_type_counts_where_the_heading_says_nothing():
    assert section_name(["Growing things"], "methods") == "Methods > Growing things"
    assert section_name(["Results"], "methods") == "Results"
    assert section_name([""], "intro") == "Introduction"


@pytest.mark.parametrize(
    "heading",
    [
        *("Competing interests", "Conflict of Interest", "Declaration of Competing Interest"),
        *("Authors' contributions", "Author Contributions", "CRediT authorship statement"),
        *("Funding", "Acknowledgements", "Acknowledgments", "References", "Supplementary Material"),
        *("Data Availability Statement", "Publisher’s Note", "Ethics statement", "Abbreviations"),
        *("Availability of data and materials", "Pre-publication history", "6. References"),
        *("ORCID", "Conflict-of-interest statement", "Notes and references", "Referencias"),
        *("Literaturverzeichnis", "Peer review information", "Authors' disclosures"),
    ],
)
def test_back_matter(heading):
    assert is_back_matter(heading)


@pytest.mark.parametrize(
    "heading",
    ["Interest of lactose", "Data", "Results", "Material", "Grant Park soil", "Contribution"],
)
def test_what_is_no_back_matter(heading):
    assert not is_back_matter(heading)


def test_other_headings_are_no_part():
    assert part_of("The lactase of E. coli") == ""
