"""Literature: which sentences count, and that they are said to be on a name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.records import Gene, Provenance, Publication
from retrieval.evidence.base import Evidence, Metrics, Surroundings, Terms
from retrieval.evidence.literature import MOST_ITEMS, MOST_MENTIONS, Literature
from retrieval.fake_view import FakeView
from tests.contracts.evidence_source import EvidenceSourceContract

LEVODOPA = Publication(
    "1",
    "Gut bacterial tyrosine decarboxylases restrict levels of levodopa",
    "Patients respond differently to levodopa. Bacterial tyrosine decarboxylase converts "
    "levodopa to dopamine. This lowers the plasma level.",
    year="2019",
    pmid="1001",
)
ORNITHINE = Publication(
    "2", "Ornithine", "A bacterial ornithine decarboxylase makes putrescine.", pmid="2"
)
SYMBOL = Publication("3", "An operon", "We deleted tdcA. Enterococcus lost its operon.", pmid="3")
TYRAMINE = Terms("Tyrosine decarboxylase", "tdcA", ("4.1.1.25",))


def similar(gene_id, terms=TYRAMINE, pmids=(), reference="UniProtKB:P12345"):
    return Evidence(
        *(gene_id, "similarity", "ECO:0000249", "Similar.", reference, terms),
        taxon="Enterococcus",
        pmids=pmids,
    )


def gather(*publications, earlier=None):
    view = FakeView(publications=publications)
    found = {"g1": earlier or [similar("g1")]}
    return Literature().gather([Gene("g1")], view, found, Surroundings()).get("g1", [])


class TestContract(EvidenceSourceContract):
    @pytest.fixture
    def source(self):
        return Literature()

    @pytest.fixture
    def genes(self):
        return [Gene("g1"), Gene("g2"), Gene("g3")]

    @pytest.fixture
    def view(self):
        return FakeView(publications=[LEVODOPA, ORNITHINE, SYMBOL])

    @pytest.fixture
    def found(self):
        ornithine = Terms("Ornithine decarboxylase")
        return {
            "g1": [similar("g1")],
            "g2": [similar("g2", ornithine, ("3",))],
            "g3": [similar("g3", Terms("Lactase"))],
        }

    @pytest.fixture
    def texts(self):
        return [LEVODOPA.abstract, ORNITHINE.abstract, SYMBOL.abstract]


def test_quote_statement_and_reference():
    (item,) = gather(LEVODOPA)
    assert item.quote == "Bacterial tyrosine decarboxylase converts levodopa to dopamine."
    assert item.statement == (
        "A paper on Tyrosine decarboxylase"
        ' ("Gut bacterial tyrosine decarboxylases restrict levels of levodopa", 2019;'
        " found by this term, not by the gene itself) says:"
        ' "Bacterial tyrosine decarboxylase converts levodopa to dopamine".'
    )
    assert item.reference == "PMID:1001"
    assert item.terms == Terms()
    assert 0 < item.metrics.relevance <= 1


def test_a_passing_mention_is_called_one():
    (item,) = gather(SYMBOL)
    assert item.statement.startswith("A paper that mentions the gene symbol tdcA (")
    assert item.quote == "We deleted tdcA."


def test_a_paper_without_the_term_is_left_out():
    assert gather(ORNITHINE) == []


def test_no_function_no_literature():
    assert gather(LEVODOPA, earlier=[similar("g1", Terms())]) == []
    assert gather(LEVODOPA, earlier=[similar("g1", Terms("oxidoreductase"))]) == []


def test_one_sentence_a_paper_and_five_papers():
    abstract = "Tyrosine decarboxylase is bacterial. " * 60
    papers = [
        Publication(str(n), f"Tyrosine decarboxylase {n}", abstract, pmid=str(n + 100))
        for n in range(9)
    ]
    items = gather(*papers)
    assert len(items) == MOST_ITEMS
    assert len({item.reference for item in items}) == MOST_ITEMS


def test_cited_papers_come_first_and_say_who_cites_them():
    cited = Publication("9", "Purification", "The tyrosine decarboxylase was pure.", pmid="9")
    items = gather(LEVODOPA, cited, earlier=[similar("g1", pmids=("9",))])
    assert [item.reference for item in items] == ["PMID:9", "PMID:1001"]
    assert "cited by the similar protein UniProtKB:P12345, not on the gene" in items[0].statement


def test_a_cited_paper_counts_however_many_others_are_cited_before_it():
    cited = replace(LEVODOPA, pmid="77")
    earlier = [similar("g1", pmids=(*(str(n) for n in range(5000, 5040)), "77"))]
    (item,) = gather(cited, earlier=earlier)
    assert "cited by the similar protein UniProtKB:P12345" in item.statement


def test_a_cited_paper_on_something_else_is_left_out():
    genome = Publication("9", "A genome", "We sequenced a genome.", pmid="9")
    assert gather(genome, earlier=[similar("g1", pmids=("9",))]) == []


def test_retracted_papers_are_left_out():
    retracted = Publication("1", LEVODOPA.title, LEVODOPA.abstract, pmid="1001", is_retracted=True)
    assert gather(retracted, earlier=[similar("g1", pmids=("1001",))]) == []


def test_one_batch_call_for_all_genes():
    view = FakeView(publications=[LEVODOPA])
    genes = [Gene(f"g{n}") for n in range(4)]
    found = {gene.id: [similar(gene.id)] for gene in genes}
    answer = Literature().gather(genes, view, found, Surroundings())
    assert view.calls["search_texts"] == 1
    assert len(answer) == 4


def test_an_enzyme_of_that_name_outside_microbes_is_left_out():
    text = "Tyrosine decarboxylase in the human brain."
    papers = [Publication(str(n), title, text) for n, title in enumerate(["Brain", text])]
    assert gather(*papers) == []


def test_a_title_is_no_finding():
    assert gather(Publication("5", "Bacterial tyrosine decarboxylase", pmid="5")) == []


def test_a_match_of_one_domain_asks_for_nothing():
    domain = replace(similar("g1"), metrics=Metrics(qcov=0.3, scov=0.9))
    assert gather(LEVODOPA, earlier=[domain]) == []
    whole = replace(similar("g1"), metrics=Metrics(qcov=0.9, scov=0.9))
    assert len(gather(LEVODOPA, earlier=[whole])) == 1


def test_passing_mentions_are_few():
    abstract = "Tyrosine decarboxylase is bacterial."
    papers = [Publication(str(n), f"Paper {n}", abstract, pmid=str(n)) for n in range(9)]
    assert len(gather(*papers)) == MOST_MENTIONS


def test_an_enzyme_of_the_host_in_a_study_of_microbiota_is_left_out():
    text = "The gut microbiota changed. Tyrosine decarboxylase of the liver rose."
    assert gather(Publication("6", "Hens and their microbiota", text, pmid="6")) == []


def test_the_file_of_a_paper_is_told_and_an_id_of_the_file_is_no_public_one():
    provenance = Provenance("papers.jsonl", "1" * 64, "literature_jsonl", 7)
    (item,) = gather(replace(LEVODOPA, source_id="card 7", pmid="", provenance=provenance))
    assert item.provenance == provenance
    assert item.reference == "Paper:card_7"
