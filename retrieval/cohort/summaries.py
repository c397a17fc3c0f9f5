"""Results in plain words with exact numbers: texts that can be found, cited and checked.

Numbers are written here, from results; no model writes them. Differences and correlations are
told as association, never as cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from ingest.records import CohortSummary
from retrieval.cohort.differential import SHARE
from retrieval.cohort.normalise import relative_abundance
from retrieval.evidence.wording import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ingest.records import FeatureKind
    from retrieval.cohort.associations import Association
    from retrieval.cohort.differential import Difference
    from retrieval.cohort.diversity import Alpha
    from retrieval.cohort.longitudinal import Trend
    from retrieval.cohort.models import ModelResult
    from retrieval.cohort.neighbours import Neighbour, SimilarSample
    from retrieval.cohort.table import FeatureTable

RowT = TypeVar("RowT", "Association", "Neighbour")

KIND_WORDS: Final[dict[FeatureKind, str]] = {
    "taxon": "Taxon",
    "pathway": "Pathway",
    "gene_family": "Gene family",
    "gene": "Gene",
    "metabolite": "Metabolite",
    "other": "Feature",
}
_CAUTION: Final = "This is an association, not a cause."
_MOST_TAXA: Final = 3
_MOST_PARTNERS: Final = 3
#: Below these a model is of little use, however sure it is that it beats chance.
_WEAK: Final = {"AUC": 0.65, "R2": 0.1}


@dataclass(frozen=True, slots=True)
class About:
    """What all sentences of an analysis share: the kind of feature, the source, the design."""

    kind: FeatureKind
    source: str
    group: str
    samples: int
    subjects: int
    analysis: str

    @property
    def words(self) -> str:
        """Say where the numbers are from."""
        people = f" of {self.subjects:,} subjects" if self.subjects < self.samples else ""
        return f"{self.source}, {self.samples:,} samples{people}"


def difference_sentence(row: Difference) -> str:
    """Say how a feature differs between two groups, or goes with an outcome.

    Every number is in the row itself: prevalence, means, effect with interval, p, q.
    """
    one, _, other = row.contrast.partition(" vs ")
    if not other:
        one, other = f"samples with {row.contrast} above its median", "the others"
    found = (
        f"found in {_share(row.prevalence)} of {row.n:,} samples ({one}) and in"
        f" {_share(row.reference_prevalence)} of {row.reference_n:,} ({other}); mean"
        f" {_mean(row.mean, row.mean_unit)} and {_mean(row.reference_mean, row.mean_unit)}"
    )
    effect = (
        f"{row.effect_unit} {row.effect:.2f} (95 % interval {row.low:.2f} to {row.high:.2f}),"
        f" p {p_text(row.p)}, q {p_text(row.q)} ({row.test}; effect on {row.normalisation})"
    )
    if row.status == "not significant":
        return f"{found}. No difference was shown: {effect}."
    if " vs " in row.contrast:
        direction = f"{row.direction.capitalize()} in {one} than in {other}"
    else:
        how = "rises" if row.effect > 0 else "falls"
        direction = f"It {how} with {row.contrast}"
    told = f"{found}. {direction}: {effect}."
    if row.status:
        return f"{told} Not a finding: {row.status}."
    return f"{told} {_CAUTION}"


def feature_summaries(
    rows: Sequence[Difference],
    about: About,
    *,
    trends: Sequence[Trend] = (),
    associations: Sequence[Association] = (),
    neighbours: Sequence[Neighbour] = (),
) -> list[CohortSummary]:
    """Write one summary per feature, all contrasts in it, findings first."""
    by_feature: dict[str, list[Difference]] = {}
    for row in rows:
        by_feature.setdefault(row.feature, []).append(row)
    trend_of = {it.feature: it for it in trends}
    partners = _by_feature(associations)
    near = _by_feature(neighbours)
    return [
        CohortSummary(
            subject_id=feature,
            subject_kind="feature",
            title=f"{KIND_WORDS.get(about.kind, 'Feature')} {its[0].name} by {about.group}",
            text=" ".join(
                [
                    *(f"{it.contrast}: {difference_sentence(it)}" for it in its),
                    *_trend_words(trend_of.get(feature)),
                    *_partner_words(partners.get(feature, [])),
                    *_neighbour_words(near.get(feature, [])),
                    f"Source: {about.words}.",
                ]
            ),
            analysis=about.analysis,
            source=about.source,
        )
        for feature, its in by_feature.items()
    ]


def _by_feature(rows: Sequence[RowT]) -> Mapping[str, list[RowT]]:
    found: dict[str, list[RowT]] = {}
    for row in rows:
        found.setdefault(row.feature, []).append(row)
    return found


def _trend_words(trend: Trend | None) -> Iterator[str]:
    if trend is None:
        return
    shown = "changes" if trend.q < 0.05 else "no change was shown"
    yield (
        f"Over time, {shown}: median slope {trend.slope:.3g} {trend.unit} (95 % interval"
        f" {trend.low:.3g} to {trend.high:.3g}), rising in {trend.rising} of {trend.subjects}"
        f" subjects, q {p_text(trend.q)} (Wilcoxon signed rank of slopes)."
    )


def _partner_words(rows: Sequence[Association]) -> Iterator[str]:
    strong = [it for it in rows if it.q < 0.05][:_MOST_PARTNERS]
    if strong:
        told = "; ".join(
            f"{it.other_name} (rho {it.rho:.2f}, 95 % interval {it.low:.2f} to {it.high:.2f},"
            f" q {p_text(it.q)}, n {it.n})"
            for it in strong
        )
        yield f"Goes with {told}: {strong[0].test}. {_CAUTION}"


def _neighbour_words(rows: Sequence[Neighbour]) -> Iterator[str]:
    if rows:
        told = ", ".join(f"{it.other_name} (rho_p {it.rho_p:.2f})" for it in rows[:_MOST_PARTNERS])
        yield f"Keeps a nearly constant ratio to {told} over {rows[0].n:,} samples."


def sample_summaries(
    table: FeatureTable, about: About, found: Sequence[Alpha], near: Sequence[SimilarSample]
) -> list[CohortSummary]:
    """Write one summary per sample: what dominates it, its diversity, what it resembles.

    Metadata stay out: who is ill is no property of a profile and may be private.
    """
    if not table.is_compositional:
        return []
    shares = relative_abundance(table).values
    similar: dict[str, list[SimilarSample]] = {}
    for it in near:
        similar.setdefault(it.sample, []).append(it)
    made = []
    for at, sample in enumerate(table.samples):
        order = np.lexsort((np.arange(len(shares)), -shares[:, at]))[:_MOST_TAXA]
        top = ", ".join(f"{table.name_of(row)} {_share(shares[row, at])}" for row in order)
        indices = ", ".join(f"{one.index} {one.values[at]:.4g}" for one in found)
        others = ", ".join(f"{it.other} ({it.distance:.3g})" for it in similar.get(sample, []))
        text = f"Dominated by {top}. Diversity: {indices or 'not computed'}."
        if others:
            text += f" Most similar profiles (Aitchison distance): {others}."
        made.append(
            CohortSummary(
                subject_id=sample, subject_kind="sample", title=f"Sample {sample}, profile",
                text=f"{text} Source: {about.words}.", analysis=about.analysis,
                source=about.source,
            )
        )  # fmt: skip
    return made


def model_sentence(result: ModelResult) -> str:
    """Say how well an outcome is predicted from profiles."""
    judged = "better than chance" if result.is_better_than_chance else "not better than chance"
    if result.is_better_than_chance and result.value < _WEAK[result.metric]:
        judged = "weak, little better than chance"
    text = (
        f"{result.outcome} from profiles, {result.learner}: {result.metric} {result.value:.2f}"
        f" (95 % interval {result.low:.2f} to {result.high:.2f}), {judged}"
        f" (p {p_text(result.p)} by shuffling), {result.folds}-fold cross-validation by subject,"
        f" {result.n:,} samples of {result.subjects:,} subjects"
    )
    if result.half_width is not None and result.covered is not None:
        text += (
            f"; 90 % prediction interval ± {result.half_width:.3g},"
            f" {_share(result.covered)} of outcomes inside"
        )
    return f"{text}."


def p_text(value: float) -> str:
    """Write a p or q: ``0.03``, ``1.2e-09``.

    >>> p_text(0.034), p_text(1.23e-9), p_text(1.0)
    ('0.034', '1.2e-09', '1')
    """
    return f"{value:.2g}"


def _share(value: float) -> str:
    return f"{number(100 * value)} %"


def _mean(value: float, unit: str) -> str:
    return f"{number(100 * value)} %" if unit == SHARE else f"{number(value)} {unit}".strip()
