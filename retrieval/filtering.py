"""Filters as SQL: which papers and passages a search may not find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.store_rows import to_json

if TYPE_CHECKING:
    from retrieval.search_options import Filters
    from retrieval.taxon_filter import TaxonPapers


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


def hidden_by(filters: Filters, taxon: TaxonPapers | None = None) -> Hidden:
    """Say what the filters hide; ``taxon`` tells the papers on the taxon that is asked for."""
    if not filters.choose:
        return NOTHING_HIDDEN if filters.include_retracted else RETRACTED_HIDDEN
    conditions, values = [], []
    for condition, value in _conditions(filters, taxon):
        conditions.append(condition)
        values.append(value)
    retracted = "" if filters.include_retracted else "p.is_retracted OR "
    # Only our own conditions are put into the statement; all values are bound.
    papers = f"SELECT p.id FROM publications AS p WHERE {retracted}NOT ({' AND '.join(conditions)})"  # noqa: S608
    texts = f"SELECT id FROM documents WHERE publication_id IN ({papers})"  # noqa: S608
    return Hidden(papers, texts, tuple(values))


def _conditions(filters: Filters, taxon: TaxonPapers | None) -> list[tuple[str, object]]:
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
    if taxon:
        found.append(_on_taxon(taxon))
    return found


def _on_taxon(taxon: TaxonPapers) -> tuple[str, object]:
    if taxon.keys:
        tagged = (
            "p.id IN (SELECT publication_id FROM publication_entities"
            " WHERE key IN (SELECT value FROM json_each(?)))"
        )
        return tagged, to_json(taxon.keys)
    matching = "p.id IN (SELECT rowid FROM papers_fts WHERE papers_fts MATCH ?)"
    return matching, " OR ".join(f'"{phrase}"' for phrase in taxon.phrases) or '""'
