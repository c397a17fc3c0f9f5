"""Tables that pipelines make of many profiles: what stands for a sample, a taxon, a whole."""

from __future__ import annotations

import pytest

from ingest.errors import FormatError, UnknownFormatError
from ingest.files import read_records
from ingest.inspection import inspect
from tests.contracts.reader import DATA


def table(tmp_path, text, name="S9.tsv"):
    path = tmp_path / name
    path.write_text(text)
    return path


def features(path):
    return {it.id: it for it in read_records(path).records}


# --- taxpasta ------------------------------------------------------------------------------------

COLI = "Bacteria;Escherichia;Escherichia coli"
WIDE = "taxonomy_id,name,rank,lineage,S1,S2\n562,Escherichia coli,species,{},10,0\n0,,,,5,7\n"


@pytest.mark.parametrize(
    ("text", "samples", "total"),
    [
        ("taxonomy_id\tcount\n0\t100\n562\t50\n", ["S9"], 150),
        ("taxonomy_id\tS1\tS2\n562\t50\t1\n817\t\t3\n", ["S1", "S2"], 54),
        (WIDE.format(f"root;cellular organisms;{COLI}"), ["S1", "S2"], 22),
        ("taxonomy_id\tcount\tsample\n562\t9\tB\n817\t4\tA\n562\t2\tA\n", ["B", "A"], 15),
        ("sample\ttaxonomy_id\tcount\nB\t562\t9\nA\t562\t2\n", ["B", "A"], 11),
    ],
)
def test_taxpasta_counts_each_read_once(tmp_path, text, samples, total):
    path = table(tmp_path, text)
    found = inspect(path)
    assert (found.format, found.unit, found.total) == ("taxpasta", "counts", total)
    assert [name for name, _ in features(path)["taxid:562"].values] == samples


def test_taxpasta_names_ranks_and_lineages():
    found = features(DATA / "taxpasta.tsv")
    assert found["taxid:562"].lineage == "k__Bacteria;g__Escherichia;s__Escherichia coli"
    assert found["taxid:562"].name == "Escherichia coli"
    assert found["unclassified"].special
    # Reads of a genus are none of its species here: no rank holds the whole.
    assert {it.rank for it in found.values()} == {""}
    assert inspect(DATA / "taxpasta.tsv").total == 250


SHARES = (
    "taxonomy_id\tname\trank\tid_lineage\tS1\n2\tBacteria\tdomain\t1;2\t1000000\n"
    "1239\tBacillota\tphylum\t1;2;1239\t600000\n976\tBacteroidota\tphylum\t1;2;976\t400000\n"
    "186801\tClostridia\tclass\t1;2;1239;186801\t600000\n200643\tX\tclass\t1;2;976;200643\t400000\n"
)


def test_taxpasta_of_metaphlan_repeats_the_community_at_each_rank(tmp_path):
    path = table(tmp_path, SHARES)
    assert inspect(path).total == 1_000_000
    assert {it.rank for it in features(path).values()} == {"k", "p", "c"}


def test_taxpasta_of_metaphlan_without_lineages_cannot_be_summed(tmp_path):
    rows = [line.split("\t") for line in SHARES.splitlines()]
    text = "".join(f"{row[0]}\t{row[-1]}\n" for row in rows)
    with pytest.raises(FormatError, match="--add-lineage"):
        inspect(table(tmp_path, text))


# --- ganon, SingleM, krona, MetaPhlAn ------------------------------------------------------------


def test_ganon_table_is_no_metadata_and_names_its_rank(tmp_path):
    found = inspect(DATA / "ganon_table.tsv")
    assert (found.samples, found.features, found.unit, found.total) == (3, 5, "counts", 202)
    rows = features(DATA / "ganon_table.tsv")
    assert (rows["Bacteroides"].rank, rows["filtered"].special) == ("g", True)
    shares = table(tmp_path, ",Bacteroides,unclassified\na/S1.tre,0.75,0.25\na/S2.tre,0.5,0.5\n")
    assert inspect(shares).unit == "fraction"
    assert [name for name, _ in features(shares)["unclassified"].values] == ["S1", "S2"]


def test_singlem_has_coverage_that_has_no_sum():
    found = inspect(DATA / "singlem.tsv")
    assert (found.samples, found.features, found.unit, found.total) == (2, 3, "coverage", None)
    rows = features(DATA / "singlem.tsv")
    assert rows["d__Bacteria;p__Bacillota"].values == (("S1", 2.5), ("S2", 1.25))


def test_otus_of_singlem_are_refused_with_what_to_give(tmp_path):
    head = "gene\tsample\tsequence\tnum_hits\tcoverage\ttaxonomy\n"
    path = table(tmp_path, f"{head}S3.1\tS1\tACGT\t3\t4.5\tRoot; d__Bacteria\n")
    with pytest.raises(FormatError, match="singlem condense"):
        inspect(path)


def test_krona_text_without_prefixes_is_told_by_its_domains(tmp_path):
    path = table(tmp_path, "5\tBacteria\tFirmicutes\n3\tBacteria\n2\tUnassigned\n")
    found = inspect(path)
    assert (found.format, found.total) == ("krona", 10)
    assert features(path)["Unassigned"].special
    with pytest.raises(UnknownFormatError):
        inspect(table(tmp_path, "5\tBacteria\n3\tTable\n", "other.tsv"))


