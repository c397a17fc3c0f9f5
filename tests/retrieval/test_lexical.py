"""Search by words: safe for any text, and BM25 as it is defined."""

from __future__ import annotations

import math
import sqlite3

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest import words
from ingest.schema import TABLES
from retrieval.filtering import NOTHING_HIDDEN, RETRACTED_HIDDEN
from retrieval.lexical_index import LexicalIndex, wording_of

TEXTS = [
    ("passage", "Gut bacteria", "Bacteroides degrades starch in the gut"),
    ("passage", "Milk sugar", "beta-galactosidase (EC 3.2.1.23) splits lactose"),
    ("passage", "Other enzyme", "an enzyme, EC 3.2.1.21, splits cellobiose"),
    ("protein", "Galactosidase", "lactase of Bacteroides"),
    ("passage", "Nothing", "words about the weather"),
    ("passage", "More", "and some other tale"),
]


PUBLICATION = (
    "INSERT INTO publications (id, source_id, title, abstract, sections, authors, journal, year,"
    " pmid, pmcid, doi, keywords, publication_types, is_preprint, mesh, chemicals, mentions, links,"
    " other_abstracts, language, license, version, revised, title_key, file_id, line) VALUES"
    " (?, '', ?, ?, '[]', '[]', '', '', '', '', '', '[]', '[]', 0, '[]', '[]', '[]', '[]', '[]',"
    " '', '', 1, '', '', 0, 0)"
)


def made_database(texts=TEXTS):
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    words.register(connection)
    connection.executescript(TABLES)
    for row, (kind, title, text) in enumerate(texts, start=1):
        is_paper = kind == "passage"
        if is_paper:
            connection.execute(PUBLICATION, (row, title, text))
        connection.execute(
            "INSERT INTO documents (document_id, kind, owner_id, title, text, publication_id)"
            " VALUES (?, ?, '', ?, ?, ?)",
            (f"doc-{row}", kind, title, text, row if is_paper else None),
        )
    return connection


@pytest.fixture(scope="module")
def database():
    return made_database()


def found(database, query, kinds=("passage", "protein"), hidden=RETRACTED_HIDDEN):
    index = LexicalIndex(database, hidden)
    return [row - 1 for row in index.search(wording_of(query), 10, kinds)]


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
    database.execute("UPDATE publications SET is_retracted = 1 WHERE id = 1")
    assert found(database, "starch") == []
    assert found(database, "starch", hidden=NOTHING_HIDDEN) == [0]


def test_removed_texts_are_not_found():
    database = made_database()
    database.execute("DELETE FROM documents WHERE id = 1")
    database.execute("DELETE FROM publications WHERE id = 1")
    assert found(database, "starch") == []


def bm25(frequency, length, mean, holding, count):
    """Okapi BM25 of one term (k1 1.2, b .75), from its formula."""
    idf = math.log((count - holding + 0.5) / (holding + 0.5))
    return idf * frequency * 2.2 / (frequency + 1.2 * (1 - 0.75 + 0.75 * length / mean))


def length(text):
    return len(words.plain_words(text)) + len(words.names(text))


def test_the_score_of_an_entry_is_bm25():
    entries = [("protein", title, text) for _, title, text in TEXTS]
    (score,) = (
        LexicalIndex(made_database(entries)).search(wording_of("starch"), 10, ["protein"]).values()
    )
    lengths = [length(f"{title} {text}") for _, title, text in TEXTS]
    expected = bm25(1, lengths[0], sum(lengths) / len(lengths), 1, len(lengths))
    assert score == pytest.approx(expected, rel=1e-3)


def test_the_score_of_a_passage_is_that_of_its_paper_and_its_own():
    papers = [(title, text) for kind, title, text in TEXTS if kind == "passage"]
    database = made_database([("passage", *it) for it in papers])
    (score,) = LexicalIndex(database).search(wording_of("starch"), 10, ["passage"]).values()
    own = [length(text) for _, text in papers]
    whole = [length(f"{title} {text}") for title, text in papers]
    expected = 0.3 * bm25(1, own[0], sum(own) / len(own), 1, len(own))
    expected += 0.7 * bm25(1, whole[0], sum(whole) / len(whole), 1, len(whole))
    assert score == pytest.approx(expected, rel=1e-3)


def test_a_name_as_it_is_written_counts_more_than_its_parts():
    pieces = ("passage", "One", "the gene bt of plasmid 4294 and others that have no name")
    named = ("passage", "Two", "the gene BT4294 of a long plasmid and others that have no name")
    others = [("passage", f"Nr {n}", f"words on weather {n}") for n in range(9)]
    assert found(made_database([pieces, named, *others]), "BT_4294")[0] == 1


def test_neighbours_in_the_question_count_as_a_phrase():
    apart = ("passage", "One", "acid is not bile and salt")
    close = ("passage", "Two", "salt and not bile acid is")
    others = [("passage", f"Nr {n}", f"words on weather {n}") for n in range(9)]
    assert found(made_database([apart, close, *others]), "bile acid") == [1, 0]


def test_words_that_tell_texts_from_others(database):
    index = LexicalIndex(database)
    texts = ["starch of the gut and weather", "starch in a gut, with sus"]
    assert sorted(index.telling_words(texts, 2)) == ["gut", "starch"]


@settings(deadline=None)
@given(st.text())
@example('" OR * NEAR(a b) col:x ^y -z {a b}: AND NOT "')
@example("a\x00b")
@example("\ud800 \u0301 \U0001e900 ﬀ ß 𝟘")
@example("title:starch")
@example(" ".join(f"w{n}-x{n}" for n in range(3000)))
def test_no_text_is_a_syntax_error(database, text):
    LexicalIndex(database).search(wording_of(text), 5, ["passage", "protein"])


@given(st.text())
def test_only_quoted_phrases_of_words(text):
    wording = wording_of(text)
    for token in (*wording.words, *wording.phrases, *wording.names):
        assert '"' not in token
        assert token.strip() == token != ""
