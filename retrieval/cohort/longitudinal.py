"""Change over time: trends per subject, distance to a baseline or a donor, time to return.

Each subject is summarised first (a slope, a time) and subjects are compared then, so that many
samples of one person count once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from retrieval.cohort.design import codes_of
from retrieval.cohort.differential import benjamini_hochberg
from retrieval.cohort.normalise import default_transform, presence, transformed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.cohort.metadata import Metadata
    from retrieval.cohort.table import FeatureTable, Floats, Indices

#: Fewer subjects with a slope than these are not tested.
_LEAST_SUBJECTS: Final = 5
_LEAST_TIMES: Final = 2
#: Back at baseline: not farther than this quantile of distances among baseline samples.
_BASELINE_QUANTILE: Final = 0.95
#: Times in a row that a subject must be near its baseline (or until its last sample).
_STAYS: Final = 2


@dataclass(frozen=True, slots=True)
class Trend:
    """A feature's change per unit of time, over subjects.

    ``slope`` is the median of the subjects' slopes with an exact 95 % interval;
    ``p`` is Wilcoxon's signed-rank test of the slopes against zero. With two groups ``group_p``
    compares their slopes (Mann-Whitney) and ``group_slopes`` holds the medians.
    """

    feature: str
    name: str
    subjects: int
    slope: float
    low: float
    high: float
    p: float
    q: float
    rising: int
    unit: str
    normalisation: str
    group_slopes: tuple[tuple[str, float], ...] = ()
    group_p: float | None = None
    group_q: float | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """One sample's distance to where its subject began, or to its donor."""

    sample: str
    subject: str
    group: str
    time: float
    distance: float
    kind: str


@dataclass(frozen=True, slots=True)
class Return:
    """When a subject was back near its baseline; ``returned`` is False where it was not seen."""

    subject: str
    group: str
    time: float
    returned: bool
    threshold: float


@dataclass(frozen=True, slots=True)
class ReturnSummary:
    """Median time to return by Kaplan and Meier; None where fewer than half returned."""

    group: str
    subjects: int
    returned: int
    median: float | None


def trends(
    table: FeatureTable,
    metadata: Metadata,
    *,
    subject: str,
    time: str,
    group: str = "",
    min_prevalence: float = 0.1,
) -> list[Trend]:
    """Fit a line per subject and feature, then test the slopes over subjects.

    Args:
        table: The table.
        metadata: Metadata with the columns named next; samples without them are left out.
        subject: Column of the subject.
        time: Column of numbers.
        group: Column of two groups whose slopes are compared, or "".
        min_prevalence: Least share of samples with a feature.
    """
    kept = metadata.present(subject) & metadata.present(time)
    metadata = metadata.take(kept)
    table = table.keep_samples(metadata.samples)
    common = (presence(table).mean(axis=1) >= min_prevalence) | (table.values < 0).any(axis=1)
    table = table.keep_features(common & (np.ptp(table.values, axis=1) > 0))
    names, codes = codes_of(metadata.column(subject))
    times = metadata.numbers(time)
    values = transformed(table, default_transform(table))
    slopes, who = _slopes(values.values, times, codes, len(names))
    if len(who) < _LEAST_SUBJECTS or not len(table.features):
        return []
    groups = _group_of(metadata, group, codes, who)
    return _trends(table, slopes, groups, values.unit, values.how)


def _slopes(values: Floats, times: Floats, codes: Indices, count: int) -> tuple[Floats, list[int]]:
    """Least-squares slopes, features × subjects that have two times or more."""
    columns, who = [], []
    for one in range(count):
        at = np.flatnonzero(codes == one)
        centred = times[at] - times[at].mean()
        if len(set(times[at].tolist())) >= _LEAST_TIMES:
            columns.append(values[:, at] @ centred / (centred**2).sum())
            who.append(one)
    return (np.stack(columns, axis=1) if columns else np.zeros((len(values), 0))), who


def _group_of(metadata: Metadata, group: str, codes: Indices, who: Sequence[int]) -> list[str]:
    """Return each subject's group; "" where it has none or several."""
    if not group:
        return [""] * len(who)
    texts = metadata.column(group)
    sets = [{texts[at] for at in np.flatnonzero(codes == one)} - {""} for one in who]
    return [next(iter(it)) if len(it) == 1 else "" for it in sets]


def _trends(
    table: FeatureTable, slopes: Floats, groups: Sequence[str], unit: str, how: str
) -> list[Trend]:
    from scipy import stats

    p = _signed_rank(slopes)
    levels = sorted({it for it in groups if it})
    masks = [np.array([it == level for it in groups]) for level in levels]
    compared = len(levels) == 2 and all(mask.sum() >= _LEAST_SUBJECTS for mask in masks)
    group_p = np.ones(len(slopes))
    if compared:
        result = stats.mannwhitneyu(
            slopes[:, masks[1]], slopes[:, masks[0]], axis=1, method="asymptotic"
        )
        group_p = np.nan_to_num(np.asarray(result.pvalue), nan=1.0)
    q, group_q = benjamini_hochberg(p), benjamini_hochberg(group_p)
    low, high = _median_interval(slopes)
    rows = [
        Trend(
            feature=table.features[at], name=table.name_of(at), subjects=slopes.shape[1],
            slope=float(np.median(slopes[at])), low=float(low[at]), high=float(high[at]),
            p=float(p[at]), q=float(q[at]), rising=int((slopes[at] > 0).sum()),
            unit=f"{unit} per unit of time", normalisation=how,
            group_slopes=tuple(
                (level, float(np.median(slopes[at, mask])))
                for level, mask in zip(levels, masks, strict=True)
                if mask.any()
            ),
            group_p=float(group_p[at]) if compared else None,
            group_q=float(group_q[at]) if compared else None,
        )
        for at in range(len(slopes))
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.q, row.p, row.feature))


