"""Layouts of wide tables that tools and people write: which are read, and which are refused."""

from __future__ import annotations

import pytest

from ingest.errors import FormatError, UnknownFormatError
from ingest.files import read_records
from ingest.inspection import inspect
from ingest.records import BadRecord

#: Name, text -> format, samples, features, unit, total, kind of the rows.
LAYOUTS = {
    "biom to-tsv": (
        "# Constructed from biom file\n#OTU ID\tA\tB\totu\n".replace("\totu", "")
        + "o1\t5.0\t0.0\no2\t1.0\t2.0\n",
        *("feature_table", 2, 2, "counts", 8, "taxon"),
    ),
    "QIIME 1": (
        "# QIIME v1.9.1 OTU table\n#OTU ID\tA\tConsensus Lineage\no1\t5\tk__Bacteria\no2\t1\t\n",
        *("feature_table", 1, 2, "counts", 6, "taxon"),
    ),
    "ranks in columns": (
        "OTU,A,B,Kingdom,Phylum\no1,5,1,Bacteria,Bacillota\no2,1,2,Bacteria,NA\n",
        *("feature_table", 2, 2, "counts", 9, "taxon"),
    ),
    "PICRUSt2": (
        "function\tdescription\tA\tB\nEC:1.1.1.1\tadh\t1.5\t2\nEC:1.1.1.2\tx\t0\t3\n",
        *("feature_table", 2, 2, "", None, "gene_family"),
    ),
    "pathways": (
        "pathway\tA\tB\nPWY-1\t500000\t250000\nPWY-2\t500000.0\t750000\n",
        *("feature_table", 2, 2, "counts", 2_000_000, "pathway"),
    ),
    "metabolites by samples": (
        "Compound,m/z,RT,A,B\nButyrate,87.04,3.1,1.5,2\nAcetate,59.01,1.2,0.5,\n",
        *("feature_table", 2, 2, "", None, "metabolite"),
    ),
    "MetaPhlAn species without lineage": (
        "clade_name\tA\tB\nBacteroides_ovatus\t60.5\t10\nRoseburia_faecis\t39.5\t90\n",
        *("feature_table", 2, 2, "percent", 200, "taxon"),
    ),
    "quoted by R": (
        '"OTU"\t"A"\t"B"\n"ASV1"\t5\t0\n"ASV2"\t1\t2\n',
        *("feature_table", 2, 2, "counts", 8, "taxon"),
    ),
    "no name above the ids": (
        "\tA\tB\nASV1\t5\t0\nASV2\t1\t2\n",
        *("feature_table", 2, 2, "counts", 8, "taxon"),
    ),
    "with sums": (
        "#OTU ID\tA\tB\tTotal\no1\t5\t0\t5\no2\t1\t2\t3\n",
        *("feature_table", 2, 2, "counts", 8, "taxon"),
    ),
    "DADA2": (
        ",{0}A,{0}C\nS1,5,0\nS2,1,2\n".format("ACGT" * 20),
        *("sample_table", 2, 2, "counts", 8, "taxon"),
    ),
    "QIIME 2 barplot": (
        "index,k__Bacteria;p__X,k__Bacteria;p__Y,Unassigned;__,BodySite\nS1,5,0,1,gut\nS2,1,2,0,\n",
        *("sample_table", 2, 3, "counts", 9, "taxon"),
    ),
    "mothur shared": (
        "label\tGroup\tnumOtus\tOtu001\tOtu002\n0.03\tS1\t2\t5\t0\n0.03\tS2\t2\t1\t2\n",
        *("sample_table", 2, 2, "counts", 8, "taxon"),
    ),
    "species by samples": (
        "sample_id,Bacteroides ovatus,Roseburia faecis\nS1,0.5,0.5\nS2,0.9,0.05\n",
        *("sample_table", 2, 2, "fraction", 1.95, "taxon"),
    ),
    "nested ranks": (
        "Taxon\tA\tB\nk__B\t10\t10\nk__B;p__X\t6\t10\nk__B;p__Y\t4\t0\n",
        *("feature_table", 2, 3, "counts", 20, "taxon"),
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts(tmp_path, name):
    text, reader, samples, features, unit, total, kind = LAYOUTS[name]
    path = tmp_path / "table.txt"
    path.write_text(text)
    found = inspect(path)
    assert (found.format, found.samples, found.features) == (reader, samples, features)
    assert (found.unit, found.total) == (unit, total)
    assert {row.kind for row in read_records(path).records} == {kind}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("#OTU ID\tA\tA\no1\t1\t2\n", "two columns have the sample name 'A'"),
        ("#OTU ID\tA\tB\no1\t1,5\t2\n", "decimal comma"),
        ("Sample\tk__A;p__B\tk__A;p__C\nS1\t1,5\t2\n", "decimal comma"),
        ("Sample\tk__A;p__B\tk__A;p__C\nS1\t1\t2\nS1\t1\t2\n", "'S1' is also on line 2"),
        ("Sample\tk__A;p__B\tk__A;p__B\nS1\t1\t2\n", "two columns have the feature name"),
    ],
)
def test_tables_that_are_refused(tmp_path, text, what):
    path = tmp_path / "table.tsv"
    path.write_text(text)
    with pytest.raises(FormatError, match=what):
        inspect(path)


