"""Real files of tools: inspection gives the figures that other readers found in them.

The figures stand in the README of the folder; they come from pandas, biom-format, Biopython and
counting, not from Metalumen.
"""

from __future__ import annotations

import pytest

from ingest.files import read_records
from ingest.inspection import inspect

#: File -> format, records, features, total, unit.
PROFILES = {
    "kraken2/kraken2_6col_report.txt": ("kraken", 44, 44, 787758 + 119, "counts"),
    "kraken2/kraken2_report.txt.gz": ("kraken", 44, 44, 787758 + 119, "counts"),
    "kraken2/kraken2_8col_minimizers.kreport.txt": ("kraken", 22, 22, 54 + 46, "counts"),
    "kraken2/kraken2_all_unclassified.report": ("kraken", 1, 1, 120098, "counts"),
    "kraken2/kraken2_v2.0.8_sample1.txt": ("kraken", 33, 33, 1356396 + 4156, "counts"),
    "kraken2/kraken2_virus_intermediate_ranks.txt": ("kraken", 14, 14, 100, "counts"),
    "bracken/bracken_v2.6.0_report.txt": ("kraken", 416, 416, 1188381, "counts"),
    "bracken/bracken_v2.6.0_species.tsv": ("bracken", 196, 196, 1188336, "counts"),
    "centrifuge/centrifuge_kreport.txt": ("kraken", 249, 249, 99, "counts"),
    "krakenuniq/krakenuniq_v1.0.2_report.txt": ("krakenuniq", 386, 386, 454195, "counts"),
    "kaiju/kaiju2table_barcode41.txt": ("kaiju", 591, 591, 28139, "counts"),
    "kaiju/kaiju2table_phylum.txt": ("kaiju", 45, 45, 26779485, "counts"),
    "motus/motus_v3.0.3_single.out.gz": ("motus", 33571, 33571, 259, "counts"),
    "ganon/ganon_report.tre": ("ganon", 309, 309, 632060, "counts"),
    "kmcp/kmcp_profile.tsv": ("kmcp", 63, 63, 100, "percent"),
    "sourmash/sourmash_gather_assembly.csv.gz": ("sourmash", 796, 796, 0.556886, "fraction"),
    "sourmash/test1.gather.with-lineages.csv": ("sourmash", 4, 4, 0.130803, "fraction"),
    "coverm/coverm_contig_mean.tsv": ("coverm", 7, 7, None, "coverage"),
    "featurecounts/featurecounts_2.0.3_two_samples.txt.gz": (
        *("featurecounts", 2776, 2776, 5000, "counts"),
    ),
    "featurecounts/featurecounts_2.0.3_two_samples.txt.summary": (
        *("featurecounts_summary", 14, 14, 5000, "counts"),
    ),
    "mgnify/ERR10889056_motus_krona.txt.gz": ("krona", 4, 4, 6, "counts"),
    "mgnify/ERR10889056_pfam_space_header.txt.gz": ("mgnify", 129, 129, 802, "counts"),
    "mgnify/ERR4334351_SILVA-SSU_krona.txt": ("krona", 358, 358, 24010, "counts"),
    "mgnify/ERR4334351_asv_read_counts.tsv": ("mgnify", 449, 449, 16487, "counts"),
    "mgnify/ERZ1049444_kegg_modules_summary.tsv.gz": ("mgnify", 8, 8, None, "percent complete"),
    "mgnify/chunk1_SILVA-SSU_study_summary.tsv": ("mgnify", 947, 947, 235864 + 24010, "counts"),
    "mgnify/chunk1_ko_study_summary.tsv": ("mgnify", 10, 10, 4387, "counts"),
}


@pytest.mark.parametrize("name", PROFILES)
def test_figures_of_a_profile(shared, name):
    reader, records, features, total, unit = PROFILES[name]
    found = inspect(shared / "formats" / name)
    assert (found.format, found.records, found.features) == (reader, records, features)
    assert found.total == (total if total is None else pytest.approx(total, abs=1e-6))
    assert found.unit == unit
    assert found.samples > 0


