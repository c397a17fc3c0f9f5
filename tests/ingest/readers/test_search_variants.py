"""Tables of hits and functions as other tools and versions write them."""

from __future__ import annotations

import pytest

from ingest.files import read_records
from ingest.records import Annotation
from tests.contracts.reader import DATA

ROW = "g1\tx\t98.0\t100\t2\t0\t1\t100\t1\t100\t{e}\t200\n"
RAPSEARCH = (
    "# RAPSearch\n# Job submitted: Thu\n# Fields: Query\tSubject\tidentity\taln-len\tmismatch"
    "\tgap-openings\tq.start\tq.end\ts.start\ts.end\t{e}\tbit-score\n"
)
OLD = (
    "# emapper version: emapper-{v} emapper DB: 2.0\n# command: x\n{header}\n"
    "g1\t5.b0001\t1e-50\t200.5\t{row}\n# 1 queries scanned\n"
)


def read(tmp_path, text, name="table.txt"):
    path = tmp_path / name
    path.write_text(text)
    opened = read_records(path)
    return opened.reader, list(opened.records), opened.source.warnings


@pytest.mark.parametrize(
    "text",
    [
        RAPSEARCH.format(e="log(e-value)") + ROW.format(e="-7.5"),
        RAPSEARCH.format(e="e-value") + ROW.format(e="3.1622776601683795e-08"),
        ROW.format(e="-7.5") + ROW.format(e="-0.5") + ROW.format(e="0.2"),
    ],
)
def test_rapsearch_writes_e_values_or_their_logarithms(tmp_path, text):
    reader, rows, _ = read(tmp_path, text)
    assert reader == "search_hits"
    assert rows[0].evalue == pytest.approx(10**-7.5)
    assert (rows[0].tool, rows[0].score, rows[0].is_significant) == ("sequence search", 200, True)


def test_logarithms_are_not_guessed_where_most_are_positive(tmp_path):
    with pytest.raises(Exception, match="not recognised"):
        read(tmp_path, ROW.format(e="-1") + ROW.format(e="1") + ROW.format(e="1.5"))


def test_queries_without_a_hit_are_counted_not_read(tmp_path):
    none = "g2\t*" + 10 * "\t-1" + "\n"
    reader, rows, warnings = read(tmp_path, none + ROW.format(e="1e-9") + none)
    assert (reader, [row.gene_id for row in rows]) == ("search_hits", ["g1"])
    assert "queries without a hit: 2" in warnings


@pytest.mark.parametrize("program", ["BLASTP", "RPSBLAST", "RPSTBLASTN", "PSIBLAST", "TBLASTX"])
def test_comments_alone_are_a_search_without_hits(tmp_path, program):
    text = f"# {program} 2.15.0+\n# Query: q1\n# Database: d\n# 0 hits found\n"
    assert read(tmp_path, text)[:2] == ("search_hits", [])


def test_domains_of_rps_blast_name_no_protein(tmp_path):
    text = "# RPSBLAST 2.15.0+\n# Fields: query id, subject id, evalue, bit score, subject title\n"
    _, (row,), _ = read(tmp_path, text + "g1\tCDD:1\t1e-9\t90\tCOG1, HemL, aminotransferase\n")
    assert (row.product, row.family_kind, row.name) == (
        "",
        "domain",
        "COG1, HemL, aminotransferase",
    )


def test_diamond_table_of_dbcan(tmp_path):
    header = "Gene ID\tCAZy ID\t% Identical\tLength\tE Value\tBit Score\n"
    reader, (row,), _ = read(tmp_path, header + "g1\tAAA1.1|GH13\t90.5\t100\t1e-50\t200\n")
    assert (reader, row.accession, row.pident) == ("search_hits", "AAA1.1|GH13", 90.5)


