"""Abundance and metadata tables: figures, special rows, strata, and what is refused."""

from __future__ import annotations

import io

import pytest

from ingest.errors import FormatError
from ingest.files import read_records
from ingest.readers.base import Source
from ingest.readers.humann import HumannReader
from ingest.readers.metaphlan import MetaphlanReader
from ingest.readers.sample_metadata import SampleMetadataReader
from ingest.records import BadRecord
from tests.contracts.reader import DATA


def read(reader, text, name="x.tsv"):
    source = Source(name)
    return list(reader().read(io.StringIO(text), source)), source


def values_of(path, name):
    """Values of the row whose lineage ends with a clade's name."""
    records = read_records(path).records
    return next(dict(r.values) for r in records if r.id.split("|")[-1] == name)


@pytest.mark.parametrize(
    ("name", "clade", "values"),
    [
        ("mpa2_single_no_version_line.tsv", "s__Bacteroides_stercoris", [65.22463]),
        ("mpa3_space_padded_header.tsv", "UNKNOWN", [51.49048]),
        ("mpa3_v30_single.tsv", "s__Bacteroides_uniformis", [32.83207]),
        ("mpa3_v31_merged_2samples.txt", "s__Thermotoga_neapolitana", [12.07037, 12.05483]),
        ("mpa4_rel_ab_w_read_stats.tsv", "s__Corynebacterium_SGB2091", [52.85687]),
        ("mpa4_vOct22_single.txt", "s__GGB25847_SGB37835", [24.16898]),
    ],
)
def test_real_metaphlan_values(shared, name, clade, values):
    assert list(values_of(shared / "formats/metaphlan" / name, clade).values()) == values


def test_metaphlan_ranks_of_a_real_profile(shared):
    records = list(read_records(shared / "formats/metaphlan/mpa4_vOct22_single.txt").records)
    counts = {rank: sum(record.rank == rank for record in records) for rank in "kpcofgst"}
    expected = {"k": 2, "p": 28, "c": 127, "o": 140, "f": 157, "g": 202, "s": 226, "t": 229}
    assert counts == expected
    assert dict(records[0].values).keys() == {"ERR7569997"}


def test_metaphlan_fields():
    special, *clades = read_records(DATA / "metaphlan.tsv").records
    assert (special.special, special.rank, special.id) == (True, "", "UNCLASSIFIED")
    assert [clade.rank for clade in clades] == ["k", "p", "g", "s", "s", "t"]
    assert clades[3].name == "Bacteroides ovatus"
    assert clades[3].values == (("S1", 60.0), ("S2", 100.0))
    assert (clades[3].kind, clades[3].unit) == ("taxon", "percent")
    assert clades[3].tool == "MetaPhlAn mpa_vOct22_CHOCOPhlAnSGB_202212"


def test_metaphlan_taxon_numbers_are_no_sample():
    records, _ = read(MetaphlanReader, "clade_name\tNCBI_tax_id\tA\tB\nk__Bacteria\t2\t1.0\t2.0\n")
    assert records[0].values == (("A", 1.0), ("B", 2.0))


@pytest.mark.parametrize(
    "name", ["S1.txt", "S1_profile.tsv.gz", "S1_metaphlan_bugs_list.tsv", "S1_metaphlan.txt"]
)
def test_nameless_sample_takes_the_files_name(name):
    text = "#SampleID\tMetaphlan_Analysis\n#clade_name\trelative_abundance\nk__Bacteria\t100.0\n"
    records, _ = read(MetaphlanReader, text, name)
    assert records[0].values == (("S1", 100.0),)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("k__Archaea", "1 fields where the header has 2"),
        ("k__Archaea\tnan", "no abundance"),
        ("k__Archaea\t-1", "no abundance"),
        ("k__Archaea\t1_0", "no abundance"),
        ("k__Archaea\tNA", "no number"),
        ("Archaea\t1", "names no clade"),
        ("k__Bacteria\t1", "occurs twice, first on line 2"),
    ],
)
def test_bad_metaphlan_rows(row, reason):
    records, _ = read(MetaphlanReader, f"clade_name\tS1\nk__Bacteria\t90\n{row}\n")
    assert isinstance(records[1], BadRecord)
    assert records[1].line == 3
    assert reason in records[1].reason


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("clade_name\tA\tA\nk__Bacteria\t1\t2\n", "two columns have the sample name 'A'"),
        ("clade_name;A\nk__Bacteria;1,5\n", "';' instead of tabs"),
        ("clade_name\tA\nk__Bacteria\t1,5\n", "decimal comma"),
        ("clade_name\tA\nk__Bacteria\t5000\n", "above 100 percent"),
        ("clade_name\tNCBI_tax_id\nk__Bacteria\t2\n", "no abundance column"),
    ],
)
def test_metaphlan_tables_that_are_refused(text, what):
    with pytest.raises(FormatError, match=what):
        read(MetaphlanReader, text)


