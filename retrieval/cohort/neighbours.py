"""Features that keep a constant ratio, and samples of like composition.

Proportionality rho_p (Lovell 2015, Quinn 2017) of log-ratios: unlike a correlation of shares it is
not made by the closure of the table. 1: the ratio of two features is the same in all samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from retrieval.cohort.normalise import clr, presence

if TYPE_CHECKING:
    from retrieval.cohort.table import FeatureTable, Floats

_LEAST_SAMPLES: Final = 10
_BLOCK: Final = 1000
#: Of features found in fewer samples the zeros would make the ratio.
MIN_PREVALENCE: Final = 0.3
#: Of more features the most widespread are compared with each other: pairs grow by the square.
MOST_FEATURES: Final = 5000


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A feature that rises and falls with another: ``rho_p`` from -1 to 1."""

    feature: str
    name: str
    other: str
    other_name: str
    rho_p: float
    n: int
    source: str


@dataclass(frozen=True, slots=True)
class SimilarSample:
    """A sample near another one: Aitchison distance between profiles."""

    sample: str
    other: str
    distance: float


def co_abundant(
    table: FeatureTable, *, of: str | None = None, k: int = 5, least: float = 0.6
) -> list[Neighbour]:
    """List the most proportional features of each feature, or of one.

    Args:
        table: The table.
        of: A feature's id; None for all.
        k: Neighbours a feature.
        least: Smallest rho_p that is listed.
    """
    kept = (presence(table).mean(axis=1) >= MIN_PREVALENCE) & (np.ptp(table.values, axis=1) > 0)
    if kept.sum() > MOST_FEATURES and of is None:
        share = np.where(kept, presence(table).mean(axis=1), -1.0)
        first = np.lexsort((np.arange(len(kept)), -share))[:MOST_FEATURES]
        kept = np.isin(np.arange(len(kept)), first)
    table = table.keep_features(kept)
    if len(table.samples) < _LEAST_SAMPLES or len(table.features) < 3:
        return []
    if not table.is_compositional or (of is not None and of not in table.features):
        return []
    logs = clr(table).values
    rows = range(len(table.features)) if of is None else [table.features.index(of)]
    found = []
    for at in range(0, len(rows), _BLOCK):
        block = list(rows)[at : at + _BLOCK]
        rho = rho_p(logs, block)
        for place, row in enumerate(block):
            rho[place, row] = -np.inf
            order = np.lexsort((np.arange(rho.shape[1]), -rho[place]))[:k]
            found += [
                Neighbour(
                    table.features[row], table.name_of(row), table.features[it], table.name_of(it),
                    float(rho[place, it]), len(table.samples), table.source,
                )
                for it in order
                if rho[place, it] >= least
            ]  # fmt: skip
    return found


def rho_p(logs: Floats, rows: list[int]) -> Floats:
    """Return rho_p of some rows with all rows: 1 - var(a - b) / (var a + var b)."""
    centred = logs - logs.mean(axis=1, keepdims=True)
    variance = (centred**2).mean(axis=1)
    covariance = centred[rows] @ centred.T / logs.shape[1]
    both = variance[rows][:, None] + variance[None]
    made: Floats = np.where(both > 0, 2 * covariance / np.where(both > 0, both, 1.0), 0.0)
    return made


def similar_samples(table: FeatureTable, square: Floats, *, k: int = 3) -> list[SimilarSample]:
    """List the nearest samples of each sample, by distances between them."""
    found = []
    for at, name in enumerate(table.samples):
        order = [int(it) for it in np.argsort(square[at], kind="stable") if it != at][:k]
        found += [SimilarSample(name, table.samples[it], float(square[at, it])) for it in order]
    return found