@pytest.mark.parametrize(
    "text",
    [
        "gene\tbaseMean\tlog2FoldChange\tpadj\ng1\t1\t2\t0.1\ng2\t1\t2\t0.1\n",
        "feature\tmetadata\tvalue\tcoef\nx\tage\tage\t0.5\n",
        "species\tcount\nBacteroides ovatus\t5\n",
        "S1\tS2\no1\t1\t2\no2\t3\t4\n",  # R without a name above the ids
        "x;y\n1,5;2\n",
    ],
)
def test_tables_that_are_not_recognised(tmp_path, text):
    path = tmp_path / "table.tsv"
    path.write_text(text)
    with pytest.raises(UnknownFormatError):
        inspect(path)


def test_a_missing_cell_is_no_zero(tmp_path):
    path = tmp_path / "table.tsv"
    path.write_text("#OTU ID\tA\tB\tC\no1\t0\t\tNA\no2\t1\t2\t3\n")
    first, second = read_records(path).records
    assert first.values == (("A", 0.0),)
    assert second.values == (("A", 1.0), ("B", 2.0), ("C", 3.0))


def test_rows_that_cannot_be_used_are_told(tmp_path):
    path = tmp_path / "table.tsv"
    path.write_text("#OTU ID\tA\tB\no1\t1\t2\no1\t3\t4\n#OTU ID\tA\tB\no2\t5\n007\t7\t8\n")
    records = list(read_records(path).records)
    bad = [(it.line, it.record, it.reason) for it in records if isinstance(it, BadRecord)]
    assert bad == [
        (3, "o1", "the row occurs twice, first on line 2"),
        (4, "#OTU ID", "the header comes again"),
        (5, "o2", "2 fields where 3 are needed"),
    ]
    assert inspect(path).total == 18


def test_office_files_are_named(tmp_path):
    import zipfile

    path = tmp_path / "table.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
    with pytest.raises(FormatError, match="Excel or Word"):
        inspect(path)


def test_rows_with_more_fields_than_the_header_are_bad(tmp_path):
    path = tmp_path / "table.tsv"
    path.write_text("#OTU ID\tA\tB\no1\t1\t2\t\no2\t3\t4\t5\no3\t6\t7\n")
    found = inspect(path)
    assert (found.records, found.total) == (2, 16)
    assert any("4 fields where the header has 3" in warning for warning in found.warnings)


def test_missing_cells_are_counted(tmp_path):
    path = tmp_path / "table.tsv"
    path.write_text("#OTU ID\tA\tB\tC\no1\t0\t\tNA\no2\t1\t2\t3\n")
    assert "cells without a value: 2; they are missing, not zero" in inspect(path).warnings


# --- totals beside the values --------------------------------------------------------------------


def written(tmp_path, rows, delimiter="\t"):
    path = tmp_path / "table.tsv"
    path.write_text("".join(delimiter.join(map(str, row)) + "\n" for row in rows))
    return path


OTUS = [["#OTU ID", "S1", "S2"], ["OTU_1", 10, 0], ["OTU_2", 5, 1], ["OTU_3", 2, 7]]


@pytest.mark.parametrize("name", ["Total", "SUM", "grand total"])
def test_a_row_of_totals_is_not_counted_once_more(tmp_path, name):
    found = inspect(written(tmp_path, [*OTUS, [name, 17, 8]]))
    assert (found.features, found.total) == (3, 25)
    assert any("sum of all others" in line for line in found.warnings)


def test_a_row_that_is_only_called_total_stays(tmp_path):
    found = inspect(written(tmp_path, [*OTUS, ["Total", 17, 9]]))
    assert (found.features, found.total) == (4, 51)


@pytest.mark.parametrize("at", [1, 3])
def test_a_column_of_totals_is_no_sample_whatever_its_name(tmp_path, at):
    rows = [
        [*row[:at], "AllReads" if n == 0 else sum(row[1:]), *row[at:]] for n, row in enumerate(OTUS)
    ]
    found = inspect(written(tmp_path, rows))
    assert (found.samples, found.total) == (2, 25)
    assert any("'AllReads' is the sum" in line for line in found.warnings)


def test_a_sample_that_is_the_sum_of_others_now_and_then_stays(tmp_path):
    rows = [[*OTUS[0], "S3"], *([*row, sum(row[1:]) + (row[0] == "OTU_3")] for row in OTUS[1:])]
    assert inspect(written(tmp_path, rows)).samples == 3


def test_numbers_of_taxa_make_the_rows_taxa(tmp_path):
    rows = [
        ["name", "taxonomy_id", "S1", "S2"],
        ["Escherichia coli", 562, 10, 0],
        ["B f", 817, 1, 4],
    ]
    found = inspect(written(tmp_path, rows))
    assert (found.unit, found.total) == ("counts", 15)


def test_functions_as_columns_are_no_metadata(tmp_path):
    rows = [["sample", "K00001", "K00002"], ["S1", 5, 1], ["S2", 2, 2]]
    found = inspect(written(tmp_path, rows, ","))
    assert (found.format, found.features, found.total) == ("sample_table", 2, 10)
