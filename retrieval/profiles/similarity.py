"""Exact distances of two samples, and the features in which they are alike and unlike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrieval.profiles.composition import Composition, Floats, Integers

#: Decimals of a distance: above the noise of adding floats.
_DECIMALS: Final = 6
#: Features that are told of a pair, of each sort.
MOST_TOLD: Final = 3
#: Shares that differ by less are not told as a difference.
_LEAST_DIFFERENCE: Final = 0.01


@dataclass(frozen=True, slots=True)
class FeatureShares:
    """A feature in two samples: its share (0..1) of the asked one and of the other."""

    name: str
    share: float
    other_share: float


@dataclass(frozen=True, slots=True)
class Compared:
    """Two samples compared on shares, 0 the same and 1 nothing in common.

    ``shared`` counts features that both have. ``alike`` are those that add most to what the
    samples have in common, ``differing`` those whose shares differ most.
    """

    hellinger: float
    bray_curtis: float
    shared: int
    alike: tuple[tuple[int, float, float], ...]
    differing: tuple[tuple[int, float, float], ...]


def compare(one: Composition, other: Composition) -> Compared:
    """Compare two samples of one kind and level.

    Hellinger distance: sqrt(1/2 sum (sqrt p - sqrt q)^2); Bray-Curtis: 1 - sum min(p, q); p and q
    are shares of the features of this kind that have a name.
    """
    keys, p, q = _aligned(one, other)
    hellinger = float(np.sqrt(0.5 * ((np.sqrt(p) - np.sqrt(q)) ** 2).sum()))
    both = np.minimum(p, q)
    gaps = np.abs(p - q)
    return Compared(
        hellinger=round(hellinger, _DECIMALS),
        bray_curtis=round(float(0.5 * gaps.sum()), _DECIMALS),
        shared=int((both > 0).sum()),
        alike=_first(both, both > 0, keys, p, q),
        differing=_first(gaps, gaps >= _LEAST_DIFFERENCE, keys, p, q),
    )


def _aligned(one: Composition, other: Composition) -> tuple[Integers, Floats, Floats]:
    keys = np.union1d(one.keys, other.keys)
    p, q = np.zeros(len(keys)), np.zeros(len(keys))
    p[np.searchsorted(keys, one.keys)] = one.shares
    q[np.searchsorted(keys, other.keys)] = other.shares
    return keys, p, q


def _first(
    weight: Floats, kept: np.ndarray, keys: Integers, p: Floats, q: Floats
) -> tuple[tuple[int, float, float], ...]:
    order = np.lexsort((keys, -weight, ~kept))[: min(MOST_TOLD, int(kept.sum()))]
    return tuple((int(keys[it]), float(p[it]), float(q[it])) for it in order)


def named(
    pairs: tuple[tuple[int, float, float], ...], names: Mapping[int, str]
) -> tuple[FeatureShares, ...]:
    """Give features their names."""
    return tuple(FeatureShares(names.get(key, str(key)), p, q) for key, p, q in pairs)
