"""How good rankings are against relevance judgements: the figures that BEIR reports.

A ranking lists document ids, best first. Judgements map document ids to grades; a grade of 0 or
less means judged and not relevant. The definitions are those of trec_eval: linear gain.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assistant.evaluation.metrics import Floats

    Judgements = Mapping[str, int]
    Ranking = Sequence[str]

#: Ranks that each figure looks at.
NDCG_DEPTH: Final = 10
RECALL_DEPTH: Final = 100
MRR_DEPTH: Final = 10


def ndcg(ranking: Ranking, judged: Judgements, depth: int = NDCG_DEPTH) -> float:
    """Discounted gain of the first ``depth``, divided by that of the best possible order.

    >>> round(ndcg(["a", "b", "c"], {"b": 1, "c": 2}), 4)
    0.6199
    """
    found = _discounted([max(judged.get(name, 0), 0) for name in ranking[:depth]])
    best = _discounted(sorted((max(it, 0) for it in judged.values()), reverse=True)[:depth])
    return found / best if best else 0.0


def recall(ranking: Ranking, judged: Judgements, depth: int = RECALL_DEPTH) -> float:
    """Share of the relevant documents that are among the first ``depth``.

    >>> recall(["a", "b"], {"b": 1, "c": 2})
    0.5
    """
    relevant = {name for name, grade in judged.items() if grade > 0}
    return len(relevant.intersection(ranking[:depth])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Ranking, judged: Judgements, depth: int = MRR_DEPTH) -> float:
    """One over the rank of the first relevant document; 0 when none is in the first ``depth``.

    >>> reciprocal_rank(["a", "b"], {"b": 1})
    0.5
    """
    ranks = (n for n, name in enumerate(ranking[:depth], start=1) if judged.get(name, 0) > 0)
    return 1 / next(ranks, math.inf)


#: Name of a figure -> how it is computed for one query.
FIGURES: Final[Mapping[str, Callable[[Ranking, Judgements], float]]] = {
    "nDCG@10": ndcg,
    "Recall@100": recall,
    "MRR@10": reciprocal_rank,
}


def per_query(rankings: Sequence[Ranking], judgements: Sequence[Judgements]) -> dict[str, Floats]:
    """Compute each figure for each query, in order; arrays of shape (queries,)."""
    pairs = list(zip(rankings, judgements, strict=True))
    return {
        name: np.array([figure(ranking, judged) for ranking, judged in pairs], dtype=float)
        for name, figure in FIGURES.items()
    }


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))
