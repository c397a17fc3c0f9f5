"""The fake knowledge base answers as the protocol asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.records import Gene, Location, Protein, Publication
from retrieval.fake_view import FakeView

if TYPE_CHECKING:
    from retrieval.evidence.base import KnowledgeView

SEQUENCE = "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVGDGTQDNLSGAEKAVQVKVKALPD"


def test_it_is_a_view():
    view: KnowledgeView = FakeView()
    assert view.residues == 0
    assert view.align({"q": SEQUENCE}) == {"q": []}
    assert view.search_texts(["x"], 3, ["passage"]) == [[]]


def test_identical_sequences_count_once_and_align_fully():
    proteins = [Protein("b", SEQUENCE), Protein("a", SEQUENCE.lower())]
    view = FakeView(proteins=proteins)
    assert view.residues == len(SEQUENCE)
    (hit,) = view.align({"q": SEQUENCE})["q"]
    assert (hit.pident, hit.qcov, hit.scov) == (100, 1, 1)
    assert [protein.accession for protein in view.proteins_with(hit.target)] == ["a", "b"]
    (near,) = view.neighbours({"q": SEQUENCE}, 3)["q"]
    assert round(near.similarity, 6) == 1


def test_genes_of_a_contig_come_by_start():
    genes = [Gene(name, location=Location("c", start, 9)) for name, start in (("x", 5), ("y", 2))]
    assert [gene.id for gene in FakeView(genes=genes).genes_on("c")] == ["y", "x"]


def test_text_search_ranks_by_shared_words():
    papers = [
        Publication("1", "Lactase", "Lactase splits lactose."),
        Publication("2", "Sugar", "Sugars such as lactose are many."),
        Publication("3", "Lactase", "Lactase was made up.", is_retracted=True),
    ]
    (hits,) = FakeView(publications=papers).search_texts(["lactase lactose"], 5, ["passage"])
    assert [hit.source_id for hit in hits] == ["1", "2"]
