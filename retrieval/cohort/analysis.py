"""One cohort from table to results: every analysis that its columns allow, in one call."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from ingest.errors import UserError
from ingest.records import digest_of
from retrieval.cohort.associations import Associations, associate, clinical_table
from retrieval.cohort.depths import depth_warning
from retrieval.cohort.design import Design, make_design, names_subjects
from retrieval.cohort.differential import Q_LEVEL, Comparison, compare
from retrieval.cohort.diversity import (
    METRICS,
    Alpha,
    AlphaTest,
    Permanova,
    alpha_diversity,
    alpha_tests,
    distances,
    euclidean,
    ordination,
    permanova,
)
from retrieval.cohort.independence import alike_warnings
from retrieval.cohort.longitudinal import (
    Course,
    Return,
    ReturnSummary,
    Trend,
    distance_to_baseline,
    distance_to_donor,
    return_summaries,
    returns,
    trends,
)
from retrieval.cohort.metadata import ID_WORDS, Metadata
from retrieval.cohort.models import ModelReport, predict_phenotype
from retrieval.cohort.neighbours import Neighbour, SimilarSample, co_abundant, similar_samples
from retrieval.cohort.normalise import default_transform, transformed
from retrieval.cohort.preparing import prepared
from retrieval.cohort.privacy import Blocked, blocked_columns, words_of
from retrieval.cohort.question import Question
from retrieval.cohort.summaries import About, feature_summaries, sample_summaries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ingest.records import CohortSummary
    from retrieval.cohort.confounding import Confounder
    from retrieval.cohort.diversity import Metric
    from retrieval.cohort.table import FeatureTable, Floats

__all__ = ["CohortResult", "OverTime", "Question", "analyse", "summaries_of"]

#: Numeric columns that are correlated with features by themselves.
_MOST_CLINICAL: Final = 40
_LEAST_VALUES: Final = 8


@dataclass(frozen=True, slots=True)
class OverTime:
    """What changes over time; empty where no time was named."""

    trends: tuple[Trend, ...] = ()
    courses: tuple[Course, ...] = ()
    returns: tuple[Return, ...] = ()
    return_summaries: tuple[ReturnSummary, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class CohortResult:
    """Everything that was found; ``warnings`` is to be read first."""

    question: Question
    table: FeatureTable
    design: Design
    comparison: Comparison
    alpha: tuple[Alpha, ...]
    alpha_tests: tuple[AlphaTest, ...]
    permanova: tuple[Permanova, ...]
    points: Floats
    explained: tuple[float, float]
    over_time: OverTime
    models: ModelReport
    metabolites: Comparison | None
    associations: Associations | None
    clinical: Associations | None
    neighbours: tuple[Neighbour, ...]
    similar: tuple[SimilarSample, ...]
    summaries: tuple[CohortSummary, ...]
    blocked: tuple[Blocked, ...]
    warnings: tuple[str, ...] = field(default=())


def analyse(
    table: FeatureTable,
    metadata: Metadata,
    question: Question,
    *,
    metabolites: FeatureTable | None = None,
    told: Callable[[str], None] | None = None,
) -> CohortResult:
    """Run every analysis that the columns allow.

    Args:
        table: Features of samples.
        metadata: Metadata joined to the table's samples.
        question: What is asked.
        metabolites: A second table of the same samples.
        told: Told which analysis runs.

    Raises:
        UserError: A column is absent, nothing can be compared, or samples repeat and no subject
            is named.
    """
    tell = told or (lambda _: None)
    ready = prepared(table, metadata, question, metabolites)
    table, design, metabolites = ready.table, ready.design, ready.metabolites
    far = _to_donor(ready.whole, ready.everyone, design, question)
    tell("distances between samples")
    squares = _squares(table)
    main = squares.get("aitchison", next(iter(squares.values())))
    alike = alike_warnings(design, question, main)
    tell("differences between groups")
    comparison = compare(
        table, design, transform=question.transform, independent=not alike,
        min_prevalence=question.min_prevalence, detection_limit=question.detection_limit,
    )  # fmt: skip
    tell("diversity and change over time")
    alpha = alpha_diversity(table)
    points, explained = ordination(main)
    tell("models of the phenotype")
    models = predict_phenotype(
        table, design, learners=question.learners, found=comparison.confounders,
        seed=question.seed, threads=question.threads, told=told,
    )  # fmt: skip
    tell("associations")
    pairs, clinical, said = _associations(table, metabolites, design, question)
    result = CohortResult(
        question=question, table=table, design=design, comparison=comparison,
        alpha=tuple(alpha), alpha_tests=tuple(alpha_tests(alpha, design)),
        permanova=_permanovas(squares, design, question), points=points, explained=explained,
        over_time=_over_time(table, design, question, main, far), models=models,
        metabolites=_metabolite_comparison(metabolites, design, independent=not alike),
        associations=pairs, clinical=clinical, neighbours=tuple(co_abundant(table)),
        similar=tuple(similar_samples(table, main)), summaries=(), blocked=ready.blocked,
    )  # fmt: skip
    warnings = [*ready.notes, *alike, *said, *_all_warnings(result)]
    result = replace(result, warnings=tuple(dict.fromkeys(it for it in warnings if it)))
    return replace(result, summaries=tuple(summaries_of(result, metabolites)))


# --- Parts ----------------------------------------------------------------------------------


def _squares(table: FeatureTable, *metrics: Metric) -> dict[str, Floats]:
    if table.is_compositional and (table.values.sum(axis=0) > 0).all():
        return {metric: distances(table, metric) for metric in metrics or METRICS}
    return {"euclidean": euclidean(transformed(table, default_transform(table)).values)}


def _permanovas(
    squares: dict[str, Floats], design: Design, question: Question
) -> tuple[Permanova, ...]:
    options = {"permutations": question.permutations, "seed": question.seed}
    made = (permanova(square, design, metric, **options) for metric, square in squares.items())
    return tuple(it for it in made if it is not None)


def _to_donor(
    table: FeatureTable, metadata: Metadata, design: Design, question: Question
) -> list[Course]:
    """Compare samples with those of their donors, who need not be among what is compared."""
    named = question.donor and question.time and question.subject
    if not named or question.per_subject_mean:
        return []
    compared = set(design.metadata.samples)
    donors = set(design.metadata.column(question.donor)) - {""}
    people = metadata.column(question.subject)
    kept = [
        at
        for at, (name, person) in enumerate(zip(metadata.samples, people, strict=True))
        if name in compared or name in donors or person in donors
    ]
    described = metadata.take(kept)
    square = next(iter(_squares(table.keep_samples(described.samples), "aitchison").values()))
    found = distance_to_donor(
        square, described, subject=question.subject, time=question.time, donor=question.donor,
        group=question.group,
    )  # fmt: skip
    return [it for it in found if it.sample in compared]


def _over_time(
    table: FeatureTable,
    design: Design,
    question: Question,
    square: Floats,
    to_donor: Sequence[Course],
) -> OverTime:
    """Trends, distances and times to return; empty without a time."""
    if not question.time:
        return OverTime()
    if not question.subject:
        hint = "Name the column with --subject"
        raise UserError("change over time needs a subject column", where="--time", hint=hint)
    names = {"subject": question.subject, "time": question.time}
    kept = design.metadata
    group = question.group if design.scale is None and not design.is_within else ""
    found = trends(table, kept, **names, group=group, min_prevalence=question.min_prevalence)
    courses = distance_to_baseline(
        square, kept, **names, group=question.group, until=question.baseline_until
    )
    back = returns(courses, until=question.baseline_until)
    courses += to_donor
    return OverTime(tuple(found), tuple(courses), tuple(back), tuple(return_summaries(back)))


def _metabolite_comparison(
    metabolites: FeatureTable | None, design: Design, *, independent: bool
) -> Comparison | None:
    if metabolites is None:
        return None
    inside = set(metabolites.samples)
    kept = np.array([name in inside for name in design.metadata.samples])
    if kept.all():
        return compare(metabolites, design, independent=independent)
    part = make_design(
        design.metadata.take(kept), design.column, subject=design.subject_column,
        covariates=design.covariates, reference=design.levels[0] if design.levels else "",
        named=design.named,
    )  # fmt: skip
    return compare(metabolites, part, independent=independent)


def _associations(
    table: FeatureTable, metabolites: FeatureTable | None, design: Design, question: Question
) -> tuple[Associations | None, Associations | None, list[str]]:
    correlated = partial(
        associate,
        metadata=design.metadata,
        subject=question.subject,
        covariates=design.covariates,
        min_prevalence=question.min_prevalence,
    )
    pairs = clinical = None
    said = []
    if metabolites is not None:
        try:
            pairs = correlated(table, metabolites)
        except UserError as error:
            said.append(f"no association with metabolites was tested: {error.what}")
    columns = _clinical_columns(design.metadata, question)
    if columns:
        try:
            clinical = correlated(table, clinical_table(design.metadata, columns))
        except UserError as error:
            said.append(f"no clinical association was tested: {error.what}")
    return pairs, clinical, said


def _clinical_columns(metadata: Metadata, question: Question) -> list[str]:
    """Choose numeric columns with enough values; numbers that name things are no measures."""
    hidden = {it.column for it in blocked_columns(metadata.columns)}
    used = {question.group, question.subject, question.donor, *question.covariates} | hidden
    found = []
    for name, values in metadata.columns.items():
        known = [value for value in values if value]
        if name in used or ID_WORDS & set(words_of(name)) or len(known) < 0.8 * len(values):
            continue
        if metadata.is_numeric(name) and len(set(known)) >= _LEAST_VALUES:
            found.append(name)
    return found[:_MOST_CLINICAL]


def _all_warnings(result: CohortResult) -> list[str]:
    design, found = result.design, result.comparison.confounders
    said = [depth_warning(result.table, design), *result.table.notes, *design.notes]
    said += [_determined_words(one, design) for one in found if one.determines]
    said += [_tried_words(one, result) for one in found if _is_tried(one)]
    said += [f"{it.sentence}; it {_ROLE_WORDS[it.role]}" for it in found if it.role in _ROLE_WORDS]
    said += [
        f"{one.metric}: groups differ in spread (dispersion p {one.dispersion_p:.2g}), so that the"
        " PERMANOVA may speak of spread and not of location"
        for one in result.permanova
        if one.p < 0.05 and not one.is_clear
    ]
    said += _over_time_words(result)
    if design.metadata.undescribed:
        said.append(f"{len(design.metadata.undescribed):,} samples have no metadata: left out")
    if design.metadata.unmatched:
        said.append(f"{len(design.metadata.unmatched):,} samples of the metadata have no profile")
    return [*said, *result.models.warnings]


def _determined_words(one: Confounder, design: Design) -> str:
    told = (
        f"{one.sentence}: differences between groups cannot be told from those of {one.column!r};"
        " none is called a finding"
    )
    if names_subjects(design.metadata, one.column):
        told += f". If it names who was sampled, use --subject {one.column!r}"
    return told


def _over_time_words(result: CohortResult) -> list[str]:
    """Say what was asked over time and could not be told."""
    question, over_time = result.question, result.over_time
    said = []
    if question.time and not over_time.returns:
        said.append(
            "no time to return is told: no subject has two samples of its baseline and one after"
            " it (--baseline-until)"
        )
    if question.donor and not any(it.kind == "to donor" for it in over_time.courses):
        said.append(
            f"no distance to a donor is told: it needs --time and --subject, and column"
            f" {question.donor!r} is to hold the name of a sample or a subject of the table"
        )
    return said


def _is_tried(one: Confounder) -> bool:
    return one.role == "confounder" and not one.determines


def _tried_words(one: Confounder, result: CohortResult) -> str:
    """Say what became of the differences once a possible confounder was adjusted for."""
    compared = [result.comparison, *([result.metabolites] if result.metabolites else [])]
    rows = [row for it in compared for row in it.rows if row.q < Q_LEVEL]
    lost = sum(one.column in row.confounded_with for row in rows)
    return (
        f"{one.sentence}: a possible confounder; {lost:,} of {len(rows):,} significant differences"
        " are lost once it is adjusted for and are marked"
    )


_ROLE_WORDS: Final = {
    "restates the group": "seems to say the same as the group and is not taken for a confounder",
    "detail of a group": "is written for one group only and has several values: a detail of that"
    " group, not taken for a confounder",
    "bookkeeping": "is about records and not taken for a confounder: check that groups were not"
    " sampled or processed apart",
    "order in time": "follows the group within subjects (before and after): any change over time"
    " looks the same",
    "associated": "may be a part or a consequence of what the groups name: it is not adjusted for",
}


def summaries_of(result: CohortResult, metabolites: FeatureTable | None) -> list[CohortSummary]:
    """Write the texts of an analysis: features, metabolites, samples."""
    design, table = result.design, result.table
    subjects = len(table.samples) if design.subject is None else int(design.subject.max()) + 1
    question = result.question
    analysis = digest_of(
        table.source, question.group, question.subject, *question.covariates, question.reference,
        *question.where, str(question.per_subject_mean), question.transform or "",
    )  # fmt: skip
    about = About(table.kind, table.source, question.group, len(table.samples), subjects, analysis)
    pairs = [it for one in (result.associations, result.clinical) if one for it in one.rows]
    made = feature_summaries(
        result.comparison.rows, about, trends=result.over_time.trends, associations=pairs,
        neighbours=result.neighbours,
    )  # fmt: skip
    if result.metabolites is not None and metabolites is not None:
        other = replace(about, kind="metabolite", source=metabolites.source)
        made += feature_summaries(result.metabolites.rows, other)
    return [*made, *sample_summaries(table, about, result.alpha, result.similar)]