def test_humann_fields():
    rows = list(read_records(DATA / "humann.tsv").records)
    assert [row.special for row in rows] == [True, True, True, False, False, False]
    assert (rows[3].name, rows[3].stratum) == ("lactose degradation I", "")
    assert (rows[4].id, rows[4].stratum) == ("PWY-1", "g__Bacteroides.s__Bacteroides_ovatus")
    assert rows[3].values == (("S1", 3.0), ("S2", 0.0))
    assert {(row.kind, row.unit, row.tool) for row in rows} == {("pathway", "CPM", "HUMAnN")}


@pytest.mark.parametrize(
    ("header", "sample", "unit", "is_assumed"),
    [
        ("# Gene Family\tS1_Abundance-RPKs", "S1", "RPK", False),
        ("# Gene Family\tS1_Abundance-RELAB", "S1", "relab", False),
        ("# Pathway\tS1_Abundance", "S1", "RPK", True),
        ("# Pathway\tS1_Coverage", "S1", "coverage", False),
        ("# Gene Family HUMAnN v4.0.0.alpha.1 Adjusted CPMs\tS1", "S1", "CPM", False),
        ("# Pathway HUMAnN v4.0.0.alpha.1\tS1_Abundance", "S1", "RPK", True),
        ("# Gene Family\tS1", "S1", "RPK", True),
    ],
)
def test_humann_units(header, sample, unit, is_assumed):
    records, source = read(HumannReader, f"{header}\nX\t1.0\n")
    assert (records[0].values, records[0].unit) == (((sample, 1.0),), unit)
    assert source.unit == unit
    assert bool(source.warnings) == is_assumed


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("# Pathway\tA\tA_Abundance\nX\t1\t2\n", "two columns"),
        ("# Pathway\tA\nX\t1,5\n", "decimal comma"),
        ("# Pathway;A\nX;1\n", "';'"),
        ("# Pathway\tA_Abundance-CPM\tB_Abundance-RELAB\nX\t1\t2\n", "different units"),
        ("# Pathway\n", "no HUMAnN header"),
    ],
)
def test_humann_tables_that_are_refused(text, what):
    with pytest.raises(FormatError, match=what):
        read(HumannReader, text)


def test_sample_metadata_fields():
    first, second, third = read_records(DATA / "samples.tsv").records
    assert first.attributes == (
        *(("BodySite", "gut"), ("Age", "31"), ("Diagnosis", "Crohn's disease")),
    )
    assert second.attributes == (("BodySite", "gut"), ("Diagnosis", "nonIBD"))
    assert third.attributes == (("BodySite", "tongue"), ("Age", "44"))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('sample_id,site\nA,"gut, left"\nB,x\n', ["A", "B"]),
        ("samp_name;site\nA;x\n", ["A"]),
        ("# a comment\nSID\tsite\n\n#q2:types\tcategorical\nA\tx\n# another\nB\n", ["A", "B"]),
        ("Dataset\tSample\tAge\nKANG\tN01\t9\nKANG\tN02\t6\n", ["N01", "N02"]),
    ],
)
def test_layouts_of_sample_metadata(text, names):
    assert SampleMetadataReader().sniff(text)
    records, _ = read(SampleMetadataReader, text)
    assert [record.samp_name for record in records] == names


@pytest.mark.parametrize(
    "text",
    [
        "ID\tS1\tS2\ngene1\t3\t4\ngene2\t5\t6\n",  # counts per gene
        "Gene\tSample\nx\tA\ny\tA\nz\tB\n",  # one row per gene and sample
        "name\tvalue\nA\t1\n",
    ],
)
def test_tables_that_are_no_sample_metadata(text):
    assert not SampleMetadataReader().sniff(text)


def test_valid_metadata_of_scikit_bio(shared):
    """Rows and columns as the data's README gives them; #OTUID describes features, not samples."""
    folder = shared / "formats/qiime2/metadata_edge/valid"
    expected = {"minimal.tsv": 1, "missing-insdc-no-directive.tsv": 6, "recommended-ids.tsv": 2}
    files = sorted(set(folder.iterdir()) - {folder / "biom-observation-metadata.tsv"})
    assert len(files) == 27
    for path in files:
        records = list(read_records(path, "sample_metadata").records)
        assert records, path.name
        assert not any(isinstance(record, BadRecord) for record in records), path.name
        assert len(records) == expected.get(path.name, len(records))


@pytest.mark.parametrize(
    "name",
    [
        *("comments-and-empty-rows-only.tsv", "directive-longer-than-header.tsv", "empty-file"),
        *("duplicate-column-names.tsv", "duplicate-ids-with-whitespace.tsv", "duplicate-ids.tsv"),
        *("empty-column-name.tsv", "header-only-with-comments-and-empty-rows.tsv"),
        *("header-only.tsv", "invalid-header.tsv", "qiime1-empty.tsv"),
        "whitespace-only-column-name.tsv",
    ],
)
def test_invalid_metadata_of_scikit_bio(shared, name):
    from ingest.errors import InputError

    path = shared / "formats/qiime2/metadata_edge/invalid" / name
    with pytest.raises(InputError):
        list(read_records(path, "sample_metadata").records)


