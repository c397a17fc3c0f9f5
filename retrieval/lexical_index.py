"""Search by words: BM25 of SQLite's FTS5 over papers and over single texts (k1 1.2, b 0.75).

A paper is compared as a whole (title, abstract, what its record says it is about), a passage by
its own words: the first tells best which paper answers, the second where in it. Words are
compared by their stems; names (``tdcA``, ``BT_4294``, ``IL-6``) also as they are written, and
neighbouring words also as phrases, both as a bonus.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from ingest.store_rows import to_json
from ingest.words import identifiers, names, plain_words
from retrieval.common_words import CommonWords
from retrieval.filtering import RETRACTED_HIDDEN

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from retrieval.filtering import Hidden

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
STOP_WORDS: Final = frozenset(_TOPICLESS.split())


@dataclass(frozen=True, slots=True)
class _Index:
    """A full-text index: its columns of words, and the weight of each column (names last)."""

    table: str
    columns: str
    weights: str


_PAPERS: Final = _Index("papers_fts", "title text about", "2.0, 1.0, 0.5, 3.0")
_PASSAGES: Final = _Index("passages_fts", "text", "1.0, 3.0")
_ENTRIES: Final = _Index("entries_fts", "title text", "2.0, 1.0, 3.0")


@dataclass(frozen=True, slots=True)
class Wording:
    """What of a query is looked for: words, pairs of neighbours, names; each once, in order.

    ``identifiers`` are names that stand in the place of words.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()

    def within(self, index: _Index, common: CommonWords) -> Wording:
        """Leave out what a large collection has too often."""
        words = common.affordable(self.words, partial(_within, index))
        return Wording(
            words,
            common.without_costly(self.phrases, words),
            common.affordable(self.names, _named),
            common.affordable(self.identifiers, _named),
        )

    def expressions(self, index: _Index) -> Iterator[tuple[float, str]]:
        """Yield FTS5 expressions, each with its part in the score."""
        wanted = [_within(index, self.words)] if self.words else []
        wanted += [_named(self.identifiers)] if self.identifiers else []
        if wanted:
            yield 1.0, " OR ".join(wanted)
        bonus = [_named(self.names)] if self.names else []
        # Phrases tell about the paper as a whole; in each passage again they cost too much time.
        if self.phrases and index is not _PASSAGES:
            bonus.append(_within(index, self.phrases))
        if bonus:
            yield _BONUS, " OR ".join(bonus)


def wording_of(query: str) -> Wording:
    """Take a query apart.

    >>> wording_of("the lacZ of E. coli").words
    ('lacz', 'e', 'coli')
    >>> wording_of("the lacZ of E. coli").names
    ('lacz_', 'e.coli_')
    """
    written = plain_words(query)
    exact = identifiers(query)
    pieces = {piece for its in exact.values() for piece in its}
    telling = [word for word in written if word not in STOP_WORDS | pieces]
    telling = telling or ([] if exact else written)
    phrases = [f"{a} {b}" for a, b in pairwise(written) if not {a, b} & STOP_WORDS]
    return Wording(_first(telling), _first(phrases), _first(names(query)), _first(exact))


def synonym_wording(synonyms: Iterable[str]) -> Wording:
    """Look for names: each as a phrase, in the place of words."""
    return Wording(_first(" ".join(plain_words(synonym)) for synonym in synonyms))


def _first(tokens: Iterable[str]) -> tuple[str, ...]:
    # A lone surrogate cannot be bound; nothing stored has one.
    kept = dict.fromkeys(it.encode("utf-8", "ignore").decode() for it in tokens)
    return tuple(it for it in kept if it)[:_MOST_TOKENS]


def _within(index: _Index, tokens: Sequence[str]) -> str:
    return f"{{{index.columns}}} : ({_any(tokens)})"


def _named(tokens: Sequence[str]) -> str:
    return f"names : ({_any(tokens)})"


def _any(tokens: Sequence[str]) -> str:
    return " OR ".join(f'"{token}"' for token in tokens)


