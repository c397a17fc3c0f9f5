"""A search for a person: the hits, which of them are weak, and what else is to be said.

A search orders what there is; it never says that there is nothing. This says which hits share
too little with the question, which of its words no text has, what the filters left, and which
retracted papers were left out.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.chat.extract import best_sentence, is_relevant
from assistant.chat.papers_named import (
    paper_held,
    paper_references,
    short_citation,
    without_references,
)
from assistant.chat.retracted import retracted_on
from assistant.chat.unknown_words import has_words, unknown_told, unknown_words
from assistant.chat.word_weights import word_weights
from assistant.paper_states import paper_years
from ingest.errors import UserError
from retrieval.asked import entities_asked
from retrieval.evidence.wording import counted
from retrieval.hits import TextHit
from retrieval.search_options import SearchOptions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

    from ingest.records import Publication
    from retrieval.knowledge_base import KnowledgeBase
    from retrieval.search_options import Filters

#: Passages this near to the question in meaning are not weak, whatever their words.
_NEAR: Final = 0.5
_MOST_NAMED: Final = 8
_TYPES: Final = (
    "SELECT value, COUNT(*) AS papers FROM publications, json_each(publication_types)"
    " GROUP BY LOWER(value) ORDER BY papers DESC, value"
)
_DEFAULTS: Final = SearchOptions()


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    ``weak`` are the ids of hits that share little with the question, ``notes`` what is to be said
    in sentences, ``sentences`` the part of a hit's text that has most of the question, by its id.
    ``citations`` are first author, year and journal, by the id of the paper (``owner_id``).
    ``is_lookup``: papers were asked for by their identifiers.
    """

    hits: tuple[TextHit, ...]
    weak: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    sentences: Mapping[str, str] = dataclasses.field(default_factory=dict)
    citations: Mapping[str, str] = dataclasses.field(default_factory=dict)
    is_lookup: bool = False


def find(
    base: KnowledgeBase,
    text: str,
    k: int = 10,
    scope: str = "all",
    options: SearchOptions = _DEFAULTS,
) -> Found:
    """Search, and judge what came.

    A text that is nothing but identifiers of papers (PMID, PMCID, DOI) gives these papers.

    Raises:
        UserError: There is no word in the text, no such scope, or the years are the wrong way.
    """
    _check(text, options.filters)
    named = paper_references(text)
    if named and not has_words(without_references(text)):
        return _papers(base.facts.connection, named)
    notes = []
    if options.filters.choose and scope == "all":
        scope = "literature"
        notes.append("Filters are for papers: searched in literature.")
    hits = base.search(text, k, scope, options)
    connection = base.facts.connection
    weights = word_weights(text, connection)
    weak = _weak(text, weights, hits, connection)
    notes += _weak_told(hits, weak)
    if told := unknown_told(text, unknown_words(text, connection)):
        notes.append(told)
    notes += _filters_told(connection, options.filters, hits)
    if scope in {"all", "literature"} and not options.filters.include_retracted:
        notes += _retracted_told(base, text, k, options, weights)
    sentences = {hit.id: best_sentence(weights, hit.text) for hit in hits}
    papers = {hit.owner_id: base.publication(hit.owner_id) for hit in hits if hit.kind == "passage"}
    citations = {name: short_citation(paper) for name, paper in papers.items() if paper}
    return Found(tuple(hits), weak, tuple(notes), sentences, citations)


def _check(text: str, filters: Filters) -> None:
    if not text.strip():
        raise UserError("the TEXT is empty", where="search", hint="Say what to look for")
    if not has_words(text):
        what = "there is no letter or digit in the TEXT"
        raise UserError(what, where="search", hint="Say what to look for")
    first, last = filters.year_from, filters.year_to
    if first and last and first > last:
        what = f"no paper is of {first} or later and of {last} or earlier"
        raise UserError(what, where="search", hint="Change --year-from or --year-to")


