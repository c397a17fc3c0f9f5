"""How much each word of a question tells: rare words of the knowledge base tell most.

"Which genes degrade inulin?" is about inulin: a text on the degradation of something else shares
a word with it and answers nothing. Words that only ask, misspelt or in another language, tell
nothing; a word that no text has tells most, so that nothing is found on what is not held.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from assistant.chat.question_words import FIELD, STOP, stem, words_of
from assistant.request_words import one_apart

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

_COUNTS: Final = (
    "SELECT COUNT(*) FROM papers_fts WHERE papers_fts MATCH ?",
    "SELECT COUNT(*) FROM entries_fts WHERE entries_fts MATCH ?",
)
#: Question words of other languages: where one stands, words that no text has only ask.
_FOREIGN: Final = frozenset(
    """
    welche welcher welches wie warum wann wieviel viele gibt ist sind der die das und bei von für
    quels quelles quelle quel comment pourquoi combien est sont les des une dans
    qué cuáles cuál cómo cuántos cuántas por los las una en del
    quali quale come perché quanti gli delle nella
    quais qual como quantos quantas são dos das
    """.split()  # noqa: SIM905 - a list of words reads better as a text
)
_LEAST_MISSPELT: Final = 4  # letters


def word_weights(question: str, connection: sqlite3.Connection) -> Mapping[str, float]:
    """Return the stems of a question's telling words, each with its weight (0 or more).

    Args:
        question: The question.
        connection: Of the store, whose papers and entries are counted.
    """
    words = words_of(question)
    chosen = (words - FIELD) or words
    foreign = is_foreign(question)
    counts = {word: _texts_with(word, connection) for word in sorted(chosen - _FOREIGN)}
    dull = {word for word, count in counts.items() if not count and (foreign or _asks(word))}
    if dull == set(counts):
        dull = set()
    total = connection.execute("SELECT COUNT(*) FROM publications").fetchone()[0]
    weights: dict[str, float] = {}
    for word, count in counts.items():
        if word not in dull:
            weight = math.log(1 + (total + 1) / (count + 1))
            weights[stem(word)] = max(weight, weights.get(stem(word), 0.0))
    return weights


def is_foreign(question: str) -> bool:
    """Tell whether a question has a question word of another language."""
    return bool({word.lower() for word in re.findall(r"\w+", question)} & _FOREIGN)


def _texts_with(word: str, connection: sqlite3.Connection) -> int:
    found = (connection.execute(query, (f'"{stem(word)}"*',)).fetchone()[0] for query in _COUNTS)
    papers, entries = found
    return int(papers or bool(entries))


def _asks(word: str) -> bool:
    """Tell whether a word is a misspelt word of questions or of the field."""
    known = (one for one in STOP | FIELD if len(one) >= _LEAST_MISSPELT)
    return len(word) >= _LEAST_MISSPELT and any(one_apart(word, one) for one in known)
