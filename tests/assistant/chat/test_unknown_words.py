"""Words that no text has, and how long it may take to find what was meant."""

import time

import pytest

from assistant.chat.unknown_words import unknown_words
from tests.retrieval.bases import PAPERS, empty_base, jsonl, written


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    folder = tmp_path_factory.mktemp("words")
    with empty_base(folder / "kb") as base:
        base.add(written(folder / "in", papers__jsonl=jsonl(PAPERS)))
        yield base.facts.connection


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Which bacteria degrade starch?", []),
        ("degraded starches", []),  # forms of words that a text has
        ("Which bacteria degrade inulin?", ["inulin"]),
        ("Does it bind TNF-α?", ["bind", "TNF-α"]),
        ("@GENE_1 and starch", []),
        ('"starch" NOT (AND) *', []),
    ],
)
def test_words_of_no_text(connection, question, words):
    assert [it.word for it in unknown_words(question, connection)] == words


def test_what_is_found_elsewhere_is_left_out(connection):
    assert not unknown_words("lorem and starch", connection, but={"lorem"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("strach", "starch"), ("starh", "starch"), ("xstarch", "starch"), ("qqqqqq", ""), ("sta", "")],
)
def test_one_letter_away(connection, typed, meant):
    (word,) = unknown_words(typed, connection)
    assert word.meant == meant


def test_a_very_long_word_costs_nothing(connection):
    began = time.perf_counter()
    unknown_words("x" * 100_000, connection)
    assert time.perf_counter() - began < 0.5
