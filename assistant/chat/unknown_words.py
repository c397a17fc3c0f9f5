"""Words of a question that no text of the knowledge base has, and what may have been meant.

To say "no text here has the word astma; asthma?" is worth more than ten far-fetched hits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.chat.question_words import FIELD, STOP
from assistant.chat.word_weights import is_foreign
from ingest.words import plain_words
from retrieval.lexical_index import STOP_WORDS, wording_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator, Sequence

#: Shorter words are one letter from too many others.
_LEAST_SPELT: Final = 5
#: Longer ones are no words, and have too many neighbours to look for.
_MOST_SPELT: Final = 24
_SHOWN: Final = 40
_MOST_TOLD: Final = 6
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_AROUND: Final = " .,;:?!()[]{}\"'“”‘’"
_TOPICLESS: Final = STOP | FIELD | STOP_WORDS
#: More texts than these are as many: a common word's list is not read to its end.
_COUNTS: Final = (
    "SELECT COUNT(*) FROM (SELECT 1 FROM papers_fts WHERE papers_fts MATCH ? LIMIT 500)",
    "SELECT COUNT(*) FROM (SELECT 1 FROM entries_fts WHERE entries_fts MATCH ? LIMIT 500)",
)
_TEXTS: Final = "SELECT text || ' ' || title FROM papers_fts WHERE papers_fts MATCH ? LIMIT ?"
#: Words of the same stem, and texts with one of them.
_LOOKED_AT: Final = 8
_ENGLISH: Final = "The texts and the model that compares them are English: ask in English."


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word as it was written, and a word of the base that is one letter from it, or ""."""

    word: str
    meant: str = ""


def unknown_words(
    question: str, connection: sqlite3.Connection, but: Collection[str] = ()
) -> tuple[UnknownWord, ...]:
    """List the telling words of a question that no text has, in their order.

    Args:
        question: The question.
        connection: Of the store, whose papers and entries are looked into.
        but: Words that are found elsewhere, such as the genes of a run.
    """
    written = dict.fromkeys(word.strip(_AROUND) for word in question.split())
    asked = (word for word in written if word and word not in but and word[0] != "@")
    missing = [word for word in asked if not _is_known(word, connection)]
    return tuple(UnknownWord(word, _meant(word, connection)) for word in missing[:_MOST_TOLD])


def _is_known(word: str, connection: sqlite3.Connection) -> bool:
    """Tell whether a text has a word, or a form of it; an identifier counts whole."""
    wording = wording_of(word)
    if wording.identifiers:
        return any(_count(f'names : "{name}"', connection) for name in wording.identifiers)
    parts = [part for part in plain_words(word) if len(part) > 1]
    if not parts or {word.lower(), *parts} & _TOPICLESS:
        return True
    return bool(_count(f'"{" ".join(parts)}"', connection))


def _count(wanted: str, connection: sqlite3.Connection) -> int:
    """Count the texts with what is wanted, in FTS5's words."""
    return sum(connection.execute(query, (wanted,)).fetchone()[0] for query in _COUNTS)


def unknown_told(question: str, unknown: Sequence[UnknownWord]) -> str:
    """Say which words no text has, what may be meant, and that the texts are English.

    >>> unknown_told("probiotics in astma", [UnknownWord("astma", "asthma")])
    'No text of this knowledge base has the word “astma”. Did you mean “asthma”?'
    """
    if not unknown:
        return ""
    many = "s" if len(unknown) > 1 else ""
    told = (
        f"No text of this knowledge base has the word{many} {_quoted(it.word for it in unknown)}."
    )
    if meant := list(dict.fromkeys(it.meant for it in unknown if it.meant)):
        told += f" Did you mean {_quoted(meant)}?"
    elif is_foreign(question) or not question.isascii():
        told += f" {_ENGLISH}"
    return told


def _quoted(words: Iterable[str]) -> str:
    cut = (word if len(word) <= _SHOWN else f"{word[:_SHOWN]}…" for word in words)
    return ", ".join(f"“{word}”" for word in cut)


def _meant(word: str, connection: sqlite3.Connection) -> str:
    """Find the word one letter away that most texts have; the first of equals."""
    if not re.fullmatch(rf"[A-Za-z][a-z]{{{_LEAST_SPELT - 1},{_MOST_SPELT - 1}}}", word):
        return ""
    counts = {other: _count(f'"{other}"', connection) for other in _one_away(word.lower())}
    found = sorted((-count, other) for other, count in counts.items() if count)
    return next((other for _, other in found[:_LOOKED_AT] if _is_written(other, connection)), "")


def _is_written(word: str, connection: sqlite3.Connection) -> bool:
    """Tell whether a word stands somewhere as it is: the index knows stems only."""
    rows = connection.execute(_TEXTS, (f'"{word}"', _LOOKED_AT))
    return any(word in row[0].split() for row in rows)


def _one_away(word: str) -> Iterator[str]:
    """Yield what comes of one letter left out, put in, replaced, or two that change places."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield from (head + letter + tail for letter in _LETTERS)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in _LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def has_words(text: str) -> bool:
    """Tell whether there is anything in a text that can be looked for.

    >>> has_words("?!"), has_words("IL-6")
    (False, True)
    """
    return bool(plain_words(text))
