"""Which family is whose, what its members are, and how tables complete it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.families import (
    Criterion,
    criterion_of,
    database_of,
    joined,
    kind_of,
    split_accession,
    terms_of_description,
)
from ingest.records import Family, FamilyNote, Provenance


def family(accession, **facts):
    return Family(accession, accession, 100, database=database_of(accession), **facts)


def note(accession, reader, sha256="a", **facts):
    return FamilyNote(accession, provenance=Provenance("f", sha256, reader, 1), **facts)


@pytest.mark.parametrize(
    ("accession", "database"),
    [
        *(("PF00001", "Pfam"), ("TIGR00001", "TIGRFAM"), ("NF000001", "NCBIfam")),
        *(("MF_00001", "HAMAP"), ("MF_00006_A", "HAMAP"), ("K00001", "KOfam")),
        *(("COG0001", "COG"), ("KAPPA", "own"), ("PF1", "own"), ("", "own")),
    ],
)
def test_an_accession_tells_its_database(accession, database):
    assert database_of(accession) == database


def test_only_versions_are_cut_off():
    assert split_accession("NF000001.12") == ("NF000001", "12")
    assert split_accession("GH13.1") == ("GH13.1", "")


@pytest.mark.parametrize(
    ("accession", "description", "product", "gene", "ec_numbers"),
    [
        ("K00001", "alcohol dehydrogenase [EC:1.1.1.1]", "alcohol dehydrogenase", "", ["1.1.1.1"]),
        ("TIGR00001", "rpmI_bact: ribosomal protein bL35", "ribosomal protein bL35", "", []),
        ("NF000004", "NCBIFAM: ligase VanH (EC 1.1.1.28)", "ligase VanH", "", ["1.1.1.28"]),
        ("MF_00001", "2.1.3.2~~~pyrB~~~Carbamoyltransferase~~~COG", "Carbamoyltransferase",
         "pyrB", ["2.1.3.2"]),
        ("PF00001", "7 transmembrane receptor", "", "", []),
        ("mine", "hypothetical protein", "", "", []),
    ],
)  # fmt: skip
def test_terms_of_a_description(accession, description, product, gene, ec_numbers):
    terms = terms_of_description(accession, description)
    assert (terms.product, terms.gene, list(terms.ec_numbers)) == (product, gene, ec_numbers)


def test_the_careful_kind_where_no_table_says_it():
    assert kind_of(family("PF00001")) == "domain"
    assert kind_of(family("TIGR00001")) == "family"
    assert kind_of(family("MF_00001")) == "equivalog"
    assert kind_of(family("K00001")) == "family"
    assert kind_of(family("K00001", threshold=100.0)) == "equivalog"
    assert kind_of(family("TIGR00001", kind="equivalog")) == "equivalog"


def test_the_cut_off_that_counts():
    bare = family("K00001", noise=(9.0, 9.0))
    assert criterion_of(bare) is None
    trusted = replace(bare, trusted=(30.0, 20.0))
    assert criterion_of(trusted) == Criterion("trusted cut-off", 30.0, 20.0)
    gathered = replace(trusted, gathering=(25.0, 15.0))
    assert criterion_of(gathered) == Criterion("gathering threshold", 25.0, 15.0)
    full = replace(gathered, threshold=200.0)
    assert criterion_of(full) == Criterion("KOfam threshold", 200.0, None)
    best = replace(full, score_type="domain")
    assert criterion_of(best) == Criterion("KOfam threshold", None, 200.0)


def test_tables_complete_a_family_and_lists_add_up():
    notes = [
        note("PF00001", "pfam2go", go_terms=("GO:0000001",)),
        note("PF00001", "pfam2go", go_terms=("GO:0000002",)),
        note("PF00001", "pfam_dat", kind="family", clan="CL0001"),
        note("PF00001", "family_tsv", description="a receptor"),
    ]
    found = joined(family("PF00001"), notes)
    assert found.go_terms == ("GO:0000001", "GO:0000002")
    assert (found.kind, found.clan, found.description) == ("family", "CL0001", "a receptor")


def test_a_new_release_of_a_table_replaces_the_old_one():
    old = note("K00001", "ko_list", threshold=100.0, ec_numbers=("1.1.1.1",), product="old")
    new = note("K00001", "ko_list", "b", ec_numbers=("1.1.1.2",), product="new")
    found = joined(family("K00001"), [old, new])
    assert (found.ec_numbers, found.product, found.threshold) == (("1.1.1.2",), "new", None)
    assert found.kind == "family"
    assert joined(family("K00001"), [new, old]).threshold == 100.0
