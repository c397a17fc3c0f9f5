"""Hybrid search over texts: ranked by meaning, words and synonyms, given as hits or as papers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ingest.store_reader import StoreReader
from retrieval.entity_search import EntityLabels
from retrieval.expansion import Expander
from retrieval.search_options import SearchOptions
from retrieval.showing import shown_hits
from retrieval.text_ranking import TextRanker

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from ingest.records import Publication
    from retrieval.expansion import Expansion
    from retrieval.fusion import Fused
    from retrieval.hits import TextHit, TextKind
    from retrieval.spaces import SpaceEmbedder
    from retrieval.vector_index import VectorIndex

_DEFAULTS: Final = SearchOptions()


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
        self.dense_off = ""

    def search(
        self,
        queries: Sequence[str],
        k: int,
        kinds: Sequence[TextKind],
        options: SearchOptions = _DEFAULTS,
    ) -> list[list[TextHit]]:
        """Find the ``k`` best texts of each query among ``kinds``; none for an empty query.

        Raises:
            UserError: Search by meaning alone is asked for, and there is nothing to do it with.
        """
        if not _holds_texts(self._connection, kinds):
            return [[] for _ in queries]
        found = []
        ranker = self._ranker(kinds, options)
        for query, fused in zip(queries, self._ranked(queries, ranker), strict=True):
            used = any(it.expansion is not None for it in fused)
            told = self.expansions(query, options) if used else []
            synonyms = [name for it in told for name in it.synonyms]
            hits = shown_hits(
                fused,
                k,
                reader=self._reader,
                options=options,
                synonyms=synonyms,
                labels=EntityLabels(self._connection, ranker.question(query)),
            )
            found.append(hits)
        return found

    def expansions(self, query: str, options: SearchOptions = _DEFAULTS) -> list[Expansion]:
        """List the entities of a question that are looked for under other names too."""
        is_used = options.expand and options.mode != "dense"
        return Expander(self._connection).expansions(query) if is_used else []

    def rank_documents(self, query: str, kinds: Sequence[TextKind]) -> list[Fused]:
        """Rank the texts themselves, by their row ids, best first."""
        filters = replace(_DEFAULTS.filters, include_retracted=True)
        ranker = self._ranker(kinds, replace(_DEFAULTS, filters=filters))
        return next(self._ranked([query], ranker))

    def rank_publications(
        self, queries: Sequence[str], k: int, options: SearchOptions = _DEFAULTS
    ) -> list[list[tuple[str, float]]]:
        """Rank papers for each query by their best passage: (the source's own id, score).

        Papers without an id of their own go by PMID, then DOI.
        """
        ranker = self._ranker(["passage"], options)
        return [self._papers(fused, k) for fused in self._ranked(queries, ranker)]

    def _ranker(self, kinds: Sequence[TextKind], options: SearchOptions) -> TextRanker:
        return TextRanker(
            self._connection, self._index, self._embedder, kinds=kinds, options=options
        )

    def _ranked(self, queries: Sequence[str], ranker: TextRanker) -> Iterator[list[Fused]]:
        yield from ranker.ranked(queries)
        self.dense_off = ranker.dense_off

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
