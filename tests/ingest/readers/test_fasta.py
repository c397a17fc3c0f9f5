"""FASTA: entries against Biopython, headers of every tool, and each kind of bad entry."""

from __future__ import annotations

import gzip
import io
import lzma

import pytest
from Bio import SeqIO

from ingest.errors import FormatError
from ingest.files import read_records
from ingest.readers.base import Source
from ingest.readers.fasta import AMINO_ACIDS, ProteinFastaReader, fasta_entries, molecule_of
from ingest.records import BadRecord
from tests.contracts.reader import DATA


def read(text):
    return list(ProteinFastaReader().read(io.StringIO(text), Source("x.faa")))


def test_prodigal_header_gives_place_and_partial_flag():
    first, second, third = read_records(DATA / "genes.faa").records
    assert (first.location.seqid, first.location.start, first.location.end) == ("c1", 40, 102)
    assert (first.location.strand, second.location.strand) == ("+", "-")
    assert (first.partial, second.partial) == (False, True)
    assert first.translation == "MKTLLVAGGSHEDKWPYRNC"  # the stop is cut
    assert third.product == "beta-galactosidase"  # the organism is cut
    assert third.translation == "MARNDCEQGHILKFPSTWYV"  # lower case is raised


@pytest.mark.parametrize(
    ("header", "product", "gene"),
    [
        ("p1 biotin--[carboxylase] ligase", "biotin--[carboxylase] ligase", ""),
        ("p1 isocitrate dehydrogenase [NADP]", "isocitrate dehydrogenase [NADP]", ""),
        ("p1 MULTISPECIES: ligase [Escherichia coli K-12]", "ligase", ""),
        ("p1 ligase [[Clostridium] innocuum]", "ligase", ""),
        ("lcl|x_prot_1 [gene=thrL] [protein=leader peptide] [gbkey=CDS]", "leader peptide", "thrL"),
        ("p1", "", ""),
    ],
)
def test_descriptions(header, product, gene):
    (found,) = read(f">{header}\nMK\n")
    assert (found.product, found.gene) == (product, gene)


@pytest.mark.parametrize(
    ("text", "line", "record", "reason"),
    [
        (">a\nMK\n>a\nMKL\n", 3, "a", "the id occurs twice, first on line 1"),
        (">a\nMK\n>b\n", 3, "b", "no sequence"),
        (">a\n*\n", 1, "a", "no sequence"),
        (">a\nMK\nM*K\nLL*\n", 3, "a", "a stop (*) inside"),
        (">a\nMK\nM1K\n", 3, "a", "illegal character '1'"),
        (">a\nMK-L\n", 2, "a", "illegal character '-'"),
        (">a\nMKäL\n", 2, "a", "illegal character 'ä'"),
        (">a\nMK>L\n", 2, "a", "illegal character '>'"),
        (">\nMK\n", 1, "", "no id"),
    ],
)
def test_bad_entries(text, line, record, reason):
    bad = [item for item in read(text + ">good\nMKL*\n") if isinstance(item, BadRecord)]
    assert [(item.line, item.record) for item in bad] == [(line, record)]
    assert reason in bad[0].reason


def test_text_before_the_first_entry_is_refused():
    assert len(read("\n\n>a\nMK\n")) == 1
    with pytest.raises(FormatError, match=r"x\.faa, line 2: there is text before the first '>'"):
        read("\nMKL\n>a\nMK\n")


def test_lines_count_from_where_the_fasta_starts():
    (entry,) = fasta_entries([">a\n", "M-\n"], Source("x"), AMINO_ACIDS, first_line=11)
    assert entry.line == 12


@pytest.mark.parametrize(
    ("text", "molecule"),
    [
        (">a\nACGTNNACGT\n", "nucleotide"),
        (">a\nacguacgu\n", "nucleotide"),
        (">a\nACGTRYKMSWACGTACGTACGTACGTACGTACGTACGTACGT\n", "nucleotide"),
        (">a\nMKTAYIAKQR\n", "protein"),
        (">a\n", None),
        (">Cluster 0\n0\t297aa, >A... *\n1\t297aa, >B... at 99.0%\n", None),
        ("ACGT\n", None),
    ],
)
def test_molecule_is_told_by_letters(text, molecule):
    assert molecule_of(text) == molecule


@pytest.mark.parametrize(
    ("name", "opener"),
    [
        ("formats/prodigal/pyrodigal_v3.6.3_meta.faa.gz", gzip.open),
        ("enzymes/genomes/ecoli_K12_MG1655.faa.xz", lzma.open),
    ],
)
def test_real_files_equal_biopythons_reading(shared, name, opener):
    with opener(shared / name, "rt") as handle:
        expected = [(r.id, str(r.seq).rstrip("*")) for r in SeqIO.parse(handle, "fasta")]
    found = [(gene.id, gene.translation) for gene in read_records(shared / name).records]
    assert found == expected


def test_real_prodigal_file_has_the_known_number_of_residues(shared):
    genes = read_records(shared / "formats/prodigal/pyrodigal_v3.6.3_meta.faa.gz").records
    assert sum(len(gene.translation) for gene in genes) == 823_644
