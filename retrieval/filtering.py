"""Filters as SQL: which papers and passages a search may not find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.words import plain_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.search_options import Filters


@dataclass(frozen=True, slots=True)
class Hidden:
    """Two subqueries that list what may not be found, and the values of both.

    ``papers`` gives rows of publications, ``texts`` rows of documents.
    """

    papers: str
    texts: str
    values: tuple[object, ...] = ()


NOTHING_HIDDEN: Final = Hidden("SELECT NULL WHERE 0", "SELECT NULL WHERE 0")
#: Both are answered from partial indexes.
RETRACTED_HIDDEN: Final = Hidden(
    "SELECT id FROM publications WHERE is_retracted", "SELECT id FROM documents WHERE is_retracted"
)


def hidden_by(filters: Filters, taxon_names: Sequence[str] = ()) -> Hidden:
    """Say what the filters hide; ``taxon_names`` are the asked-for taxon's names, old and new."""
    if not filters.choose:
        return NOTHING_HIDDEN if filters.include_retracted else RETRACTED_HIDDEN
    conditions, values = [], []
    for condition, value in _conditions(filters, taxon_names):
        conditions.append(condition)
        values.append(value)
    retracted = "" if filters.include_retracted else "p.is_retracted OR "
    # Only our own conditions are put into the statement; all values are bound.
    papers = f"SELECT p.id FROM publications AS p WHERE {retracted}NOT ({' AND '.join(conditions)})"  # noqa: S608
    texts = f"SELECT id FROM documents WHERE publication_id IN ({papers})"  # noqa: S608
    return Hidden(papers, texts, tuple(values))


def _conditions(filters: Filters, taxon_names: Sequence[str]) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    if filters.year_from:
        found.append(("CAST(p.year AS INTEGER) >= ?", filters.year_from))
    if filters.year_to:
        found.append(("p.year != '' AND CAST(p.year AS INTEGER) <= ?", filters.year_to))
    if filters.publication_type:
        has_type = (
            "EXISTS (SELECT 1 FROM json_each(p.publication_types) WHERE LOWER(value) = LOWER(?))"
        )
        found.append((has_type, filters.publication_type))
    if filters.taxon:
        wanted = (filters.taxon, *taxon_names)
        phrases = dict.fromkeys(" ".join(plain_words(name)) for name in wanted)
        expression = " OR ".join(f'"{phrase}"' for phrase in phrases if phrase) or '""'
        matching = "p.id IN (SELECT rowid FROM papers_fts WHERE papers_fts MATCH ?)"
        found.append((matching, expression))
    return found
