"""Differential abundance: which features differ between groups, by how much, and how surely.

Two independent groups are compared by ranks (Mann-Whitney), several by one test per level against
the reference; with covariates, or several samples of a subject, by linear models of transformed
values. Every test is made a second time on another normalisation. A row is a finding only if both
agree and no other column explains it; all other rows are kept with their numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from ingest.errors import UserError
from retrieval.cohort.confounding import Confounder, confounders, separable
from retrieval.cohort.depths import median_depths, rarefied
from retrieval.cohort.design import LEAST_PER_GROUP
from retrieval.cohort.difference import Q_LEVEL, SHARE, Difference
from retrieval.cohort.linear import Fit, ols, random_intercept
from retrieval.cohort.normalise import (
    Normalised,
    default_transform,
    presence,
    relative_abundance,
    second_transform,
    transformed,
)
from retrieval.cohort.ranks import is_of_few_subjects, not_below_ranks, ranked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrieval.cohort.design import Design
    from retrieval.cohort.normalise import Transform
    from retrieval.cohort.table import Bools, FeatureTable, Floats

__all__ = [
    "MIN_PREVALENCE",
    "Q_LEVEL",
    "SHARE",
    "Comparison",
    "Difference",
    "benjamini_hochberg",
    "compare",
]

#: Features found in a smaller share of samples are not tested.
MIN_PREVALENCE: Final = 0.10
#: The second test must agree in direction at this level.
_AGREE_P: Final = 0.05
#: Share of the subjects with several groups from which on a comparison is one within subjects.
_CROSSED: Final = 0.5
#: A feature with a smaller mean share in both groups is told apart from mapping noise by nothing.
_RAREST: Final = 1e-6
#: Of fewer features the median difference is no measure of what all share.
_LEAST_FOR_CENTRE: Final = 20
_LN2: Final = float(np.log(2.0))


@dataclass(frozen=True, slots=True)
class Comparison:
    """All features of a table in one design, strongest first."""

    rows: tuple[Difference, ...]
    tested: int
    left_out: int
    confounders: tuple[Confounder, ...]
    test: str
    normalisation: str
    notes: tuple[str, ...] = field(default=())

    @property
    def findings(self) -> tuple[Difference, ...]:
        """The rows that may be told as differences."""
        return tuple(row for row in self.rows if row.is_finding)


def benjamini_hochberg(p: Floats) -> Floats:
    """Return q-values (Benjamini & Hochberg 1995) of an array of any shape, over all of it."""
    from scipy import stats

    flat = np.asarray(p, dtype=float).ravel()
    return np.asarray(stats.false_discovery_control(flat) if len(flat) else flat).reshape(p.shape)


def compare(
    table: FeatureTable,
    design: Design,
    *,
    transform: Transform | None = None,
    min_prevalence: float = MIN_PREVALENCE,
    detection_limit: float = 0.0,
    independent: bool = True,
) -> Comparison:
    """Test every feature that is found often enough.

    Args:
        table: The table; its samples are matched to the design's.
        design: Groups, subjects, covariates.
        transform: How values enter linear models; None chooses by the table's unit.
        min_prevalence: Least share of all samples with the feature.
        detection_limit: Value above which a feature counts as found.
        independent: False where samples seem to repeat and no subject is known: nothing is
            then a finding.

    Raises:
        UserError: No feature is found often enough.
    """
    whole = table.keep_samples(design.metadata.samples)
    kept = _often_enough(whole, min_prevalence, detection_limit)
    if not kept.any():
        what = f"no feature varies and is found in {min_prevalence:.0%} of the samples"
        hint = "Lower --min-prevalence, or check that the table holds abundances"
        raise UserError(what, where="cohort", hint=hint)
    # The filter does not look at groups; shares are formed of the whole table, before it.
    table = whole.keep_features(kept)
    chosen = transform or default_transform(whole)
    tests = _tested(table, whole, kept, design, chosen)
    rows = _rows(table, whole, kept, design, tests, detection_limit)
    rows = _at_one_depth(rows, whole, kept, design, chosen)
    found = confounders(design)
    rows = _judged(rows, design, found, tests, independent=independent)
    return Comparison(
        rows=tuple(sorted(rows, key=lambda row: (row.q, row.p, row.feature, row.contrast))),
        tested=int(kept.sum()),
        left_out=int((~kept).sum()),
        confounders=tuple(found),
        test=tests.name,
        normalisation=tests.values.how,
        notes=design.notes,
    )


def _often_enough(table: FeatureTable, least: float, limit: float) -> Bools:
    """Keep what is found in enough samples at all; a logged table has no absence."""
    if (table.values < 0).any():
        return np.asarray(np.ptp(table.values, axis=1) > 0, dtype=bool)
    share = presence(table, limit).mean(axis=1)
    kept: Bools = (share >= least) & (np.ptp(table.values, axis=1) > 0)
    return kept


def _at_one_depth(
    rows: Sequence[Difference],
    whole: FeatureTable,
    kept: Bools,
    design: Design,
    transform: Transform,
) -> list[Difference]:
    """Test again at the depth of the shallowest sample where groups differ in depth."""
    if not median_depths(whole, design):
        return list(rows)
    drawn = rarefied(whole)
    q = benjamini_hochberg(_tested(drawn.keep_features(kept), drawn, kept, design, transform).p)
    features = len(q)
    return [
        replace(row, depth_q=float(q[at % features, at // features])) for at, row in enumerate(rows)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Tests:
    """p-values, features × contrasts, with the linear model that gives the effects."""

    name: str
    p: Floats
    check_p: Floats
    check_sign: Floats
    fit: Fit
    values: Normalised
    check: str
    delta: Floats | None
    subjects_p: Floats | None = None


def _tested(
    table: FeatureTable, whole: FeatureTable, kept: Bools, design: Design, transform: Transform
) -> _Tests:
    values = _values(table, whole, kept, transform)
    mains = slice(1, 1 + len(design.contrasts))
    fit = _fitted(design, values)
    p = fit.p_values()[mains].T
    signs = np.sign(fit.coef[mains].T)
    is_plain = not design.is_repeated and not design.covariates
    if not is_plain:
        other = _values(table, whole, kept, second_transform(transform))
        check = _fitted(design, other)
        check_p = check.p_values()[mains].T
        if design.is_repeated:
            # Few people are easily alike by chance: where they repeat, this test counts by q too.
            check_p = benjamini_hochberg(check_p)
        name = _model_name(design)
        subjects_p = None
        if design.is_repeated:
            strict = fit if _is_crossed(design) else _fitted(design, values, over_subjects=True)
            subjects_p = strict.p_values()[mains].T
        if is_of_few_subjects(design):
            p = not_below_ranks(p, table, values.values, design)
            name += "; of what some subject lacks, p not below Mann-Whitney U of subjects' means"
        return _Tests(
            name, p, check_p, np.sign(check.coef[mains].T), fit, values,
            f"the same on {other.how}", None, subjects_p,
        )  # fmt: skip
    measured = _values(table, whole, kept, "relative" if whole.is_compositional else "none")
    rank_p, delta = ranked(measured.values, design)
    name = "Mann-Whitney U" if design.scale is None else "Spearman rank correlation"
    check_name = f"linear model with HC3 errors on {values.how}"
    return _Tests(f"{name} on {measured.how}", rank_p, p, signs, fit, values, check_name, delta)


def _values(
    table: FeatureTable, whole: FeatureTable, kept: Bools, transform: Transform
) -> Normalised:
    """Normalise; shares are of the whole sample, log-ratios over the features that are tested."""
    if transform in {"relative", "ast"}:
        made = transformed(whole, transform)
        return replace(made, values=made.values[kept])
    return transformed(table, transform)


def _is_crossed(design: Design) -> bool:
    """Tell a comparison within subjects: most of them have samples of several groups.

    Their own responses are then noise of the comparison itself. Where few change, errors over those
    few would say little of all: they are a condition of findings there, not the test.
    """
    return design.share_within >= _CROSSED


def _fitted(design: Design, values: Normalised, *, over_subjects: bool | None = None) -> Fit:
    strict = _is_crossed(design) if over_subjects is None else over_subjects
    fit = (
        random_intercept(design.matrix, values.values, design.subject, over_subjects=strict)
        if design.subject is not None and design.is_repeated
        else ols(design.matrix, values.values)
    )
    if "centred log-ratio" not in values.how or fit.coef.shape[1] < _LEAST_FOR_CENTRE:
        return fit
    # What rises in one feature falls in the centre, and so in all log-ratios: the median of the
    # differences is taken for that shared part (as LinDA does, doi 10.1186/s13059-022-02655-5).
    coef = fit.coef.copy()
    mains = slice(1, 1 + len(design.contrasts))
    coef[mains] -= np.median(coef[mains], axis=1, keepdims=True)
    return replace(fit, coef=coef)


def _model_name(design: Design) -> str:
    adjusted = f", adjusted for {', '.join(design.covariates)}" if design.covariates else ""
    if design.is_repeated:
        who = f"linear mixed model, random intercept per {design.subject_column}"
        errors = ", errors over subjects" if _is_crossed(design) else ""
        return f"{who}, REML, Satterthwaite{errors}{adjusted}"
    return f"linear model, HC3 errors{adjusted}"


# --- Rows -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """What rows tell beside the tests: values with their unit, effects with theirs, q-values."""

    values: Floats
    unit: str
    found: Bools
    q: Floats
    effects: tuple[Floats, Floats, Floats]
    effect_unit: str
    source: str


def _rows(
    table: FeatureTable, whole: FeatureTable, kept: Bools, design: Design, tests: _Tests,
    detection_limit: float,
) -> list[Difference]:  # fmt: skip
    # Log-ratios are told in doublings; all else in the unit of the values.
    per, effect_unit = (_LN2, "log2 ratio") if tests.values.unit == "ln ratio" else (
        1.0, f"difference in {tests.values.unit}"
    )  # fmt: skip
    low, high = tests.fit.intervals()
    told = _Told(
        values=relative_abundance(whole).values[kept] if whole.is_compositional else table.values,
        unit=SHARE if whole.is_compositional else (table.unit or "unit not stated"),
        found=presence(table, detection_limit),
        q=benjamini_hochberg(tests.p),
        effects=(tests.fit.coef / per, low / per, high / per),
        effect_unit=effect_unit,
        source=whole.source,
    )
    contrasts = range(len(design.contrasts))
    return [row for at in contrasts for row in _rows_of_contrast(table, design, tests, told, at)]


def _rows_of_contrast(
    table: FeatureTable, design: Design, tests: _Tests, told: _Told, at: int
) -> Iterator[Difference]:
    inside, outside = design.sides(at)
    found, absent = told.found[:, inside].mean(axis=1), told.found[:, outside].mean(axis=1)
    mean, other = told.values[:, inside].mean(axis=1), told.values[:, outside].mean(axis=1)
    coef, low, high = (effects[at + 1] for effects in told.effects)
    over = tests.subjects_p
    for row in range(len(table.features)):
        delta = None if tests.delta is None else float(tests.delta[row, at])
        by_ranks = np.sign(coef[row] if delta is None else delta)
        agrees = tests.check_sign[row, at] == by_ranks and tests.check_p[row, at] < _AGREE_P
        yield Difference(
            feature=table.features[row],
            name=table.name_of(row),
            contrast=design.contrasts[at],
            n=int(inside.sum()),
            reference_n=int(outside.sum()),
            prevalence=float(found[row]),
            reference_prevalence=float(absent[row]),
            mean=float(mean[row]),
            reference_mean=float(other[row]),
            mean_unit=told.unit,
            effect=float(coef[row]),
            low=float(low[row]),
            high=float(high[row]),
            effect_unit=told.effect_unit,
            delta=delta,
            p=float(tests.p[row, at]),
            q=float(told.q[row, at]),
            check_p=float(tests.check_p[row, at]),
            agrees=bool(agrees),
            test=tests.name,
            normalisation=tests.values.how,
            check=tests.check,
            source=told.source,
            subjects_p=None if over is None else float(over[row, at]),
        )


def _judged(
    rows: Sequence[Difference],
    design: Design,
    found: Sequence[Confounder],
    tests: _Tests,
    *,
    independent: bool,
) -> list[Difference]:
    """Say of each row whether it is a finding, and if not, why."""
    few = design.fewest_subjects < LEAST_PER_GROUP
    everywhere = tuple(one.column for one in found if one.determines)
    features = len(tests.p)
    q = benjamini_hochberg(tests.p)
    explained: Mapping[int, tuple[str, ...]] = {}
    if not everywhere:
        significant = np.asarray((q < Q_LEVEL).any(axis=1), dtype=bool)
        explained = separable(design, found, tests.values.values, significant)
    judged = []
    for at, row in enumerate(rows):
        columns = everywhere or explained.get(at % features, ())
        status = _status(row, columns, independent=independent, few=few)
        judged.append(replace(row, confounded_with=columns, status=status))
    return judged


def _status(row: Difference, columns: Sequence[str], *, independent: bool, few: bool) -> str:
    """Give the first reason against a finding."""
    largest = max(row.mean, row.reference_mean)
    reasons = (
        (row.q >= Q_LEVEL, "not significant"),
        (not independent, "samples repeat: no independent test was made"),
        (few, f"a group has fewer than {LEAST_PER_GROUP} subjects"),
        (
            row.subjects_p is not None and row.subjects_p >= _AGREE_P,
            "rests on few subjects: not shown once they may respond differently",
        ),
        (
            row.depth_q is not None and row.depth_q >= Q_LEVEL,
            "not seen at one sequencing depth: groups differ in depth",
        ),
        (bool(columns), f"confounded with {', '.join(columns)}"),
        (not row.agrees, "does not hold under the second normalisation"),
        (
            row.mean_unit == SHARE and largest < _RAREST,
            "below one read in a million in both groups: may be mapping noise",
        ),
    )
    return next((words for holds, words in reasons if holds), "")
