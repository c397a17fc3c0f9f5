"""Hybrid search over texts: by meaning and by words, fused into one ranking."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from ingest.store_reader import StoreReader
from retrieval.documents import feature_summary
from retrieval.fusion import convex
from retrieval.hits import TextHit
from retrieval.lexical_index import search_words

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from ingest.records import Publication
    from ingest.store_rows import Document
    from retrieval.fusion import Fused
    from retrieval.hits import TextKind
    from retrieval.spaces import SpaceEmbedder
    from retrieval.vector_index import Ids, VectorIndex

#: Texts that each search gives to the fusion; fixed, so that a ranking does not depend on k.
DEPTH: Final = 1000
#: Passages of one paper that are shown (OpenScholar: max_per_paper 3).
PASSAGES_PER_PAPER: Final = 3
#: Queries embedded and searched at once: bounds memory.
_BATCH: Final = 64


class TextSearch:
    """Search the texts of a store.

    Args:
        connection: A connection for reading.
        index: The text space.
        embedder: The text space's embedder; it is loaded when there is something to compare.
    """

    def __init__(
        self, connection: sqlite3.Connection, index: VectorIndex, embedder: SpaceEmbedder
    ) -> None:
        """Keep the parts."""
        self._connection = connection
        self._reader = StoreReader(connection)
        self._index = index
        self._embedder = embedder

    def search(
        self,
        queries: Sequence[str],
        k: int,
        kinds: Sequence[TextKind],
        *,
        per_paper: int = PASSAGES_PER_PAPER,
        include_retracted: bool = False,
    ) -> list[list[TextHit]]:
        """Find the ``k`` best texts of each query among ``kinds``; none for an empty query."""
        ranked = self._ranked(queries, kinds, include_retracted=include_retracted)
        return [self._hits(self._thinned(fused, per_paper), k) for fused in ranked]

    def rank_documents(self, query: str, kinds: Sequence[TextKind]) -> list[Fused]:
        """Rank the texts themselves, by their row ids, best first."""
        return next(self._ranked([query], kinds, include_retracted=True))

    def rank_publications(self, queries: Sequence[str], k: int) -> list[list[tuple[str, float]]]:
        """Rank papers by their best passage: (the source's own id, score), best first.

        Papers without an id of their own go by PMID, then DOI. Retracted ones are left out.
        """
        return [
            self._papers(fused, k)
            for fused in self._ranked(queries, ["passage"], include_retracted=False)
        ]

    def _ranked(
        self, queries: Sequence[str], kinds: Sequence[TextKind], *, include_retracted: bool
    ) -> Iterator[list[Fused]]:
        if not _holds_texts(self._connection, kinds):
            yield from ([] for _ in queries)
            return
        retracted = [] if include_retracted else self._reader.retracted_rows()
        excluded = np.array(retracted, dtype=np.int64)
        for start in range(0, len(queries), _BATCH):
            batch = queries[start : start + _BATCH]
            near = self._dense(batch, kinds, excluded)
            for query, dense in zip(batch, near, strict=True):
                words = search_words(
                    self._connection, query, DEPTH, kinds=kinds, include_retracted=include_retracted
                )
                yield convex(dense, dict(words)) if query.strip() else []

    def _dense(
        self, queries: Sequence[str], kinds: Sequence[TextKind], excluded: Ids
    ) -> list[dict[int, float]]:
        if not self._index.holds(kinds):
            return [{} for _ in queries]
        vectors = self._embedder.get().embed_queries(queries)
        hidden = excluded if len(excluded) else None
        scores, ids = self._index.search(vectors, DEPTH, kinds=kinds, excluded=hidden)
        return [
            {int(i): float(score) for i, score in zip(row, its_scores, strict=True) if i >= 0}
            for row, its_scores in zip(ids, scores, strict=True)
        ]

    def _thinned(self, fused: Sequence[Fused], most: int) -> Iterator[Fused]:
        """Let at most ``most`` passages of a paper through."""
        papers = self._reader.papers_of([it.id for it in fused])
        seen: dict[int, int] = {}
        for it in fused:
            paper = papers.get(it.id)
            if paper is not None:
                seen[paper] = seen.get(paper, 0) + 1
            if paper is None or seen[paper] <= most:
                yield it

    def _hits(self, fused: Iterator[Fused], k: int) -> list[TextHit]:
        best = [it for it, _ in zip(fused, range(k), strict=False)]
        documents = self._reader.documents_at([it.id for it in best])
        rows = [paper for _, paper in documents.values() if paper is not None]
        papers = self._reader.publications_at(rows)
        hits = []
        for it in best:
            if it.id not in documents:  # removed by another process since the search
                continue
            document, row = documents[it.id]
            paper = papers.get(row) if row is not None else None
            hits.append(self._hit(it, document, paper))
        return hits

    def _hit(self, fused: Fused, document: Document, paper: Publication | None) -> TextHit:
        owner = document.owner_id
        hit = TextHit(
            id=document.id,
            kind=document.kind,
            owner_id=paper.id if paper else owner,
            reference=paper.reference if paper else owner,
            source_id=paper.source_id if paper else owner,
            title=document.title,
            text=self._shown(fused.id, document),
            section=document.section,
            start=document.start,
            end=document.end,
            score=fused.score,
            dense=fused.dense,
            lexical=fused.lexical,
        )
        if paper is None:
            return hit
        return replace(hit, year=paper.year, is_retracted=paper.is_retracted)

    def _shown(self, row: int, document: Document) -> str:
        """Return a text as it is shown: features get their numbers of today, a bare name itself."""
        if document.kind != "feature":
            return document.text or document.title
        summary = feature_summary(self._reader.features_described_by(row))
        return f"{document.text}: {summary}" if summary else document.text

    def _papers(self, fused: Sequence[Fused], k: int) -> list[tuple[str, float]]:
        paper_of = self._reader.papers_of([it.id for it in fused])
        best: dict[int, float] = {}
        for it in fused:  # best first
            if it.id in paper_of and len(best) < k:
                best.setdefault(paper_of[it.id], it.score)
        papers = self._reader.publications_at(list(best))
        return [(_own_id(papers[row]), score) for row, score in best.items()]


def _holds_texts(connection: sqlite3.Connection, kinds: Sequence[str]) -> bool:
    """Tell whether there is a text of one of these kinds.

    To ask is cheap, and a search by words is not, even for nothing: it scores texts of all kinds.
    """
    marks = ", ".join("?" * len(kinds))
    # Only question marks are put into the statement; all values are bound.
    statement = f"SELECT EXISTS (SELECT 1 FROM documents WHERE kind IN ({marks}))"  # noqa: S608 - see above
    return bool(connection.execute(statement, tuple(kinds)).fetchone()[0])


def _own_id(paper: Publication) -> str:
    return paper.source_id or paper.pmid or paper.doi or paper.id
