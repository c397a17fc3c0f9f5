"""Large collections leave out the commonest words of a question; small ones never."""

import sqlite3

import pytest

from retrieval import common_words
from retrieval.common_words import CommonWords
from retrieval.lexical_index import LexicalIndex, wording_of
from tests.retrieval.test_lexical import made_database


def expression(tokens):
    return " OR ".join(f'"{token}"' for token in tokens)


@pytest.fixture
def common():
    """Of 40 texts all say cell, half say gene, five say protease, one says digoxin."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE texts USING fts5 (text)")
    for number in range(40):
        words = ["cell"] + ["gene"] * (number % 2) + ["protease"] * (number % 8 == 3)
        words += ["digoxin"] * (number == 7)
        connection.execute("INSERT INTO texts VALUES (?)", (" ".join(words),))
    yield CommonWords(connection, "texts")
    connection.close()


@pytest.fixture
def large(monkeypatch):
    monkeypatch.setattr(common_words, "SMALL", 10)
    monkeypatch.setattr(common_words, "BUDGET", 20)


WORDS = ("cell", "digoxin", "gene", "protease")


def test_a_small_collection_affords_every_word(common):
    assert common.affordable(WORDS, expression) == WORDS
    assert common.without_costly(["cell gene"], ["digoxin"]) == ("cell gene",)


@pytest.mark.usefixtures("large")
class TestLarge:
    def test_the_rarest_words_are_kept_in_their_order(self, common):
        assert common.affordable(WORDS, expression) == ("digoxin", "protease")

    def test_what_fits_the_budget_together_is_kept(self, common, monkeypatch):
        monkeypatch.setattr(common_words, "BUDGET", 26)
        assert common.affordable(WORDS, expression) == ("digoxin", "gene", "protease")

    def test_the_rarest_of_common_words_is_always_kept(self, common, monkeypatch):
        monkeypatch.setattr(common_words, "BUDGET", 3)
        assert common.affordable(("cell", "gene"), expression) in {("cell",), ("gene",)}
        assert common.affordable(("cell",), expression) == ("cell",)
        assert common.affordable(("nowhere", "cell"), expression) == ("nowhere", "cell")

    def test_words_that_are_nowhere_cost_nothing(self, common):
        assert common.affordable(("cell", "nowhere", "gene"), expression) == ("nowhere", "gene")

    def test_phrases_of_words_left_out_are_left_out(self, common):
        phrases = ["cell gene", "gene protease"]
        assert common.without_costly(phrases, ["digoxin", "protease"]) == ("gene protease",)

    def test_nothing_is_asked_for_nothing(self, common):
        assert common.affordable((), expression) == ()


def test_a_large_collection_scores_texts_with_rarer_words_as_ever(monkeypatch):
    texts = [("passage", f"Paper {n}", "cells and genes of the gut") for n in range(12)]
    texts += [("passage", "Drug", "digoxin in cells"), ("passage", "Enzyme", "protease genes")]
    database = made_database(texts)
    query = wording_of("digoxin protease genes cells")
    every = LexicalIndex(database).search(query, 20, ["passage"])
    monkeypatch.setattr(common_words, "SMALL", 2)
    monkeypatch.setattr(common_words, "BUDGET", 3)
    some = LexicalIndex(database).search(query, 20, ["passage"])
    assert len(every) == 14
    assert some == {row: every[row] for row in (13, 14)}
    database.close()
