"""What every evidence source must do. Subclass it and give the fixtures."""

from __future__ import annotations

import re

import pytest

from ingest.records import Gene
from ingest.vocab import ECO_AUTOMATIC
from retrieval.evidence import SOURCES
from retrieval.evidence.base import Surroundings
from retrieval.fake_view import FakeView

REFERENCE = re.compile(r"[^\s:]+:\S+")


class EvidenceSourceContract:
    """Tests for one source.

    ``view`` holds something on at least two of ``genes``; ``found`` is what earlier sources
    found, by gene id; ``texts`` are the texts that quotes may come from.
    """

    @pytest.fixture
    def source(self):
        raise NotImplementedError

    @pytest.fixture
    def view(self):
        raise NotImplementedError

    @pytest.fixture
    def genes(self):
        raise NotImplementedError

    @pytest.fixture
    def found(self):
        return {}

    @pytest.fixture
    def surroundings(self):
        return Surroundings()

    @pytest.fixture
    def texts(self):
        return ()

    @pytest.fixture
    def answer(self, source, genes, view, found, surroundings):
        return source.gather(genes, view, found, surroundings)

    def test_is_in_the_table_under_its_kind(self, source):
        assert SOURCES.get(source.kind) is type(source)

    def test_finds_something_for_two_genes_at_least(self, answer, genes):
        assert sum(bool(items) for items in answer.values()) >= 2
        assert set(answer) <= {gene.id for gene in genes}

    def test_no_genes_give_no_answer(self, source, view, found, surroundings):
        assert source.gather([], view, found, surroundings) == {}

    def test_an_empty_knowledge_base_gives_no_item_of_others(self, source, genes):
        for gene_id, items in source.gather(genes, FakeView(), {}, Surroundings()).items():
            assert all(item.gene_id == gene_id for item in items)

    def test_a_bare_gene_is_left_out(self, source, view, surroundings):
        bare = Gene(id="no such gene")
        assert not source.gather([bare], view, {}, surroundings).get(bare.id)

    def test_each_item_is_whole(self, source, answer):
        for gene_id, items in answer.items():
            for item in items:
                assert item.gene_id == gene_id
                assert item.kind == source.kind
                assert item.eco in set(ECO_AUTOMATIC.values())
                assert REFERENCE.fullmatch(item.reference), item.reference

    def test_statements_are_one_line_and_end_with_one_full_stop(self, answer):
        for items in answer.values():
            for item in items:
                assert "\n" not in item.statement
                assert item.statement.endswith(".")
                assert not item.statement.endswith("..")
                assert item.statement[0] == item.statement[0].upper()

    def test_items_of_a_gene_have_their_own_ids(self, answer):
        for items in answer.values():
            ids = [item.id for item in items]
            assert len(set(ids)) == len(ids)

    def test_quotes_are_verbatim_and_name_their_passage(self, answer, texts):
        for items in answer.values():
            for item in items:
                if item.quote:
                    assert item.passage_id
                    assert any(item.quote in text for text in texts)

    def test_a_gene_does_not_depend_on_its_batch(
        self, source, answer, genes, view, found, surroundings
    ):
        single = {}
        for gene in reversed(genes):
            single.update(source.gather([gene], view, found, surroundings))
        assert {key: list(items) for key, items in answer.items() if items} == {
            key: list(items) for key, items in single.items() if items
        }

    def test_the_same_call_gives_the_same_answer(
        self, source, answer, genes, view, found, surroundings
    ):
        assert source.gather(genes, view, found, surroundings) == answer
