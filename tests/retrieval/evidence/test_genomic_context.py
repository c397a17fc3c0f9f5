"""Genomic context: runs of genes, distances, sides and edges."""

from __future__ import annotations

import pytest

from ingest.records import Gene, Location
from retrieval.evidence.base import Surroundings, Terms
from retrieval.evidence.genomic_context import GenomicContext
from retrieval.fake_view import FakeView
from tests.contracts.evidence_source import EvidenceSourceContract


def gene(gene_id, start, end, strand="+", product="", **more):
    location = Location("c1", start, end, strand)
    return Gene(gene_id, product=product, location=location, contig_length=9000, **more)


def gather(asked, *others, stored=()):
    contig = tuple(sorted([asked, *others], key=lambda other: other.location.start))
    surroundings = Surroundings({"c1": contig} if others else {})
    view = FakeView(genes=stored)
    return GenomicContext().gather([asked], view, {}, surroundings).get(asked.id, [])


class TestContract(EvidenceSourceContract):
    @pytest.fixture
    def source(self):
        return GenomicContext()

    @pytest.fixture
    def genes(self):
        return [
            gene("g1", 1000, 1300),
            gene("g2", 1310, 1600, product="Lactase", ec_numbers=("3.2.1.23",)),
            gene("g3", 1650, 1900, product="Lactose permease"),
            gene("g4", 5000, 5900, "-"),
            Gene("g5", "MKLV"),
        ]

    @pytest.fixture
    def view(self, genes):
        return FakeView(genes=genes)

    @pytest.fixture
    def surroundings(self, genes):
        return Surroundings({"c1": tuple(genes[:4])})


def test_distance_side_and_run():
    upstream = gene("g1", 1000, 1300, product="Lactase", ec_numbers=("3.2.1.23",))
    (item,) = gather(gene("g2", 1311, 1600), upstream)
    assert item.statement == (
        'Lies 10 bp downstream of "Lactase" (g1, EC 3.2.1.23) on the same strand,'
        " in an operon-like run of 2 genes (gaps up to 300 bp): a hint at a shared process,"
        " not at this gene's own function."
    )
    assert item.metrics.distance_bp == 10
    assert item.reference == "gene:g1"
    assert item.terms == Terms()


def test_sides_turn_on_the_minus_strand():
    left = gene("g1", 1000, 1300, "-", product="Lactase")
    (item,) = gather(gene("g2", 1311, 1600, "-"), left)
    assert item.statement.startswith("Lies 10 bp upstream of")


def test_overlapping_genes():
    left = gene("g1", 1000, 1304, product="Lactase")
    (item,) = gather(gene("g2", 1301, 1600), left)
    assert item.statement.startswith("Lies directly downstream, overlapping by 4 bp, of")
    assert item.metrics.distance_bp == 0


def test_genes_between_and_the_largest_gap():
    near, far = gene("g2", 1400, 1500), gene("g3", 1551, 1800, product="Lactase")
    (item,) = gather(gene("g1", 1000, 1300), near, far)
    assert item.statement.startswith(
        "Lies 250 bp upstream (with 1 gene between, gaps of at most 99 bp) of"
    )


@pytest.mark.parametrize(
    "other",
    [
        gene("g2", 1400, 1600, "-", product="Lactase"),
        gene("g2", 1602, 1900, product="Lactase"),
        gene("g2", 1400, 1600, product="hypothetical protein"),
    ],
    ids=["other strand", "gap of 301 bp", "uncharacterised"],
)
def test_no_evidence(other):
    assert gather(gene("g1", 1000, 1300), other) == []


def test_a_gene_on_the_other_strand_ends_the_run():
    between, beyond = gene("g2", 1310, 1330, "-"), gene("g3", 1340, 1600, product="Lactase")
    assert gather(gene("g1", 1000, 1300), between, beyond) == []


def test_five_nearest_at_most():
    others = [
        gene(f"n{n}", 1000 + 100 * n, 1090 + 100 * n, product=f"Enzyme {n}") for n in range(9)
    ]
    items = gather(gene("g1", 1400, 1490), *(others[:4] + others[5:]))
    assert [item.reference for item in items] == [f"gene:n{n}" for n in (3, 5, 2, 6, 1)]


@pytest.mark.parametrize(
    ("asked", "at_edge"),
    [
        (gene("g1", 3, 300), True),
        (gene("g1", 8500, 8900), True),
        (gene("g1", 4000, 4400, partial=True), True),
        (gene("g1", 4000, 4400), False),
        (gene("g1", 8500, 9400), False),  # passes the end of a circular contig
    ],
)
def test_the_contigs_edge_is_said(asked, at_edge):
    end = asked.location.end
    (item,) = gather(asked, gene("g2", end + 10, end + 300, product="Lactase"))
    assert ("the contig ends here" in item.statement) == at_edge


def test_stored_genes_serve_when_the_input_has_none():
    asked, other = gene("g1", 1000, 1300), gene("g2", 1310, 1500, product="Lactase")
    assert len(gather(asked, stored=[asked, other])) == 1


def test_a_contig_of_the_same_name_without_the_gene_is_another():
    elsewhere = gene("g1", 1001, 1300), gene("g2", 1310, 1500, product="Lactase")
    assert gather(gene("g1", 1000, 1300), stored=elsewhere) == []


def test_two_annotations_of_one_place_are_one_gene():
    other = gene("g2", 1310, 1500), gene("bakta_2", 1310, 1500, product="Lactase")
    (item,) = gather(gene("g1", 1000, 1300), *other)
    assert "run of 2 genes" in item.statement
    assert item.reference == "gene:bakta_2"


def test_an_unknown_strand_has_no_run():
    assert gather(gene("g1", 1000, 1300, "."), gene("g2", 1310, 1500, ".", product="X-ase")) == []
