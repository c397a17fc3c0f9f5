"""Profiles and wide tables as other tools, versions and options write them."""

from __future__ import annotations

import pytest

from ingest.errors import FormatError
from ingest.files import read_records
from ingest.inspection import inspect
from tests.contracts.reader import DATA

CLADES = ("k__Bacteria", "k__Bacteria|p__F", "k__Bacteria|p__F|c__C|o__O|f__F|g__G|s__G_x")
ROWS = "".join(f"{clade}\t60.0\t50.0\n" for clade in CLADES)
SYLPH = (
    "#SampleID\tS1_1.fastq.gz\tTaxonomies_used:['x']\nclade_name\trelative_abundance"
    "\tsequence_abundance\tANI (if strain-level)\tCoverage (if strain-level)\n"
    "NO_TAXONOMY\t40.0\t40.0\tNA\tNA\nNO_TAXONOMY|t__a.fasta\t40.0\t40.0\t98.6\t1.2\n"
)


def table(tmp_path, text, name="table.txt"):
    path = tmp_path / name
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    "header",
    ["# taxonomy\tA\tB\n", "ID\tA\tB\n", "#mpa_v30\nclade_name\tA\tB\n", "#clade_name\tA\tB\n"],
)
def test_each_column_of_a_merged_profile_is_a_sample(tmp_path, header):
    found = inspect(table(tmp_path, header + ROWS))
    assert (found.format, found.samples, found.total) == ("metaphlan", 2, 110)


def test_columns_without_a_header_are_not_guessed(tmp_path):
    with pytest.raises(FormatError, match="no header names the 3 columns"):
        inspect(table(tmp_path, ROWS))


def test_tables_of_markers_are_no_profiles(tmp_path):
    text = "#mpa_v30_CHOCOPhlAn_201901\n#SampleID\tMetaphlan_Analysis\n10__GCA__X\t12.5\n"
    with pytest.raises(FormatError, match="give the profile"):
        inspect(table(tmp_path, text))


def test_profile_cut_down_to_species_is_whole(tmp_path):
    text = "clade_name\tA\nk__B|p__P|c__C|o__O|f__F|g__G|s__X\t60\nk__B|s__Y\t40\n"
    found = inspect(table(tmp_path, text))
    assert (found.total, found.warnings) == (100, [])


def test_genomes_without_a_taxonomy_stand_beside_the_clades(tmp_path):
    found = inspect(table(tmp_path, f"{SYLPH}d__Bacteria\t60\t60\tNA\tNA\n"))
    assert (found.records, found.samples, found.unit) == (3, 1, "percent")
    rows = {row.id: row for row in read_records(tmp_path / "table.txt").records}
    assert (rows["NO_TAXONOMY"].special, rows["NO_TAXONOMY|t__a.fasta"].rank) == (True, "t")
    assert rows["d__Bacteria"].values == (("S1", 60.0),)


