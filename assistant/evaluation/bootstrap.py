"""Bootstrap over proteins: intervals of figures, and of differences of two figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from assistant.evaluation.metrics import Floats

    Figure: TypeAlias = Callable[[Floats], Floats]

Key = TypeVar("Key")

#: Percentiles of a 95 % interval.
INTERVAL: Final = (2.5, 97.5)
#: Numbers held at once: draws come in blocks, so that a large test set fits in memory.
_BLOCK: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; the ends are None without a bootstrap."""

    value: float | None
    low: float | None = None
    high: float | None = None


def weight_blocks(n: int, draws: int, seed: int) -> Iterator[Floats]:
    """Yield how often each of ``n`` proteins is drawn, in blocks of shape (block, n).

    The same seed gives the same draws, whatever the block.
    """
    random = np.random.default_rng(seed)
    block = max(1, _BLOCK // max(1, n))
    for start in range(0, draws, block):
        rows = min(block, draws - start)
        drawn = (random.integers(0, n, n) for _ in range(rows))
        yield np.array([np.bincount(places, minlength=n) for places in drawn], dtype=float)


@dataclass(frozen=True, slots=True)
class Sampled:
    """A figure and what it was in each draw; nan where a draw held nothing to count."""

    value: float
    drawn: Floats

    def less(self, other: Sampled) -> Sampled:
        """Subtract another figure draw by draw: both saw the same proteins each time."""
        return Sampled(self.value - other.value, self.drawn - other.drawn)

    def estimate(self) -> Estimate:
        """Summarise as value and 95 % interval: the percentiles of the draws about their mean.

        Draws of a figure that is no plain share have a mean of their own: an ECE grows with each
        protein drawn twice, a weighted precision shrinks. The percentiles are shifted by that, so
        that the interval lies about the figure; for a share the shift is next to nothing.
        """
        if not np.isfinite(self.value):
            return Estimate(None)
        kept = self.drawn[np.isfinite(self.drawn)]
        if not len(kept):
            return Estimate(self.value)
        low, high = np.percentile(kept, INTERVAL) - kept.mean() + self.value
        return Estimate(self.value, float(low), float(high))


def sample(figures: Mapping[Key, Figure], n: int, *, draws: int, seed: int) -> dict[Key, Sampled]:
    """Compute figures, and what they are in each draw, all on the same draws.

    Args:
        figures: Functions of weights of shape (draws, n).
        n: Proteins, at least one.
        draws: Draws of ``n`` proteins with replacement; 0 for no intervals.
        seed: Seed of the draws.
    """
    values = {name: figure(np.ones((1, n)))[0] for name, figure in figures.items()}
    drawn: dict[Key, list[Floats]] = {name: [] for name in figures}
    for weights in weight_blocks(n, draws, seed):
        for name, figure in figures.items():
            drawn[name].append(figure(weights))
    return {
        name: Sampled(float(values[name]), np.concatenate([np.empty(0), *drawn[name]]))
        for name in figures
    }
