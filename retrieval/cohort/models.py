"""Host phenotypes predicted from profiles: how well, for whom, and whether metadata do as well.

Predictions that are judged are of samples that the model has not seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from retrieval.cohort.design import codes_of
from retrieval.cohort.learners import (
    FOLDS,
    LEARNER_NAMES,
    LEARNERS,
    Setup,
    Task,
    bootstrap_interval,
    fitted,
    folds,
    members_of,
    metric_of,
    predicted,
)
from retrieval.cohort.metadata import ID_WORDS
from retrieval.cohort.normalise import default_transform, relative_abundance, transformed
from retrieval.cohort.privacy import words_of
from retrieval.cohort.subgroups import FEW_NUMBERS, MOST_LEVELS, Subgroup, by_subgroup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from retrieval.cohort.confounding import Confounder
    from retrieval.cohort.design import Design
    from retrieval.cohort.learners import Learner
    from retrieval.cohort.metadata import Metadata
    from retrieval.cohort.table import FeatureTable, Floats

_BASELINE_TREES: Final = 40
_SHUFFLES: Final = 999
_REFITS: Final = 5  # models refitted on shuffled outcomes: the baseline
_LEVEL: Final = 0.90  # of prediction intervals
_LEAST_CLASS: Final = 6  # subjects a class: fewer cannot be cross-validated
#: The metadata alone predict as well as profiles do, within this.
_AS_WELL: Final = 0.05
_METADATA_BAR: Final = {"AUC": 0.75, "R2": 0.2}
_TOP: Final = 15


@dataclass(frozen=True, slots=True)
class ModelResult:
    """How well one learner predicts one outcome in samples that it has not seen.

    ``metric`` is "AUC" (one class against the reference; chance 0.5) or "R2" (0: no better than the
    mean). ``low`` and ``high``: 95 % by bootstrap over subjects. ``p``: outcomes shuffled among
    subjects against the same predictions. ``baseline``: the metric of forests refitted on shuffled
    outcomes. ``half_width`` and ``covered``: the 90 % prediction interval of a continuous outcome
    (cross-conformal) and the share of outcomes inside it.
    """

    outcome: str
    learner: str
    metric: str
    value: float
    low: float
    high: float
    p: float
    baseline: tuple[float, ...]
    n: int
    subjects: int
    folds: int
    features: int
    half_width: float | None = None
    covered: float | None = None
    subgroups: tuple[Subgroup, ...] = ()
    top_features: tuple[tuple[str, float], ...] = ()
    predictions: tuple[tuple[str, float], ...] = ()

    @property
    def is_better_than_chance(self) -> bool:
        """Whether the interval excludes chance and shuffled outcomes do worse."""
        chance = 0.5 if self.metric == "AUC" else 0.0
        return self.low > chance and self.p < 0.05


@dataclass(frozen=True, slots=True)
class ModelReport:
    """All learners of all outcomes, with what metadata alone achieve."""

    results: tuple[ModelResult, ...]
    from_metadata: tuple[ModelResult, ...]
    warnings: tuple[str, ...]


def predict_phenotype(
    table: FeatureTable,
    design: Design,
    *,
    learners: Sequence[Learner] = LEARNERS,
    found: Sequence[Confounder] = (),
    seed: int = 0,
    threads: int = 1,
    told: Callable[[str], None] | None = None,
) -> ModelReport:
    """Cross-validate models of the design's outcome.

    Args:
        table: Features; its samples are matched to the design's.
        design: The groups (each against the reference) or the scale.
        learners: Which learners to try.
        found: Columns that go with the groups; those that restate them are not used as metadata.
        seed: Seed of splits and learners.
        threads: Threads of the forest.
        told: Told what is being fitted.
    """
    table = table.keep_samples(design.metadata.samples)
    table = table.keep_features(np.ptp(table.values, axis=1) > 0)
    report = ModelReport((), (), ())
    for task in _tasks(design) if learners else ():
        if not _is_large_enough(task):
            note = f"{task.name}: too few subjects for cross-validation, no model was fitted"
            report = replace(report, warnings=(*report.warnings, note))
            continue
        metadata = design.metadata.take(task.rows)
        rest = _without(metadata, design, found)
        results = []
        for learner in learners:
            if told is not None:
                told(f"{task.name}: {LEARNER_NAMES[learner]}")
            setup = Setup(learner, seed, threads)
            results.append(
                _result(_inputs(table, learner)[task.rows], task, rest, setup, table.features)
            )
        other = _metadata_result(task, rest, Setup("forest", seed, threads))
        report = _extended(report, results, other)
    return report


def _extended(
    report: ModelReport, results: Sequence[ModelResult], other: ModelResult | None
) -> ModelReport:
    said = _confounding_words(other, results) if other is not None else []
    said += [
        _subgroup_words(one, it)
        for one in results
        if one.is_better_than_chance
        for it in one.subgroups
        if it.differs
    ]
    return ModelReport(
        (*report.results, *results),
        (*report.from_metadata, *([other] if other is not None else [])),
        (*report.warnings, *said),
    )


def _without(metadata: Metadata, design: Design, found: Sequence[Confounder]) -> Metadata:
    """Leave out the outcome itself, who was sampled, and columns that restate either."""
    roles = {"restates the group", "detail of a group", "bookkeeping"}
    restating = {it.column for it in found if it.role in roles}
    unusable = {design.column, design.subject_column} | restating
    columns = {name: it for name, it in metadata.columns.items() if name not in unusable}
    return replace(metadata, columns=columns)


def _tasks(design: Design) -> Iterator[Task]:
    units = design.subject if design.subject is not None else np.arange(len(design.group))
    if design.scale is not None:
        rows = np.arange(len(design.scale))
        yield Task(design.column, "R2", design.scale, units, rows)
        return
    for level, contrast in enumerate(design.contrasts, start=1):
        rows = np.flatnonzero((design.group == level) | (design.group == 0))
        yield Task(contrast, "AUC", (design.group[rows] == level).astype(float), units[rows], rows)


def _is_large_enough(task: Task) -> bool:
    if task.metric == "R2":
        return len(set(task.units.tolist())) >= 2 * FOLDS
    sizes = [len(set(task.units[task.y == value].tolist())) for value in (0.0, 1.0)]
    return min(sizes) >= _LEAST_CLASS


def _inputs(table: FeatureTable, learner: Learner) -> Floats:
    """Samples × features: shares for trees, log-ratios for what is linear or a network."""
    if learner == "forest" and table.is_compositional:
        return relative_abundance(table).values.T
    return transformed(table, default_transform(table)).values.T


def _result(
    x: Floats, task: Task, metadata: Metadata, setup: Setup, features: Sequence[str],
    *, is_profile: bool = True,
) -> ModelResult:  # fmt: skip
    predictions, means = predicted(x, task, setup)
    value = metric_of(task.metric, task.y, predictions, means)
    low, high = bootstrap_interval(task, predictions, means, setup.seed)
    half, covered = _conformal(task, predictions, setup.seed)
    is_forest = setup.learner == "forest"
    return ModelResult(
        outcome=task.name, learner=LEARNER_NAMES[setup.learner], metric=task.metric,
        value=value, low=low, high=high, p=_shuffled_p(task, predictions, means, setup.seed),
        baseline=_baseline(x, task, setup) if is_forest and is_profile else (),
        n=len(x), subjects=len(set(task.units.tolist())), folds=FOLDS, features=x.shape[1],
        half_width=half, covered=covered,
        subgroups=tuple(by_subgroup(task, (predictions, means), metadata, value, setup.seed))
        if is_profile else (),
        top_features=_top(x, task, setup, features) if is_forest else (),
        predictions=tuple(zip(metadata.samples, predictions.tolist(), strict=True)),
    )  # fmt: skip


def _shuffled(task: Task, rng: np.random.Generator) -> Floats:
    """Shuffle outcomes among subjects; within subjects where a subject has several outcomes."""
    members = members_of(task.units)
    if len(members) == len(task.units):
        return rng.permutation(task.y)
    y = task.y.copy()
    if any(len(set(task.y[at].tolist())) > 1 for at in members):
        for at in members:
            y[at] = task.y[rng.permutation(at)]
        return y
    order = rng.permutation(len(members))
    for at, source in zip(members, order, strict=True):
        y[at] = task.y[members[source][0]]
    return y


def _shuffled_p(task: Task, predictions: Floats, means: Floats, seed: int) -> float:
    rng = np.random.default_rng(seed)
    flat = means if task.metric == "AUC" else np.full(len(task.y), task.y.mean())
    seen = metric_of(task.metric, task.y, predictions, flat)
    at_least = 0
    for _ in range(_SHUFFLES):
        at_least += metric_of(task.metric, _shuffled(task, rng), predictions, flat) >= seen
    return (1 + at_least) / (1 + _SHUFFLES)


def _baseline(x: Floats, task: Task, setup: Setup) -> tuple[float, ...]:
    """Refit on shuffled outcomes: what the procedure finds where there is nothing."""
    rng = np.random.default_rng(setup.seed + 1)
    small = replace(setup, trees=_BASELINE_TREES)
    values = []
    for _ in range(_REFITS):
        shuffled = task.with_outcome(_shuffled(task, rng))
        predictions, means = predicted(x, shuffled, small)
        values.append(metric_of(task.metric, shuffled.y, predictions, means))
    return tuple(round(float(it), 4) for it in values if np.isfinite(it))


def _conformal(
    task: Task, predictions: Floats, seed: int
) -> tuple[float, float] | tuple[None, None]:
    """Return the half-width of a 90 % interval, and the share covered when each fold is held out.

    The residuals of a fold are judged by those of the other folds, as for a sample to come.
    """
    if task.metric != "R2":
        return None, None
    residuals = np.abs(task.y - predictions)
    inside = np.zeros(len(residuals), dtype=bool)
    for rest, test in folds(task, seed):
        inside[test] = residuals[test] <= _quantile(residuals[rest])
    return _quantile(residuals), float(inside.mean())


def _quantile(residuals: Floats) -> float:
    level = min(1.0, np.ceil(_LEVEL * (len(residuals) + 1)) / len(residuals))
    return float(np.quantile(residuals, level, method="higher"))


def _top(
    x: Floats, task: Task, setup: Setup, features: Sequence[str]
) -> tuple[tuple[str, float], ...]:
    """Name the features that the forest of all samples splits on most; a hint, no test."""
    weights = np.asarray(fitted(x, task, setup).feature_importances_)
    best = np.lexsort((np.arange(len(weights)), -weights))[:_TOP]
    return tuple((features[at], round(float(weights[at]), 5)) for at in best)


# --- Beside the profiles ---------------------------------------------------------------------


def _subgroup_words(result: ModelResult, part: Subgroup) -> str:
    return (
        f"{result.outcome}, {result.learner}: {result.metric} {part.value:.2f} for {part.column} "
        f"{part.level} ({part.n} samples) against {result.value:.2f} in all: it does not serve all"
        " alike"
    )


def _metadata_result(task: Task, metadata: Metadata, setup: Setup) -> ModelResult | None:
    """Cross-validate a forest on the metadata alone; None where no column can be used."""
    columns, names = [], []
    for name in metadata.columns:
        levels = len(set(metadata.column(name)))
        numeric = metadata.is_numeric(name) and levels > FEW_NUMBERS
        is_id = numeric and bool(ID_WORDS & set(words_of(name)))
        if levels < 2 or is_id or (not numeric and levels > MOST_LEVELS):
            continue
        columns.append(_filled(metadata, name, numeric=numeric))
        names += [name] * columns[-1].shape[1]
    if not columns:
        return None
    return _result(np.hstack(columns), task, metadata, setup, names, is_profile=False)


def _filled(metadata: Metadata, name: str, *, numeric: bool) -> Floats:
    """A column as numbers; a missing value is a level of its own, or the median."""
    if numeric:
        values = metadata.numbers(name)
        known = np.isfinite(values)
        filled = np.where(known, values, np.median(values[known]))
        return np.stack([filled, known.astype(float)], axis=1)
    texts = [value or "(none)" for value in metadata.column(name)]
    levels, codes = codes_of(texts)
    return np.asarray(codes[:, None] == np.arange(len(levels)), dtype=float)


def _confounding_words(other: ModelResult, results: Sequence[ModelResult]) -> list[str]:
    best = max((it.value for it in results), default=0.0)
    if other.value < _METADATA_BAR[other.metric] or not other.is_better_than_chance:
        return []
    how = "as well as" if other.value >= best - _AS_WELL else "less well than"
    names = ", ".join(dict.fromkeys(name for name, _ in other.top_features[:3]))
    return [
        f"{other.outcome}: metadata alone predict it ({other.metric} {other.value:.2f}; {names}),"
        f" {how} the profiles ({best:.2f}): the profiles may owe their part to those columns"
    ]