PROFILES = {
    "combined kraken reports without header": (
        "10.0\t10\t10\t4\t4\t6\t6\tU\t0\tunclassified\n90.0\t90\t90\t40\t40\t50\t50\tR\t1\troot\n",
        *("kraken_combined", 2, 2, "counts", 100),
    ),
    "combined kraken reports, all together only": (
        "#Number of Samples: 2\n#Total Number of Reads: 9\n#S1\ta\n#S2\tb\n"
        "#perc\ttot_all\ttot_lvl\tlvl_type\ttaxid\tname\n100.0\t9\t9\tR\t1\troot\n",
        *("kraken_combined", 1, 1, "counts", 9),
    ),
    "kraken, taxa between ranks": (
        "x__cellular_organisms\t9\nx__cellular_organisms|d__Eukaryota\t7\n"
        "x__cellular_organisms|d__Eukaryota|x__Opisthokonta\t6\n",
        *("kraken_mpa", 3, 1, "counts", 7),
    ),
    "kraken, percentages": (
        "k__Eukaryota\t56.0\nk__Eukaryota|k__Fungi\t25.33\nk__Eukaryota|k__Fungi|s__X_y\t21.7\n",
        *("kraken_mpa", 3, 1, "percent", 21.7),
    ),
    "kreport2krona": (
        "513\tUnclassified\n1\tx__root\n3\tx__root\tk__Bacteria\n"
        "4\tx__root\tk__Bacteria\tx__FCB_group\n",
        *("krona", 4, 1, "counts", 521),
    ),
    "report without indentation (sourmash)": (
        "60.00\t600\t0\tD\t\tBacteria\n40.00\t400\t400\tU\t\tunclassified\n"
        "60.00\t600\t600\tS\t\tA b\n",
        *("kraken", 3, 1, "counts", 1000),
    ),
    "mOTUs 4, counts": (
        "#tool_version=4.1.0\tdatabase_version=4.1\tmin_mgcs=3\tvalue_type=counts\n"
        "mOTU\tTaxonomy\tA\nmOTUv4.0_000158\td__Bacteria;p__X;s__Blautia_A wexlerae\t300\n"
        "unassigned\tunassigned\t100\n",
        *("motus", 2, 1, "counts", 400),
    ),
    "mOTUs 4, merged fractions": (
        "#tool_version=4.1.0\tvalue_type=relative_abundances\nmOTU\tTaxonomy\tA\tB\n"
        "mOTUv4.0_1\td__Bacteria;p__X\t0.4\t1\nmOTUv4.0_2\td__Bacteria;p__Y\t0.6\t0\n",
        *("motus", 2, 2, "fraction", 2),
    ),
    "first ganon": (
        "unclassified\t-\t-\t-\t-\t-\t-\t10\t10.00000\nroot\t1\t1\troot\t90\t0\t0\t90\t90.00000\n",
        *("ganon", 2, 1, "counts", 100),
    ),
    "CAMI without a sample": (
        "@SampleID:\n@Ranks:superkingdom|phylum\n@@TAXID\tRANK\tTAXPATH\tTAXPATHSN\tPERCENTAGE\n"
        "2\tsuperkingdom\t2\tBacteria\t90.5\n",
        *("cami", 1, 1, "percent", 90.5),
    ),
    "sylph query": (
        "Sample_file\tGenome_file\tAdjusted_ANI\na.fq\tg.fna\t98.5\nb.fq\th.fna\t97.5\n",
        *("sylph", 2, 2, "ANI percent", None),
    ),
    "modules of a study": (
        "module_accession\tpathway_name\tpathway_class\tA\tB\nM00109\tx\ty; z\t38.9\t0.0\n",
        *("mgnify", 1, 2, "percent complete", None),
    ),
    "clusters by SanntiS": (
        "nearest_mibig\tnearest_mibig_class\tdescription\tA\tB\nBGC0000073\tPolyketide\tx\t4\t0\n",
        *("mgnify", 1, 2, "counts", 4),
    ),
    "clusters of one sample": (
        "count\tnearest_MIBiG\tnearest_MIBiG_class\tdescription\n6\tBGC0001432\tNRP\tx\n",
        *("mgnify", 1, 1, "counts", 6),
    ),
    "clusters by antiSMASH": (
        "label\tdescription\tA\tB\nNRPS-like,T1PKS\tx,y\t357\t168\n",
        *("mgnify", 1, 2, "counts", 525),
    ),
    "GO terms of one sample": (
        "go\tterm\tcategory\tcount\nGO:0003824\tcatalytic activity\tmolecular_function\t7\n",
        *("mgnify", 1, 1, "counts", 7),
    ),
    "no counts under a head of MGnify": (
        "KO\tdescription\tA\tB\nK00001\tx\t0.5\t1.5\nK00002\ty\t0.25\t3\n",
        *("feature_table", 2, 2, "", None),
    ),
    "rgi bwt by allele": (
        "Reference Sequence\tARO Term\tARO Accession\tAll Mapped Reads\n"
        "x|1\tTEM-1\t3000873\t5.00\nx|2\tTEM-1\t3000873\t7.00\n",
        *("rgi_bwt", 2, 1, "counts", 12),
    ),
}