def rows_of(shared, name):
    return {row.id: row for row in read_records(shared / "formats" / name).records}


def value(row):
    return row.values[0][1]


def test_kraken_keeps_unclassified_root_and_ranks_apart(shared):
    rows = rows_of(shared, "kraken2/kraken2_6col_report.txt")
    assert (value(rows["unclassified"]), rows["unclassified"].special) == (787758, True)
    assert (value(rows["taxid:1"]), rows["taxid:1"].rank) == (119, "root")
    assert {"no rank", "k", "d1", "kingdom", "k1", "p", "p9"} <= {row.rank for row in rows.values()}


def test_bracken_gives_estimated_reads(shared):
    row = rows_of(shared, "bracken/bracken_v2.6.0_species.tsv")["taxid:28901"]
    assert (row.name, row.rank, value(row)) == ("Salmonella enterica", "s", 1171614)


def test_kaiju_keeps_what_it_cannot_assign_apart(shared):
    rows = rows_of(shared, "kaiju/kaiju2table_barcode41.txt")
    special = {row.name: value(row) for row in rows.values() if row.special}
    assert special == {
        "cannot be assigned to a (non-viral) species": 4023,
        "unclassified": 16739,
    }
    phyla = rows_of(shared, "kaiju/kaiju2table_phylum.txt")
    assert (phyla["taxid:1239"].rank, value(phyla["taxid:1239"])) == ("p", 6133128)
    assert phyla["taxid:10239"].rank == "no rank"


def test_motus_keeps_ids_and_the_unassigned_row_apart(shared):
    rows = rows_of(shared, "motus/motus_v3.0.3_single.out.gz")
    assert sum(value(row) > 0 for row in rows.values()) == 79
    assert (value(rows["unassigned"]), rows["unassigned"].special) == (17, True)
    kinds = [key.partition("_")[0] for key in rows]
    assert [kinds.count(kind) for kind in ("ref", "meta", "ext")] == [11915, 2297, 19358]
    assert rows["ref_mOTU_v3_00001"].name == "Leptospira alexanderi"


def test_ganon_keeps_unclassified_apart(shared):
    rows = rows_of(shared, "ganon/ganon_report.tre")
    assert (value(rows["unclassified"]), rows["unclassified"].special) == (174530, True)


def test_coverage_and_counts_are_those_of_the_tables(shared):
    coverage = rows_of(shared, "coverm/coverm_contig_mean.tsv")["genome2~seq1"]
    assert coverage.values == (("fw0", 1.4117647),)
    summary = rows_of(shared, "featurecounts/featurecounts_2.0.3_two_samples.txt.summary")
    assert summary["Assigned"].values == (("sampleA", 2500), ("sampleB", 2500))
    genes = rows_of(shared, "featurecounts/featurecounts_2.0.3_two_samples.txt.gz").values()
    assert [sum(row.values[n][1] for row in genes) for n in (0, 1)] == [2500, 2500]


def test_mgnify_counts_are_those_of_the_tables(shared):
    kos = rows_of(shared, "mgnify/chunk1_ko_study_summary.tsv")
    assert dict(kos["K03807"].values) == {"ERZ1049444": 409, "ERZ1049445": 0}
    pfams = rows_of(shared, "mgnify/ERR10889056_pfam_space_header.txt.gz")
    assert pfams["PF00005.33"].values == (("ERR10889056", 60),)
    modules = rows_of(shared, "mgnify/ERZ1049444_kegg_modules_summary.tsv.gz")
    assert value(modules["M00539"]) == 98.7
    motus = rows_of(shared, "mgnify/ERR10889056_motus_krona.txt.gz")
    assert (value(motus["unassigned"]), motus["unassigned"].special) == (2, True)


