"""References, terms and the choice among many hits."""

from __future__ import annotations

import pytest

from ingest.records import Protein
from retrieval.evidence.base import Terms
from retrieval.evidence.subjects import (
    describe,
    function_key,
    pick_distinct,
    reference_of,
    terms_of,
)
from retrieval.evidence.wording import evalue_text, listed, number, percent, sentence


@pytest.mark.parametrize(
    ("accession", "database", "reference"),
    [
        ("P12345", "", "UniProtKB:P12345"),
        ("A0A009HIV9", "x", "UniProtKB:A0A009HIV9"),
        ("P12345-2", "", "UniProtKB:P12345-2"),
        ("UniRef90_A0A059ZV61", "gapseq", "UniRef:UniRef90_A0A059ZV61"),
        ("UPI0000000001", "", "UniParc:UPI0000000001"),
        ("NP_416322.1", "", "RefSeq:NP_416322.1"),
        ("WP_011091234.1", "", "RefSeq:WP_011091234.1"),
        ("AAC73113.1", "", "GenBank:AAC73113.1"),
        ("BAKTA_00010", "Bakta v1.9", "Bakta_v1.9:BAKTA_00010"),
        ("K01575", "KEGG", "KEGG:K01575"),
        ("x1", "", "protein:x1"),
    ],
)
def test_reference_by_the_pattern_of_the_accession(accession, database, reference):
    assert reference_of(accession, database) == reference


def test_ec_numbers_in_a_name_become_terms():
    protein = Protein("P1", "MKV", name="Lactase (EC 3.2.1.23) (Beta-gal)")
    assert terms_of(protein) == Terms(product="Lactase", ec_numbers=("3.2.1.23",))


@pytest.mark.parametrize("name", ["", "hypothetical protein", "DUF1127 domain-containing protein"])
def test_a_protein_without_function_has_no_terms(name):
    protein = Protein("P1", "MKV", name=name, gene="yabC", go_terms=("GO:0016020",))
    assert terms_of(protein) == Terms()
    assert function_key(terms_of(protein)) == ""


def test_an_ec_number_is_a_function_without_a_name():
    protein = Protein("P1", "MKV", name="hypothetical protein", ec_numbers=("3.2.1.23",))
    assert terms_of(protein) == Terms(ec_numbers=("3.2.1.23",))
    assert describe(protein, "X:P1") == '"hypothetical protein" (X:P1, EC 3.2.1.23)'


def test_names_that_differ_in_writing_are_one_function():
    assert function_key(Terms("Putative beta-lactamase")) == function_key(Terms("Beta lactamase"))


def test_description_has_name_taxon_identifier_and_ec():
    protein = Protein("P1", "MKV", name="Lactase", ec_numbers=("3.2.1.23",), taxon="Enterococcus")
    assert describe(protein, "X:P1") == '"Lactase" of Enterococcus (X:P1, EC 3.2.1.23)'
    assert describe(Protein("P1", "MKV"), "X:P1") == "an unnamed protein (X:P1)"


def test_each_function_comes_before_copies_of_another():
    hits = ["a1", "a2", "a3", "b1", "c1", "b2"]
    assert pick_distinct(hits, lambda hit: hit[0], most=3, each=5) == ["a1", "b1", "c1"]
    assert pick_distinct(hits, lambda hit: hit[0], most=9, each=2) == ["a1", "a2", "b1", "c1", "b2"]


def test_at_most_two_without_function_and_after_all_others():
    hits = [" 1", " 2", " 3", "a1", "a2"]
    assert pick_distinct(hits, str.strip, most=9, each=5) == [" 1", " 2", " 3", "a1", "a2"]
    unknown = pick_distinct(hits, lambda hit: hit[0].strip(), most=9, each=5)
    assert unknown == [" 1", " 2", "a1", "a2"]
    assert pick_distinct(hits, lambda hit: hit[0].strip(), most=2, each=5) == ["a1", "a2"]


def test_numbers_never_round_to_all_or_nothing():
    assert [percent(x) for x in (0, 0.01, 50.4, 99.99, 100)] == [
        *("0 %", "0.1 %", "50 %", "99.9 %", "100 %")
    ]
    assert evalue_text(0.0) == "below 1e-300"
    assert number(0.0) == "0"


def test_lists_read_as_lists():
    assert [listed(items) for items in ([], ["a"], ["a", "b"])] == ["", "a", "a and b"]
    assert listed(["a", "b", "c"], most=2) == "a, b and 1 more"
    assert sentence("It ends.\n Here. ") == "It ends. Here."