@pytest.mark.parametrize("name", PROFILES)
def test_profiles_of_other_tools(name, tmp_path):
    text, reader, records, samples, unit, total = PROFILES[name]
    found = inspect(table(tmp_path, text))
    assert (found.format, found.records, found.samples) == (reader, records, samples)
    assert (found.unit, found.total) == (unit, pytest.approx(total) if total else total)
    assert not [it for it in found.warnings if "clades whose reads" in it]


def test_samples_of_combined_reports_keep_their_names_and_reads(tmp_path):
    text = (
        "#Number of Samples: 2\n#S1\tx/a.kreport\n#S2\tb.kreport.txt\n"
        "#perc\ttot_all\ttot_lvl\t1_all\t1_lvl\t2_all\t2_lvl\tlvl_type\ttaxid\tname\n"
        "90.0\t90\t90\t40\t40\t50\t50\tR\t1\troot\n9.0\t9\t9\t4\t4\t6\t6\tU\t0\tunclassified\n"
    )
    root, bad = read_records(table(tmp_path, text)).records
    assert root.values == (("a", 40.0), ("b", 50.0))
    assert bad.reason == "9 reads together, 10 in all samples"


def test_cami_tells_of_clades_that_are_less_than_their_parts(tmp_path):
    head = (
        "@SampleID:A\n@Ranks:superkingdom|phylum\n@@TAXID\tRANK\tTAXPATH\tTAXPATHSN\tPERCENTAGE\n"
    )
    rows = "2\tsuperkingdom\t2\tBacteria\t50\n3\tphylum\t2|3\tBacteria|P\t60\n"
    (told,) = [it for it in inspect(table(tmp_path, head + rows)).warnings if "do not hold" in it]
    assert "clade 2" in told
    row = list(read_records(tmp_path / "table.txt").records)[1]
    assert (row.id, row.rank, row.lineage) == ("taxid:3", "p", "k__Bacteria;p__P")


def test_sylph_tells_of_abundances_that_are_missing(tmp_path):
    text = "Sample_file\tGenome_file\tTaxonomic_abundance\tAdjusted_ANI\na.fq\tg.fna\t60\t98.5\n"
    found = inspect(table(tmp_path, text))
    assert "sample a: abundances sum to 60: is the table whole?" in found.warnings


def test_summary_of_abricate_takes_the_best_of_several_hits(tmp_path):
    text = "#FILE\tNUM_FOUND\ttetA\tsul1\na.tab\t1\t99.5;98\t.\nb.tab\t5\t.\t100\n"
    bad, *rows = read_records(table(tmp_path, text)).records
    assert "NUM_FOUND is '5'" in bad.reason
    assert [(row.id, row.values) for row in rows] == [
        *(("tetA", (("a", 99.5),)), ("sul1", (("a", 0.0),))),
    ]


def test_otus_count_once_though_a_coarse_one_equals_the_finer(tmp_path):
    text = "#OTU ID\tA\tB\ttaxonomy\no1\t1\t2\tk__B; p__X\no2\t0\t3\tk__B\n"
    found = inspect(table(tmp_path, text))
    assert (found.total, found.features) == (6, 2)


def test_a_report_without_its_root_tells_so(tmp_path):
    text = "10.00\t10\t10\tU\t0\tunclassified\n90.00\t90\t90\tD\t2\t  Bacteria\n"
    (told,) = [it for it in inspect(table(tmp_path, text)).warnings if "line above" in it]
    assert "first on line 2" in told


def test_combined_reports_hold_the_reads_that_they_say(tmp_path):
    text = (
        "#Number of Samples: 2\n#Total Number of Reads: 100\n#S1\ta\n#S2\tb\n"
        "90.0\t90\t90\t40\t40\t50\t50\tR\t1\troot\n"
    )
    (told,) = [it for it in inspect(table(tmp_path, text)).warnings if "file says" in it]
    assert told == "the file says 100 reads, its lines hold 90: is the table whole?"


