"""Normalised values, each with a sentence that says what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

import numpy as np

from ingest.errors import UserError

if TYPE_CHECKING:
    from retrieval.cohort.table import Bools, FeatureTable, Floats

Transform: TypeAlias = Literal["clr", "ast", "relative", "log", "none"]
TRANSFORMS: Final[tuple[Transform, ...]] = get_args(Transform)

#: A zero is replaced by this share of the detection limit (Martín-Fernández et al. 2003,
#: doi 10.1023/A:1023866030544: 65 % distorts the covariance least).
_ZERO_SHARE: Final = 0.65
#: All replaced zeros of a sample together take at most this share of it.
_MOST_REPLACED: Final = 0.1
_MILLION: Final = 1e6


@dataclass(frozen=True, slots=True, eq=False)
class Normalised:
    """Values features × samples and how they were made; ``unit`` is that of a difference."""

    values: Floats
    how: str
    unit: str


def depth(table: FeatureTable) -> Floats:
    """Sum each sample: reads for counts, the classified share for relative tables."""
    total: Floats = table.values.sum(axis=0)
    return total


def relative_abundance(table: FeatureTable) -> Normalised:
    """Divide each sample by its sum over the rows of the table; empty samples stay zero.

    Raises:
        UserError: The values are no parts of a whole.
    """
    if not table.is_compositional:
        what = f"shares cannot be formed of values in {table.unit or 'an unknown unit'}"
        raise UserError(what, where=table.source or "cohort", hint="Use --transform none")
    total = depth(table)
    shares = table.values / np.where(total > 0, total, 1.0)
    return Normalised(shares, "relative abundance (share of the rows of the table)", "share")


def cpm(table: FeatureTable) -> Normalised:
    """Scale each sample to a million."""
    shares = relative_abundance(table).values
    return Normalised(shares * _MILLION, "copies per million (CPM)", "CPM")


def presence(table: FeatureTable, detection_limit: float = 0.0) -> Bools:
    """Tell where a feature is found: above ``detection_limit`` in the table's own unit."""
    found: Bools = table.values > detection_limit
    return found


def prevalence(table: FeatureTable, detection_limit: float = 0.0) -> Floats:
    """Return the share of samples in which each feature is found."""
    share: Floats = presence(table, detection_limit).mean(axis=1)
    return share


def zero_share(table: FeatureTable) -> float:
    """Return the share of a sample that stands for "below detection".

    The detection limit is one read for counts, else the smallest share that a sample has; the
    median over the samples is taken, so that a zero means the same in all of them.
    """
    shares = relative_abundance(table).values
    total = depth(table)
    filled = total > 0
    if not filled.any():
        return _ZERO_SHARE
    if table.is_counts:
        limits = 1.0 / total[filled]
    else:
        limits = np.where(shares > 0, shares, np.inf)[:, filled].min(axis=0)
    most_zeros = int((shares == 0).sum(axis=0).max(initial=0))
    return min(_ZERO_SHARE * float(np.median(limits)), _MOST_REPLACED / max(1, most_zeros))


def clr(table: FeatureTable) -> Normalised:
    """Centred log-ratio: natural log of shares, less the mean over the features of the sample.

    Zeros are replaced multiplicatively: they get ``zero_share``, the others shrink to make room.
    """
    shares = relative_abundance(table).values
    delta = zero_share(table)
    zeros = shares == 0
    room = 1.0 - delta * zeros.sum(axis=0)
    logs = np.log(np.where(zeros, delta, shares * room))
    how = (
        f"centred log-ratio over {len(table.features):,} features, zeros replaced by {delta:.2g}"
        " (multiplicative)"
    )
    return Normalised(logs - logs.mean(axis=0), how, "ln ratio")


def arcsine_root(table: FeatureTable) -> Normalised:
    """Arcsine of the square root of relative abundance (AST of MaAsLin 2)."""
    shares = relative_abundance(table).values
    values = np.arcsin(np.sqrt(np.clip(shares, 0.0, 1.0)))
    return Normalised(values, "arcsine square root of relative abundance", "AST")


def logged(table: FeatureTable) -> Normalised:
    """Natural log; zeros become half of the feature's smallest positive value.

    Raises:
        UserError: There are negative values: they are logs already.
    """
    values = table.values
    if (values < 0).any():
        what = "there are negative values: the table seems to be in logs already"
        raise UserError(what, where=table.source or "cohort", hint="Use --transform none")
    lowest = np.where(values > 0, values, np.inf).min(axis=1, initial=np.inf)
    lowest = np.where(np.isfinite(lowest), lowest, 1.0)
    filled = np.where(values > 0, values, lowest[:, None] / 2)
    return Normalised(np.log(filled), "natural log, zeros as half of the lowest value", "ln ratio")


def as_given(table: FeatureTable) -> Normalised:
    """Take the values as the table has them."""
    return Normalised(table.values, f"values as given ({table.unit or 'unit not stated'})", "units")


def transformed(table: FeatureTable, transform: Transform) -> Normalised:
    """Apply a transform by name.

    Raises:
        UserError: The table's values do not allow it.
    """
    by_name = {
        "clr": clr,
        "ast": arcsine_root,
        "relative": relative_abundance,
        "log": logged,
        "none": as_given,
    }
    return by_name[transform](table)


def default_transform(table: FeatureTable) -> Transform:
    """Choose: CLR for parts of a whole, logs for other positive values, else none."""
    if table.is_compositional:
        return "clr"
    is_log = "log" in table.unit.lower() or bool((table.values < 0).any())
    return "none" if is_log else "log"


def second_transform(transform: Transform) -> Transform:
    """Choose a transform of another nature, to see whether a result hangs on the first."""
    others: dict[Transform, Transform] = {"clr": "ast", "ast": "clr", "relative": "clr"}
    return others.get(transform, transform)