#: File -> format, rows, genes.
ANNOTATIONS = {
    "abricate/abricate_report.tsv": ("abricate", 7, 7),
    "amrfinderplus/amrfinderplus_v3_header.tsv": ("amrfinderplus", 7, 7),
    "amrfinderplus/amrfinderplus_v4_empty.tsv": ("amrfinderplus", 0, 0),
    "amrfinderplus/amrfinderplus_v4_nucleotide.tsv": ("amrfinderplus", 88, 20),
    "blast/blast_outfmt6_tblastn.txt": ("search_hits", 12, 2),
    "blast/blast_outfmt7_comments.txt": ("search_hits", 12, 2),
    "diamond/diamond_2.1.3_outfmt6.tsv": ("search_hits", 158, 56),
    "diamond/diamond_5col_uniref90_rhea.tsv": ("search_hits", 104, 101),
    "diamond/humann_demo.m8.gz": ("search_hits", 1010, 972),
    "mmseqs2/mmseqs_14_easy_search.m8": ("search_hits", 233, 66),
    "hmmer/hmmer30_hmmscan.domtblout": ("hmmer_table", 13, 4),
    "hmmer/hmmer30_no_hits.domtblout": ("hmmer_table", 0, 0),
    "hmmer/hmmer31_hmmscan.tblout": ("hmmer_table", 11, 4),
    "hmmer/hmmer31_hmmsearch.domtblout": ("hmmer_table", 8, 4),
    "kofamscan/kofamscan_detail_excerpt.txt": ("kofamscan", 14, 2),
    "rgi/rgi_main.txt": ("rgi", 10, 9),
    "dbcan/dbcan_v5_overview.tsv": ("dbcan", 78, 78),
    "eggnog/emapper_2.1.1.emapper.annotations": ("eggnog", 2, 2),
    "eggnog/emapper_3.0beta5.emapper.annotations": ("eggnog", 20, 20),
    "eggnog/emapper_no_header_at_all.annotations": ("eggnog", 2, 2),
    "eggnog/emapper_v2_no_header_comments.tsv.gz": ("eggnog", 999, 999),
    "interproscan/interproscan_15col.tsv.gz": ("interproscan", 1000, 127),
    "bakta/bakta_v1.5.1_plasmid.tsv": ("bakta", 2, 2),
    "antismash/MGYG000500002_antismash_7.1.0.gff": ("antismash_gff", 6 + 198, 6 + 198),
    "antismash/antismash_bakta_circular_stub.json": ("antismash_json", 2, 2),
    "dbcan/MGYG000500002_dbcan_4.1.2_pul.gff": ("dbcan_gff", 179, 179),
    "dbcan/dbcan_v5_dbCANsub_hmm_results.tsv": ("dbcan_hits", 77, 67),
    "interproscan/interproscan_5.52-86.0_excerpt.gff3": ("interproscan_gff3", 8, 2),
    "interproscan/interproscan_test_001.xml": ("interproscan_xml", 10, 3),
    "mgnify/ips_annotations.gaf": ("gaf", 74, 74),
}


@pytest.mark.parametrize("name", ANNOTATIONS)
def test_figures_of_an_annotation_table(shared, name):
    reader, rows, genes = ANNOTATIONS[name]
    found = inspect(shared / "formats" / name)
    assert (found.format, found.records, found.features) == (reader, rows, genes)
    assert found.kind == "annotations"
    assert rows or found.warnings == ["the file reports no hits"]


def annotations_of(shared, name):
    return list(read_records(shared / "formats" / name).records)


@pytest.mark.parametrize(
    ("name", "lowest", "highest"),
    [
        ("diamond/diamond_2.1.3_outfmt6.tsv", 23.2, 95.5),
        ("mmseqs2/mmseqs_14_easy_search.m8", 19.6, 95.4),  # fractions in the file
    ],
)
def test_identities_are_percentages(shared, name, lowest, highest):
    found = [row.pident for row in annotations_of(shared, name)]
    assert (min(found), max(found)) == (lowest, highest)


def test_search_hits_say_which_tool_where_the_file_does(shared):
    first = annotations_of(shared, "blast/blast_outfmt7_comments.txt")[0]
    assert (first.tool, first.version, first.database) == ("TBLASTN", "2.2.26+", "minirefseq_mrna")
    assert not first.product
    titled = annotations_of(shared, "diamond/diamond_5col_uniref90_rhea.tsv")[0]
    assert titled.product == "Inosine-5'-monophosphate dehydrogenase"
    assert (titled.accession, titled.score) == ("UniRef90_A0A563E0X1", 671)