def test_taxa_below_a_root_without_prefixes(tmp_path):
    text = "5\tUnclassified\n1\troot\tViruses\tRiboviria\n2\troot\tcellular organisms\tBacteria\n"
    found = inspect(table(tmp_path, text))
    assert (found.format, found.records, found.total) == ("krona", 3, 8)
    row = list(read_records(tmp_path / "table.txt").records)[1]
    assert (row.id, row.name, row.lineage) == ("root;Viruses;Riboviria", "Riboviria", "")


def test_joined_abundance_and_coverage_are_two_units(tmp_path):
    text = "# Pathway\tA_Abundance\tA_Coverage\nUNMAPPED\t10\t1\nPWY-1: x\t5\t0.5\n"
    with pytest.raises(FormatError, match="different units: abundance, coverage"):
        inspect(table(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("# Sequence scores\n# ---\n#\n# name  bits   E-value\nGlobin 74.6 6.3e-21\n", "no query"),
        (
            "# target name  accession  query name  accession  hmmfrom hmm to\nc1 - x\n",
            "nucleotides",
        ),
    ],
)
def test_tables_of_hmmer_that_say_nothing_of_proteins(tmp_path, text, what):
    with pytest.raises(FormatError, match=what):
        inspect(table(tmp_path, text))


def test_mztab_keeps_names_identifiers_and_gaps():
    opened = read_records(DATA / "metabolites.mztab")
    alanine, unknown, _ = opened.records
    assert (alanine.name, alanine.dbxrefs) == ("Alanine", ("HMDB:HMDB0000161", "CHEBI:16977"))
    assert (alanine.values, unknown.name) == ((("S1", 1.5),), "2")
    assert (opened.source.unit, opened.source.total) == ("Arbitrary quantification unit", None)


def test_each_sample_of_cami_has_its_own_header(tmp_path):
    head = "@SampleID:{s}\n@Ranks:superkingdom\n"
    columns = "@@TAXID\tRANK\tTAXPATH\tTAXPATHSN\tPERCENTAGE\n"
    row = "2\tsuperkingdom\t2\tBacteria\t50\n"
    whole = head.format(s="A") + columns + row + head.format(s="B")
    assert inspect(table(tmp_path, whole + columns + row)).total == 100
    with pytest.raises(FormatError, match="no header"):
        inspect(table(tmp_path, whole + row))


def test_a_profile_of_sylph_is_not_taken_for_a_query(tmp_path):
    text = "Sample_file\tGenome_file\tabundance\tSequence_abundance\tAdjusted_ANI\na\tb\t1\t1\t98\n"
    with pytest.raises(FormatError, match="no column taxonomic_abundance"):
        inspect(table(tmp_path, text))


def test_rows_of_a_whole_profile_of_motus_3_are_counted(tmp_path):
    head = "# git tag version 3.0.3 |  motus version 3.0.3 | calc_motu 3.0.3 -k mOTU -c\n"
    rows = (f"x [ext_mOTU_v3_{n:05}]\t0\n" for n in range(33_569))
    text = f"{head}#consensus_taxonomy\tA\n{''.join(rows)}unassigned\t1\n"
    (told,) = inspect(table(tmp_path, text)).warnings
    assert told == "1 of 33571 rows of mOTUs 3 are missing: is the profile whole?"


def test_renormalised_tables_sum_to_their_whole(tmp_path):
    text = (
        "# Gene Family\tA_Abundance-CPM\tB_Abundance-CPM\nUNMAPPED\t5\t400000\nK1\t1000000\t{b}\n"
    )
    assert not inspect(table(tmp_path, text.format(b=600000))).warnings
    (told,) = inspect(table(tmp_path, text.format(b=500000))).warnings
    assert told.startswith("samples that do not sum to 1e+06 CPM: 1, the first is B (900000)")


