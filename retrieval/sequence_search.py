"""Search protein sequences in the embedding space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrieval.hits import SequenceHit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.store_reader import StoreReader
    from retrieval.spaces import SpaceEmbedder
    from retrieval.vector_index import VectorIndex


def nearest(
    sequences: Sequence[str],
    k: int,
    kinds: Sequence[str],
    *,
    index: VectorIndex,
    embedder: SpaceEmbedder,
    reader: StoreReader,
) -> list[list[SequenceHit]]:
    """Find the ``k`` nearest stored sequences of each query; none for an empty one.

    Equal queries are embedded once.
    """
    rows = {sequence: n for n, sequence in enumerate(dict.fromkeys(filter(None, sequences)))}
    if not rows or not index.holds(kinds):
        return [[] for _ in sequences]
    scores, ids = index.search(embedder.get().embed_queries(list(rows)), k, kinds=kinds)
    hashes = reader.sequence_hashes([int(i) for i in np.unique(ids) if i >= 0])
    hits = [
        [
            SequenceHit(hashes[int(i)], float(score))
            for i, score in zip(its_ids, its_scores, strict=True)
            if int(i) in hashes
        ]
        for its_ids, its_scores in zip(ids, scores, strict=True)
    ]
    return [list(hits[rows[sequence]]) if sequence else [] for sequence in sequences]