def test_ambiguous_name_of_the_sample_column_is_told():
    _, source = read(SampleMetadataReader, "id\tsite\nA\tgut\n")
    assert "'id'" in source.warnings[0]


def test_metaphlan_merged_by_version_2_has_two_headers():
    text = "ID\tA\tB\n#SampleID\tMetaphlan2_Analysis\tMetaphlan2_Analysis\nk__Bacteria\t100\t99\n"
    assert MetaphlanReader().sniff(text)
    records, _ = read(MetaphlanReader, text)
    assert records[0].values == (("A", 100.0), ("B", 99.0))


def test_metaphlan_in_gtdb_names():
    text = "#mpa_vJan21\nclade_name\tA\nUNCLASSIFIED\t20\nd__Bacteria\t80\n"
    text += "d__Bacteria;p__Bacillota_A\t80\n"
    assert MetaphlanReader().sniff(text)
    records, _ = read(MetaphlanReader, text)
    assert [record.rank for record in records] == ["", "k", "p"]
    assert (records[2].name, records[2].lineage) == ("Bacillota A", "d__Bacteria;p__Bacillota_A")


def test_metaphlan_does_not_take_lineages_of_otus():
    text = "#OTU ID\tA\tB\nk__Bacteria\t1\t2\nk__Bacteria;p__X\t3\t4\n"
    assert not MetaphlanReader().sniff(text)


def test_sylph_names_its_sample_after_the_reads():
    text = "#SampleID\tin/S7_R1.fastq.gz Taxonomies_used:['GTDB_r220']\n"
    text += "clade_name\trelative_abundance\tsequence_abundance\tANI (if strain-level)\n"
    text += "d__Bacteria\t100.0\t100.0\tNA\n"
    records, _ = read(MetaphlanReader, text)
    assert records[0].values == (("S7", 100.0),)
    assert records[0].tool == "sylph"


def test_a_clade_without_its_parts_is_told():
    text = "clade_name\tA\nk__Bacteria\t100\nk__Bacteria|p__X\t60\nk__Bacteria|p__Y\t40\n"
    assert read(MetaphlanReader, text)[1].warnings == []
    _, source = read(MetaphlanReader, text.replace("k__Bacteria|p__Y\t40\n", ""))
    assert "not the sum of their parts: 1, the first is k__Bacteria" in source.warnings[0]


@pytest.mark.parametrize(("value", "unit"), [(250_000.0, "CPM"), (0.25, "relab")])
def test_renormalised_humann_tables_tell_their_unit_by_their_sums(value, unit):
    rows = "".join(f"K0000{n}: name\t{value}\n" for n in range(4))
    for header in ("# Gene Family\tS1_Abundance-RPKs", "# Gene Family\tS1"):
        records, source = read(HumannReader, f"{header}\n{rows}")
        assert {record.unit for record in records} == {source.unit} == {unit}
        assert "sum to" in source.warnings[0]


def test_gene_families_are_compared_with_their_strata():
    text = "# Gene Family\tS1_Abundance-RPKs\nA\t3\nA|x\t1\nA|y\t2\nB\t5\nB|x\t5\n"
    assert read(HumannReader, text)[1].warnings == []
    _, source = read(HumannReader, text.replace("A|y\t2\n", ""))
    assert "not the sum of their strata: 1, first on line 2" in source.warnings[0]


def test_pathways_need_not_be_the_sum_of_their_strata():
    _, source = read(HumannReader, "# Pathway\tS1_Abundance-RPKs\nA\t3\nA|x\t1\n")
    assert source.warnings == []


def test_a_table_of_strata_only_is_told_and_summed():
    _, source = read(HumannReader, "# Gene Family\tS1_Abundance-RPKs\nA|x\t1\nA|y\t2\n")
    assert "strata only" in source.warnings[0]
    assert source.total == 3


@pytest.mark.parametrize("dropped", ["A\t3\n", "B|x\t5\n"])
def test_a_missing_row_of_humann_is_told(dropped):
    text = "# Gene Family\tS1_Abundance-RPKs\nUNMAPPED\t9\nA\t3\nA|x\t3\nB\t5\nB|x\t5\n"
    assert read(HumannReader, text)[1].warnings == []
    _, source = read(HumannReader, text.replace(dropped, ""))
    assert "not the sum of their strata: 1" in source.warnings[0]


def test_species_that_are_less_than_their_kingdom_are_told():
    text = "clade_name\tA\nk__B\t100\nk__B|s__X\t60\nk__B|s__Y\t39.7\nk__B|s__Z\t0.3\n"
    assert read(MetaphlanReader, text)[1].warnings == []
    _, source = read(MetaphlanReader, text.replace("k__B|s__Z\t0.3\n", ""))
    assert source.warnings == ["all species sum to 99.7, all kingdoms to 100: is the table whole?"]
