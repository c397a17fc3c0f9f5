"""Genes of contigs: a gene is translated, a contig is called, as Prodigal names them."""

from __future__ import annotations

import sys

import pytest

from ingest.errors import MissingDependencyError
from ingest.files import read_records
from ingest.gene_calling import genes_of
from ingest.records import Contig
from tests.contracts.reader import DATA

# 33 codons; genetic code 11.
GENE = "GTG" + "GCGAAAGAT" * 10 + "CTGTAA"


def test_contig_that_is_one_gene_keeps_its_id():
    (gene,) = genes_of(Contig("g1", GENE.lower(), "some gene"))
    assert gene.id == "g1"
    assert gene.translation == "M" + "AKD" * 10 + "L"
    assert gene.product == "some gene"
    assert not gene.partial


@pytest.mark.parametrize("dna", ["ATGAAATAA", "ACGT", ""])
def test_fragment_has_no_gene(dna):
    assert list(genes_of(Contig("g1", dna))) == []


def test_genes_of_a_real_contig_equal_the_file_of_the_same_genes(shared):
    """Prokka calls with a model trained on the genome, we do not: four in five agree exactly."""
    pytest.importorskip("pyrodigal", reason="the extra 'genes' is not installed")
    path = shared / "formats/prokka/MGYG000500002_prokka_with_fasta.gff.gz"
    name, sequence = "MGYG000500002_8", _contig(path, "MGYG000500002_8")
    expected = {
        (gene.location.start, gene.location.end, gene.location.strand): gene.translation
        for gene in read_records(path).records
        if gene.location.seqid == name
    }
    called = list(genes_of(Contig(name, sequence)))
    assert [gene.id for gene in called] == [f"{name}_{n}" for n in range(1, len(called) + 1)]
    same = [
        gene
        for gene in called
        if (gene.location.start, gene.location.end, gene.location.strand) in expected
    ]
    assert len(same) >= 0.8 * len(expected)
    for gene in same:
        place = (gene.location.start, gene.location.end, gene.location.strand)
        if not gene.partial:
            assert gene.translation == expected[place]
        assert gene.contig_length == len(sequence)


def _contig(path, name):
    import gzip

    from Bio import SeqIO

    with gzip.open(path, "rt") as handle:
        for line in handle:
            if line.startswith("##FASTA"):
                break
        return next(str(r.seq) for r in SeqIO.parse(handle, "fasta") if r.id == name)


def test_missing_pyrodigal_says_what_to_do(monkeypatch):
    from ingest import gene_calling

    monkeypatch.setitem(sys.modules, "pyrodigal", None)
    gene_calling._finder.cache_clear()
    with pytest.raises(MissingDependencyError, match=r"metalumen\[genes\]"):
        list(genes_of(Contig("c", "ACGT" * 100)))


def test_sample_contigs():
    records = {
        record.seqid: list(genes_of(record))
        for record in read_records(DATA / "contigs.fna").records
    }
    assert set(records) == {"c1", "c2", "c3"}