def _papers(connection: sqlite3.Connection, references: Sequence[str]) -> Found:
    """Return the papers that are held; say which are not."""
    held = {name: paper_held(name, connection) for name in references}
    papers = {paper.id: paper for paper in held.values() if paper}
    notes = tuple(
        f"{name} is not in this knowledge base." for name, paper in held.items() if not paper
    )
    hits = tuple(_hit(paper) for paper in papers.values())
    citations = {it.id: short_citation(it) for it in papers.values()}
    return Found(hits, notes=notes, citations=citations, is_lookup=True)


def _hit(paper: Publication) -> TextHit:
    return TextHit(
        id=paper.id,
        kind="passage",
        owner_id=paper.id,
        reference=paper.reference,
        source_id=paper.source_id,
        title=paper.title,
        text=paper.abstract,
        section="abstract" if paper.abstract else "",
        end=len(paper.abstract),
        year=paper.year,
        is_retracted=paper.is_retracted,
        has_concern=paper.has_concern,
        is_preprint=paper.is_preprint,
        status_note=paper.status_note,
        score=1.0,
    )


def _weak(
    text: str,
    weights: Mapping[str, float],
    hits: Sequence[TextHit],
    connection: sqlite3.Connection,
) -> frozenset[str]:
    """Choose the hits that share little: a question of names alone needs the names."""
    question = entities_asked(text, connection)
    numbers = [it.found.lower() for it in question.asked if it.is_number]
    needs_names = question.is_pure and bool(numbers)
    return frozenset(
        hit.id
        for hit in hits
        if not _is_by_name(hit, numbers) and (needs_names or not _is_near(weights, hit))
    )


def _is_by_name(hit: TextHit, numbers: Sequence[str]) -> bool:
    """Tell a hit that has what is named: by tag, under another name, or as it is written."""
    if hit.asked_for or hit.synonyms or hit.why == "by its name":
        return True
    written = f"{hit.title} {hit.text} {hit.reference}".lower()
    return any(number in written for number in numbers)


def _is_near(weights: Mapping[str, float], hit: TextHit) -> bool:
    # Short descriptions of proteins and rows are near to anything; passages are not.
    is_near = hit.kind == "passage" and (hit.dense or 0.0) >= _NEAR
    return is_near or is_relevant(weights, hit)


def _weak_told(hits: Sequence[TextHit], weak: frozenset[str]) -> Iterator[str]:
    if hits and len(weak) == len(hits):
        yield (
            "Nothing in this knowledge base clearly speaks of this: all hits are weak (they share"
            " little with the question)."
        )


def _filters_told(
    connection: sqlite3.Connection, filters: Filters, hits: Sequence[TextHit]
) -> Iterator[str]:
    """Say why filters may have left nothing."""
    if hits or not filters.choose:
        return
    yield "No paper passes the filters and has anything of this; without them there may be some."
    if filters.year_from or filters.year_to:
        first, last = paper_years(connection)
        if first:
            yield f"Papers of this knowledge base are of {first} to {last}."
    if filters.publication_type and (types := types_held(connection)[:_MOST_NAMED]):
        yield f"Types of papers here: {'; '.join(types)}."


def types_held(connection: sqlite3.Connection) -> list[str]:
    """List the types of the stored papers, the commonest first."""
    return [row[0] for row in connection.execute(_TYPES)]


def _retracted_told(
    base: KnowledgeBase,
    text: str,
    k: int,
    options: SearchOptions,
    weights: Mapping[str, float],
) -> Iterator[str]:
    """Name the retracted papers that would have been among the hits."""
    if left_out := retracted_on(base, text, k, options, weights):
        named = ", ".join(left_out[:_MOST_NAMED])
        are = "was" if len(left_out) == 1 else "were"
        count = counted(len(left_out), "retracted paper")
        yield f"{count} on this {are} left out: {named} (--include-retracted shows them)."
