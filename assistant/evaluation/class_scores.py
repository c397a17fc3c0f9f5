"""The scores of the CLEAN paper: precision, recall, F1 and AUC of each true class, weighted.

Classes are the true EC numbers of the test set, weighted by how many proteins have them. An EC
number outside of them is ignored: it costs recall, not precision (so micro precision must stand
beside these). AUC takes the stated scores, 0 where nothing is named. See Yu et al. 2023, Science
379:1358; numbers agree with scikit-learn's ``average="weighted"`` and ``zero_division=0``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from assistant.evaluation.metrics import as_bools, ratio

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.evaluation.metrics import Bools, Floats


@dataclass(frozen=True, slots=True)
class _Class:
    """The proteins that matter to one class: those that have it or are given it.

    All others have neither and a score of 0. Places are rows of the test set.
    """

    positives: tuple[tuple[int, float], ...]
    false_positives: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Classes:
    """True and named classes of a test set, one row a protein and one column a class."""

    truth: csr_array
    named: csr_array
    exact: Bools
    exact_in_classes: Bools
    members: tuple[_Class, ...]

    @classmethod
    def of(cls, truth: Sequence[Sequence[str]], named: Sequence[Mapping[str, float]]) -> Classes:
        """Set up the classes.

        Args:
            truth: The true EC numbers of each protein.
            named: The EC numbers that each protein is given, with their scores.
        """
        order = {name: n for n, name in enumerate(sorted({ec for one in truth for ec in one}))}
        inside = [{ec: score for ec, score in one.items() if ec in order} for one in named]
        true_sets = [set(one) for one in truth]
        return cls(
            truth=_table(truth, order),
            named=_table(inside, order),
            exact=_equal(true_sets, named),
            exact_in_classes=_equal(true_sets, inside),
            members=tuple(_members(truth, inside, order)),
        )

    def precision(self, weights: Floats) -> Floats:
        """Weighted mean over classes of the share right among those given the class."""
        right, named, support = self._counts(weights)
        return _weighted(np.nan_to_num(ratio(right, named)), support)

    def recall(self, weights: Floats) -> Floats:
        """Weighted mean over classes of the share found among those that have the class."""
        right, _, support = self._counts(weights)
        return _weighted(np.nan_to_num(ratio(right, support)), support)

    def f1(self, weights: Floats) -> Floats:
        """Weighted mean over classes of F1."""
        right, named, support = self._counts(weights)
        return _weighted(np.nan_to_num(ratio(2 * right, named + support)), support)

    def auc(self, weights: Floats) -> Floats:
        """Weighted mean over classes of the area under the ROC curve, where there is one."""
        total = weights.sum(axis=1)
        above, below = np.zeros(len(weights)), np.zeros(len(weights))
        for one in self.members:
            support = weights[:, [place for place, _ in one.positives]].sum(axis=1)
            won = _pairs_won(one, weights, total - support)
            area = ratio(won, support * (total - support))
            has_curve = np.isfinite(area)
            above += np.where(has_curve, support * np.nan_to_num(area), 0.0)
            below += np.where(has_curve, support, 0.0)
        return ratio(above, below)

    def _counts(self, weights: Floats) -> tuple[Floats, Floats, Floats]:
        """Count right, named and true proteins: each of shape (draws, classes)."""
        right = self.truth.multiply(self.named).tocsr()
        tables = (right, self.named, self.truth)
        first, second, third = ((table.T @ weights.T).T for table in tables)
        return first, second, third


def _equal(truth: Sequence[set[str]], named: Sequence[Mapping[str, float]]) -> Bools:
    return as_bools([true == set(given) for true, given in zip(truth, named, strict=True)])


def _table(rows: Sequence[Sequence[str] | Mapping[str, float]], order: dict[str, int]) -> csr_array:
    pairs = [(n, order[ec]) for n, row in enumerate(rows) for ec in set(row)]
    places = ([n for n, _ in pairs], [column for _, column in pairs])
    return csr_array((np.ones(len(pairs)), places), shape=(len(rows), len(order)))


def _members(
    truth: Sequence[Sequence[str]], named: Sequence[Mapping[str, float]], order: dict[str, int]
) -> Iterator[_Class]:
    positives: dict[str, list[tuple[int, float]]] = {name: [] for name in order}
    false_positives: dict[str, list[tuple[int, float]]] = {name: [] for name in order}
    for place, (true, given) in enumerate(zip(truth, named, strict=True)):
        for ec in set(true):
            positives[ec].append((place, given.get(ec, 0.0)))
        for ec, score in given.items():
            if ec not in true:
                false_positives[ec].append((place, score))
    for name in order:
        yield _Class(tuple(positives[name]), tuple(false_positives[name]))


def _pairs_won(one: _Class, weights: Floats, negatives: Floats) -> Floats:
    """Count pairs of a positive and a negative in the right order, ties as half a pair."""
    given = np.zeros(len(weights))
    for place, _ in one.false_positives:
        given += weights[:, place]
    silent = negatives - given  # negatives with a score of 0
    won = np.zeros(len(weights))
    for place, score in one.positives:
        below = silent * (1.0 if score > 0 else 0.5)
        for other, rival in one.false_positives:
            below = below + weights[:, other] * (0.5 * ((score > rival) + (score >= rival)))
        won += weights[:, place] * below
    return won


def _weighted(values: Floats, support: Floats) -> Floats:
    return ratio((values * support).sum(axis=1), support.sum(axis=1))
