"""Search by words: BM25 of SQLite's FTS5 over the stored texts (Porter stems, k1 1.2, b 0.75)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

#: Letters and digits as FTS5's unicode61 tokenizer has them; all else parts tokens.
_TOKEN: Final = re.compile(r"[^\W_]+")
#: Words of a query that are used: a pasted page would otherwise match everything, slowly.
_MOST_WORDS: Final = 200
#: Parts of a compound word count on their own from this length on ("beta-galactosidase").
_SHORTEST_PART: Final = 3

#: English words that carry no topic. Dropped from a query only when other words are left.
_TOPICLESS: Final = """
    a about after all also an and any are as at be been between both but by can could did do
    does for from had has have how if in into is it its may more most no not of on only or other
    our over should so some such than that the their them then there these they this those
    through to under was we were what when where which while who why will with would you
"""
_STOP_WORDS: Final = frozenset(_TOPICLESS.split())


def match_expression(query: str) -> str:
    """Turn any text into an FTS5 expression: quoted phrases joined by OR, "" when it has no word.

    A word with inner punctuation (``3.2.1.23``, ``beta-galactosidase``) is a phrase; its longer
    alphabetic parts count on their own too.

    >>> match_expression('EC 3.2.1.23 of the "gut"')
    '"ec" OR "3 2 1 23" OR "gut"'
    """
    phrases: dict[str, None] = {}
    for word in query.lower().split():
        tokens = _TOKEN.findall(word)
        if tokens:
            phrases[" ".join(tokens)] = None
        if len(tokens) > 1:
            parts = (it for it in tokens if len(it) >= _SHORTEST_PART and it.isalpha())
            phrases.update(dict.fromkeys(parts))
    telling = [phrase for phrase in phrases if phrase not in _STOP_WORDS] or list(phrases)
    return " OR ".join(f'"{phrase}"' for phrase in telling[:_MOST_WORDS])


def search_words(
    connection: sqlite3.Connection,
    query: str,
    k: int,
    *,
    kinds: Sequence[str],
    include_retracted: bool = False,
) -> list[tuple[int, float]]:
    """Find the ``k`` best texts among ``kinds`` for any query text; never a syntax error.

    Returns (document row, BM25 score), higher is better, ties by row.
    """
    expression = match_expression(query)
    if not expression or not kinds:
        return []
    marks = ", ".join("?" * len(kinds))
    shown = "" if include_retracted else "AND NOT d.is_retracted"
    # Only question marks are put into the statement; all values are bound.
    statement = f"""
        SELECT f.rowid, -bm25(documents_fts) AS score
        FROM documents_fts AS f JOIN documents AS d ON d.id = f.rowid
        WHERE documents_fts MATCH ? AND d.kind IN ({marks}) {shown}
        ORDER BY score DESC, f.rowid LIMIT ?"""  # noqa: S608 - see above
    found = connection.execute(statement, (expression, *kinds, k))
    return [(int(row), float(score)) for row, score in found]
