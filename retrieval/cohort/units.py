"""The unit of a table that states none, told by its values.

Only for a table of which a user says that it describes a community: whole numbers down to small
ones are counts, columns that all sum to one, to a hundred or to a million are shares.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from retrieval.cohort.table import FeatureTable, Floats

#: What samples sum to -> the unit; sums may be off by rounding.
_WHOLES: Final = ((1.0, "fraction"), (100.0, "percent"), (1e6, "CPM"))
_ROUNDING: Final = 0.02
#: Whole numbers are counts where some are small: intensities have a floor.
_SMALL: Final = 1000
_MOST_READS: Final = 1e9


def with_unit(table: FeatureTable) -> FeatureTable:
    """State the unit where the file states none and the values tell it."""
    if table.unit or not table.values.size:
        return table
    unit = _unit_of(table.values)
    if not unit or (table.kind == "metabolite" and unit != "counts"):
        return table
    note = f"the file states no unit: by their values these are parts of a whole ({unit})"
    return replace(table, unit=unit).noted(note)


def _unit_of(values: Floats) -> str:
    if (values < 0).any():
        return ""
    totals = values.sum(axis=0)
    totals = totals[totals > 0]
    for whole, unit in _WHOLES:
        if len(totals) and bool((np.abs(totals / whole - 1) <= _ROUNDING).all()):
            return unit
    is_whole = bool((values == np.round(values)).all())
    is_sane = len(totals) > 0 and float(totals.max()) < _MOST_READS
    least = float(values[values > 0].min(initial=np.inf))
    return "counts" if is_whole and is_sane and least < _SMALL else ""
