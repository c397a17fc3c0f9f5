"""Whether another column of the metadata could explain what is laid to the groups.

A column that nearly determines the group (a drug that all patients take, a batch per group) makes
the two inseparable: no result of such a cohort is a finding about the group. A column that goes
with the group less tightly is tried as a covariate, feature by feature.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from retrieval.cohort.column_roles import (
    DISEASE_WORDS,
    NOT_EXPOSED,
    Role,
    is_dose,
    is_exposure,
    role_of,
)
from retrieval.cohort.design import codes_of, covariate_columns
from retrieval.cohort.linear import ols, random_intercept
from retrieval.cohort.metadata import per_unit
from retrieval.cohort.privacy import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.cohort.design import Design
    from retrieval.cohort.metadata import Metadata
    from retrieval.cohort.table import Bools, Floats, Indices

#: Share of the group's uncertainty that a column removes, or (two groups, numbers) its AUC:
#: from here on group and column cannot be told apart.
_DETERMINED: Final = 0.60
_DETERMINED_AUC: Final = 0.95
#: A column that goes with the group at this p and strength is tried as covariate.
_ASSOCIATED_P: Final = 0.01
#: The same for drugs, batches and places: a drug of half of ten patients is one of them.
_EXPOSURE_P: Final = 0.05
_LEAST_STRENGTH: Final = 0.03
_LEAST_UNITS: Final = 8
_STILL: Final = 0.05
#: From this strength on a column explains a difference that is lost with it, whether or not its own
#: part can be told from zero.
_TIGHT: Final = 0.1
#: More columns than these are not tried per feature: the most associated ones are.
_MOST_TRIED: Final = 12
_MOST_LEVELS: Final = 20
#: Share of zeros that makes a number one of doses.
_ZEROS_OF_DOSE: Final = 0.25
#: Words of the order of samples. Groups that follow each other in each subject (before, after) are
#: told by time as by the group: that is said, but it is what was asked.
_TIME_WORDS: Final = frozenset(
    {*("time", "timepoint", "day", "days", "week", "weeks", "month", "months", "visit", "hour")}
)
#: Words of groups that are phases of one course.
_PHASE_WORDS: Final = frozenset(
    {*("pre", "post", "before", "after", "baseline", "followup", "follow", "phase", "period")}
)


@dataclass(frozen=True, slots=True)
class Confounder:
    """A column that goes with the groups.

    ``strength`` is Theil's uncertainty coefficient of the group given the column, or for numbers
    2·|AUC-0.5|. ``determines`` says that group and column cannot be told apart.
    """

    column: str
    role: Role
    strength: float
    p: float
    determines: bool

    @property
    def sentence(self) -> str:
        """Say it in words."""
        if self.determines:
            return f"{self.column!r} nearly determines the group (strength {self.strength:.2f})"
        return f"{self.column!r} goes with the group (strength {self.strength:.2f}, p {self.p:.2g})"


def confounders(design: Design) -> list[Confounder]:
    """List the columns that go with the groups, the strongest first.

    Samples of one subject in one group are one unit here: they say nothing more about a column.
    """
    skipped = {design.column, design.subject_column, *design.covariates, *design.named}
    units = _units(design)
    metadata = per_unit(design.metadata, units)
    first = [unit[0] for unit in units]
    outcome = design.group[first] if design.scale is None else design.scale[first]
    subject = design.subject[first] if design.subject is not None and design.is_within else None
    found = [
        one
        for name in metadata.columns
        if name not in skipped
        and (one := _examined(design, metadata, name, outcome, subject)) is not None
    ]
    return sorted(found, key=lambda one: (not one.determines, -one.strength, one.column))


def _units(design: Design) -> list[list[int]]:
    """Gather the samples of each subject and group."""
    if design.subject is None:
        return [[at] for at in range(len(design.group))]
    values = design.group if design.scale is None else design.scale
    places: dict[tuple[int, float], list[int]] = {}
    for at, key in enumerate(zip(design.subject.tolist(), values.tolist(), strict=True)):
        places.setdefault(key, []).append(at)
    return list(places.values())


def _examined(
    design: Design, column: Metadata, name: str, outcome: Floats | Indices, subject: Indices | None
) -> Confounder | None:
    is_detail = False
    if design.scale is None:
        column, is_detail = _filled(column, name, outcome)
    present = column.present(name)
    if present.sum() < _LEAST_UNITS:
        return None
    column, outcome = column.take(present), outcome[present]
    if len(set(outcome.tolist())) < 2:
        return None
    levels = len(set(column.column(name)))
    numeric = column.is_numeric(name) and levels > _MOST_LEVELS // 4
    if levels < 2 or (not numeric and levels > min(_MOST_LEVELS, present.sum() / 2)):
        return None
    is_scale = design.scale is not None
    if numeric:
        numbers = column.numbers(name)
        strength, p = _of_numbers(numbers, outcome, scale=is_scale)
        if subject is not None:
            inside = _of_numbers(*_within(numbers, outcome, subject[present]), scale=is_scale)
            strength, p = max((strength, p), inside, key=lambda it: -it[1])
    else:
        strength, p = _of_levels(column.column(name), outcome, scale=is_scale)
    bar = _EXPOSURE_P if is_exposure(name, set(column.column(name))) else _ASSOCIATED_P
    if p >= bar or strength <= _LEAST_STRENGTH:
        return None
    bar = 2 * (_DETERMINED_AUC - 0.5) if numeric else _DETERMINED
    determines = strength >= bar
    role = role_of(design, column, name, numeric=numeric, determines=determines)
    # A course over time inside subjects can be adjusted for, however orderly it is.
    is_course = design.is_within and bool(_TIME_WORDS & set(words_of(name)))
    if is_course and _is_before_and_after(design):
        role = "order in time"
    elif is_detail and role in {"confounder", "associated"}:
        role = "detail of a group"
    determines = determines and role == "confounder" and not is_course
    return Confounder(name, role, round(strength, 4), p, determines)


def _is_before_and_after(design: Design) -> bool:
    """Tell whether the groups are times themselves: visits, or before and after something."""
    words = {
        *words_of(design.column),
        *(word for level in design.levels for word in words_of(level)),
    }
    return bool(words & (_TIME_WORDS | _PHASE_WORDS))


def _within(
    values: Floats, outcome: Floats | Indices, subject: Indices
) -> tuple[Floats, Floats | Indices]:
    """Take the subject's mean from values, in subjects that have several groups.

    What shifts inside each subject is else hidden by differences between them.
    """
    kept, centred = [], []
    for who in np.unique(subject):
        at = np.flatnonzero(subject == who)
        if len(set(outcome[at].tolist())) > 1:
            kept += at.tolist()
            centred += (values[at] - values[at].mean()).tolist()
    if len(kept) < _LEAST_UNITS:
        return values, outcome
    return np.array(centred), outcome[kept]


def _is_one_sided(present: Bools, group: Floats | Indices, name: str) -> bool:
    shares = [float(present[group == level].mean()) for level in np.unique(group)]
    return max(shares) - min(shares) > 0.8 and not DISEASE_WORDS & set(words_of(name))


def _filled(metadata: Metadata, name: str, outcome: Floats | Indices) -> tuple[Metadata, bool]:
    """Read the empty cells of a column that is written for one group only; others stay empty.

    Of a dose they are 0, of a drug with a word for "no" they are that word; else they are a level
    of their own. Several other values (the stage of a tumour) are details of that group: True.
    """
    if not _is_one_sided(metadata.present(name), outcome, name):
        return metadata, False
    texts = metadata.column(name)
    known = {value for value in texts if value}
    if metadata.is_numeric(name) and len(known) > _MOST_LEVELS // 4:
        if not is_dose(name):
            return metadata, False
        filler, is_detail = "0", False
    else:
        negative = sorted(value for value in known if value.lower() in NOT_EXPOSED)
        filler = negative[0] if negative else "(empty)"
        is_detail = len(known) > 1 and not negative and not is_exposure(name, known)
    columns = {**metadata.columns, name: tuple(value or filler for value in texts)}
    return replace(metadata, columns=columns), is_detail


def _of_levels(
    values: Sequence[str], outcome: Floats | Indices, *, scale: bool
) -> tuple[float, float]:
    """Return Theil's U of the outcome given the column, and the p of chi-squared (Kruskal)."""
    from scipy import stats

    levels, codes = codes_of(values)
    if scale:
        groups = [outcome[codes == level] for level in range(len(levels))]
        if min(map(len, groups)) == 0 or np.ptp(outcome) == 0:
            return 0.0, 1.0
        result = stats.kruskal(*groups)
        share = (result.statistic - len(groups) + 1) / (len(outcome) - len(groups))
        return max(0.0, float(share)), float(result.pvalue)
    table = np.zeros((len(levels), int(outcome.max()) + 1))
    np.add.at(table, (codes, outcome.astype(np.int64)), 1)
    table = table[:, table.sum(axis=0) > 0]
    p = _table_p(table)
    return uncertainty_removed(table), p