def _signed_rank(slopes: Floats) -> Floats:
    """Test each row of slopes against zero; 1 where none changes."""
    from scipy import stats

    p = np.ones(len(slopes))
    moving = np.ptp(slopes, axis=1) > 0
    if moving.any():
        p[moving] = stats.wilcoxon(slopes[moving], axis=1).pvalue
    return np.nan_to_num(p, nan=1.0)


def _median_interval(slopes: Floats) -> tuple[Floats, Floats]:
    """Return the 95 % interval of each row's median, by order statistics (exact binomial)."""
    from scipy import stats

    ordered = np.sort(slopes, axis=1)
    n = slopes.shape[1]
    below = max(0, int(stats.binom.ppf(0.025, n, 0.5)) - 1)
    return ordered[:, below], ordered[:, n - 1 - below]


# --- Distances ------------------------------------------------------------------------------


def distance_to_baseline(
    square: Floats, metadata: Metadata, *, subject: str, time: str, group: str = "",
    until: float | None = None,
) -> list[Course]:  # fmt: skip
    """Give each sample's mean distance to its subject's baseline samples.

    Args:
        square: Distances between the samples of the metadata.
        metadata: Metadata of the same samples; those without subject or time are passed over.
        subject: Column of the subject.
        time: Column of numbers.
        group: Column that is carried along.
        until: Times up to this one are baseline; None takes each subject's first time.
    """
    courses = []
    for who, at, times in _subjects(metadata, subject, time):
        limit = times.min() if until is None else until
        base = at[times <= limit]
        for place, moment in zip(at.tolist(), times.tolist(), strict=True):
            others = base[base != place]
            if not len(others):
                continue
            courses.append(
                _course(metadata, place, who, moment, float(square[place, others].mean()), group,
                        "to baseline")
            )  # fmt: skip
    return courses


def distance_to_donor(
    square: Floats, metadata: Metadata, *, subject: str, time: str, donor: str, group: str = ""
) -> list[Course]:
    """Give each sample's mean distance to the samples of the donor that column ``donor`` names.

    The column holds the donor's sample name or subject; donors themselves leave it empty.
    """
    names = {name: [place] for place, name in enumerate(metadata.samples)}
    for place, person in enumerate(metadata.column(subject)):
        names.setdefault(person, []).append(place)
    of_donor = metadata.column(donor)
    courses = []
    for who, at, times in _subjects(metadata, subject, time):
        for place, moment in zip(at.tolist(), times.tolist(), strict=True):
            others = [it for it in names.get(of_donor[place], []) if it not in at.tolist()]
            if others:
                far = float(square[place, others].mean())
                courses.append(_course(metadata, place, who, moment, far, group, "to donor"))
    return courses


def _subjects(metadata: Metadata, subject: str, time: str) -> list[tuple[str, Indices, Floats]]:
    kept = metadata.present(subject) & metadata.present(time)
    times = metadata.numbers(time)
    texts = np.array(metadata.column(subject))
    found = []
    for who in sorted(set(texts[kept].tolist())):
        at = np.flatnonzero(kept & (texts == who))
        at = at[np.argsort(times[at], kind="stable")]
        found.append((who, at, times[at]))
    return found


def _course(
    metadata: Metadata, place: int, who: str, moment: float, far: float, group: str, kind: str
) -> Course:
    level = metadata.column(group)[place] if group else ""
    return Course(metadata.samples[place], who, level, float(moment), far, kind)


def returns(courses: Sequence[Course], *, until: float | None = None) -> list[Return]:
    """Find when each subject was back near its baseline, and stayed.

    The threshold is the subject's own baseline scatter (95 % of distances among baseline samples),
    or that of all subjects where it has too few. A subject that never left is back at its first
    later sample; one that is not seen back is censored at its last.
    """
    after = {} if until is None else {it.subject: until for it in courses}
    first = {it.subject: it.time for it in sorted(courses, key=lambda it: -it.time)}
    limit = after or first
    base = {
        who: [it.distance for it in courses if it.subject == who and it.time <= limit[who]]
        for who in limit
    }
    pooled = [far for values in base.values() for far in values]
    if not pooled:
        return []
    found = []
    for who in sorted(limit):
        later = sorted(
            (it for it in courses if it.subject == who and it.time > limit[who]),
            key=lambda it: it.time,
        )
        own = base[who] if len(base[who]) > 2 else pooled
        threshold = float(np.quantile(own, _BASELINE_QUANTILE))
        if later:
            at = _first_stay([it.distance <= threshold for it in later])
            moment = later[-1].time if at is None else later[at].time
            found.append(Return(who, later[0].group, moment, at is not None, threshold))
    return found


def _first_stay(near: Sequence[bool]) -> int | None:
    """Return the first place from which all of the next ``_STAYS`` (or the rest) are near."""
    return next((at for at in range(len(near)) if all(near[at : at + _STAYS])), None)


def return_summaries(found: Sequence[Return]) -> list[ReturnSummary]:
    """Summarise times to return per group, those not seen back as censored."""
    from statsmodels.duration.survfunc import SurvfuncRight

    summaries = []
    for group in sorted({it.group for it in found}):
        ours = [it for it in found if it.group == group]
        seen = [int(it.returned) for it in ours]
        median = None
        if any(seen):
            curve = SurvfuncRight([it.time for it in ours], seen)
            at = np.flatnonzero(np.asarray(curve.surv_prob) <= 0.5)
            median = float(curve.surv_times[at[0]]) if len(at) else None
        summaries.append(ReturnSummary(group, len(ours), sum(seen), median))
    return summaries