class LexicalIndex:
    """Search the full-text indexes of a store.

    Args:
        connection: A connection for reading.
        hidden: What may not be found.
    """

    def __init__(self, connection: sqlite3.Connection, hidden: Hidden = RETRACTED_HIDDEN) -> None:
        """Keep the connection and what is hidden."""
        self._connection = connection
        self._hidden = hidden
        self._common: dict[str, CommonWords] = {}

    def search(self, wording: Wording, k: int, kinds: Collection[str]) -> dict[int, float]:
        """Find the ``k`` best texts among ``kinds``: document row -> score, higher is better.

        Best first, ties by row.
        """
        found: dict[int, float] = {}
        if "passage" in kinds:
            found |= self._passages(wording, k)
        others = [kind for kind in kinds if kind != "passage"]
        if others:
            found |= self._scores(wording, _ENTRIES, k, kinds=others)
        return dict(sorted(found.items(), key=lambda it: (-it[1], it[0]))[:k])

    def _passages(self, wording: Wording, k: int) -> dict[int, float]:
        """Score passages by their paper and by their own words."""
        papers = self._scores(wording, _PAPERS, k)
        own = self._scores(wording, _PASSAGES, k)
        paper_of = self._papers_of(own)
        paper_of |= self._first_passages(papers.keys() - paper_of.values())
        return {
            row: _PAPER_PART * papers.get(paper, 0.0) + (1 - _PAPER_PART) * own.get(row, 0.0)
            for row, paper in paper_of.items()
        }

    def _scores(
        self, wording: Wording, index: _Index, k: int, *, kinds: Sequence[str] = ()
    ) -> dict[int, float]:
        hidden = self._hidden.papers if index is _PAPERS else self._hidden.texts
        marks = ", ".join("?" * len(kinds))
        # Only question marks and our own names are put into the statement; all values are bound.
        of_kind = f"rowid IN (SELECT id FROM documents WHERE kind IN ({marks}))"  # noqa: S608
        kept = f"AND {of_kind}" if kinds else ""
        among = self._among(wording, index)
        if among:  # the plus keeps SQLite from matching anew for each of them
            kept += f" AND +rowid IN (SELECT rowid FROM {index.table} WHERE {index.table} MATCH ?)"  # noqa: S608
        statement = f"""
            SELECT rowid, -bm25({index.table}, {index.weights}) AS score FROM {index.table}
            WHERE {index.table} MATCH ? AND rowid NOT IN ({hidden}) {kept}
            ORDER BY score DESC, rowid LIMIT ?"""  # noqa: S608 - see above
        found: dict[int, float] = {}
        for part, expression in wording.expressions(index):
            values = (expression, *self._hidden.values, *kinds, *among, k)
            its = dict(self._pairs(statement, values))
            if not found:
                found = {row: part * score for row, score in its.items()}
                continue
            for row, score in its.items():
                found[row] = found.get(row, 0.0) + part * score
        return found

    def _pairs(self, statement: str, values: Sequence[object]) -> list[tuple[int, Any]]:
        """Fetch rows of two values, as tuples: rows with names take twice as long."""
        cursor = self._connection.cursor()
        cursor.row_factory = None
        return cursor.execute(statement, values).fetchall()

    def _among(self, wording: Wording, index: _Index) -> tuple[str, ...]:
        """Return the expression of the texts that are scored, or nothing where all of them are."""
        affordable = wording.within(index, self._common_in(index))
        expressions = [it for _, it in affordable.expressions(index)]
        return () if affordable == wording or not expressions else (" OR ".join(expressions),)

    def _common_in(self, index: _Index) -> CommonWords:
        if index.table not in self._common:
            self._common[index.table] = CommonWords(self._connection, index.table)
        return self._common[index.table]

    def _papers_of(self, rows: Collection[int]) -> dict[int, int]:
        query = (
            "SELECT id, publication_id FROM documents"
            " WHERE id IN (SELECT value FROM json_each(?)) AND publication_id IS NOT NULL"
        )
        return dict(self._pairs(query, (to_json(sorted(rows)),)))

    def _first_passages(self, papers: Collection[int]) -> dict[int, int]:
        """Return the first passage of each paper: passage row -> paper row."""
        query = (
            "SELECT MIN(id), publication_id FROM documents"
            " WHERE publication_id IN (SELECT value FROM json_each(?)) GROUP BY publication_id"
        )
        return dict(self._pairs(query, (to_json(sorted(papers)),)))

    def telling_words(self, texts: Sequence[str], most: int) -> list[str]:
        """Choose the words that tell texts on one subject from all papers, best first.

        By how many of the texts have a word, times its rarity among all papers (RM3 with equal
        weights of the texts, Abdul-Jaleel et al. 2004).
        """
        counts = Counter(word for text in texts for word in set(plain_words(text)))
        often = [(word, n) for word, n in counts.items() if n > 1 and self._is_telling(word)]
        often.sort(key=lambda it: (-it[1], it[0]))
        weighed = [
            (n / (1 + self.papers_with_any([word])) ** 0.5, word) for word, n in often[: 4 * most]
        ]
        return [word for _, word in sorted(weighed, key=lambda it: (-it[0], it[1]))[:most]]

    def _is_telling(self, word: str) -> bool:
        return len(word) > 2 and word not in STOP_WORDS and not word.isdigit()

    def papers_with_any(self, names: Iterable[str]) -> int:
        """Count the papers that have one of these names, whether they may be found or not."""
        phrases = synonym_wording(names).words
        if not phrases:
            return 0
        query = "SELECT COUNT(*) FROM papers_fts WHERE papers_fts MATCH ?"
        return int(self._connection.execute(query, (_within(_PAPERS, phrases),)).fetchone()[0])

    @cached_property
    def papers(self) -> int:
        """How many papers there are, whether they may be found or not."""
        return int(self._connection.execute("SELECT COUNT(*) FROM publications").fetchone()[0])