def test_hmmer_finds_the_protein_on_either_side(shared):
    scan = annotations_of(shared, "hmmer/hmmer30_hmmscan.domtblout")
    assert len({(row.gene_id, row.accession) for row in scan}) == 10
    assert (scan[0].gene_id, scan[0].accession) == ("gi|4885477|ref|NP_005359.1|", "PF00042")
    assert (scan[0].start, scan[0].end, scan[0].protein_length) == (7, 112, 154)
    search = annotations_of(shared, "hmmer/hmmer31_hmmsearch.domtblout")
    assert {row.accession for row in search} == {"PF00069"}
    assert (search[0].gene_id, search[0].protein_length) == ("sp|Q9WUT3|KS6A2_MOUSE", 733)
    assert not any(row.product for row in (*scan, *search))


def test_resistance_reports_tell_genes_from_mutations(shared):
    rows = annotations_of(shared, "rgi/rgi_main.txt")
    named = {row.gene_id: (row.gene, row.product) for row in rows}
    assert named["NC_020818.1_9"] == ("NDM-1", "NDM beta-lactamase")
    assert named["BAE77595.1"] == ("", "")
    hits = annotations_of(shared, "abricate/abricate_report.tsv")
    assert [row.gene for row in hits][:3] == ["eat(A)", "aacA-ENT1", "msr(C)"]
    assert [row.coverage for row in hits][3] == 95.07
    points = annotations_of(shared, "amrfinderplus/amrfinderplus_v4_nucleotide.tsv")
    assert sum("method POINT" in row.note for row in points) == 65
    assert not any(row.product for row in points if "point mutation" in row.note)


#: File -> format and genes.
GENES = {
    "anvio/external_gene_calls_excerpt.txt": ("anvio", 7),
    "bakta/bakta_v1.5.1_plasmid.gff3": ("gff3", 2),
    "eggnog/emapper_decorated.gff": ("gff3", 4),
    "prodigal/prodigal_v2.6.3_small.gff": ("gff3", 3),
    "prodigal/pyrodigal_v3.6.3_meta.faa.gz": ("protein_fasta", 5302),
    "prodigal/pyrodigal_v3.6.3_meta.gff.gz": ("gff3", 5302),
    "prokka/MGYG000500002_prokka_with_fasta.gff.gz": ("gff3", 2346),
}


@pytest.mark.parametrize("name", GENES)
def test_genes_of_a_file(shared, name):
    reader, genes = GENES[name]
    found = inspect(shared / "formats" / name)
    assert (found.format, found.records, found.kind) == (reader, genes, "genes")


def test_anvio_counts_from_zero_and_prodigal_from_one(shared):
    genes = annotations_of(shared, "anvio/external_gene_calls_excerpt.txt")
    place = genes[1].location
    assert (genes[1].id, place.start, place.end, place.strand) == ("1", 1114, 1677, "+")
    residues = annotations_of(shared, "prodigal/pyrodigal_v3.6.3_meta.faa.gz")
    assert sum(len(gene.translation) for gene in residues) == 823644


@pytest.mark.parametrize(
    ("name", "kind", "products", "genes"),
    [
        ("antismash/as4_CM001015.1.cluster001.gbk.gz", "cluster", "t1pks", 35),
        ("antismash/as6_region001_small.gbk", "region", "halogenated", 2),
        ("antismash/as_JCM_4504.region28.gbk.gz", "region", "T1PKS, NRPS-like, NRPS", 40),
    ],
)
def test_antismash_genes_know_their_region(shared, name, kind, products, genes):
    opened = read_records(shared / "formats" / name)
    said = [row for row in opened.records if hasattr(row, "gene_id")]
    assert len({row.gene_id for row in said}) == len(said) == genes
    assert {row.name for row in said} == {products}
    assert f" {kind} " in said[0].accession
    assert opened.reader == "antismash_gbk"


