"""Annotated genomes: GFF3 and GenBank give the same genes; real files against their READMEs."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from Bio import SeqIO

from ingest.files import open_text, read_records
from ingest.readers.base import Source
from ingest.readers.gff3 import Gff3Reader
from ingest.records import BadRecord, Gene, Provenance
from tests.contracts.reader import DATA


def gff(*rows, fasta=""):
    text = "##gff-version 3\n" + "".join("\t".join(row.split("|")) + "\n" for row in rows)
    source = Source("x.gff3")
    records = list(Gff3Reader().read(io.StringIO(text + fasta), source))
    return records, source


def test_gff3_and_genbank_of_one_plasmid_agree():
    from_gff = list(read_records(DATA / "genome.gff3").records)
    from_genbank = list(read_records(DATA / "record.gbk").records)
    for one, other in zip(from_gff, from_genbank, strict=False):
        assert (one.id, one.translation, one.location) == (
            other.id,
            other.translation,
            other.location,
        )
        assert one.contig_length == other.contig_length == 209
    assert [gene.translation for gene in from_gff] == [
        *("MKTLLVAGGSHEDKWPYRNC", "MSTNPKPQRKTKRNTNRRPQ", "MARNDCEQGHILKFPSTWYV"),
    ]


def test_gff3_fields():
    first, _, last = read_records(DATA / "genome.gff3").records
    assert first.product == "beta-galactosidase; putative"
    assert (first.gene, first.source) == ("lacZ", "Prodigal")
    assert (first.ec_numbers, first.go_terms, first.ko) == (
        ("3.2.1.23",),
        ("GO:0004565",),
        ("K01190",),
    )
    assert first.dbxrefs == ("COG:COG3250", "GO:0004565", "KEGG:K01190")
    assert first.inference == "ab initio prediction:Prodigal:2.6"
    assert (last.location.start, last.location.end) == (180, 242)  # past the end of 209 bases


def test_genbank_fields():
    opened = read_records(DATA / "record.gbk")
    first, *_, last = opened.records
    assert (first.gene, first.ec_numbers, first.go_terms) == (
        "lacZ",
        ("3.2.1.23",),
        ("GO:0004565",),
    )
    assert (last.id, last.partial) == ("prot.1", True)
    assert opened.source.warnings == ["pseudogenes left out: 1"]


def test_lines_of_one_cds_are_joined():
    # ATG AAA | GGC TAA with three bases left out between the parts.
    records, _ = gff(
        "c|x|CDS|1|6|.|+|0|ID=a", "c|x|CDS|10|15|.|+|0|ID=a", fasta="##FASTA\n>c\nATGAAACCCGGCTAA\n"
    )
    assert [(gene.id, gene.translation) for gene in records] == [("a", "MKG")]
    assert (records[0].location.start, records[0].location.end) == (1, 15)


def test_phase_and_partial_start():
    records, _ = gff(
        *("c|x|CDS|1|8|.|+|2|ID=a", "c|Prodigal_v2.6.3|CDS|3|8|.|+|0|ID=1_2;partial=10"),
        fasta="##FASTA\n>c\nCCGTGAAA\n",
    )
    assert [(gene.id, gene.translation, gene.partial) for gene in records] == [
        ("a", "VK", False),
        ("c_2", "VK", True),
    ]


def test_genes_without_sequence_are_kept_and_told():
    records, source = gff("c|x|CDS|1|90|.|+|0|ID=a")
    assert [(gene.id, gene.translation) for gene in records] == [("a", "")]
    assert "1 genes have no sequence" in source.warnings[0]


def test_two_genes_of_one_locus_keep_their_own_ids():
    records, _ = gff("c|x|CDS|1|90|.|+|0|ID=a;locus_tag=L", "c|x|CDS|2|91|.|+|0|ID=b;locus_tag=L")
    assert [gene.id for gene in records] == ["L", "b"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("c|x|CDS|1|90|.|+|0", "8 columns"),
        ("c|x|CDS|0|90|.|+|0|ID=a", "1 <= start <= end"),
        ("c|x|CDS|9|1|.|+|0|ID=a", "1 <= start <= end"),
        ("c|x|CDS|one|90|.|+|0|ID=a", "not two whole numbers"),
        ("c|x|CDS|1|9|.|x|0|ID=a", "the strand is 'x'"),
        ("c|x|CDS|1|90|.|+|0|ID=a", "past the contig's end at 15"),
        ("c|x|CDS|4|15|.|+|0|ID=a;transl_table=99", "genetic code"),
        ("c|x|CDS|1|15|.|-|0|ID=a", "a stop inside"),
    ],
)
def test_bad_lines(row, reason):
    records, _ = gff("c|x|CDS|1|15|.|+|0|ID=good", row, fasta="##FASTA\n>c\nATGAAATTAGGCTAA\n")
    assert [gene.id for gene in records if not isinstance(gene, BadRecord)] == ["good"]
    (bad,) = (item for item in records if isinstance(item, BadRecord))
    assert reason in bad.reason
    assert bad.line == 3


def test_real_prokka_genome(shared):
    """2,346 CDS; each translates from start to stop without a stop inside."""
    genes = list(
        read_records(shared / "formats/prokka/MGYG000500002_prokka_with_fasta.gff.gz").records
    )
    assert len(genes) == 2346
    assert all(gene.translation.startswith("M") or gene.partial for gene in genes)
    assert all(gene.contig_length for gene in genes)
    lengths = {(g.location.end - g.location.start + 1) // 3 - len(g.translation) for g in genes}
    assert lengths <= {0, 1}


def test_real_prodigal_gff_names_genes_as_the_protein_file_does(shared):
    folder = shared / "formats/prodigal"
    from_gff = [g.id for g in read_records(folder / "pyrodigal_v3.6.3_meta.gff.gz").records]
    proteins = list(read_records(folder / "pyrodigal_v3.6.3_meta.faa.gz").records)
    assert from_gff == [gene.id for gene in proteins]
    partial = {
        g.id: g.partial for g in read_records(folder / "pyrodigal_v3.6.3_meta.gff.gz").records
    }
    assert all(partial[gene.id] == gene.partial for gene in proteins)


def test_real_bakta_plasmid_has_a_gene_across_the_origin(shared):
    first, second = read_records(shared / "formats/bakta/bakta_v1.5.1_plasmid.gff3").records
    assert (second.location.start, second.location.end, second.contig_length) == (971, 1471, 1330)
    assert len(second.translation) == (1471 - 971 + 1) // 3 - 1
    assert first.translation.startswith("MTKRSGSNTRRRA")


@pytest.mark.parametrize(
    "name",
    ["as_JCM_4504.region28.gbk.gz", "as6_region001_small.gbk", "as4_CM001015.1.cluster001.gbk.gz"],
)
def test_real_genbank_equals_biopythons_reading(shared, name):
    path = shared / "formats/antismash" / name
    with open_text(path) as handle:
        features = [f for record in SeqIO.parse(handle, "genbank") for f in record.features]
    expected = [
        f.qualifiers["translation"][0]
        for f in features
        if f.type == "CDS" and "pseudo" not in f.qualifiers
    ]
    genes = [record for record in read_records(path).records if isinstance(record, Gene)]
    assert [gene.translation for gene in genes] == expected


def test_broken_genbank_record_does_not_stop_the_next(tmp_path):
    path = tmp_path / "x.gbk"
    text = (DATA / "record.gbk").read_text()
    path.write_text(
        text.replace("LOCUS       c1                       209", "LOCUS       c1   many")
    )
    first, second = read_records(path).records
    assert isinstance(first, BadRecord)
    assert (first.line, first.record, second.id) == (1, "c1", "prot.1")


def test_viruses_and_plasmids_are_contigs_with_what_is_known_of_them():
    viruses = {it.id: it for it in read_records(DATA / "genomad.tsv").records}
    assert (
        viruses["c1"].lineage == "Viruses;Duplodnaviria;Heunggongvirae;Uroviricota;Caudoviricetes"
    )
    assert (viruses["c2"].kind, viruses["c2"].lineage) == ("contig", "")
    assert viruses["c1"].note == "virus, score 0.98; DTR"
    quality = {it.id: it for it in read_records(DATA / "checkv.tsv").records}
    assert (quality["c1"].completeness, quality["c3"].contamination) == (98.1, 42.3)
    assert (quality["c2"].completeness, quality["c2"].size) == (None, 3000)


def test_figures_of_bins_of_drep_and_metawrap(tmp_path):
    path = tmp_path / "stats.tsv"
    path.write_text(
        "bin\tcompleteness\tcontamination\tGC\tlineage\tN50\tsize\tbinner\n"
        "bin.1\t97.5\t1.5\t0.441\tClostridiales\t50000\t3000000\tbinsA\n"
    )
    (genome,) = read_records(path).records
    assert (genome.tool, genome.gc, genome.size, genome.lineage) == ("metaWRAP", 44.1, 3000000, "")
    assert [it.tool for it in read_records(DATA / "drep.csv").records] == ["dRep"] * 3


@pytest.mark.parametrize(("name", "reader"), [("gtdbtk.tsv", "gtdbtk"), ("checkm2.tsv", "checkm2")])
def test_tables_that_a_spreadsheet_saved_with_commas_say_the_same(tmp_path, name, reader):
    path = tmp_path / "table.csv"
    rows = [line.split("\t") for line in (DATA / name).read_text().splitlines()]
    quoted = ([f'"{cell}"' if "," in cell else cell for cell in row] for row in rows)
    path.write_text("".join(",".join(row) + "\n" for row in quoted))
    assert read_records(path).reader == reader
    plain = [replace(it, provenance=Provenance()) for it in read_records(DATA / name).records]
    found = [replace(it, provenance=Provenance()) for it in read_records(path).records]
    assert found == plain


def test_checkm_with_commas(tmp_path):
    path = tmp_path / "checkm.csv"
    path.write_text(
        "Bin Id,Marker lineage,# genomes,# markers,# marker sets,0,1,2,3,4,5+,Completeness,"
        "Contamination,Strain heterogeneity\n"
        "bin.1,k__Bacteria (UID203),5449,104,58,2,100,2,0,0,0,98.3,1.7,0.0\n"
    )
    (genome,) = read_records(path).records
    assert (genome.id, genome.completeness, genome.contamination) == ("bin.1", 98.3, 1.7)
