"""What the sums of samples tell of a table that says nothing else: its unit, and what was changed.

Fractions, percentages and CPM sum to a whole in every sample; tables that were rarefied have as
many reads in each. Where nearly all samples do and one does not, its column was changed.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

FRACTION: Final = "fraction"
PERCENT: Final = "percent"
CPM: Final = "CPM"
#: What samples of a table sum to, with a tolerance for rounding -> the unit.
_WHOLES: Final = ((1.0, FRACTION), (100.0, PERCENT), (1e6, CPM))
ROUNDING: Final = 0.005
#: Samples that must be there, and the share of them that must agree, before the others are odd.
_FEWEST: Final = 5
_NEARLY_ALL: Final = 0.8


def whole_of(sums: Sequence[float]) -> tuple[str, list[int]]:
    """Tell the unit by what the samples sum to, and which samples do not; "" for none.

    >>> whole_of([1, 1.001, 0]), whole_of([100, 100, 97, 100, 100, 100])
    (('fraction', []), ('percent', [2]))
    """
    for whole, unit in _WHOLES:
        odd = [at for at, it in enumerate(sums) if it and abs(it - whole) > ROUNDING * whole]
        if sums and (not odd or _is_nearly_all(len(odd), len(sums))):
            return unit, odd
    return "", []


def odd_depths(sums: Sequence[float]) -> tuple[float, list[int]]:
    """Tell the depth that nearly all samples have, and the samples that do not; 0 for none.

    >>> odd_depths([500, 500, 499, 500, 500, 500]), odd_depths([5, 5, 5, 5, 5]), odd_depths([1, 2])
    ((500, [2]), (0.0, []), (0.0, []))
    """
    depth, count = Counter(sums).most_common(1)[0] if sums else (0.0, 0)
    odd = [at for at, it in enumerate(sums) if it != depth]
    if not odd or not depth or count < 2 or not _is_nearly_all(len(odd), len(sums)):
        return 0.0, []
    return depth, odd


def named(samples: Sequence[str], sums: Sequence[float], odd: Sequence[int], most: int = 3) -> str:
    """Write the odd samples with their sums: "S3 (97.2), S7 (0.4) and 2 more"."""
    shown = ", ".join(f"{samples[at]} ({sums[at]:.7g})" for at in odd[:most])
    return shown if len(odd) <= most else f"{shown} and {len(odd) - most} more"


def _is_nearly_all(odd: int, samples: int) -> bool:
    return samples >= _FEWEST and samples - odd >= _NEARLY_ALL * samples
