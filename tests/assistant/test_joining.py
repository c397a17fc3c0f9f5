from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.inputs import read_query_genes
from assistant.joining import NO_SEQUENCE, joined
from ingest.records import Gene, Location
from tests.contracts.reader import DATA

#: 40 residues and a stop codon are 123 bases.
PROTEIN = Gene("c1_1", "MKTAYIAKQR" * 4)
PLACED = Gene(
    "c1_1",
    product="Lactase",
    gene="lacZ",
    location=Location("c1", 101, 223, "+"),
    contig_length=5000,
    ec_numbers=("3.2.1.23",),
    source="Prodigal",
)

GFF = """##gff-version 3
##sequence-region c1 1 5000
c1\tProkka\tCDS\t101\t223\t.\t+\t0\tID=c1_1;product=Lactase
c1\tProkka\tCDS\t240\t362\t.\t+\t0\tID=c1_2;product=hypothetical protein
c1\tProkka\tCDS\t400\t522\t.\t+\t0\tID=c1_9;product=hypothetical protein
"""


def join(genes, bare):
    failed = []
    return joined(genes, bare, failed), failed


def test_a_place_and_a_protein_of_one_id_are_one_gene():
    (gene,), failed = join([PROTEIN], [PLACED])
    assert failed == []
    assert gene.translation == PROTEIN.translation
    assert (gene.product, gene.gene, gene.ec_numbers) == ("Lactase", "lacZ", ("3.2.1.23",))
    assert (gene.location, gene.contig_length) == (PLACED.location, 5000)


def test_the_name_that_says_more_stays():
    named = replace(PROTEIN, product="Beta-galactosidase")
    assert join([named], [PLACED])[0][0].product == "Beta-galactosidase"
    unknown = replace(PROTEIN, product="hypothetical protein")
    assert join([unknown], [PLACED])[0][0].product == "Lactase"


@pytest.mark.parametrize(
    ("proteins", "places", "reason"),
    [
        ([], [PLACED], NO_SEQUENCE),
        ([replace(PROTEIN, translation="MKT" * 90)], [PLACED], "270 residues, which 123 bases"),
        ([replace(PROTEIN, translation="MKT")], [PLACED], "3 residues, which 123 bases"),
        ([replace(PROTEIN, location=Location("c2", 101, 223, "+"))], [PLACED], "lies elsewhere"),
        ([PROTEIN, PROTEIN], [PLACED], "more than two entries"),
        ([PROTEIN], [PLACED, PLACED], "more than two entries"),
    ],
)
def test_what_may_be_another_gene_is_not_joined(proteins, places, reason):
    genes, failed = join(proteins, places)
    assert genes == proteins
    assert len(failed) == len(places)
    assert all(reason in told for _, told in failed)


@pytest.mark.parametrize("bases", [120, 121, 122, 123, 124, 126])
def test_cut_off_codons_and_frame_shifts_fit(bases):
    place = Location("c1", 101, 100 + bases, "+")
    assert join([PROTEIN], [replace(PLACED, location=place)])[1] == []


@pytest.mark.parametrize("order", [1, -1])
def test_gff_and_protein_fasta_given_together(tmp_path, order):
    (tmp_path / "genes.gff3").write_text(GFF)
    (tmp_path / "genes.faa").write_text(
        f">c1_2\n{PROTEIN.translation}\n>c1_1\n{'MKTAYIAKQR' * 4}\n"
    )
    files = [tmp_path / "genes.gff3", tmp_path / "genes.faa"][::order]
    query = read_query_genes(files)
    assert [gene.id for gene in query.genes] == ["c1_2", "c1_1"]
    assert [gene.location.start for gene in query.genes] == [240, 101]
    assert {gene.contig_length for gene in query.genes} == {5000}
    assert query.failed == (("c1_9", NO_SEQUENCE),)
    assert query.count == 3


def test_genes_of_an_antismash_file_are_read_without_what_is_said_of_them():
    found = read_query_genes([DATA / "antismash.gbk"])
    assert [gene.id for gene in found.genes] == ["A_1", "A_2"]
    assert not found.failed