def test_metaphlan_cut_down_to_last_names_is_whole(tmp_path):
    text = (
        "#mpa_vOct22_CHOCOPhlAnSGB_202212\nclade_name\tS1\tS2\ns__A_b\t60.0\t10.0\ns__C_d\t40\t90\n"
    )
    found = inspect(table(tmp_path, text))
    assert (found.format, found.samples, found.total) == ("metaphlan", 2, 200)


# --- tables of hits, and what looks like them ----------------------------------------------------

HITS = (
    "g1,sp|P0A6F5|CH60_ECOLI,98.5,548,8,0,1,548,1,548,0.0,1056\n"
    "g2,WP_000001.1,45.2,200,100,5,10,205,3,199,3e-50,180\n"
)


@pytest.mark.parametrize(
    "text",
    [
        HITS,
        HITS.replace("1056\n", '1056,548,548,"60 kDa chaperonin, large"\n').replace(
            "180\n", "180,210,205,Urease alpha\n"
        ),
        "qseqid,sseqid,pident,length,mismatch,gapopen,qstart,qend,sstart,send,evalue,bitscore\n"
        + HITS,
    ],
)
def test_blast_writes_commas_too(tmp_path, text):
    path = table(tmp_path, text, "hits.csv")
    rows = list(read_records(path).records)
    assert inspect(path).format == "search_hits"
    assert [(it.gene_id, it.pident, it.evalue) for it in rows] == [
        ("g1", 98.5, 0.0),
        ("g2", 45.2, 3e-50),
    ]
    assert {it.name for it in rows} in ({""}, {"60 kDa chaperonin, large", "Urease alpha"})


@pytest.mark.parametrize("delimiter", ["\t", ","])
@pytest.mark.parametrize("has_header", [True, False])
def test_twelve_columns_of_counts_are_no_hits(tmp_path, delimiter, has_header):
    rows = [[f"gene{n}", *((7 * n + 13 * m) % 60 + 1 for m in range(11))] for n in range(40)]
    rows = [["gene", *(f"S{m}" for m in range(11))], *rows] if has_header else rows
    text = "".join(delimiter.join(map(str, row)) + "\n" for row in rows)
    path = table(tmp_path, text)
    if has_header:
        assert inspect(path).total == sum(sum(row[1:]) for row in rows[1:])
    else:
        with pytest.raises(UnknownFormatError):
            inspect(path)


# --- reads per gene ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "tool", "total"),
    [
        ("S9.abundance.tsv", "target_id\tlength\teff_length\test_counts\ttpm\ng1\t9\t7\t2.5\t1e6\n",
         "kallisto", 2.5),
        ("S9.genes.results", "gene_id\ttranscript_id(s)\tlength\teffective_length\texpected_count\t"
         "TPM\tFPKM\ng1\tt1\t9\t7\t10\t1e6\t5\n", "RSEM", 10),
        ("S9_htseq.txt", "g1\t10\ng2\t0\n__no_feature\t100\n__not_aligned\t50\n", "HTSeq", 160),
    ],
)  # fmt: skip
def test_reads_per_gene_of_one_sample(tmp_path, name, text, tool, total):
    path = table(tmp_path, text, name)
    found = inspect(path)
    assert (found.format, found.unit, found.total) == ("transcript_quant", "counts", total)
    row = features(path)["g1"]
    assert (row.tool, row.kind, [sample for sample, _ in row.values]) == (tool, "gene", ["S9"])


def test_names_that_all_samples_share_are_refused(tmp_path):
    path = tmp_path / "quant.sf"
    path.write_text((DATA / "S1.quant.sf").read_text())
    with pytest.raises(FormatError, match=r"S1\.quant\.sf"):
        inspect(path)


# --- Kaiju's drawn summary -----------------------------------------------------------------------


def test_summary_of_kaiju_counts_each_read_once(tmp_path):
    text = (DATA / "kaiju_report.txt").read_text()
    path = table(tmp_path, text, "S9.kaiju.summary")
    found = inspect(path)
    assert (found.format, found.total, found.warnings) == ("kaiju_report", 1000, [])
    rows = features(path)
    assert (rows["Escherichia"].rank, rows["Viruses"].rank) == ("g", "no rank")
    assert rows["cannot be assigned to a genus"].special
    assert [name for name, _ in rows["Escherichia"].values] == ["S9"]


def test_paths_of_kaiju_are_lineages(tmp_path):
    text = (DATA / "kaiju_report.txt").read_text()
    path = table(tmp_path, text.replace("Escherichia", "Bacteria; NA; Escherichia; "))
    (row,) = [it for it in features(path).values() if it.name == "Escherichia"]
    assert row.lineage == "Bacteria;Escherichia"


@pytest.mark.parametrize("gone", ["Bacteroides", "unclassified"])
def test_a_cut_summary_of_kaiju_is_told(tmp_path, gone):
    lines = (DATA / "kaiju_report.txt").read_text().splitlines(keepends=True)
    found = inspect(table(tmp_path, "".join(it for it in lines if gone not in it)))
    assert any("missing" in line or "whole" in line for line in found.warnings)
