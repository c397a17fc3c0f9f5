"""``inspect`` says what is in a file; figures are those of independent readers."""

import json

import pytest

#: File: format, records, samples, features, unit, total (the data's own README).
FIGURES = {
    "metaphlan/mpa3_v30_single.tsv": ("metaphlan", 69, 1, 69, "percent", 100.0),
    "metaphlan/mpa4_vOct22_single.txt": ("metaphlan", 1111, 1, 1111, "percent", 100.0),
    "metaphlan/mpa3_v31_merged_2samples.txt": ("metaphlan", 210, 2, 210, "percent", 200.0),
    "metaphlan/mpa4_rel_ab_w_read_stats.tsv": ("metaphlan", 21, 1, 21, "percent", 100.0),
    "humann/humann2_pathabundance.tsv": ("humann", 24, 1, 13, "RPK", 723.2665),
    "humann/humann2_pathcoverage.tsv": ("humann", 24, 1, 13, "coverage", None),
    "humann/humann_genefamilies_2samples.tsv": ("humann", 50, 2, 25, "RPK", 189.8731),
    "humann/humann_genefamilies_rpk.tsv": ("humann", 2926, 1, 1413, "RPK", 2412.9267),
    "prokka/MGYG000500002_prokka_with_fasta.gff.gz": ("gff3", 2346, 0, 0, "", None),
    "prodigal/pyrodigal_v3.6.3_meta.gff.gz": ("gff3", 5302, 0, 0, "", None),
    "prodigal/pyrodigal_v3.6.3_meta.faa.gz": ("protein_fasta", 5302, 0, 0, "", None),
    "bakta/bakta_v1.5.1_plasmid.gff3": ("gff3", 2, 0, 0, "", None),
    "qiime2/moving_pictures_sample-metadata.tsv": ("sample_metadata", 34, 34, 0, "", None),
}
KEYS = ["path", "format", "kind", "records", "samples", "features", "unit", "total", "warnings"]


@pytest.mark.parametrize("name", FIGURES)
def test_the_figures_of_real_files(told, shared, name):
    found = json.loads(told("inspect", shared / "formats" / name, "--json").out)
    assert list(found) == KEYS
    *counts, total = FIGURES[name]
    names = ("format", "records", "samples", "features", "unit")
    assert [found[key] for key in names] == counts
    assert found["total"] == (None if total is None else pytest.approx(total, abs=1e-3))


def test_several_files_are_a_list(told, made):
    found = json.loads(
        told("inspect", made.files["profile.tsv"], made.files["genes.faa"], "--json").out
    )
    assert [item["format"] for item in found] == ["metaphlan", "protein_fasta"]


def test_a_file_that_cannot_be_read_does_not_hide_the_others(told, made, tmp_path):
    (tmp_path / "junk").write_bytes(b"\x00\x01\x02")
    result = told("inspect", tmp_path / "junk", made.files["profile.tsv"], "--json")
    assert result.code == 2
    assert [item["path"] for item in json.loads(result.out)] == ["profile.tsv"]
    assert result.err == (
        "metalumen: junk: this is a binary file. "
        "Export it as text (TSV, FASTA, GFF3, GenBank, XML, JSONL)\n"
    )


def test_no_total_is_an_empty_cell(told, made):
    header, row = told("inspect", made.files["metadata.tsv"]).out.splitlines()
    assert dict(zip(header.split("\t"), row.split("\t"), strict=True))["total"] == ""
