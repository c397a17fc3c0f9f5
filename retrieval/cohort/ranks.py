"""Groups compared by ranks: samples, or the means of few subjects."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from retrieval.cohort.normalise import presence

if TYPE_CHECKING:
    from retrieval.cohort.design import Design
    from retrieval.cohort.table import Bools, FeatureTable, Floats

#: Of fewer subjects ranks are compared too.
_FEW_SUBJECTS: Final = 40


def ranked(values: Floats, design: Design) -> tuple[Floats, Floats]:
    """Compare by ranks: p and Cliff's delta (Spearman's rho for a scale), features × contrasts."""
    from scipy import stats

    if design.scale is not None:
        each = [stats.spearmanr(row, design.scale) for row in values]
        p = np.array([[it.pvalue] for it in each])
        rho = np.array([[it.statistic] for it in each])
        return np.nan_to_num(p, nan=1.0), np.nan_to_num(rho)
    columns_p, columns_d = [], []
    reference = values[:, design.group == 0]
    for level in range(1, len(design.levels)):
        group = values[:, design.group == level]
        result = stats.mannwhitneyu(group, reference, axis=1, method="asymptotic")
        columns_p.append(np.nan_to_num(result.pvalue, nan=1.0))
        columns_d.append(2 * result.statistic / (group.shape[1] * reference.shape[1]) - 1)
    return np.stack(columns_p, axis=1), np.stack(columns_d, axis=1)


def is_of_few_subjects(design: Design) -> bool:
    """Tell groups of few people: Student's t there trusts that people are normally spread."""
    if design.subject is None or design.scale is not None or design.covariates:
        return False
    return not design.is_within and len(set(design.subject.tolist())) < _FEW_SUBJECTS


def not_below_ranks(p: Floats, table: FeatureTable, values: Floats, design: Design) -> Floats:
    """Raise p to that of Mann-Whitney U of subjects' means, for features that some subject lacks.

    Args:
        p: Of the model, features × contrasts.
        table: The features as they were measured.
        values: The same, normalised.
        design: Groups of subjects.
    """
    raised: Floats = np.where(_lacking(table, design), np.maximum(p, _of_means(values, design)), p)
    return raised


def _lacking(table: FeatureTable, design: Design) -> Bools:
    """Tell features that some subject does not have at all (as a column): they are two heaps."""
    found = _per_subject(presence(table).astype(float), design)
    lacking: Bools = (found == 0).any(axis=1)[:, None]
    return lacking


def _of_means(values: Floats, design: Design) -> Floats:
    """Compare subjects' means by ranks: p, features × contrasts."""
    codes = np.asarray(design.subject)
    first = np.unique(codes, return_index=True)[1]
    means = _per_subject(values, design)
    return ranked(means, replace(design, group=design.group[first]))[0]


def _per_subject(values: Floats, design: Design) -> Floats:
    """Average each subject's samples, features × subjects in the order of their codes."""
    _, codes, counts = np.unique(
        np.asarray(design.subject), return_inverse=True, return_counts=True
    )
    member = np.asarray(codes[:, None] == np.arange(len(counts)), dtype=float)
    mean: Floats = values @ member / counts
    return mean
