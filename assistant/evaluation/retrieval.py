"""Measure literature search on a test collection: each part alone, fused, and with what is asked.

Figures per setting with 95 % intervals (bootstrap over queries), and paired randomisation tests
of the default against every other setting, corrected for their number (Holm).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from assistant.evaluation.bootstrap import sample
from assistant.evaluation.collection import read_collection
from assistant.evaluation.ranking_metrics import FIGURES, RECALL_DEPTH, per_query
from assistant.evaluation.significance import holm, randomisation_p
from retrieval.search_options import Filters, SearchOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from assistant.evaluation.bootstrap import Figure
    from assistant.evaluation.collection import Collection
    from assistant.evaluation.metrics import Floats
    from assistant.evaluation.ranking_metrics import Judgements
    from retrieval.knowledge_base import KnowledgeBase

#: The setting that a search has by default, but for synonyms, which are compared with it.
DEFAULT: Final = "hybrid"
#: A collection's judgements know nothing of retractions.
_ALL: Final = Filters(include_retracted=True)
_PLAIN: Final[dict[str, SearchOptions]] = {
    "lexical": SearchOptions(mode="lexical", expand=False, filters=_ALL),
    "dense": SearchOptions(mode="dense", expand=False, filters=_ALL),
    "rrf": SearchOptions(mode="rrf", expand=False, filters=_ALL),
    DEFAULT: SearchOptions(expand=False, filters=_ALL),
}
#: Queries ranked at once between two reports of progress.
_CHUNK: Final = 50


@dataclass(frozen=True, slots=True)
class RetrievalRequest:
    """What to measure: ``folder`` is in BEIR's layout; the three additions are off by default."""

    folder: Path
    split: str = "test"
    expand: bool = False
    feedback: bool = False
    reranker: str = ""
    draws: int = 10_000
    seed: int = 0

    @property
    def settings(self) -> dict[str, SearchOptions]:
        """The settings that are compared, by name."""
        found = dict(_PLAIN)
        if self.expand:
            found["hybrid + synonyms"] = SearchOptions(filters=_ALL)
        if self.feedback:
            found["hybrid + feedback"] = SearchOptions(expand=False, feedback=True, filters=_ALL)
        if self.reranker:
            found["hybrid + reranker"] = SearchOptions(
                expand=False, reranker=self.reranker, filters=_ALL
            )
        return found


def evaluate_retrieval(
    request: RetrievalRequest, base: KnowledgeBase, tick: Callable[[str, int, int], None]
) -> dict[str, Any]:
    """Add the collection to the base, if it is not there, and measure every setting.

    Args:
        request: What to measure.
        base: A knowledge base that holds nothing, or this collection.
        tick: Told the stage, how many are done, and how many there are.

    Raises:
        UserError: The folder is no collection.
    """
    collection = read_collection(request.folder, request.split)
    base.add([collection.corpus], reader_name="literature_jsonl", progress=tick)
    figures, dense_off = _measured(request.settings, collection, base, tick)
    return {
        "collection": collection.name,
        "split": collection.split,
        "queries": len(collection.queries),
        "documents": base.facts.counts()["publications"],
        "dense_off": dense_off,
        "settings": _summaries(figures, request.draws // 10, request.seed),
        "comparisons": _comparisons(figures, request.draws, request.seed),
        "warnings": _warnings(collection, base),
    }


def _measured(
    settings: Mapping[str, SearchOptions],
    collection: Collection,
    base: KnowledgeBase,
    tick: Callable[[str, int, int], None],
) -> tuple[dict[str, dict[str, Floats]], str]:
    """Rank all queries under each setting; stop at words alone where nothing else is possible."""
    texts = list(collection.queries.values())
    judged = [collection.judgements[name] for name in collection.queries]
    base.rank_publications(texts[:1], 1, settings[DEFAULT])
    dense_off = base.dense_off
    names = ["lexical"] if dense_off else list(settings)
    figures = {}
    for name in names:
        rankings: list[list[str]] = []
        for start in range(0, len(texts), _CHUNK):
            chunk = texts[start : start + _CHUNK]
            found = base.rank_publications(chunk, RECALL_DEPTH + 1, settings[name])
            rankings += [[document for document, _ in ranking] for ranking in found]
            tick(f"searching: {name}", len(rankings), len(texts))
        figures[name] = per_query(
            list(map(_without_itself, rankings, collection.queries, judged)), judged
        )
    return figures, dense_off


def _without_itself(ranking: Sequence[str], query: str, judged: Judgements) -> list[str]:
    """Leave a question's own text out: some collections ask with a document (ArguAna, Quora)."""
    return [name for name in ranking if name != query or name in judged]


def _summaries(
    figures: Mapping[str, Mapping[str, Floats]], draws: int, seed: int
) -> dict[str, dict[str, dict[str, float | None]]]:
    def mean_of(values: Floats) -> Figure:
        return lambda weights: weights @ values / weights.sum(axis=1)

    found: dict[str, dict[str, dict[str, float | None]]] = {}
    for name, its in figures.items():
        means = {figure: mean_of(values) for figure, values in its.items()}
        queries = len(next(iter(its.values())))
        sampled = sample(means, queries, draws=draws, seed=seed)
        estimates = {figure: it.estimate() for figure, it in sampled.items()}
        found[name] = {
            figure: {"value": it.value, "low": it.low, "high": it.high}
            for figure, it in estimates.items()
        }
    return found


def _comparisons(
    figures: Mapping[str, Mapping[str, Floats]], draws: int, seed: int
) -> list[dict[str, Any]]:
    """Compare the default with every other setting, on each figure."""
    others = [name for name in figures if name != DEFAULT] if DEFAULT in figures else []
    rows: list[dict[str, Any]] = []
    for figure in FIGURES:
        pairs = [(figures[DEFAULT][figure], figures[name][figure]) for name in others]
        raw = [randomisation_p(one, other, draws=draws, seed=seed) for one, other in pairs]
        corrected = holm(raw)
        rows += [
            {
                "figure": figure,
                "setting": DEFAULT,
                "against": name,
                "difference": float(np.mean(one - other)),
                "p": p,
                "p_holm": p_holm,
            }
            for name, (one, other), p, p_holm in zip(others, pairs, raw, corrected, strict=True)
        ]
    return rows


def _warnings(collection: Collection, base: KnowledgeBase) -> list[str]:
    told = []
    if collection.unjudged:
        told.append(
            f"{collection.unjudged:,} queries without a text or a relevant document are left out"
        )
    relevant = {
        name for its in collection.judgements.values() for name, grade in its.items() if grade > 0
    }
    if missing := len(relevant - base.facts.source_ids()):
        told.append(f"{missing:,} relevant documents are not in the corpus: they count as missed")
    added = [it for it in base.facts.files() if it.path_name == collection.corpus.name]
    if bad := sum(it.bad for it in added):
        told.append(f"{bad:,} documents are empty or could not be read: they are never found")
    here = sum(it.added.get("publications", 0) for it in added)
    stored = base.facts.counts()["publications"]
    if stored > here:
        told.append(f"the base holds {stored - here:,} papers beside the collection's")
    return told
