"""Wide tables as other tools, versions and options write them."""

from __future__ import annotations

import pytest

from ingest.files import read_records
from ingest.inspection import inspect
from ingest.records import BadRecord
from tests.ingest.readers.test_profile_variants import table


def test_lineages_of_the_first_mgnify_are_taxa_not_samples(tmp_path):
    text = "#SampleID\tE1\tE2\nRoot\t1\t0\nRoot;k__Bacteria\t3\t4\nRoot;k__Archaea;p__E\t1\t2\n"
    found = inspect(table(tmp_path, text))
    assert (found.format, found.samples, found.total) == ("mgnify", 2, 11)
    rows = list(read_records(tmp_path / "table.txt").records)
    assert [(row.id, row.special) for row in rows] == [
        *(("Root", True), ("k__Bacteria", False), ("k__Archaea;p__E", False)),
    ]


#: Text -> format, samples, features, unit, total.
WIDE = {
    "HUMAnN's utilities": (
        "#HEADERS\tA\tB\nUniRef50_A\t30.5\t50\nUniRef50_A|bug\t30.5\t50\nUniRef50_B\t1\t1\n",
        *("feature_table", 2, 2, "RPK", 82.5),
    ),
    "any name above KOs": (
        "gene_ko\tA\tB\nK00001\t10\t0\nK00002\t1\t3\n",
        *("feature_table", 2, 2, "counts", 14),
    ),
    "ranks side by side": (
        "Kingdom,Phylum,Genus,A,B\nBacteria,P,G,5,6\nBacteria,P,NA,1,0\nNA,NA,NA,1,0\n",
        *("feature_table", 2, 3, "counts", 13),
    ),
    "samples above their groups": (
        "Sample,S1,S2\nLabel,ctrl,case\nAlanine,1.5,1.1\nButyrate,2.5,2.2\n",
        *("feature_table", 2, 2, "", None),
    ),
    "compounds behind their numbers": (
        "COMP_ID\tBIOCHEMICAL\tKEGG\tA\tB\n1126\tAlanine\tC1\t1.5\t2.5\n7\tX-12345\t\t1\t2\n",
        *("feature_table", 2, 2, "", None),
    ),
    "peaks of MZmine": (
        "row ID,row m/z,row retention time,A Peak area,B Peak area\n1,99.1,2.5,0,3\n2,9,1,4,5\n",
        *("feature_table", 2, 2, "", None),
    ),
    "header only": ("#OTU ID\tA\tB\n", *("feature_table", 0, 0, "counts", 0)),
}


@pytest.mark.parametrize("name", WIDE)
def test_wide_tables_of_other_layouts(name, tmp_path):
    text, reader, samples, features, unit, total = WIDE[name]
    found = inspect(table(tmp_path, text))
    assert (found.format, found.samples, found.features) == (reader, samples, features)
    assert (found.unit, found.total) == (unit, total)


def test_compounds_are_named_not_numbered(tmp_path):
    path = table(tmp_path, WIDE["compounds behind their numbers"][0])
    assert [row.id for row in read_records(path).records] == ["Alanine", "X-12345"]


def test_a_row_is_not_taken_for_the_header(tmp_path):
    text = "K00001\t10\t20\nK00002\t1\t3\nK00003\t1\t3\n"
    with pytest.raises(Exception, match="not recognised"):
        inspect(table(tmp_path, text))


def test_rarefied_table_tells_of_a_changed_sample(tmp_path):
    names = "\t".join(f"S{n}" for n in range(6))
    text = f"#OTU ID\t{names}\na\t5\t6\t7\t8\t9\t10\nb\t15\t14\t14\t12\t11\t10\n"
    (told,) = [it for it in inspect(table(tmp_path, text)).warnings if "was the table" in it]
    assert told == "samples sum to 20, but not S2 (21): was the table changed?"


def test_fractions_tell_of_a_changed_sample(tmp_path):
    names = "\t".join(f"S{n}" for n in range(5))
    text = f"#OTU ID\t{names}\na\t.5\t.5\t.5\t.9\t.1\nb\t.5\t.5\t.25\t.1\t.9\n"
    found = inspect(table(tmp_path, text))
    assert found.unit == "fraction"
    assert "samples that do not sum to a whole as others do: S2 (0.75)" in found.warnings


def test_a_count_below_zero_is_a_bad_row(tmp_path):
    path = table(tmp_path, "#OTU ID\tA\tB\na\t5\t6\nb\t-1\t2\nc\t7\t8\n")
    rows = list(read_records(path).records)
    assert [type(row) is BadRecord for row in rows] == [False, True, False]
    assert inspect(path).total == 26


#: Text -> format, records, samples, unit, total.