def test_a_header_that_lost_a_sample_shifts_no_column(tmp_path):
    text = "clade_name\tB\nk__Bacteria\t60\t50\nk__Bacteria|p__F\t60\t50\n"
    with pytest.raises(FormatError, match="3 fields where the header has 2"):
        inspect(table(tmp_path, text))


def test_samples_named_by_files_of_reads_meet_those_of_single_profiles(tmp_path):
    rows = "d__Bacteria\t60\t50\n"
    path = table(tmp_path, f"clade_name\tx/S1_1.fastq.gz\tx/S2.fq.gz\n{rows}")
    assert [name for name, _ in next(iter(read_records(path).records)).values] == ["S1", "S2"]
    path = table(tmp_path, f"clade_name\tx/S1.fq.gz\ty/S1.fq.gz\n{rows}")
    (row,) = read_records(path).records
    assert [name for name, _ in row.values] == ["x/S1.fq.gz", "y/S1.fq.gz"]


@pytest.mark.parametrize(
    ("text", "reader"),
    [
        ("# Pathway\tA_Abundance-CPM\tB_Abundance-CPM\n", "humann"),
        ("file\tpercent\treads\ttaxon_id\ttaxon_name\n", "kaiju"),
        ("#FILE\tNUM_FOUND\n", "abricate_summary"),
        ("contigName\tcontigLen\ttotalAvgDepth\tA.bam\n", "metabat_depth"),
        ("Sample_file\tGenome_file\tTaxonomic_abundance\tAdjusted_ANI\n", "sylph"),
    ],
)
def test_a_table_of_a_header_is_a_result_without_rows(tmp_path, text, reader):
    found = inspect(table(tmp_path, text))
    assert (found.format, found.records, len(found.warnings)) == (reader, 0, 1)
    assert "no rows" in found.warnings[0] or "no hits" in found.warnings[0]


def test_centrifuger_lists_unclassified_reads_as_a_special_row(tmp_path):
    header = "name\ttaxID\ttaxRank\tgenomeSize\tnumReads\tnumUniqueReads\tabundance\n"
    rows = "unclassified\t0\tno rank\t0\t30\t30\t0.3\nE. coli\t562\tspecies\t9\t3.5\t1\t0.7\n"
    found = read_records(table(tmp_path, header + rows))
    assert [(row.id, row.special) for row in found.records] == [
        *(("unclassified", True), ("taxid:562", False)),
    ]


def test_queries_of_diamond_are_counted_by_taxon():
    opened = read_records(DATA / "sample1.diamond.tsv")
    rows = {row.id: row for row in opened.records}
    assert {name: row.values for name, row in rows.items()} == {
        "taxid:562": (("sample1", 2.0),),
        "unclassified": (("sample1", 2.0),),
        "taxid:1239": (("sample1", 1.0),),
    }
    assert (rows["unclassified"].special, opened.source.total) == (True, 5)


@pytest.mark.parametrize(
    "text", ["chr1\t0\t100\nchr1\t100\t200\n", "a\t1\t2\nb\t3\t4\n", "K1\t10\t20\nK2\t3\t0\n"]
)
def test_other_tables_of_three_columns_are_not_guessed(tmp_path, text):
    with pytest.raises(Exception, match="not recognised"):
        inspect(table(tmp_path, text))


@pytest.mark.parametrize(
    ("name", "text", "total"),
    [
        ("ERR1_MERGED_FASTQ_GO.csv", '"GO:0030246","binding","molecular_function","77"\n', 77),
        ("ERR1_summary.ipr", '"IPR001128","Cytochrome P450, x","9"\n', 9),
    ],
)
def test_first_summaries_of_mgnify(tmp_path, name, text, total):
    found = read_records(table(tmp_path, text, name))
    (row,) = found.records
    assert (found.reader, row.values, found.source.total) == (
        *("mgnify_csv", (("ERR1", float(total)),), total),
    )
