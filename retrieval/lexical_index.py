"""Search by words: BM25 of SQLite's FTS5 over papers and over single texts (k1 1.2, b 0.75).

A paper is compared as a whole (title, abstract, what its record says it is about), a passage by
its own words: the first tells best which paper answers, the second where in it. Words are
compared by their stems; names (``tdcA``, ``BT_4294``, ``IL-6``) also as they are written, and
neighbouring words also as phrases, both as a bonus.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ingest.words import names, plain_words

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Sequence

#: Words, phrases and names of a query that are used: a pasted page would otherwise match
#: everything, slowly.
_MOST_TOKENS: Final = 100
#: Part of a phrase's or name's score that is added to the score of the words; chosen on the
#: training claims of SciFact (nDCG@10 .706 without, .709 with).
_BONUS: Final = 0.15
#: Part of the paper in the score of a passage, the rest is the passage's own (same claims: .70
#: for passages alone, .71 from .5 to .9).
_PAPER_PART: Final = 0.7

#: English words that carry no topic. Dropped from a query only when other words are left.
_TOPICLESS: Final = """
    a about after all also an and any are as at be been between both but by can could did do
    does for from had has have how if in into is it its may more most no not of on only or other
    our over should so some such than that the their them then there these they this those
    through to under was we were what when where which while who why will with would you
"""
_STOP_WORDS: Final = frozenset(_TOPICLESS.split())

#: FTS5 table -> the columns with words, and the weight of each column (title 2, names 3).
_COLUMNS: Final = {"documents_fts": "title text", "papers_fts": "title text about"}
_WEIGHTS: Final = {"documents_fts": "2.0, 1.0, 3.0", "papers_fts": "2.0, 1.0, 0.5, 3.0"}


@dataclass(frozen=True, slots=True)
class Wording:
    """What of a query is looked for: words, pairs of neighbours, names; each once, in order."""

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def main(self, columns: str) -> str:
        """The FTS5 expression of the words; "" when there is none."""
        return f"{{{columns}}} : ({_any(self.words)})" if self.words else ""

    def bonus(self, columns: str) -> str:
        """The FTS5 expression of phrases and names; "" when there is none."""
        parts = [f"{{{columns}}} : ({_any(self.phrases)})"] if self.phrases else []
        parts += [f"names : ({_any(self.names)})"] if self.names else []
        return " OR ".join(parts)


def wording_of(query: str) -> Wording:
    """Take a query apart.

    >>> wording_of("the lacZ of E. coli")
    Wording(words=('lacz', 'e', 'coli'), phrases=('e coli',), names=('lacz_', 'e.coli_'))
    """
    written = plain_words(query)
    telling = [word for word in written if word not in _STOP_WORDS] or written
    phrases = [f"{a} {b}" for a, b in pairwise(written) if not {a, b} & _STOP_WORDS]
    return Wording(_first(telling), _first(phrases), _first(names(query)))


def _first(tokens: Sequence[str]) -> tuple[str, ...]:
    # A lone surrogate cannot be bound; nothing stored has one.
    kept = dict.fromkeys(it.encode("utf-8", "ignore").decode() for it in tokens)
    return tuple(it for it in kept if it)[:_MOST_TOKENS]


def _any(tokens: Sequence[str]) -> str:
    return " OR ".join(f'"{token}"' for token in tokens)


def search_words(
    connection: sqlite3.Connection,
    query: str,
    k: int,
    *,
    kinds: Sequence[str],
    include_retracted: bool = False,
) -> list[tuple[int, float]]:
    """Find the ``k`` best texts among ``kinds`` for any query text; never a syntax error.

    Returns (document row, score), higher is better, ties by row.
    """
    wording = wording_of(query)
    if not wording.words or not kinds:
        return []
    texts = _texts(connection, wording, k, kinds, include_retracted=include_retracted)
    scores = {row: score for row, (score, _) in texts.items()}
    if "passage" in kinds:
        papers = _papers(connection, wording, k, include_retracted=include_retracted)
        found = {row: paper for row, (_, paper) in texts.items() if paper is not None}
        found |= _first_passages(connection, papers.keys() - found.values())
        for row, paper in found.items():
            own = (1 - _PAPER_PART) * scores.get(row, 0.0)
            scores[row] = own + _PAPER_PART * papers.get(paper, 0.0)
    return sorted(scores.items(), key=lambda it: (-it[1], it[0]))[:k]


def _texts(
    connection: sqlite3.Connection,
    wording: Wording,
    k: int,
    kinds: Sequence[str],
    *,
    include_retracted: bool,
) -> dict[int, tuple[float, int | None]]:
    """Score single texts by their own words: row -> (score, the paper's row)."""
    marks = ", ".join("?" * len(kinds))
    shown = "" if include_retracted else "AND NOT d.is_retracted"
    # Only question marks and our own names are put into the statement; all values are bound.
    statement = f"""
        SELECT f.rowid, -bm25(documents_fts, {_WEIGHTS["documents_fts"]}) AS score,
            d.publication_id
        FROM documents_fts AS f JOIN documents AS d ON d.id = f.rowid
        WHERE documents_fts MATCH ? AND d.kind IN ({marks}) {shown}
        ORDER BY score DESC, f.rowid LIMIT ?"""  # noqa: S608 - see above
    found: dict[int, tuple[float, int | None]] = {}
    for part, expression in _parts(wording, "documents_fts"):
        for row, score, paper in connection.execute(statement, (expression, *kinds, k)):
            found[row] = (found.get(row, (0.0, None))[0] + part * score, paper)
    return found


def _papers(
    connection: sqlite3.Connection, wording: Wording, k: int, *, include_retracted: bool
) -> dict[int, float]:
    """Score papers as a whole: row -> score."""
    shown = "" if include_retracted else "AND NOT p.is_retracted"
    statement = f"""
        SELECT f.rowid, -bm25(papers_fts, {_WEIGHTS["papers_fts"]}) AS score
        FROM papers_fts AS f JOIN publications AS p ON p.id = f.rowid
        WHERE papers_fts MATCH ? {shown}
        ORDER BY score DESC, f.rowid LIMIT ?"""  # noqa: S608 - our own names alone
    found: dict[int, float] = {}
    for part, expression in _parts(wording, "papers_fts"):
        for row, score in connection.execute(statement, (expression, k)):
            found[row] = found.get(row, 0.0) + part * score
    return found


def _parts(wording: Wording, table: str) -> list[tuple[float, str]]:
    columns = _COLUMNS[table]
    parts = [(1.0, wording.main(columns)), (_BONUS, wording.bonus(columns))]
    return [(part, expression) for part, expression in parts if expression]


def _first_passages(connection: sqlite3.Connection, papers: Collection[int]) -> dict[int, int]:
    """Return the first passage of each paper: passage row -> paper row."""
    rows = connection.execute(
        "SELECT MIN(id), publication_id FROM documents WHERE publication_id IN"
        " (SELECT value FROM json_each(?)) GROUP BY publication_id",
        (json.dumps(sorted(papers)),),
    )
    return {row[0]: row[1] for row in rows}