def test_antismash_gff_has_products_in_a_list_and_json_crosses_the_origin(shared):
    rows = annotations_of(shared, "antismash/MGYG000500002_antismash_7.1.0.gff")
    assert {row.version for row in rows} == {"7.1.0"}
    assert len({row.accession for row in rows}) == 6
    genes = annotations_of(shared, "antismash/antismash_bakta_circular_stub.json")
    assert {(row.location.start, row.location.end) for row in genes} == {(4646841, 4647689 + 345)}


def test_dbcan_clusters_and_sub_families(shared):
    rows = annotations_of(shared, "dbcan/MGYG000500002_dbcan_4.1.2_pul.gff")
    assert sum(row.name == "predicted PUL" for row in rows) == 22
    row = next(row for row in rows if row.gene_id == "MGYG000500002_00077")
    assert row.dbxrefs == ("CAZy:GH13", "CAZy:GH13_31")
    sub = annotations_of(shared, "dbcan/dbcan_v5_dbCANsub_hmm_results.tsv")
    assert sub[4].ec_numbers == ("3.2.1.39",)
    assert "beta-glucan" in sub[4].note


def test_interproscan_xml_agrees_with_biopython(shared):
    from Bio import SearchIO

    path = shared / "formats" / "interproscan" / "interproscan_test_001.xml"
    theirs = [
        (query.id, hit.id, part.query_start + 1, part.query_end)
        for query in SearchIO.parse(path, "interproscan-xml")
        for hit in query
        for part in hit
    ]
    ours = [
        (row.gene_id, row.accession, row.start, row.end)
        for row in annotations_of(shared, "interproscan/interproscan_test_001.xml")
    ]
    assert sorted(set(theirs)) == sorted(
        {row for row in ours if row[0] in {it[0] for it in theirs}}
    )


#: File -> format, genomes.
GENOMES = {
    "gtdbtk/gtdbtk_2.4.0.bac120.summary.tsv": ("gtdbtk", 6),
    "checkm/checkm1_dashed_table.txt": ("checkm", 4),
    "checkm2/checkm2_v1.0.2_quality_report.tsv": ("checkm2", 4),
    "mgnify/cat_contig_taxonomy.tsv": ("cat", 31),
}


@pytest.mark.parametrize("name", GENOMES)
def test_genomes_of_a_table(shared, name):
    reader, genomes = GENOMES[name]
    found = inspect(shared / "formats" / name)
    assert (found.format, found.records, found.kind) == (reader, genomes, "genomes")


def test_genomes_have_the_figures_of_their_tables(shared):
    taxa = rows_of(shared, "gtdbtk/gtdbtk_2.4.0.bac120.summary.tsv")
    found = taxa["SPAdes-MetaBAT2Refined-test_minigut.2.fa"]
    assert found.lineage.endswith(";g__Escherichia;s__Escherichia coli")
    assert (found.closest_reference, found.ani) == ("GCF_003697165.2", 96.29)
    assert [row.lineage for row in taxa.values()].count("") == 2
    old = next(iter(rows_of(shared, "checkm/checkm1_dashed_table.txt").values()))
    assert (old.completeness, old.contamination) == (24.14, 0.0)
    new = rows_of(shared, "checkm2/checkm2_v1.0.2_quality_report.tsv")
    minigut = new["MEGAHIT-MetaBAT2Refined-test_minigut.2"]
    assert (minigut.completeness, minigut.contamination, minigut.gc) == (18.33, 0.45, 52.0)
    assert (minigut.size, minigut.note) == (726517, "Neural Network (Specific Model)")


def test_cat_keeps_unclassified_contigs_and_ranks_with_support(shared):
    rows = rows_of(shared, "mgnify/cat_contig_taxonomy.tsv")
    assert sum(row.note.startswith("no taxid assigned") for row in rows.values()) == 5
    found = rows["ERZ1761047.10042-contig-9504"]
    assert found.lineage.split(";")[:2] == ["k__Bacteria", "p__Firmicutes"]
    assert found.kind == "contig"
