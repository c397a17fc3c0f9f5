"""Is one setting better than another, on the same queries? Paired tests, seeded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.evaluation.metrics import Floats

#: Numbers held at once.
_BLOCK: Final = 4_000_000


def randomisation_p(one: Floats, other: Floats, *, draws: int, seed: int) -> float:
    """Two-sided p of a paired randomisation test (Fisher; Smucker et al. 2007) of two means.

    Under the hypothesis of no difference each query could as well have had its two values the
    other way round: the signs of the differences are drawn anew ``draws`` times. What was seen
    counts as one draw, so p is never 0.
    """
    differences = one - other
    seen = abs(differences.sum())
    random = np.random.default_rng(seed)
    block = max(1, _BLOCK // max(1, len(differences)))
    as_extreme = 0
    for start in range(0, draws, block):
        rows = min(block, draws - start)
        signs = random.integers(0, 2, (rows, len(differences)), dtype=np.int8) * 2 - 1
        # A sum that differs by rounding alone is the same sum.
        as_extreme += int((np.abs(signs @ differences) >= seen - 1e-9).sum())
    return (as_extreme + 1) / (draws + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """Correct p-values of one family of tests for their number (Holm 1979), in the same order.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    corrected = [0.0] * len(p_values)
    highest = 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        corrected[place] = highest
    return corrected
