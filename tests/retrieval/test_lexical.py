"""Search by words: safe for any text, and BM25 as it is defined."""

from __future__ import annotations

import math
import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest import words
from ingest.schema import TABLES
from retrieval.lexical_index import search_words, wording_of

TEXTS = [
    ("passage", "Gut bacteria", "Bacteroides degrades starch in the gut"),
    ("passage", "Milk sugar", "beta-galactosidase (EC 3.2.1.23) splits lactose"),
    ("passage", "Other enzyme", "an enzyme, EC 3.2.1.21, splits cellobiose"),
    ("protein", "Galactosidase", "lactase of Bacteroides"),
    ("passage", "Nothing", "words about the weather"),
    ("passage", "More", "and some other tale"),
]


def made_database(texts=TEXTS):
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    words.register(connection)
    connection.executescript(TABLES)
    rows = [(f"doc-{n}", kind, title, text) for n, (kind, title, text) in enumerate(texts)]
    connection.executemany(
        "INSERT INTO documents (document_id, kind, owner_id, title, text) VALUES (?, ?, '', ?, ?)",
        rows,
    )
    return connection


@pytest.fixture(scope="module")
def database():
    return made_database()


def found(database, query, kinds=("passage", "protein"), **options):
    return [row - 1 for row, _ in search_words(database, query, 10, kinds=kinds, **options)]


def test_finds_words_and_stems(database):
    assert found(database, "degrading starches") == [0]
    assert set(found(database, "lactase, lactose!")) == {1, 3}


def test_an_ec_number_is_a_phrase(database):
    assert found(database, "3.2.1.23") == [1]


def test_a_compound_word_matches_its_long_parts_too(database):
    assert found(database, "beta-galactosidase")[0] == 1
    assert 3 in found(database, "beta-galactosidase")


def test_kinds_are_kept_apart(database):
    assert found(database, "Bacteroides", kinds=["protein"]) == [3]
    assert found(database, "Bacteroides", kinds=["passage"]) == [0]
    assert found(database, "Bacteroides", kinds=[]) == []


def test_stop_words_count_only_when_nothing_else_is_there(database):
    assert found(database, "the starch") == [0]
    assert wording_of("to be or not to be").words == ("to", "be", "or", "not")


def test_retracted_texts_are_left_out():
    database = made_database()
    database.execute("UPDATE documents SET is_retracted = 1 WHERE id = 1")
    assert found(database, "starch") == []
    assert found(database, "starch", include_retracted=True) == [0]


def test_removed_texts_are_not_found():
    database = made_database()
    database.execute("DELETE FROM documents WHERE id = 1")
    assert found(database, "starch") == []


def test_the_score_is_bm25():
    """Okapi BM25 (k1 1.2, b .75) of one term, from its formula."""
    database = made_database()
    ((_, score),) = search_words(database, "starch", 10, kinds=["passage"])
    tokens = [len(words.plain_words(f"{a} {b}") + words.names(f"{a} {b}")) for _, a, b in TEXTS]
    mean = sum(tokens) / len(tokens)
    idf = math.log((len(TEXTS) - 1 + 0.5) / (1 + 0.5))
    expected = idf * (1 * 2.2) / (1 + 1.2 * (1 - 0.75 + 0.75 * tokens[0] / mean))
    assert score == pytest.approx(expected, rel=1e-3)


@given(st.text())
@example('" OR * NEAR(a b) col:x ^y -z {a b}: AND NOT "')
@example("a\x00b")
@example("\ud800 \u0301 \U0001e900 ﬀ ß 𝟘")
@example("title:starch")
@example(" ".join(f"w{n}-x{n}" for n in range(3000)))
def test_no_text_is_a_syntax_error(database, text):
    search_words(database, text, 5, kinds=["passage"])


@given(st.text())
def test_only_quoted_phrases_of_words(text):
    wording = wording_of(text)
    for token in (*wording.words, *wording.phrases, *wording.names):
        assert '"' not in token
        assert token.strip() == token != ""
