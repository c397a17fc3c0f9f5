"""Embedding neighbours: what the search had already, what alignment confirms."""

from __future__ import annotations

import pytest

from ingest.records import Gene, Protein
from retrieval.evidence import embedding_neighbours
from retrieval.evidence.base import Surroundings, Terms
from retrieval.evidence.embedding_neighbours import EmbeddingNeighbours
from retrieval.evidence.similarity import Similarity
from retrieval.fake_view import FakeView
from retrieval.pairwise import align_pairs
from tests.contracts.evidence_source import EvidenceSourceContract


def gather(gene, view, found=None):
    return EmbeddingNeighbours().gather([gene], view, found or {}, Surroundings()).get(gene.id, [])


class TestContract(EvidenceSourceContract):
    @pytest.fixture
    def source(self):
        return EmbeddingNeighbours()

    @pytest.fixture
    def genes(self, made):
        return [Gene("g1", made.random(1)), Gene("g2", made.random(2)), Gene("g4", made.random(9))]

    @pytest.fixture
    def view(self, made):
        return FakeView(
            proteins=[
                Protein(f"P1234{n}", made.mutated(made.random(n), 70), name=f"Lactase {n}")
                for n in (1, 2, 3)
            ]
        )


def test_confirmed_neighbour_has_both_numbers(made):
    view = FakeView(proteins=[Protein("P12345", made.mutated(made.random(1), 70), name="Lactase")])
    (item,) = gather(Gene("g1", made.random(1)), view)
    assert item.terms == Terms("Lactase")
    assert item.metrics.similarity == pytest.approx(
        view.neighbours({"q": made.random(1)}, 1)["q"][0].similarity
    )
    assert item.metrics.pident == pytest.approx(70, abs=2)
    assert f"(cosine {item.metrics.similarity:.2f})" in item.statement
    assert "exact alignment, corrected for composition: " in item.statement


def test_what_the_search_reported_is_left_out(made):
    gene = Gene("g1", made.random(1))
    proteins = [
        Protein(f"P1234{n}", made.mutated(gene.translation, 70, n), name="Lactase")
        for n in range(8)
    ]
    view = FakeView(proteins=proteins)
    found = Similarity().gather([gene], view, {}, Surroundings())
    assert len(found["g1"]) < len(proteins)
    assert gather(gene, view, found) == []


def test_a_function_that_the_search_lacks_is_kept(made):
    gene = Gene("g1", made.random(1))
    view = FakeView(
        proteins=[Protein("P12345", made.mutated(gene.translation, 60), name="Lactase")]
    )
    found = Similarity().gather([gene], view, {}, Surroundings())
    wider = FakeView(
        proteins=[
            Protein("P12345", made.mutated(gene.translation, 60), name="Lactase"),
            Protein("P12346", made.mutated(gene.translation, 60, 2), name="Sucrase"),
        ]
    )
    assert [item.reference for item in gather(gene, wider, found)] == ["UniProtKB:P12346"]


def test_unconfirmed_neighbours_are_shown_without_terms(made, monkeypatch):
    # The same residues in shuffled words of three: near in 3-mers, without an alignment.
    words = [made.random(seed, 3) for seed in range(60)]
    shuffled = "".join(words[::-1])
    view = FakeView(proteins=[Protein("P12345", shuffled, name="Lactase")])
    gene = Gene("g1", "".join(words))
    assert gather(gene, view) == []
    monkeypatch.setattr(embedding_neighbours, "UNCONFIRMED_SIMILARITY", 0.2)
    (item,) = gather(gene, view)
    assert item.terms == Terms()
    assert item.metrics.evalue > 1e-3
    assert "alignment does not confirm it" in item.statement


def test_unknown_neighbours_and_the_own_sequence_say_nothing(made):
    view = FakeView(
        proteins=[
            Protein("P12345", made.random(1), name="Lactase"),
            Protein("P12346", made.mutated(made.random(1), 70), name="hypothetical protein"),
        ]
    )
    assert gather(Gene("g1", made.random(1)), view) == []


def test_one_batch_call(made):
    view = FakeView(proteins=[Protein("P12345", made.random(1), name="Lactase")])
    genes = [Gene(f"g{n}", made.random(n)) for n in range(3)]
    EmbeddingNeighbours().gather(genes, view, {}, Surroundings())
    assert view.calls["neighbours"] == 1


def test_like_composition_is_no_relation(made):
    # Two proteins of the same few residues align well, in either direction.
    first, second = (made.random(seed, 300) for seed in (1, 2))
    poor = str.maketrans("ACDEFGHIKLMNPQRSTVWY", "PQPQPQAQPQPQPQPQAQPQ")
    gene = Gene("g1", first.translate(poor))
    target = second.translate(poor)
    (raw,) = align_pairs([(gene.translation, target)], database_residues=300)
    assert raw.evalue < 1e-3
    view = FakeView(proteins=[Protein("P12345", target, name="Lactase")])
    items = gather(gene, view)
    assert all(item.terms == Terms() for item in items)
    assert all("alignment does not confirm it" in item.statement for item in items)


def test_a_full_list_of_the_search_is_not_filled_up(made):
    gene = Gene("g1", made.random(1))
    proteins = [
        Protein(f"P{n}", made.mutated(gene.translation, 60, n), name=f"Enzyme {n}")
        for n in range(30)
    ]
    view = FakeView(proteins=proteins)
    found = Similarity().gather([gene], view, {}, Surroundings())
    assert len(found["g1"]) == 25
    assert gather(gene, view, found) == []
