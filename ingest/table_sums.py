"""What the sums of samples tell of a table that says nothing else: its unit, and what was changed.

Fractions, percentages and CPM sum to a whole in every sample; tables that were rarefied have as
many reads in each. Where nearly all samples do and one does not, its column was changed.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.wide_tables import WideRow, WideTable

FRACTION: Final = "fraction"
PERCENT: Final = "percent"
CPM: Final = "CPM"
#: What samples of a table sum to, with a tolerance for rounding -> the unit.
_WHOLES: Final = ((1.0, FRACTION), (100.0, PERCENT), (1e6, CPM))
ROUNDING: Final = 0.005
#: How rows of totals are called, in lower case.
_TOTALS: Final = frozenset(
    {
        *("total", "totals", "sum", "sums", "grand total", "total reads", "total counts"),
        *("column sum", "column total", "total count", "all"),
    }
)
#: Columns and rows that must be there before a column that is the sum of all others is a total.
_FEWEST_COLUMNS: Final = 3
_FEWEST_ROWS: Final = 3
#: Sums of numbers as tables write them.
_EXACT: Final = 1e-6
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


def total_row(table: WideTable) -> int | None:
    """Find a row that says that it is a total, and is: the sum of all others in each sample."""
    for at, row in enumerate(table.rows):
        if row.id.strip().lower().strip("_ ") in _TOTALS and len(table.rows) > 2:
            own = dict(zip(row.positions, row.numbers, strict=True))
            sums = table.sums()
            pairs = [(own.get(n, 0.0), sums[n] - own.get(n, 0.0)) for n in range(len(sums))]
            if all(math.isclose(*pair, rel_tol=ROUNDING) for pair in pairs):
                return at
    return None


def total_column(table: WideTable) -> int | None:
    """Find the first or last column where it is the sum of all others in every row."""
    width = len(table.samples)
    if width < _FEWEST_COLUMNS:
        return None
    return next((at for at in (width - 1, 0) if _holds_all(table, at)), None)


def _holds_all(table: WideTable, column: int) -> bool:
    """Tell whether a column is the sum of the others in each row; the first other row ends it."""
    rows = parts = 0
    for row in table.rows:
        own = next((value for at, value in _cells(row) if at == column), 0.0)
        rest = math.fsum(value for at, value in _cells(row) if at != column)
        if len(row.positions) and not (own > 0 and math.isclose(own, rest, rel_tol=_EXACT)):
            return False
        rows += len(row.positions) > 0
        parts = max(parts, len(row.positions))
    return rows >= _FEWEST_ROWS and parts > 2


def _cells(row: WideRow) -> Iterator[tuple[int, float]]:
    yield from zip(row.positions, row.numbers, strict=True)


def named(samples: Sequence[str], sums: Sequence[float], odd: Sequence[int], most: int = 3) -> str:
    """Write the odd samples with their sums: "S3 (97.2), S7 (0.4) and 2 more"."""
    shown = ", ".join(f"{samples[at]} ({sums[at]:.7g})" for at in odd[:most])
    return shown if len(odd) <= most else f"{shown} and {len(odd) - most} more"


def _is_nearly_all(odd: int, samples: int) -> bool:
    return samples >= _FEWEST and samples - odd >= _NEARLY_ALL * samples
