"""What a sample is made of: one rank, each read once, stable names."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.profiles.composition import compositions_of, is_part_of_whole, rows_of
from retrieval.profiles.projection import vectors_of
from retrieval.profiles.vocabulary import key_of, species_name, taxon_name
from tests.retrieval.profiles.tables import feature


def made(features, **more):
    """Compositions by kind and sample, as values by name."""
    found, names = compositions_of(rows_of(features), own="file", **more)
    return {
        (it.kind, it.sample): {
            names[it.kind, key]: value for key, value in zip(it.keys, it.values, strict=True)
        }
        for it in found
    }


def test_a_nested_table_is_read_at_one_rank_at_a_time():
    rows = [
        feature("Bacteria", {"S1": 100.0}, rank="k"),
        feature("Roseburia", {"S1": 60.0}, rank="g", lineage="k__Bacteria;g__Roseburia"),
        feature("Roseburia faecis", {"S1": 50.0}, lineage="g__Roseburia;s__Roseburia faecis"),
        feature("Roseburia hominis", {"S1": 10.0}, lineage="g__Roseburia;s__Roseburia hominis"),
        feature("SGB1", {"S1": 50.0}, rank="t", lineage="g__Roseburia;s__Roseburia faecis;t__SGB1"),
    ]
    assert made(rows) == {
        ("species", "S1"): {"Roseburia faecis": 50.0, "Roseburia hominis": 10.0},
        ("genus", "S1"): {"Roseburia": 60.0},
    }


def test_a_table_that_counts_each_read_once_is_added_up():
    rows = [
        feature("a", {"S1": 3.0}, rank="", lineage="k__B;f__F;g__Dialister"),
        feature("b", {"S1": 4.0}, rank="", lineage="k__B;f__F;g__Dialister;s__invisus"),
        feature("c", {"S1": 5.0}, rank="", lineage="k__B;f__F;g__;s__"),
    ]
    assert made(rows) == {
        ("genus", "S1"): {"Dialister": 7.0},
        ("species", "S1"): {"Dialister invisus": 4.0},
        ("otu", "S1"): {"a": 3.0, "b": 4.0, "c": 5.0},
    }


def test_a_species_that_was_moved_leaves_its_old_genus():
    """The genus row holds it: it must neither count twice nor stay."""
    rows = [
        feature("Bacteroides", {"S1": 30.0}, rank="g", lineage="g__Bacteroides"),
        feature("x", {"S1": 20.0}, lineage="g__Bacteroides;s__Bacteroides_dorei"),
        feature("y", {"S1": 10.0}, lineage="g__Bacteroides;s__Bacteroides_uniformis"),
    ]
    assert made(rows) == {
        ("species", "S1"): {"Phocaeicola dorei": 20.0, "Bacteroides uniformis": 10.0},
        ("genus", "S1"): {"Bacteroides": 10.0, "Phocaeicola": 20.0},
    }


def test_strata_special_rows_and_coverage_are_left_out():
    rows = [
        feature("UNMAPPED", {"S1": 9.0}, kind="pathway", unit="RPK", special=True, rank=""),
        feature("PWY-1", {"S1": 2.0}, kind="pathway", unit="RPK", rank=""),
        feature("PWY-1", {"S1": 2.0}, kind="pathway", unit="RPK", rank="", stratum="g__X"),
        feature("K00001", {"S1": 1.0}, kind="gene_family", unit="coverage", rank=""),
    ]
    assert made(rows) == {("pathway", "S1"): {"PWY-1": 2.0}}


def test_one_id_space_of_families_counts():
    """A UniRef90 row and a KO row hold the same genes."""
    rows = [
        feature(name, {"S1": 1.0}, kind="gene_family", unit="CPM", rank="")
        for name in ("UniRef90_A", "UniRef90_B", "K00001")
    ]
    assert made(rows) == {("family", "S1"): {"UniRef90_A": 1.0, "UniRef90_B": 1.0}}


@pytest.mark.parametrize(
    ("kind", "row_id", "part", "name"),
    [
        ("gene_family", "ko:K00001", "ko", "K00001"),
        ("gene_family", "1.1.1.1", "ec", "1.1.1.1"),
        ("gene_family", "EC:1.1.1.1", "ec", "1.1.1.1"),
        ("gene_family", "PF00005.33", "family", "PF00005.33"),
        ("pathway", "M00539", "pathway", "M00539"),
    ],
)
def test_functions_go_by_accession(kind, row_id, part, name):
    rows = [feature(row_id, {"S1": 2.0}, kind=kind, unit="CPM", rank="")]
    assert made(rows) == {(part, "S1"): {name: 2.0}}


def test_metabolites_and_logs_make_no_profile():
    rows = [
        feature("Alanine", {"S1": 2.0}, kind="metabolite", unit="", rank=""),
        feature("Roseburia faecis", {"S1": -2.0, "S2": 1.0}, unit=""),
        feature("K00001", {"S1": 1.5}, kind="gene_family", unit="log or scaled", rank=""),
    ]
    assert made(rows) == {}


def test_asvs_get_their_genus_from_a_taxonomy_of_another_file():
    rows = [feature("ab" * 16, {"S1": 5.0}, rank="")]
    lineages = {"ab" * 16: "k__Bacteria; g__Roseburia; s__"}
    assert made(rows)[("otu", "S1")] == {"ab" * 16: 5.0}
    assert made(rows, lineages=lineages)[("genus", "S1")] == {"Roseburia": 5.0}


def test_numbers_of_otus_mean_something_in_their_own_file_only():
    rows = rows_of(
        [feature("denovo7", {"S1": 1.0}, rank=""), feature("a" * 32, {"S1": 1.0}, rank="")]
    )
    one, other = (compositions_of(rows, own=name)[0][0].keys for name in ("x", "y"))
    assert len(set(one.tolist()) & set(other.tolist())) == 1


def test_a_sample_without_anything_has_no_profile():
    rows = [feature("Roseburia faecis", {"S1": 1.0, "S2": 0.0, "S3": float("nan")})]
    assert list(made(rows)) == [("genus", "S1"), ("species", "S1")]
    assert made([feature("Roseburia faecis", {"S1": 0.0})]) == {}


@pytest.mark.parametrize(
    ("text", "genus", "name"),
    [
        ("s__Faecalibacterium_prausnitzii".removeprefix("s__"), "", "Faecalibacterium prausnitzii"),
        ("Fusobacterium prausnitzii", "", "Faecalibacterium prausnitzii"),
        ("Gardnerella vaginalis", "", "Gardnerella vaginalis"),
        ("[Clostridium] innocuum", "", "Clostridium innocuum"),
        ("Candidatus Cibionibacter quicibialis", "", "Cibionibacter quicibialis"),
        ("GGB25847_SGB37835", "GGB25847", "GGB25847 SGB37835"),
        ("Faecalibacterium prausnitzii_C", "", "Faecalibacterium prausnitzii C"),
        ("Pumilibacter", "Pumilibacter", ""),
        ("unidentified", "Dialister", ""),
        ("", "Dialister", ""),
    ],
)
def test_names_of_species(text, genus, name):
    assert species_name(text, genus) == name


def test_gtdb_genera_stay_apart_from_those_without_suffix():
    assert taxon_name("g__Bacillus_A") == "Bacillus A"
    assert key_of("genus", "Bacillus A") != key_of("genus", "Bacillus")
    assert key_of("genus", "Bacillus") == key_of("genus", "bacillus")


@pytest.mark.parametrize("unit", ["coverage", "percent complete", "log or scaled", "distance"])
def test_units_that_are_no_parts(unit):
    assert not is_part_of_whole(unit)


def test_numbers_at_the_end_of_the_range_make_no_fault():
    rows = rows_of(
        [feature(f"Genus{n} name", {"S1": 1e308, "S2": 5e-324, "S3": float("inf")}) for n in "abc"]
    )
    made_of, _ = compositions_of([*rows, *rows], own="x")
    vectors = vectors_of(made_of)
    assert {it.sample for it in made_of} == {"S2"}
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    (whole,) = {it.sample for it in compositions_of(rows, own="x")[0]} - {"S2"}
    assert whole == "S1"


def test_rows_that_hold_the_sums_of_finer_rows_are_found_out():
    """Without stated ranks only the numbers tell whether a genus row holds its species."""
    sums = [
        feature(name, {f"S{n}": value * (n + 1) for n in range(3)}, rank="", lineage=name)
        for name, value in (("k__B;g__A", 3.0), ("k__B;g__A;s__a", 2.0), ("k__B;g__A;s__b", 1.0))
    ]
    assert made(sums)["genus", "S1"] == {"A": 6.0}
    once = [
        feature(name, {f"S{n}": value * (n + 1) for n in range(3)}, rank="", lineage=name)
        for name, value in (("k__B;g__A", 1.0), ("k__B;g__A;s__a", 2.0), ("k__B;g__A;s__b", 3.0))
    ]
    assert made(once)["genus", "S1"] == {"A": 12.0}


def test_a_genus_that_is_not_the_first_word_of_a_species_stays():
    """Viruses, and species in brackets, are in genera of other names: nothing was moved."""
    rows = [
        feature("Betacoronavirus", {"S1": 9.0}, rank="g", lineage="g__Betacoronavirus"),
        feature(
            "x", {"S1": 9.0}, lineage="g__Betacoronavirus;s__Severe acute respiratory syndrome"
        ),
        feature("Absiella", {"S1": 4.0}, rank="g", lineage="g__Absiella"),
        feature("y", {"S1": 4.0}, lineage="g__Absiella;s__[Clostridium] innocuum"),
    ]
    assert made(rows)["genus", "S1"] == {"Betacoronavirus": 9.0, "Absiella": 4.0}
    assert made(rows[1:2])["genus", "S1"] == {"Betacoronavirus": 9.0}
    assert ("genus", "S1") not in made([feature("Torque teno virus 1", {"S1": 9.0})])


def test_reads_of_the_human_host_are_left_out():
    rows = [
        feature("Homo", {"S1": 90.0}, rank="g", lineage="g__Homo"),
        feature("Homo sapiens", {"S1": 90.0}, lineage="g__Homo;s__Homo sapiens"),
        feature("Dialister", {"S1": 10.0}, rank="g", lineage="g__Dialister"),
        feature("Dialister invisus", {"S1": 10.0}, lineage="g__Dialister;s__Dialister invisus"),
    ]
    assert made(rows) == {
        ("species", "S1"): {"Dialister invisus": 10.0},
        ("genus", "S1"): {"Dialister": 10.0},
    }
    assert made([feature("Homo sapiens", {"S1": 90.0})]) == {}
    assert made([feature("Hominidae", {"S1": 90.0}, rank="f"), *rows[:2]]) == {}


@pytest.mark.parametrize("rank", ["f", ""])
def test_a_table_of_families_is_compared_by_families(rank):
    rows = [
        feature(name, {"S1": value}, rank=rank, lineage=f"k__B;p__Firmicutes;f__{name}")
        for name, value in (("Veillonellaceae", 3.0), ("Lachnospiraceae", 5.0))
    ]
    found = made(rows)
    assert found["higher", "S1"] == {"Veillonellaceae": 3.0, "Lachnospiraceae": 5.0}
    phyla = [feature("p__Firmicutes", {"S1": 2.0}, rank="", lineage="p__Firmicutes")]
    assert made(phyla) == {("higher", "S1"): {"Bacillota": 2.0}}
