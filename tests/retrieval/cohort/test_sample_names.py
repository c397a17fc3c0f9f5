"""Names of files matched with ids of metadata: only where one id fits, and always told."""

import pytest

from retrieval.cohort.sample_names import match_names, plain_name


def own(*names):
    """Samples that are named after their files."""
    return {name: f"{name}.txt" for name in names}


@pytest.mark.parametrize(
    "name",
    [
        *("S1", "S1.kreport", "S1.kreport2.gz", "S1_profile", "S1.kraken2.report", "S1.bracken"),
        *("S1.kraken2.report.txt", "S1_bracken_species.kreport", "S1_kraken2_report.txt"),
        *("S1_metaphlan4_profile.tsv", "S1_pathabundance-cpm.tsv", "S1_genefamilies_relab"),
        *("S1.k2report", "S1_kneaddata_paired", "S1.featureCounts.txt", "S1.sorted.bam"),
        *("S1_profiled_metagenome.txt", "S1_taxonomic_profile", "S1_metaphlan_bugs_list.tsv"),
    ],
)
def test_what_tools_append_is_taken_off(name):
    assert plain_name(name) == "S1"


@pytest.mark.parametrize("name", ["S_1", "P1_d0", "S1_R1", "S1_L001", "report", "profile"])
def test_what_may_tell_samples_apart_stays(name):
    assert plain_name(name) == name


def test_one_that_fits_is_taken_and_told():
    names, notes = match_names(own("S1.k2report", "S2"), [], ["S1", "S2"])
    assert names == {"S1.k2report": "S1"}
    assert "S1.k2report is S1" in notes[0]
    assert match_names(own("S1"), [], ["S1_profile"])[0] == {"S1": "S1_profile"}


@pytest.mark.parametrize(
    ("samples", "others", "ids"),
    [
        (["S1_kraken2", "S1_bracken"], [], ["S1"]),
        (["S1"], [], ["S1_profile", "S1.bracken"]),
        (["S1", "S1_kraken2"], [], ["S1"]),
        (["S1_kraken2"], ["S1"], ["S1"]),
    ],
)
def test_nothing_is_guessed_where_two_fit(samples, others, ids):
    names, notes = match_names(own(*samples), others, ids)
    assert names == {}
    assert "fit more than once" in notes[0]


def test_an_ending_that_all_files_share_is_taken_off():
    names, notes = match_names(own("A_db1.x", "B_db1.x"), [], ["A", "B"])
    assert names == {"A_db1.x": "A", "B_db1.x": "B"}
    assert len(notes) == 1


def test_names_that_fit_nothing_stay():
    assert match_names(own("A1", "B1"), [], ["C"]) == ({}, [])


def test_the_name_of_the_file_is_tried_where_the_sample_has_another():
    names, notes = match_names({"reads": "S1_profile.txt", "x": "S2.tsv"}, [], ["S1", "S2"])
    assert names == {"reads": "S1", "x": "S2"}
    assert "reads is S1" in notes[0]
    names, notes = match_names({"S1_kraken2": "S2_profile.txt"}, [], ["S1", "S2"])
    assert names == {}
    assert "S1_kraken2 (S1, S2)" in notes[0]
    both = {"S1_kraken2": "S1_kraken2.txt", "reads": "S1_profile.txt"}
    assert match_names(both, [], ["S1"])[0] == {}