def test_first_eggnog_mappers(tmp_path):
    old = OLD.format(
        v="1.0.3",
        header="#query_name\tseed_eggNOG_ortholog\tseed_ortholog_evalue\tseed_ortholog_score"
        "\tpredicted_gene_name\tGO_terms\tKEGG_KOs\tCOG cat\teggNOG annot",
        row="thrL\tGO:0000001\tK00001\tE\tleader",
    )
    newer = OLD.format(
        v="2.0.1",
        header="#query_name\tseed_eggNOG_ortholog\tseed_ortholog_evalue\tseed_ortholog_score"
        "\tPredicted_protein_name\tGene_Ontology_terms\tKEGG_ko\tEC_number"
        "\teggNOG_free_text_desc",
        row="thrL\tGO:0000001\tko:K00001\t1.1.1.1\tleader",
    )
    for text, version, ec_numbers in ((old, "1.0.3", ()), (newer, "2.0.1", ("1.1.1.1",))):
        reader, (row,), warnings = read(tmp_path, text)
        assert (reader, row.version, row.gene) == ("eggnog", version, "thrL")
        assert (row.ko, row.go_terms) == (("K00001",), ("GO:0000001",))
        assert (row.ec_numbers, row.name, warnings) == (ec_numbers, "leader", [])


def test_functions_of_anvio_by_source(tmp_path):
    text = (
        "gene_callers_id\tsource\taccession\tfunction\te_value\n"
        "7\tKOfam\tK01845\taminomutase [EC:5.4.3.8]\t0\n"
        "7\tCOG20_CATEGORY\tH\tCoenzyme metabolism\t0\n"
        "7\tPfam\tPF00202.20\tAminotransferase class-III\t1e-9\n"
    )
    reader, rows, _ = read(tmp_path, text)
    assert reader == "anvio_functions"
    assert all(isinstance(row, Annotation) and row.gene_id == "7" for row in rows)
    ko, category, domain = rows
    assert (ko.tool, ko.ko, ko.ec_numbers) == ("KofamScan", ("K01845",), ("5.4.3.8",))
    assert (ko.product, category.product, domain.product) == ("aminomutase", "", "")
    assert (domain.tool, domain.family_kind, category.tool) == ("HMMER", "domain", "anvi'o")


def test_depths_of_metabat(tmp_path):
    header = "contigName\tcontigLen\ttotalAvgDepth\ta/S1.bam\ta/S1.bam-var\tb/S2.bam\n"
    reader, (row, bad), _ = read(tmp_path, f"{header}c 1\t90\t5\t2\t.1\t3\nd\t9\t5\t2\t0\t2\n")
    assert (reader, row.id, row.values) == ("metabat_depth", "c 1", (("S1", 2.0), ("S2", 3.0)))
    assert "totalAvgDepth" in bad.reason


MATCH = (
    "g1\t{md5}\t300\t{db}\tPF00001\t7tm\t10\t200\t1.2E-20\tT\t01-Jan-2010\tIPR000001\tKringle\tx"
)


def test_interproscan_4_and_tables_with_a_header(tmp_path):
    old = MATCH.format(md5="14086411A2CDF1C4", db="HMMPfam") + " (GO:0005515)\n"
    reader, (row,), _ = read(tmp_path, old)
    assert (reader, row.database, row.sequence_md5) == ("interproscan", "Pfam", "")
    assert row.go_terms == ("GO:0005515",)
    names = "protein_accession\tsequence_md5\tlength" + 11 * "\tx"
    new = f"{names}\n{MATCH.format(md5='a' * 32, db='Pfam')}\n"
    reader, (row,), _ = read(tmp_path, new)
    assert (reader, row.gene_id, row.sequence_md5) == ("interproscan", "g1", "a" * 32)


def test_interproscan_json_says_what_the_tsv_says(tmp_path):
    text = (
        '{"interproscan-version": "5.59", "results": [{"sequence": "'
        + "M" * 300
        + '", "md5": "'
        + "a" * 32
        + '", "matches": [{"signature": {"accession": "PF00001", "description": "7tm",'
        ' "signatureLibraryRelease": {"library": "PFAM"}, "entry": {"accession": "IPR000001",'
        ' "description": "Kringle", "goXRefs": []}}, "locations": [{"start": 10, "end": 200,'
        ' "evalue": 1.2E-20}]}], "xref": [{"id": "g1"}]}]}'
    )
    _, (found,), _ = read(tmp_path, text)
    _, (row,), _ = read(tmp_path, MATCH.format(md5="a" * 32, db="Pfam") + "\n")
    fields = ("gene_id", "database", "accession", "name", "start", "end", "evalue", "dbxrefs")
    fields = (*fields, "protein_length", "sequence_md5", "family_kind", "note")
    assert [getattr(found, it) for it in fields] == [getattr(row, it) for it in fields]


