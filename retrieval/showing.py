"""Turn ranked texts into hits: what is shown of each, few of a paper, one of equal ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ingest.words import plain_words
from retrieval.documents import feature_summary
from retrieval.folding import say_the_same, shingles, thinned
from retrieval.hits import TextHit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.records import Publication
    from ingest.store_reader import StoreReader
    from ingest.store_rows import Document
    from retrieval.entity_search import EntityLabels
    from retrieval.fusion import Fused
    from retrieval.search_options import SearchOptions

#: Texts read at once beyond those that are still wanted.
_AHEAD: Final = 4
#: Best texts that hits are taken from, at least and for each hit that is wanted: a full text has
#: dozens of passages, of which three are shown.
_LOOKED_AT: Final = 200
_LOOKED_AT_EACH: Final = 20


def shown_hits(
    fused: Sequence[Fused],
    k: int,
    *,
    reader: StoreReader,
    options: SearchOptions,
    synonyms: Sequence[str] = (),
    labels: EntityLabels | None = None,
) -> list[TextHit]:
    """Return the ``k`` best hits: thinned by paper, equal passages folded into the first of them.

    A preprint or earlier version gives way where its article is among the texts found.
    """
    # Looking up the paper of every text that was ranked would take longer than the search.
    fused = fused[: max(_LOOKED_AT, _LOOKED_AT_EACH * k)]
    papers = reader.papers_of([it.id for it in fused])
    older = reader.superseded(sorted(set(papers.values())))
    found = set(papers.values())
    hidden = {row for row, newer in older.items() if newer in found}
    kept: list[TextHit] = []
    seen: list[frozenset[tuple[str, ...]]] = []
    few = thinned(fused, papers, options.per_paper, hidden)
    for hit in _hits(few, k, reader, synonyms, labels=labels):
        own = shingles(hit.text) if options.fold and hit.kind == "passage" else frozenset()
        twin = next((n for n, other in enumerate(seen) if say_the_same(own, other)), None)
        if twin is not None:
            kept[twin] = _with_twin(kept[twin], hit)
        elif len(kept) < k:
            kept.append(hit)
            seen.append(own)
        else:
            break
    return kept


def _with_twin(hit: TextHit, twin: TextHit) -> TextHit:
    if twin.reference == hit.reference or twin.reference in hit.also_in:
        return hit
    return replace(hit, also_in=(*hit.also_in, twin.reference))


def _hits(
    fused: Iterator[Fused],
    k: int,
    reader: StoreReader,
    synonyms: Sequence[str],
    *,
    labels: EntityLabels | None,
) -> Iterator[TextHit]:
    """Read the texts a few at a time, as they are asked for."""
    while batch := [it for it, _ in zip(fused, range(k + _AHEAD), strict=False)]:
        documents = reader.documents_at([it.id for it in batch])
        rows = [paper for _, paper in documents.values() if paper is not None]
        papers = reader.publications_at(rows)
        named = labels.of(rows) if labels else {}
        for it in batch:
            if it.id not in documents:  # removed by another process since the search
                continue
            document, row = documents[it.id]
            paper = papers.get(row) if row is not None else None
            hit = _hit(it, _shown(reader, it.id, document), document, paper, synonyms)
            entities, asked_for = named.get(row or 0, ((), ()))
            yield replace(hit, entities=entities, asked_for=asked_for)


def _hit(
    fused: Fused, text: str, document: Document, paper: Publication | None, synonyms: Sequence[str]
) -> TextHit:
    owner = document.owner_id
    hit = TextHit(
        id=document.id,
        kind=document.kind,
        owner_id=paper.id if paper else owner,
        reference=paper.reference if paper else owner,
        source_id=paper.source_id if paper else owner,
        title=document.title,
        text=text,
        section=document.section,
        start=document.start,
        end=document.end,
        score=fused.score,
        dense=fused.dense,
        lexical=fused.lexical,
        expansion=fused.expansion,
        rerank=fused.rerank,
    )
    if fused.expansion is not None:
        whole = f"{document.title} {text} {paper.abstract if paper else ''}"
        hit = replace(hit, synonyms=_present(synonyms, whole))
    if paper is None:
        return hit
    return replace(
        hit,
        year=paper.year,
        is_retracted=paper.is_retracted,
        has_concern=paper.has_concern,
        is_preprint=paper.is_preprint,
        status_note=paper.status_note,
    )


def _present(synonyms: Sequence[str], text: str) -> tuple[str, ...]:
    words = f" {' '.join(plain_words(text))} "
    return tuple(it for it in synonyms if f" {' '.join(plain_words(it))} " in words)


def _shown(reader: StoreReader, row: int, document: Document) -> str:
    """Return a text as it is shown: features get their numbers of today, a bare name itself."""
    if document.kind != "feature":
        return document.text or document.title
    summary = feature_summary(reader.features_described_by(row))
    return f"{document.text}: {summary}" if summary else document.text
