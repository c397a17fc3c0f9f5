"""What other versions of tools write: columns by name, optional columns, old names and forms."""

from __future__ import annotations

import pytest

from ingest.errors import UnknownFormatError
from ingest.files import read_records
from ingest.inspection import inspect
from tests.contracts.reader import DATA

REPORT = (
    "1.00\t1\t1\t{u}\t0\tunclassified\n"
    "99.00\t99\t0\t{r}\t1\troot\n99.00\t99\t99\t{d}\t2\t  Bacteria\n"
)
EMAPPER = (
    "## emapper-2.1.9\n"
    "#qseqid\tsseqid\tevalue\tbitscore\tqstart\tqend\tsstart\tsend\tpident\tqcov\n"
)
MOTUS = "# git tag version 3.0.1 |  motus version 3.0.1 | calc_motu 3.0.1 -k {k}\n# call: x\n"
HMMSEARCH = "x{n} - {profile} - 1e-22 80.5 0.3 1.6e-22 79.8 0.3 1.3 1 0 0 1 1 1 1 a protein\n"

#: Text -> format, records, unit, total.
TABLES = {
    "kraken 2 with new domains": (REPORT.format(u="U", r="R", d="R2"), "kraken", 3, "counts", 100),
    "kraken 1": (REPORT.format(u="U", r="-", d="D"), "kraken", 3, "counts", 100),
    "mmseqs taxonomyreport": (
        REPORT.format(u="no rank", r="no rank", d="superkingdom"),
        *("kraken", 3, "counts", 100),
    ),
    "kreport2mpa": ("d__Bacteria\t7\nd__Bacteria|s__A b\t5\n", "kraken_mpa", 2, "counts", 5),
    "merged bracken": (
        "name\ttaxonomy_id\ttaxonomy_lvl\ta_num\ta_frac\tb_num\tb_frac\nE\t562\tS\t10\t1\t5\t1\n",
        *("bracken", 1, "counts", 15),
    ),
    "motus by genus, fractions": (
        f"{MOTUS.format(k='genus -g 3')}#consensus_taxonomy\tS1\nE\t0.75\nunassigned\t0.25\n",
        *("motus", 2, "fraction", 1),
    ),
    "motus with ids, counts": (
        f"{MOTUS.format(k='mOTU -g 3 -c')}#mOTU\tconsensus_taxonomy\tS1\n"
        "ref_mOTU_v3_00095\tk__Bacteria|s__E coli\t4\nunassigned\tunassigned\t1\n",
        *("motus", 2, "counts", 5),
    ),
    "sourmash tax, wide": (
        "lineage\tA\tB\nd__Bacteria;p__X\t0.05\t0.1\nunclassified\t0.95\t0.9\n",
        *("sourmash", 2, "fraction", 0.15),
    ),
    "sourmash tax, krona": (
        "fraction\tsuperkingdom\tphylum\n0.05\td__Bacteria\tp__X\n",
        *("krona", 1, "fraction", 0.05),
    ),
    "coverm in long form": (
        "Sample\tGenome\tRelative Abundance (%)\nA\tunmapped\t40\nA\tb1\t60\nB\tb1\t30\n",
        *("coverm", 2, "percent", 130),
    ),
    "featurecounts summary of R": (
        "           Status      S1     S2\n  Assigned   10   20\nUnassigned_Chimera 1 2\n",
        *("featurecounts_summary", 2, "counts", 33),
    ),
    "old mgnify": (
        "#SampleID\tE1\tE2\nsk__Bacteria;k__;p__F\t3\t4\nUnclassified\t1\t2\n",
        *("mgnify", 2, "counts", 10),
    ),
}
ROWS = {
    "emapper's hits": (
        f"{EMAPPER}g1\t5.b0344\t1e-100\t400\t1\t400\t1\t400\t98.0\t99.0\n## 1 queries scanned\n",
        "search_hits",
    ),
    "mmseqs with a header": (
        "query\ttarget\tfident\tevalue\tbits\ng1\tx\t0.98\t1e-9\t50\n",
        "search_hits",
    ),
    "E-value first": (
        "evalue\tbitscore\tqseqid\tsseqid\tpident\n1e-20\t90.1\tg1\tx\t98.0\n",
        "search_hits",
    ),
    "diamond's comments": (
        "# DIAMOND v2.1.8. http://x\n# Fields: Query ID, Subject ID, Percentage of identical"
        " matches, Expected value, Bit score\ng1\tx\t98.0\t1e-9\t50\n",
        "search_hits",
    ),
    "hmmsearch with KOs": (
        "# target name        accession  query name\n" + HMMSEARCH.format(n=1, profile="K00001"),
        "hmmer_table",
    ),
    "dbsub of version 4, coverage twice": (
        "dbCAN subfam\tSubfam Composition\tSubfam EC\tSubstrate\tProfile Length\tGene ID"
        "\tGene Length\tE Value\tProfile Start\tProfile End\tGene Start\tGene End\tCoverage\n"
        "GH25_e123\tGH25:8\t-\t-\t181\tg1\t644\t7.5e-68\t1\t181\t448\t634\t0.99\t0.99\n",
        "dbcan_hits",
    ),
    "old abricate": (
        "#FILE\tSEQUENCE\tSTART\tEND\tGENE\t%COVERAGE\t%IDENTITY\na.fa\tc1\t1\t300\tblaZ\t98\t99\n",
        "abricate",
    ),
    "old GTDB-Tk": (
        "user_genome\tclassification\tfastani_reference\tfastani_ani\tnote\twarnings\n"
        "b\td__Archaea;p__X;s__\tN/A\tN/A\tN/A\tN/A\n",
        "gtdbtk",
    ),
    "first CheckM2": (
        "Name\tCompleteness\tContamination\tAdditional_Notes\nb\t99\t1\tNone\n",
        "checkm2",
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_profiles_of_other_versions(name, tmp_path):
    text, reader, records, unit, total = TABLES[name]
    path = tmp_path / "table.txt"
    path.write_text(text)
    found = inspect(path)
    assert (found.format, found.records, found.unit) == (reader, records, unit)
    assert found.total == pytest.approx(total)


@pytest.mark.parametrize("name", ROWS)
def test_rows_of_other_versions(name, tmp_path):
    text, reader = ROWS[name]
    path = tmp_path / "table.txt"
    path.write_text(text)
    opened = read_records(path)
    (row,) = opened.records
    assert opened.reader == reader
    if reader == "search_hits":
        assert (row.gene_id, row.pident) == ("g1", 98.0)


def test_domains_keep_their_rank_under_new_names(tmp_path):
    path = tmp_path / "a.kreport"
    path.write_text(TABLES["kraken 2 with new domains"][0])
    assert [row.rank for row in read_records(path).records] == ["", "root", "k"]


def test_a_protein_and_a_profile_that_look_alike_are_not_guessed(tmp_path):
    path = tmp_path / "hits.tbl"
    path.write_text(HMMSEARCH.format(n=1, profile="my_family"))
    with pytest.raises(Exception, match="which column is the protein"):
        list(read_records(path).records)


def test_columns_that_could_be_anything_are_not_guessed(tmp_path):
    path = tmp_path / "table.tsv"
    path.write_text("a\tb\t1\t2\t3\nc\td\t4\t5\t6\n")
    with pytest.raises(UnknownFormatError):
        read_records(path)


def test_one_bad_row_among_many_hits_is_told_and_the_rest_is_read(tmp_path):
    row = "g{n}\tx\t98.0\t50\t1\t0\t1\t50\t1\t50\t1e-20\t90.5\n"
    rows = [row.format(n=n) for n in range(20)]
    rows[3] = rows[3].replace("98.0", "9x.0")
    path = tmp_path / "hits.m8"
    path.write_text("".join(rows))
    opened = read_records(path)
    records = list(opened.records)
    assert (opened.reader, len(records)) == ("search_hits", 20)
    assert (records[3].line, records[3].record) == (4, "g3")


@pytest.mark.parametrize(
    "text",
    [
        "* g1                   K01190  500.00  800.1    1e-200 beta-galactosidase [EC:3.2.1.23]\n"
        "* g2                   K00001  100.00  120.5         0 adh\n",
        "*\tg1\tK01190\t500.00\t800.1\t1e-200\tbeta-galactosidase [EC:3.2.1.23]\n"
        "*\tg2\tK00001\t100.00\t120.5\t0\tadh\n",
    ],
)
def test_marked_rows_of_kofamscan_are_read_without_their_header(tmp_path, text):
    path = tmp_path / "marked.txt"
    path.write_text(text)
    opened = read_records(path)
    rows = list(opened.records)
    assert opened.reader == "kofamscan"
    assert [(it.gene_id, it.ko, it.is_significant) for it in rows] == [
        ("g1", ("K01190",), True),
        ("g2", ("K00001",), True),
    ]


def test_dram_says_what_each_of_its_databases_found():
    rows = list(read_records(DATA / "dram.tsv").records)
    found = [(it.database, it.accession, it.product, it.ec_numbers) for it in rows[:4]]
    assert found == [
        ("KOfam", "K01190", "beta-galactosidase", ("3.2.1.23",)),
        ("Pfam", "PF02836", "", ()),
        ("Pfam", "PF00703", "", ()),
        ("CAZy", "GH2", "", ()),
    ]
    assert rows[1].name == "Glycosyl hydrolases family 2, TIM barrel domain"
    assert {it.family_kind for it in rows} == {"equivalog", "domain"}


def test_a_description_of_one_gene_of_kegg_names_nothing(tmp_path):
    path = tmp_path / "annotations.tsv"
    path.write_text(
        "\tfasta\tscaffold\tstart_position\trank\tkegg_genes_id\tko_id\tkegg_hit\tcazy_ids\n"
        "b_1\tb\tc1\t1\tA\teco:b0344\tK01190,K00001\tlacZ; putative hydrolase\tGH13_10; CBM48\n"
    )
    ko, cazy = read_records(path).records
    assert (ko.database, ko.product, ko.ko) == ("KEGG GENES", "", ("K01190", "K00001"))
    assert cazy.dbxrefs == ("CAZy:GH13_10", "CAZy:CBM48")


def test_the_first_versions_of_dram_have_no_rank(tmp_path):
    path = tmp_path / "annotations.tsv"
    path.write_text(
        "\tfasta\tscaffold\tgene_position\tstart_position\tend_position\tstrandedness\tkegg_id\t"
        "kegg_hit\tpfam_hits\tcazy_hits\theme_regulatory_motif_count\n"
        "b_1\tb\tc1\t1\t1\t900\t1\tK02338\tbeta clamp [EC:2.7.7.7]\t\t\t0\n"
    )
    opened = read_records(path)
    (row,) = opened.records
    assert (opened.reader, row.product, row.ko, row.note) == ("dram", "beta clamp", ("K02338",), "")
