"""Counts and totals against the figures that independent readers gave (the data's README)."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from ingest.errors import FormatError
from ingest.inspection import inspect
from tests.contracts.reader import DATA

#: records, samples, features, unit, total. MetaPhlAn: the species; HUMAnN: the community rows.
TABLES = {
    "metaphlan/mpa2_single_no_version_line.tsv": (10, 1, 10, "percent", 100.0),
    "metaphlan/mpa3_space_padded_header.tsv": (11, 1, 11, "percent", 100.0),
    "metaphlan/mpa3_v30_single.tsv": (69, 1, 69, "percent", 100.0),
    "metaphlan/mpa3_v31_merged_2samples.txt": (210, 2, 210, "percent", 200.0),
    "metaphlan/mpa3_v31_unknown_only.txt": (1, 1, 1, "percent", 0.0),
    "metaphlan/mpa4_rel_ab_w_read_stats.tsv": (21, 1, 21, "percent", 100.0),
    "metaphlan/mpa4_vOct22_single.txt": (1111, 1, 1111, "percent", 100.0),
    "humann/humann2_pathabundance.tsv": (24, 1, 13, "RPK", 723.2665),
    "humann/humann2_pathcoverage.tsv": (24, 1, 13, "coverage", None),
    "humann/humann3_pathabundance.tsv": (6, 1, 4, "RPK", 909.0275),
    "humann/humann3_pathcoverage.tsv": (6, 1, 4, "coverage", None),
    "humann/humann4_genefamilies_adjusted_cpm.tsv": (17, 1, 7, "CPM", 1_000_001.0),
    "humann/humann4_pathabundance_empty.tsv": (2, 1, 2, "RPK", 0.0),
    "humann/humann_genefamilies_2samples.tsv": (50, 2, 25, "RPK", 94.6578 + 95.2153),
    "humann/humann_genefamilies_rpk.tsv": (2926, 1, 1413, "RPK", 2412.9267),
    "traps_derived/mpa3_merged_bom_crlf.txt": (210, 2, 210, "percent", 200.0),
    "sylph/sylph_gtdb.sylphmpa": (18, 1, 18, "percent", 13.1722),
}


@pytest.mark.parametrize("name", TABLES)
def test_real_tables(shared, name):
    records, samples, features, unit, total = TABLES[name]
    found = inspect(shared / "formats" / name)
    assert found.kind == "abundance"
    assert (found.records, found.samples, found.features) == (records, samples, features)
    assert found.unit == unit
    assert found.total == (None if total is None else pytest.approx(total, abs=1e-3))


def test_every_metaphlan_and_humann_file_is_checked(shared):
    formats = shared / "formats"
    files = [*formats.glob("metaphlan/*"), *formats.glob("humann/*.tsv")]
    assert {str(path.relative_to(formats)) for path in files} <= set(TABLES)


@pytest.mark.parametrize(
    ("name", "kind", "records"),
    [
        ("formats/prodigal/pyrodigal_v3.6.3_meta.faa.gz", "genes", 5302),
        ("formats/prodigal/pyrodigal_v3.6.3_meta.gff.gz", "genes", 5302),
        ("formats/prokka/MGYG000500002_prokka_with_fasta.gff.gz", "genes", 2346),
        ("formats/bakta/bakta_v1.5.1_plasmid.gff3", "genes", 2),
        ("formats/qiime2/moving_pictures_sample-metadata.tsv", "metadata", 34),
        ("enzymes/gut_demo/demo_mgx_metadata.tsv", "metadata", 102),
        ("enzymes/gut_demo/demo_genecatalogs.centroid.faa.xz", "genes", 604),
        ("enzymes/genomes/MYb71.faa.xz", "genes", 5197),
        ("enzymes/genomes/ecoli_K12_MG1655.faa.xz", "genes", 4297),
        ("enzymes/prokka/Archaea_sprot.faa.xz", "proteins", 2868),
        ("enzymes/prokka/Viruses_sprot.faa.xz", "proteins", 4448),
        ("enzymes/clean_split10.tsv.xz", "proteins", 8150),
        ("enzymes/uniprot_ec_2018.tsv.xz", "proteins", 27065),
        ("literature/gut_brain_abstracts/gut_brain_abstracts.jsonl.gz", "literature", 1647),
        ("literature/pubmed/pubmed20n0014_microbiome_subset.xml.gz", "literature", 234),
    ],
)
def test_real_files_of_every_kind(shared, name, kind, records):
    found = inspect(shared / name)
    assert (found.kind, found.records) == (kind, records)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("mpa3_merged_decimal_comma_semicolon.csv", "';' instead of tabs"),
        ("mpa3_merged_duplicate_sample_name.txt", "two columns have the sample name"),
    ],
)
def test_tables_that_a_guess_would_misread_are_refused(shared, name, what):
    with pytest.raises(FormatError, match=what):
        inspect(shared / "formats/traps_derived" / name)


def test_duplicate_rows_are_told_and_not_summed(shared):
    found = inspect(shared / "formats/traps_derived/genefamilies_duplicate_ids.tsv")
    assert found.total == pytest.approx(94.6578 + 95.2153, abs=1e-3)
    assert sum("occurs twice" in warning for warning in found.warnings) == 3


def test_tables_of_results_are_not_taken_for_measurements(shared):
    from ingest.errors import UnknownFormatError

    with pytest.raises(UnknownFormatError):
        inspect(shared / "cohorts/hmp2_ibd_maaslin2/expected_results_run1.tsv")


def test_fields_are_the_command_lines_contract():
    found = asdict(inspect(DATA / "metaphlan.tsv"))
    assert list(found) == [
        *("path", "format", "kind", "records", "samples", "features", "unit", "total", "warnings"),
    ]
    assert found["path"] == "metaphlan.tsv"
    assert (found["records"], found["samples"], found["features"]) == (7, 2, 7)
    assert found["total"] == 190.0
    assert any("UNCLASSIFIED" in warning for warning in found["warnings"])


def test_strata_are_not_counted_twice():
    found = inspect(DATA / "humann.tsv")
    assert (found.records, found.samples, found.features, found.unit) == (6, 2, 4, "CPM")
    assert found.total == 1.5 + 2.5 + 10 + 20 + 3 + 0.5 + 1


def test_species_that_do_not_add_up_are_told(tmp_path):
    path = tmp_path / "cut.tsv"
    path.write_text("#clade_name\tS1\nk__Bacteria\t100.0\nk__Bacteria|s__A\t10.0\n")
    assert any("10 of 100" in warning for warning in inspect(path).warnings)