def test_gtdbtk_without_warnings(tmp_path):
    header = "user_genome\tclassification\tfastani_reference\tfastani_ani\tnote\n"
    reader, (row,), _ = read(tmp_path, f"{header}b1\td__Bacteria;p__X\tN/A\tN/A\tN/A\n")
    assert (reader, row.lineage) == ("gtdbtk", "d__Bacteria;p__X")


def test_prodigal_in_both_forms(tmp_path):
    sco = '# Sequence Data: seqnum=1;seqlen=900;seqhdr="c1 x"\n'
    model = "# Model Data: version=Prodigal.v2.6.3\n"
    reader, rows, warnings = read(tmp_path, sco + model + ">1_2_181_+\n>2_400_699_-\n")
    assert reader == "prodigal"
    assert [(row.id, row.location.start, row.location.strand) for row in rows] == [
        *(("c1_1", 2, "+"), ("c1_2", 400, "-")),
    ]
    assert (rows[0].source, warnings[0][:7]) == ("Prodigal 2.6.3", "2 genes")
    _, rows, _ = read(tmp_path, (DATA / "prodigal.gbk").read_text())
    assert [(row.partial, row.location.end) for row in rows] == [
        *((True, 181), (False, 699), (True, 900)),
    ]


def test_antismash_without_a_region_is_a_result(tmp_path):
    text = '{"version": "7.0.0", "input_file": "x.gbk", "records": [], "taxon": "bacteria"}'
    reader, rows, warnings = read(tmp_path, text)
    assert (reader, rows, warnings) == ("antismash_json", [], ["the file reports no hits"])


def test_tables_of_annotation_tools_with_commas(tmp_path):
    header = "#FILE,SEQUENCE,START,END,STRAND,GENE,%COVERAGE,%IDENTITY,PRODUCT\n"
    row = 'a.fa,c1,1,861,+,blaTEM-1,100.00,99.5,"lactamase, class A"\n'
    reader, (good, bad), _ = read(tmp_path, header + row + 'a.fa,c1,1,861,+,"x,100,99.5,y\n')
    assert (reader, good.gene, good.name) == ("abricate", "blaTEM-1", "lactamase, class A")
    assert bad.line == 3


def test_abricate_without_a_header(tmp_path):
    row = "a.fa\tc1\t1\t861\t+\tblaTEM-1\t1-861/861\t===\t0/0\t100.00\t99.5\tncbi\tN1\tx\tBETA\n"
    old = "a.fa\tc1\t1\t861\tblaTEM-1\t1-861/861\t===\t0/0\t100.00\t99.5\tncbi\tN1\tx\n"
    for text in (row, old):
        reader, rows, _ = read(tmp_path, text + text)
        assert (reader, [it.gene for it in rows]) == ("abricate", ["blaTEM-1", "blaTEM-1"])
        assert [it.provenance.line for it in rows] == [1, 2]


def test_figures_of_checkm_that_its_folder_keeps(tmp_path):
    text = (
        "bin.1\t{'marker lineage': 'f__X', '# genomes': 84, 'Completeness': 99.98,"
        " 'Contamination': 0.06, 'GC': 0.503, 'GC std': 0.0, 'Genome size': 4646332,"
        " '# contigs': 1, 'N50 (contigs)': 4646332, '# predicted genes': 4331}\n"
        "bin.2\t{'marker lineage': 'f__X', 'Completeness': 9\n"
    )
    reader, (genome, bad), _ = read(tmp_path, text)
    assert (reader, genome.id, genome.completeness) == ("checkm", "bin.1", 99.98)
    assert (genome.contamination, genome.gc, genome.size) == (0.06, 50.3, 4646332)
    assert (genome.genes, bad.line) == (4331, 2)
