"""Records found by what they say; the counts are those of the input files."""

import pytest

from tests.retrieval.bases import METADATA, PROFILE, PROTEINS, empty_base, written


@pytest.fixture(scope="module")
def lookup(tmp_path_factory):

    folder = tmp_path_factory.mktemp("lookup")
    files = written(folder / "in", proteins__tsv=PROTEINS, profile__tsv=PROFILE)
    (metadata,) = written(folder / "in", metadata__tsv=METADATA)
    with empty_base(folder / "kb") as base:
        base.add(files, metadata=metadata)
        yield base.facts.lookup


@pytest.mark.parametrize(
    ("value", "accessions"),
    [
        ("3.2.1.23", ["P00722"]),
        ("3.2.1.-", ["P00691", "P00722"]),
        ("3.2.1.2", []),
        ("4.2.1.1", []),
        ("3.-.-.-", ["P00691", "P00722"]),
    ],
)
def test_an_ec_number_is_found_whole_or_by_its_beginning(lookup, value, accessions):
    found = lookup.proteins_with("ec", value, 5)
    assert found.count == len(accessions)
    assert [protein.accession for protein in found.first] == accessions


def test_only_the_first_are_given_and_all_are_counted(lookup):
    found = lookup.proteins_with("ec", "3.2.1.-", 1)
    assert (found.count, len(found.first)) == (2, 1)


def test_other_taxa_are_left_out(lookup):
    assert lookup.proteins_with("ec", "3.2.1.-", 1, taxon="Archaea").count == 0


def test_a_taxon_is_found_by_words_of_its_title(lookup):
    (found,) = lookup.features_called("Bacteroides uniformis")
    assert found[1] == "Taxon Bacteroides uniformis"
    assert lookup.features_called("uniform") == ()


def test_samples_are_told_from_other_words(lookup):
    assert lookup.sample_names(["S1", "S9", "what"]) == ("S1",)
