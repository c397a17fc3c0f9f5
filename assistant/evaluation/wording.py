"""Figures in words: what each is called, and how numbers are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Column of a table -> its heading.
COLUMNS: Final = {
    "best_hit": "best hit",
    "forced": "forced",
    "reported": "reported",
    "gain": "forced less best hit",
}

#: Figures of ``eval ec``, in the order of the table.
EC_ROWS: Final = {
    "top1_l4": "top-1 right, level 4",
    "top1_l3": "top-1 right, level 3",
    "top1_l2": "top-1 right, level 2",
    "top1_l1": "top-1 right, level 1",
    "any_l4": "any named right, level 4",
    "any_l3": "any named right, level 3",
    "any_l2": "any named right, level 2",
    "any_l1": "any named right, level 1",
    "precision": "precision, weighted",
    "recall": "recall, weighted",
    "f1": "F1, weighted",
    "auc": "AUC, weighted",
    "exact": "exact set",
    "exact_in_classes": "exact set, other classes ignored",
    "micro_precision": "micro precision, to own depth",
    "micro_recall": "micro recall, level 4",
    "coverage": "coverage, any level",
    "coverage_l4": "coverage, level 4",
    "false_enzymes": "non-enzymes given an EC",
    "ece_l4": "ECE, level 4",
    "ece_l3": "ECE, level 3",
    "brier_l4": "Brier, level 4",
    "mean_precision_l4": "mean precision over coverage",
    "aurc_l4": "AURC",
}

#: Figures of ``eval calibration``.
CALIBRATION_ROWS: Final = {
    f"{kind}_{depth}": f"{label}, {where}"
    for depth, where in (
        ("l4", "level 4"),
        ("l3", "level 3"),
        ("l2", "level 2"),
        ("l1", "level 1"),
        ("as_named", "to own depth"),
    )
    for kind, label in (
        ("right", "share right of those named"),
        ("ece", "ECE, ten equal bins"),
        ("ece_mass", "ECE, bins of like size"),
        ("brier", "Brier"),
    )
} | {
    "mean_precision_l4": "mean precision over coverage, level 4",
    "aurc_l4": "AURC, level 4",
    "mean_precision_l3": "mean precision over coverage, level 3",
    "aurc_l3": "AURC, level 3",
}

#: What the columns and figures mean, for a reader of the page.
NOTES: Final = (
    "best hit: all EC numbers of the best alignment to a protein of known function; its "
    "confidence is the identity.",
    "forced: the leading candidate with an EC number, in full, also where the tool abstains; "
    "further candidates are named beside it from a probability of 0.5 on.",
    "reported: what a user is told, cut to the levels that the evidence carries, with abstention.",
    "top-1 judges the first EC number named; any, each of those named. "
    "A best hit may name several.",
    "weighted figures are those of the CLEAN paper: classes are the true EC numbers of the test, "
    "any other named is ignored; micro precision counts them all.",
    "ECE and Brier judge the probability of the first EC number wherever one is named; AURC "
    "counts a protein without an answer as wrong and last.",
    "Intervals: 95 %, percentiles of a bootstrap over proteins, shifted so that they lie about the "
    "figure. An ECE of few proteins is high by chance alone.",
)


def table_rows(document: Mapping[str, Any], wanted: Mapping[str, str]) -> list[tuple[str, ...]]:
    """List split, figure and one cell a column; figures that no view has are left out."""
    rows = []
    for name, split in document["splits"].items():
        figures = split.get("figures", {})
        for key, label in wanted.items():
            estimates = [figures.get(column, {}).get(key) for column in COLUMNS]
            if any(one and one["value"] is not None for one in estimates):
                cells = (
                    estimate_text(one, signed=column == "gain")
                    for column, one in zip(COLUMNS, estimates, strict=True)
                )
                rows.append((name, label, *cells))
    return rows


def estimate_text(one: Mapping[str, float | None] | None, *, signed: bool = False) -> str:
    """Write a figure with its interval.

    >>> estimate_text({"value": 0.4567, "low": 0.41, "high": 0.5})
    '0.457 [0.410, 0.500]'
    """
    if one is None or one["value"] is None:
        return ""
    texts = [
        _decimal(value, signed=signed)
        for value in (one["value"], one["low"], one["high"])
        if value is not None
    ]
    return texts[0] if len(texts) == 1 else f"{texts[0]} [{texts[1]}, {texts[2]}]"


def _decimal(value: float, *, signed: bool) -> str:
    rounded = round(value, 3) + 0.0  # no "-0.000"
    return f"{rounded:+.3f}" if signed else f"{rounded:.3f}"


def share_text(value: float | None) -> str:
    """Write a share, or "" for none."""
    return "" if value is None else f"{value:.3f}"
