"""Genomic context: runs of genes, distances, sides and edges."""

from __future__ import annotations

import pytest

from ingest.records import Gene, Location, Protein
from retrieval.evidence.base import Surroundings, Terms
from retrieval.evidence.gene_order import GeneOrder
from retrieval.evidence.genomic_context import GenomicContext, unnamed_neighbours
from retrieval.evidence.similarity import Similarity
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


# --- Machine-readable context ---------------------------------------------------------------


def test_what_the_neighbour_does_stands_apart_from_the_genes_own_terms():
    upstream = gene("g1", 1000, 1304, product="Lactase", gene="lacZ", ec_numbers=("3.2.1.23",))
    (item,) = gather(gene("g2", 1301, 1600), upstream)
    assert item.terms == Terms()
    assert item.context.terms == Terms("Lactase", "lacZ", ("3.2.1.23",))
    assert (item.context.relation, item.context.basis) == ("operon", "named")
    assert (item.context.gap_bp, item.context.genes_between) == (-4, 0)
    assert item.context.is_upstream
    assert item.context.run_length == 2


def test_a_paragraph_for_a_name_is_cut_in_the_sentence_alone():
    prose = "Catalyzes the hydrolysis of " + "lactose and " * 30 + "water"
    (item,) = gather(gene("g2", 1311, 1600), gene("g1", 1000, 1300, product=prose))
    assert len(item.statement) < 400
    assert "lactose and ..." in item.statement
    assert item.context.terms.product == prose


@pytest.mark.parametrize(
    ("asked", "other", "is_divergent"),
    [
        (gene("g1", 1500, 1800, "+"), gene("g2", 1000, 1400, "-", product="Lactase"), True),
        (gene("g1", 1000, 1400, "-"), gene("g2", 1500, 1800, "+", product="Lactase"), True),
        (gene("g1", 1000, 1400, "+"), gene("g2", 1500, 1800, "-", product="Lactase"), False),
        (gene("g1", 2000, 2300, "+"), gene("g2", 1000, 1400, "-", product="Lactase"), False),
    ],
    ids=["left", "right", "convergent", "far"],
)
def test_divergent_neighbours(asked, other, is_divergent):
    items = gather(asked, other)
    assert len(items) == is_divergent
    for item in items:
        assert item.context.relation == "divergent"
        assert item.statement == (
            'Begins 99 bp from "Lactase" (g2), which is read the other way: '
            "the two may share a regulator."
        )


def test_a_run_that_reaches_the_contigs_end_is_marked():
    asked, other = gene("g1", 400, 700), gene("g2", 10, 380, product="Lactase")
    (item,) = gather(asked, other)
    assert "the run goes on to the contig's end and may be cut off" in item.statement


# --- Neighbours without a name --------------------------------------------------------------


@pytest.fixture
def metagenome(made):
    """Six unnamed genes of one run; the relatives of two of them are known."""
    sequences = [made.random(n) for n in range(6)]
    genes = [
        gene(f"c1_{n}", 1000 + 700 * n, 1600 + 700 * n, translation=sequence)
        for n, sequence in enumerate(sequences, 1)
    ]
    proteins = [
        Protein("P00722", made.mutated(sequences[0], 70), "Lactase", ec_numbers=("3.2.1.23",)),
        Protein("P02920", made.mutated(sequences[1], 33), "Lactose permease"),
        Protein("P07464", made.mutated(sequences[5], 60), "Galactoside acetyltransferase"),
    ]
    return genes, FakeView(proteins=proteins), Surroundings({"c1": tuple(genes)})


def test_a_close_relative_speaks_for_an_unnamed_neighbour(metagenome):
    genes, view, surroundings = metagenome
    item, further = GenomicContext().gather([genes[2]], view, {}, surroundings)["c1_3"]
    assert (item.context.genes_between, further.context.genes_between) == (1, 2)
    assert item.statement.startswith(
        "Lies 799 bp downstream (with 1 gene between, gaps of at most 99 bp) of c1_1, an unnamed "
        'gene 70 % identical to "Lactase" (UniProtKB:P00722, EC 3.2.1.23), on the same strand,'
    )
    assert item.context.basis == "relative"
    assert item.context.terms.ec_numbers == ("3.2.1.23",)
    assert item.reference == "gene:c1_1"


def test_distant_relatives_and_genes_far_off_say_nothing(metagenome):
    genes, view, surroundings = metagenome
    answer = GenomicContext().gather(genes, view, {}, surroundings)
    seen = {item.reference for items in answer.values() for item in items}
    assert seen == {"gene:c1_1", "gene:c1_6"}
    assert "gene:c1_1" not in {item.reference for item in answer.get("c1_5", ())}


def test_the_answer_is_the_same_for_every_shard(metagenome):
    genes, view, surroundings = metagenome
    source, similarity = GenomicContext(), Similarity()
    whole = source.gather(genes, view, similarity.gather(genes, view, {}, surroundings),
                          surroundings)  # fmt: skip
    parts = {}
    for shard in (genes[:2], genes[2:3], genes[3:]):
        asked = (*shard, *unnamed_neighbours(shard, view, surroundings))
        found = dict.fromkeys((one.id for one in asked), ())
        found |= similarity.gather(asked, view, {}, surroundings)
        parts |= source.gather(shard, view, found, surroundings)
    assert parts == whole


def test_neighbours_already_searched_for_are_not_searched_again(metagenome):
    genes, view, surroundings = metagenome
    beside = unnamed_neighbours(genes[2:3], view, surroundings)
    assert [one.id for one in beside] == ["c1_1", "c1_2", "c1_4", "c1_5", "c1_6"]
    found = dict.fromkeys((one.id for one in beside), ())
    view.calls.clear()
    GenomicContext().gather(genes[2:3], view, found, surroundings)
    assert view.calls["align"] == 0


def test_order_tells_runs_and_places_once():
    genes = [gene("a", 100, 300), gene("b", 310, 600), gene("b2", 310, 600, product="X-ase")]
    order = GeneOrder(genes)
    assert order.around(genes[0]).run_length == 2
    assert order.around(gene("other", 100, 300)) is None
    assert order.around(Gene("no place")) is None