def _table_p(table: Floats) -> float:
    from scipy import stats

    if table.shape == (2, 2):
        return float(stats.fisher_exact(table).pvalue)
    return float(stats.chi2_contingency(table, correction=False).pvalue)


def uncertainty_removed(table: Floats) -> float:
    """Return Theil's U: the share of the columns' entropy that knowing the row removes.

    >>> uncertainty_removed(np.array([[5.0, 0.0], [0.0, 5.0]]))
    1.0
    """
    joint = table / table.sum()
    columns, rows = joint.sum(axis=0), joint.sum(axis=1)
    entropy = -float((columns * np.log(columns)).sum())
    conditional = joint / rows[:, None]
    left = -float((joint * np.log(np.where(conditional > 0, conditional, 1.0))).sum())
    return (entropy - left) / entropy if entropy > 0 else 0.0


def _of_numbers(values: Floats, outcome: Floats | Indices, *, scale: bool) -> tuple[float, float]:
    from scipy import stats

    if scale:
        result = stats.spearmanr(values, outcome)
        return abs(float(result.statistic)), float(result.pvalue)
    groups = [values[outcome == level] for level in np.unique(outcome)]
    if np.ptp(values) == 0:
        return 0.0, 1.0
    p = float(stats.kruskal(*groups).pvalue)
    aucs = [
        stats.mannwhitneyu(groups[0], other).statistic / (len(groups[0]) * len(other))
        for other in groups[1:]
    ]
    return max(2 * abs(float(auc) - 0.5) for auc in aucs), p


