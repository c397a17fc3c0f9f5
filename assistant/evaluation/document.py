"""The whole evaluation as one plain document: what ``metrics.json`` and ``--json`` hold."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from assistant.evaluation.answers import VIEWS
from assistant.evaluation.figures import (
    confidence_and_right,
    ec_figures,
    stated_at,
    tier_table,
)
from assistant.evaluation.metrics import reliability, risk_coverage
from assistant.evaluation.term_figures import term_rows
from ingest.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.evaluation.answers import Prediction

ALL: Final = "all"
#: Columns of reliability: an EC level, or the depth to which each EC number is named.
DEPTHS: Final[dict[str, int | None]] = {"l4": 4, "l3": 3, "l2": 2, "l1": 1, "as_named": None}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Predictions with the document made of them."""

    predictions: tuple[Prediction, ...]
    document: dict[str, Any]


def evaluate(
    predictions: Sequence[Prediction],
    *,
    draws: int,
    seed: int,
    about: dict[str, Any],
    warnings: Sequence[str] = (),
) -> Evaluation:
    """Compute everything, per split and over all.

    Args:
        predictions: The answers.
        draws: Draws of the bootstrap, 0 for no intervals.
        seed: Its seed.
        about: What was evaluated: it opens the document.
        warnings: What was left out, in plain words.

    Raises:
        InputError: No protein states an EC number, a GO term or a KO.
    """
    known = [one for one in predictions if not one.known.says_nothing]
    if not known:
        what = "no protein of the test states an EC number, a GO term or a KO"
        raise InputError(what, hint="Fill the column ec, go or ko")
    document = {
        "schema_version": "1",
        "about": about,
        "bootstrap": {"draws": draws, "seed": seed, "interval": "95 %, percentiles about the mean"},
        "warnings": list(warnings),
        "splits": {
            name: describe(group, draws=draws, seed=seed) for name, group in parts(known).items()
        },
    }
    return Evaluation(tuple(predictions), document)


def parts(predictions: Sequence[Prediction]) -> dict[str, list[Prediction]]:
    """Part predictions by split, in order of first appearance, after all of them."""
    named = dict.fromkeys(one.known.split for one in predictions)
    groups = {ALL: list(predictions)}
    if len(named) > 1:
        for split in named:
            label = f"split {split}" if split == ALL else split or "(no split)"
            groups[label] = [one for one in predictions if one.known.split == split]
    return groups


def describe(predictions: Sequence[Prediction], *, draws: int, seed: int) -> dict[str, Any]:
    """Describe one group of proteins."""
    judged = [one for one in predictions if one.known.is_enzyme is not None]
    enzymes = sum(one.known.is_enzyme is True for one in judged)
    content: dict[str, Any] = {
        "n": len(predictions),
        "enzymes": enzymes,
        "non_enzymes": len(judged) - enzymes,
        "tiers": tier_table(predictions),
    }
    if judged:
        figures = ec_figures(judged, draws=draws, seed=seed)
        content["figures"] = {
            view: {name: asdict(it) for name, it in its.items()} for view, its in figures.items()
        }
        content["reliability"] = {view: _reliability(judged, view) for view in VIEWS}
        content["risk_coverage"] = {view: _curve(judged, view) for view in ("best_hit", "forced")}
    content["terms"] = {
        kind: rows for kind in ("go", "ko") if (rows := term_rows(predictions, kind))
    }
    return content


def _reliability(predictions: Sequence[Prediction], view: str) -> dict[str, Any]:
    columns = {name: stated_at(predictions, view, level) for name, level in DEPTHS.items()}
    return {
        name: [asdict(it) for it in reliability(one.probability, one.right, one.counted)]
        for name, one in columns.items()
    }


def _curve(predictions: Sequence[Prediction], view: str) -> dict[str, list[list[float]]]:
    """List (coverage, risk, confidence) at EC levels 4 and 3."""
    curves = {}
    for level in (4, 3):
        confidence, right, counted = confidence_and_right(predictions, view, level)
        points = risk_coverage(confidence[counted], right[counted])
        curves[f"l{level}"] = [[round(value, 6) for value in point] for point in points]
    return curves
