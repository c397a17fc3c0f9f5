"""Rank the texts of a store for questions: by meaning, by words, by synonyms, fused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from ingest.errors import UserError
from ingest.store_reader import StoreReader
from retrieval.asked import Question
from retrieval.dense_search import DenseSearch
from retrieval.documents import embedding_text
from retrieval.entity_search import EntitySearch
from retrieval.expansion import Expander
from retrieval.filtering import hidden_by
from retrieval.folding import thinned
from retrieval.fusion import by_ranks, convex
from retrieval.lexical_index import LexicalIndex, Wording, wording_of
from retrieval.rerank import DEPTH as RERANK_DEPTH
from retrieval.rerank import load_reranker, reordered
from retrieval.synonym_search import search_by_names
from retrieval.taxon_filter import papers_on
from retrieval.threads import thread_count

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from retrieval.embedders.base import Vectors
    from retrieval.fusion import Fused
    from retrieval.hits import TextKind
    from retrieval.search_options import SearchOptions
    from retrieval.spaces import SpaceEmbedder
    from retrieval.vector_index import Ids, VectorIndex

#: Texts that each search gives to the fusion; fixed, so that a ranking does not depend on k.
DEPTH: Final = 1000
#: Queries embedded and searched at once: bounds memory.
_BATCH: Final = 64
#: Best texts that feedback takes as answers (for meaning; for words), and the words it takes.
_ANSWERS: Final = 3
_ANSWERS_FOR_WORDS: Final = 5
_FEEDBACK_WORDS: Final = 10
#: Part of the feedback words' score that is added to that of the question's own.
_FEEDBACK_PART: Final = 0.2


@dataclass(slots=True)
class _Found:
    """What each search found for one question: document row -> score."""

    near: dict[int, float]
    words: dict[int, float]
    synonyms: dict[int, float]

    def fused(self, mode: str) -> list[Fused]:
        """Put the lists together."""
        fuse = by_ranks if mode == "rrf" else convex
        return fuse(self.near, self.words, self.synonyms)


class TextRanker:
    """Rank texts under one set of options.

    Args:
        connection: A connection for reading.
        index: The text space.
        embedder: The text space's embedder; it is loaded when there is something to compare.
        kinds: Kinds of texts that are looked for.
        options: How to search.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        index: VectorIndex,
        embedder: SpaceEmbedder,
        *,
        kinds: Sequence[TextKind],
        options: SearchOptions,
    ) -> None:
        """Work out what the filters hide."""
        self._reader = StoreReader(connection)
        self._expander = Expander(connection)
        self._dense = DenseSearch(index, embedder)
        self._kinds = kinds
        self._options = options
        hidden = hidden_by(options.filters, papers_on(options.filters.taxon, connection))
        self._lexical = LexicalIndex(connection, hidden)
        self._entities = EntitySearch(connection, hidden)
        self._questions: dict[str, Question] = {}
        rows = connection.execute(hidden.texts, hidden.values)
        self._hidden: Ids = np.array(sorted(row[0] for row in rows), dtype=np.int64)

    @property
    def dense_off(self) -> str:
        """Why search went by words alone; "" when it did not."""
        return self._dense.off

    def ranked(self, queries: Sequence[str]) -> Iterator[list[Fused]]:
        """Rank the texts for each question, best first; nothing for an empty one.

        Raises:
            UserError: Search by meaning alone is asked for, and there is nothing to do it with.
        """
        for start in range(0, len(queries), _BATCH):
            batch = queries[start : start + _BATCH]
            vectors, near, words = self._found(batch)
            for place, query in enumerate(batch):
                vector = None if vectors is None else vectors[place]
                found = _Found(near[place], words[place], {})
                yield self._answer(query, found, vector) if query.strip() else []

    def _found(
        self, queries: Sequence[str]
    ) -> tuple[Vectors | None, list[dict[int, float]], list[dict[int, float]]]:
        """Search by meaning and by words, side by side where there are threads for both."""
        if thread_count() < 2 or self._options.mode in {"dense", "lexical"}:
            return *self._by_meaning(queries), self._all_by_words(queries)
        with ThreadPoolExecutor(1) as other:  # the connection stays in this thread
            meaning = other.submit(self._by_meaning, queries)
            words = self._all_by_words(queries)
            return *meaning.result(), words

    def _by_meaning(self, queries: Sequence[str]) -> tuple[Vectors | None, list[dict[int, float]]]:
        vectors = self._vectors(queries)
        if vectors is None:
            return None, [{} for _ in queries]
        return vectors, self._dense.search(vectors, DEPTH, self._kinds, self._hidden)

    def _all_by_words(self, queries: Sequence[str]) -> list[dict[int, float]]:
        if self._options.mode == "dense":
            return [{} for _ in queries]
        return [self._by_words(wording_of(query)) if query.strip() else {} for query in queries]

    def _vectors(self, queries: Sequence[str]) -> Vectors | None:
        mode = self._options.mode
        vectors = None if mode == "lexical" else self._dense.vectors(queries, self._kinds)
        if vectors is None and mode == "dense" and self._dense.off:
            what = f"search by meaning is not possible: {self._dense.off}"
            raise UserError(what, hint="Search with --mode lexical")
        return vectors

    def _answer(self, query: str, found: _Found, vector: Vectors | None) -> list[Fused]:
        if self._options.mode != "dense":
            names = self._expander.expansions(query) if self._options.expand else []
            found.synonyms = search_by_names(self._lexical, names, DEPTH, self._kinds)
        question = self.question(query)
        if question.is_pure:  # the other names are as good as the one that was written
            for row, score in found.synonyms.items():
                found.words[row] = max(score, found.words.get(row, 0.0))
        fused = found.fused(self._options.mode)
        if self._options.feedback and fused:
            self._feed_back(found, fused, vector)
            fused = found.fused(self._options.mode)
        if question.is_ranked_by_tags:
            fused = self._entities.ranked(fused, question)
        return self._reranked(query, fused)

    def question(self, query: str) -> Question:
        """Find the entities of a question, unless search goes without names or for no papers."""
        is_used = self._options.expand and self._options.mode != "dense"
        if not is_used or "passage" not in self._kinds:
            return Question()
        if query not in self._questions:
            self._questions[query] = self._entities.question(query)
        return self._questions[query]

    def _by_words(self, wording: Wording) -> dict[int, float]:
        return self._lexical.search(wording, DEPTH, self._kinds)

    def _feed_back(self, found: _Found, fused: Sequence[Fused], vector: Vectors | None) -> None:
        """Search again with what the best texts say, each of another paper."""
        papers = self._reader.papers_of([it.id for it in fused])
        best = [
            it for it, _ in zip(thinned(fused, papers, 1), range(_ANSWERS_FOR_WORDS), strict=False)
        ]
        texts = list(self._texts(best).values())
        if vector is not None:
            moved = self._dense.moved(vector, texts[:_ANSWERS])
            found.near = self._dense.search(moved, DEPTH, self._kinds, self._hidden)[0]
        if self._options.mode != "dense":
            telling = self._lexical.telling_words(texts, _FEEDBACK_WORDS)
            for row, score in self._by_words(Wording(tuple(telling))).items():
                found.words[row] = found.words.get(row, 0.0) + _FEEDBACK_PART * score

    def _reranked(self, query: str, fused: list[Fused]) -> list[Fused]:
        if not self._options.reranker or not fused:
            return fused
        texts = self._texts(fused[:RERANK_DEPTH])
        scores = load_reranker(self._options.reranker).scores(query, list(texts.values()))
        return reordered(fused, dict(zip(texts, scores, strict=True)))

    def _texts(self, fused: Sequence[Fused]) -> dict[int, str]:
        documents = self._reader.documents_at([it.id for it in fused])
        return {
            it.id: embedding_text(documents[it.id][0].title, documents[it.id][0].text)
            for it in fused
            if it.id in documents
        }
