"""Cohorts from single-sample files of several tools, as the tools write them."""

import pytest

from assistant.cohort.loading import CohortFiles, load_cohort
from ingest.errors import UserError

GENUS = "k__Bacteria|p__P|c__C|o__O|f__F|g__G"


def metaphlan(species):
    clades = {GENUS: sum(species.values())}
    clades |= {f"{GENUS}|s__{name}": value for name, value in species.items()}
    head = "#mpa_vJun23_CHOCOPhlAnSGB_202403\n#clade_name\tNCBI_tax_id\trelative_abundance\t\n"
    return head + "".join(f"{clade}\t1\t{value}\t\n" for clade, value in clades.items())


def humann(sample, rows, quantity="Abundance"):
    lines = [f"# Pathway\t{sample}_{quantity}", *(f"{name}\t{it}" for name, it in rows.items())]
    return "\n".join(lines) + "\n"


def featurecounts(bam, genes):
    head = "# Program:featureCounts v2.0.3; Command:x\n"
    head += f"Geneid\tChr\tStart\tEnd\tStrand\tLength\t{bam}\n"
    return head + "".join(f"{gene}\tc1\t1\t99\t+\t99\t{it}\n" for gene, it in genes.items())


@pytest.fixture
def cohort(tmp_path):
    """Load a cohort of the files given by name and text, with metadata of S1 and S2."""

    def load(**texts):
        paths = []
        for name, text in texts.items():
            paths.append(tmp_path / name.replace("__", "."))
            paths[-1].write_text(text)
        meta = tmp_path / "meta.tsv"
        meta.write_text("sample_id\tarm\nS1\tcase\nS2\tcontrol\n")
        return load_cohort(CohortFiles(tuple(paths), meta))

    return load


def values(table):
    return {name: table.values[at].tolist() for at, name in enumerate(table.features)}


def test_profiles_of_metaphlan(cohort):
    loaded = cohort(
        S1_profile__txt=metaphlan({"a": 60.0, "b": 40.0}),
        S2_profile__txt=metaphlan({"b": 99.0, "c": 1.0}),
    )
    assert loaded.metadata.samples == ("S1", "S2")
    assert values(loaded.table) == {
        f"{GENUS}|s__a": [60, 0],
        f"{GENUS}|s__b": [40, 99],
        f"{GENUS}|s__c": [0, 1],
    }
    assert loaded.table.sources == ("S1_profile.txt", "S2_profile.txt")


def test_tables_of_humann(cohort):
    loaded = cohort(
        S1_pathabundance__tsv=humann("S1_kneaddata", {"UNMAPPED": 9, "PWY-1: a": 3, "PWY-2": 1}),
        S2_pathabundance__tsv=humann("S2_kneaddata", {"UNMAPPED": 7, "PWY-2": 5}),
    )
    assert loaded.metadata.samples == ("S1", "S2")
    assert values(loaded.table) == {"PWY-1": [3, 0], "PWY-2": [1, 5]}
    assert any("S1_kneaddata is S1" in note for note in loaded.table.notes)


def test_tables_of_two_quantities_are_not_mixed(cohort):
    with pytest.raises(UserError, match=r"two units .*RPK.*coverage"):
        cohort(
            S1_pathabundance__tsv=humann("S1", {"PWY-1": 3, "PWY-2": 1}),
            S2_pathcoverage__tsv=humann("S2", {"PWY-1": 1, "PWY-2": 1}, "Coverage"),
        )


def test_genes_of_another_annotation_are_not_zero(cohort):
    loaded = cohort(
        S1__txt=featurecounts("bams/S1.sorted.bam", {"g1": 5, "g2": 0, "g3": 4}),
        S2__txt=featurecounts("bams/S2.sorted.bam", {"g1": 7, "g2": 2}),
    )
    assert values(loaded.table) == {"g1": [5, 7], "g2": [0, 2]}
    assert any("1 features that not every file lists" in note for note in loaded.table.notes)


def test_a_sample_of_two_profiles_is_refused(cohort):
    with pytest.raises(UserError, match=r"two files: S1_profile\.txt and S1\.txt"):
        cohort(S1_profile__txt=metaphlan({"a": 100.0}), S1__txt=metaphlan({"b": 100.0}))
