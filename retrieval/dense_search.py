"""Search by meaning: vectors of questions against those of the stored texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ingest.errors import KnowledgeBaseError, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.embedders.base import Vectors
    from retrieval.spaces import SpaceEmbedder
    from retrieval.vector_index import Ids, VectorIndex

#: How far feedback moves a question towards the texts that it found (Rocchio's beta; chosen on
#: the training claims of SciFact).
_FEEDBACK: Final = 0.3
_WITHOUT: Final = (
    "this base goes without a text embedder"
    " (metalumen rebuild KB --text-embedder minilm gives it one)"
)


class DenseSearch:
    """Search the text space; ``off`` says why there is nothing to search with, "" if there is.

    Args:
        index: The vectors.
        embedder: What made them; loaded on first use.
    """

    def __init__(self, index: VectorIndex, embedder: SpaceEmbedder) -> None:
        """Load nothing yet."""
        self._index = index
        self._embedder = embedder
        self.off = ""

    def vectors(self, queries: Sequence[str], kinds: Sequence[str]) -> Vectors | None:
        """Embed questions; None where no text has a vector, or where the embedder is missing.

        Raises:
            EmbedderMismatchError: The embedder is not the one that made the vectors.
        """
        if self._embedder.is_off:
            self.off = _WITHOUT
            return None
        if not self._index.holds(kinds):
            return None
        try:
            return self._embedder.embed_queries(queries)
        except KnowledgeBaseError:
            raise
        except UserError as error:  # the weights are not on this machine
            self.off = error.what
            return None

    def search(
        self, vectors: Vectors, k: int, kinds: Sequence[str], hidden: Ids
    ) -> list[dict[int, float]]:
        """Find the ``k`` nearest texts of each question: document row -> cosine."""
        excluded = hidden if len(hidden) else None
        scores, ids = self._index.search(vectors, k, kinds=kinds, excluded=excluded)
        return [
            dict(zip(row[row >= 0].tolist(), its_scores[row >= 0].tolist(), strict=True))
            for row, its_scores in zip(ids, scores, strict=True)
        ]

    def moved(self, vector: Vectors, texts: Sequence[str]) -> Vectors:
        """Move a question towards texts that answer it; shape (1, dim), unit norm."""
        mean = self._embedder.get().embed_documents(texts).mean(axis=0)
        fresh = vector + _FEEDBACK * mean / np.linalg.norm(mean)
        return np.asarray(fresh / np.linalg.norm(fresh), dtype=np.float32).reshape(1, -1)
