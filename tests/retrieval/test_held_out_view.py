"""What is held out is as if it had never been read, for the query that it is held out from."""

import inspect

import pytest

from ingest.records import Gene, Protein
from retrieval.evidence import SOURCES
from retrieval.evidence.base import KnowledgeView, Surroundings
from retrieval.fake_view import FakeView
from retrieval.held_out_view import HeldOutView, Hidden
from tests.retrieval.proteins import BASES, relative


def entry(accession, sequence, ec):
    return Protein(accession, sequence, name=f"enzyme {accession}", ec_numbers=(ec,))


# Two families; the first two proteins are queries as well as references, the third is a copy.
KIN = [relative(BASES[0], 0.2 + n / 20, seed=n) for n in range(4)]
PROTEINS = [
    entry("own", KIN[0], "1.1.1.1"),
    entry("other", KIN[1], "1.1.1.2"),
    entry("copy", KIN[0], "1.1.1.3"),
    entry("kin", KIN[2], "1.1.1.4"),
    entry("far", BASES[1], "2.2.2.2"),
]
SHA = {one.accession: one.sequence_sha256 for one in PROTEINS}
GENES = [Gene("query 1", translation=KIN[0]), Gene("query 2", translation=KIN[1])]
HIDDEN = {
    SHA["own"]: Hidden(sequences=frozenset({SHA["own"], SHA["kin"]})),
    SHA["other"]: Hidden(sequences=frozenset({SHA["other"]})),
}


def seen(view, genes):
    """What each query sees; the numbers are those that no count of residues moves."""
    answer = {}
    found = {gene.id: () for gene in genes}
    for name in ("prior_annotation", "similarity", "embedding_neighbours"):
        gathered = SOURCES.get(name)().gather(genes, view, found, Surroundings())
        for gene_id, items in gathered.items():
            found[gene_id] = (*found[gene_id], *items)
    for gene_id, items in found.items():
        answer[gene_id] = [(it.kind, it.reference, it.terms, it.metrics.pident) for it in items]
    return answer


def test_it_is_as_if_the_base_had_never_had_them():
    ours = seen(HeldOutView(FakeView(proteins=PROTEINS), HIDDEN), GENES)
    for gene in GENES:
        hidden = HIDDEN[gene.sequence_sha256].sequences
        rest = [one for one in PROTEINS if one.sequence_sha256 not in hidden]
        assert ours[gene.id] == seen(FakeView(proteins=rest), [gene])[gene.id]


def test_a_query_is_a_reference_of_others():
    items = seen(HeldOutView(FakeView(proteins=PROTEINS), HIDDEN), GENES)
    assert not {"protein:own", "protein:copy", "protein:kin"} & {it[1] for it in items["query 1"]}
    assert {"protein:own", "protein:copy", "protein:kin"} <= {it[1] for it in items["query 2"]}


def test_one_entry_is_hidden_and_its_copy_is_not():
    entries = frozenset({"own"})
    hidden = {SHA["own"]: Hidden(accessions=entries, shared=frozenset({SHA["own"]}))}
    items = seen(HeldOutView(FakeView(proteins=PROTEINS), hidden), GENES)
    rest = [one for one in PROTEINS if one.accession != "own"]
    assert items["query 1"] == seen(FakeView(proteins=rest), [GENES[0]])["query 1"]
    assert "protein:own" in {it[1] for it in items["query 2"]}


def test_an_entry_of_another_sequence_is_hidden_from_its_query_only():
    hidden = {SHA["own"]: Hidden(accessions=frozenset({"kin"}), shared=frozenset({SHA["kin"]}))}
    items = seen(HeldOutView(FakeView(proteins=PROTEINS), hidden), GENES)
    assert "protein:kin" not in {it[1] for it in items["query 1"]}
    assert "protein:kin" in {it[1] for it in items["query 2"]}


def test_as_many_hits_are_left_as_were_asked_for():
    view = HeldOutView(FakeView(proteins=PROTEINS), HIDDEN)
    queries = {SHA["own"]: KIN[0], SHA["other"]: KIN[1]}
    assert [len(hits) for hits in view.align(queries, 1).values()] == [1, 1]
    assert [len(hits) for hits in view.neighbours(queries, 2).values()] == [2, 2]


def test_stored_genes_of_the_own_sequence_are_hidden():
    genes = [Gene("stored", translation=KIN[0], product="lactase")]
    view = HeldOutView(FakeView(genes=genes), HIDDEN)
    assert view.genes_with(SHA["own"]) == ()
    assert [gene.id for gene in HeldOutView(FakeView(genes=genes), {}).genes_with(SHA["own"])]


def test_without_anything_hidden_it_is_the_view_itself():
    plain = FakeView(proteins=PROTEINS)
    assert seen(HeldOutView(plain, {}), GENES) == seen(plain, GENES)
    assert HeldOutView(plain, {}).residues == plain.residues


@pytest.mark.parametrize("name", [name for name in vars(KnowledgeView) if not name.startswith("_")])
def test_it_has_every_method_of_a_view(name):
    theirs, ours = getattr(KnowledgeView, name), getattr(HeldOutView, name)
    if isinstance(theirs, property):
        assert isinstance(ours, property)
    else:
        assert list(inspect.signature(ours).parameters) == list(
            inspect.signature(theirs).parameters
        )
