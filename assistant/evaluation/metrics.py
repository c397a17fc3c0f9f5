"""Figures of quality as functions of how often each protein counts.

Every figure takes ``weights`` of shape (draws, proteins): how often each protein is in each draw
of a bootstrap. A row of ones gives the figure itself. All return one number a draw; it is nan
where a draw holds nothing to count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Bools: TypeAlias = NDArray[np.bool_]

BINS: Final = 10


def ratio(above: Floats, below: Floats) -> Floats:
    """Divide, nan where the divisor is zero."""
    answer = np.full(np.shape(below), np.nan)
    np.divide(above, below, out=answer, where=below > 0)
    return answer


def share(right: Bools, counted: Bools, weights: Floats) -> Floats:
    """Share of the counted proteins that are right."""
    return ratio(weights @ (right & counted).astype(float), weights @ counted.astype(float))


def total_ratio(above: Floats, below: Floats, weights: Floats) -> Floats:
    """Ratio of two sums over proteins: micro precision of right over named, for example."""
    return ratio(weights @ above, weights @ below)


def brier(probability: Floats, right: Bools, counted: Bools, weights: Floats) -> Floats:
    """Mean squared distance of probability and outcome: 0 is best, 0.25 is a coin's."""
    squares = np.where(counted, (probability - right) ** 2, 0.0)
    return ratio(weights @ squares, weights @ counted.astype(float))


# --- Calibration ----------------------------------------------------------------------------


def equal_width_bins(probability: Floats) -> NDArray[np.int64]:
    """Number the bins 0-0.1, 0.1-0.2 ... 0.9-1; a probability of 1 is in the last."""
    return np.minimum(BINS - 1, (probability * BINS).astype(np.int64))


def equal_mass_bins(probability: Floats, counted: Bools) -> NDArray[np.int64]:
    """Number ten bins of like size by rank; equal probabilities are never parted."""
    ordered = np.sort(probability[counted])
    if not len(ordered):
        return np.zeros(len(probability), dtype=np.int64)
    last = [max(0, len(ordered) * place // BINS - 1) for place in range(1, BINS)]
    edges = np.unique(ordered[last])  # the highest probability of each bin but the last
    return np.searchsorted(edges, probability, side="left").astype(np.int64)


def calibration_error(
    probability: Floats, right: Bools, counted: Bools, bins: NDArray[np.int64], weights: Floats
) -> Floats:
    """Expected calibration error: mean distance of probability and share right over bins.

    Each bin weighs as many proteins as it holds. A small sample has an error by chance alone.
    """
    gap = np.where(counted, probability - right, 0.0)
    distance = np.zeros(len(weights))
    for number in np.unique(bins[counted]):
        distance += np.abs(weights @ np.where(bins == number, gap, 0.0))
    return ratio(distance, weights @ counted.astype(float))


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """What was promised and what came true in one bin of probability."""

    low: float
    high: float
    n: int
    mean_probability: float
    share_right: float


def reliability(probability: Floats, right: Bools, counted: Bools) -> list[ReliabilityBin]:
    """Describe each equal-width bin that holds any protein."""
    found = []
    bins = np.where(counted, equal_width_bins(probability), -1)
    for number in range(BINS):
        inside = bins == number
        if n := int(inside.sum()):
            mean, hit = float(probability[inside].mean()), float(right[inside].mean())
            found.append(ReliabilityBin(number / BINS, (number + 1) / BINS, n, mean, hit))
    return found


# --- Risk and coverage ----------------------------------------------------------------------


def mean_precision(confidence: Floats, right: Bools, weights: Floats) -> Floats:
    """Mean over all coverages of the share right among the most confident; 1 - AURC.

    Proteins of one confidence cannot be told apart, so each counts as their mean: the figure
    depends on no order of rows.
    """
    order = np.argsort(-confidence, kind="stable")
    groups = _groups(confidence[order])
    return np.array([_mean_precision(row[order], right[order], groups) for row in weights])


def _mean_precision(times: Floats, right: Bools, groups: NDArray[np.int64]) -> float:
    if not times.sum():
        return float("nan")
    taken = np.bincount(groups, weights=times).astype(float)
    hits = np.bincount(groups, weights=times * right).astype(float)
    expected = np.repeat(ratio(hits, taken), taken.astype(np.int64))
    return float(np.mean(np.cumsum(expected) / np.arange(1, len(expected) + 1)))


def risk_coverage(confidence: Floats, right: Bools) -> list[tuple[float, float, float]]:
    """List (coverage, risk, confidence) after each group of equal confidence, surest first.

    Risk is the share wrong among all proteins down to that confidence.
    """
    if not len(confidence):
        return []
    order = np.argsort(-confidence, kind="stable")
    groups = _groups(confidence[order])
    taken = np.cumsum(np.bincount(groups))
    hits = np.cumsum(np.bincount(groups, weights=right[order].astype(float)))
    bars = confidence[order][taken - 1]
    shares = (taken / len(confidence), 1 - hits / taken, bars)
    return list(zip(*(column.tolist() for column in shares), strict=True))


def _groups(ordered: Floats) -> NDArray[np.int64]:
    """Number the runs of equal values."""
    return np.cumsum(np.r_[0, np.diff(ordered) != 0]).astype(np.int64)[: len(ordered)]


def as_bools(values: Sequence[bool]) -> Bools:
    """Make an array of truth values."""
    return np.array(values, dtype=bool)


def as_floats(values: Sequence[float]) -> Floats:
    """Make an array of numbers."""
    return np.array(values, dtype=float)