def separable(
    design: Design, found: Sequence[Confounder], values: Floats, significant: Bools
) -> Mapping[int, tuple[str, ...]]:
    """Name, by feature, the columns that leave no difference between groups once adjusted for.

    Args:
        design: The design.
        found: The columns that go with the groups.
        values: Normalised values, features × samples of the design.
        significant: Which features to try.

    Returns:
        Columns by the feature's position; features that stay are absent.
    """
    tried = [one for one in found if one.role == "confounder" and not one.determines]
    rows = np.flatnonzero(significant)
    explained: dict[int, tuple[str, ...]] = {}
    for one in tried[:_MOST_TRIED]:
        metadata = design.metadata
        if design.scale is None:
            metadata = _filled(metadata, one.column, design.group)[0]
        present = metadata.present(one.column)
        if present.sum() < len(present) / 2 or not len(rows):
            continue
        lost = _lost(design, one, values[rows], metadata)
        for row in rows[lost]:
            explained[int(row)] = (*explained.get(int(row), ()), one.column)
    return explained


def _lost(design: Design, one: Confounder, values: Floats, metadata: Metadata) -> Bools:
    """Tell which features have no difference left once the column is in the model."""
    from scipy import stats

    present = metadata.present(one.column)
    column = _adjusting(metadata.take(present), one.column)
    matrix = np.hstack([design.matrix[present], column])
    if np.linalg.matrix_rank(matrix) < matrix.shape[1] or len(matrix) <= matrix.shape[1] + 2:
        return np.ones(len(values), dtype=bool)
    fit = (
        random_intercept(
            matrix, values[:, present], _recoded(design.subject[present]), over_subjects=True
        )
        if design.subject is not None and design.is_repeated
        else ols(matrix, values[:, present])
    )
    p = fit.p_values()
    mains = slice(1, 1 + len(design.contrasts))
    matters = (p[design.matrix.shape[1] :] < _STILL).any(axis=0) | (one.strength >= _TIGHT)
    adjusted = stats.false_discovery_control(p[mains].ravel()).reshape(p[mains].shape)
    gone = (adjusted >= _STILL).all(axis=0)
    return np.asarray(gone & matters, dtype=bool)


def _adjusting(metadata: Metadata, name: str) -> Floats:
    """Columns of a covariate; a dose that many do not take enters as taken at all, too."""
    made = covariate_columns(metadata, name)
    if made.shape[1] > 1 or not metadata.is_numeric(name):
        return made
    taken = (metadata.numbers(name) != 0).astype(float)[:, None]
    is_dose = 1 - taken.mean() >= _ZEROS_OF_DOSE and np.ptp(made[taken[:, 0] > 0]) > 0
    return np.hstack([made, taken]) if is_dose else made


def _recoded(codes: Indices) -> Indices:
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)
