"""Diversity within samples and between them: the home of scikit-bio.

Groups are compared by permutation (PERMANOVA, Anderson 2001); where subjects have several samples,
whole subjects are permuted if the group is theirs, and samples within subjects if it changes there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np

from retrieval.cohort.linear import ols, random_intercept
from retrieval.cohort.normalise import clr, relative_abundance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from retrieval.cohort.design import Design
    from retrieval.cohort.table import FeatureTable, Floats, Indices

Metric: TypeAlias = Literal["bray_curtis", "jaccard", "aitchison"]
METRICS: Final[tuple[Metric, ...]] = ("bray_curtis", "jaccard", "aitchison")
PERMUTATIONS: Final = 999
#: Below it a dispersion is told apart from chance.
_ALPHA: Final = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Alpha:
    """One index of diversity per sample."""

    index: str
    values: Floats
    how: str


@dataclass(frozen=True, slots=True)
class AlphaTest:
    """An index compared with the reference group: ``effect`` in the index's own unit."""

    index: str
    contrast: str
    mean: float
    reference_mean: float
    effect: float
    low: float
    high: float
    p: float
    test: str


@dataclass(frozen=True, slots=True)
class Permanova:
    """Whether groups differ in composition, and whether only their spread does.

    ``r2`` is the share of the squared distances that lies between groups. ``dispersion_p`` below
    0.05 says that groups differ in spread, so that ``p`` may speak of that and not of location.
    """

    metric: str
    samples: int
    groups: int
    pseudo_f: float
    r2: float
    p: float
    permutations: int
    restricted: str
    dispersion_f: float
    dispersion_p: float

    @property
    def is_clear(self) -> bool:
        """Whether the groups differ in location and not merely in spread."""
        return self.p < _ALPHA <= self.dispersion_p


def alpha_diversity(table: FeatureTable) -> list[Alpha]:
    """Compute observed features, Shannon (bits), Simpson; for counts Chao1 and rarefied richness.

    Returns nothing for values that are no parts of a whole.
    """
    if not table.is_compositional:
        return []
    from skbio.diversity.alpha import chao1, shannon, simpson

    shares = relative_abundance(table).values.T
    counts = table.values.T
    filled = counts.sum(axis=1) > 0

    def each(index: Callable[[Any], float], rows: npt.NDArray[Any]) -> Floats:
        values = [index(row) if ok else np.nan for row, ok in zip(rows, filled, strict=True)]
        return np.array(values, dtype=float)

    found = [
        Alpha("observed", (counts > 0).sum(axis=1).astype(float), "features above zero"),
        Alpha("shannon", each(lambda row: shannon(row, base=2), shares), "Shannon entropy, bits"),
        Alpha("simpson", each(simpson, shares), "Simpson index, 1 - sum of squared shares"),
    ]
    if table.is_counts:
        whole = counts.astype(np.int64)
        found.append(Alpha("chao1", each(chao1, whole), "Chao1, bias-corrected, of counts"))
        least = int(counts.sum(axis=1)[filled].min(initial=np.inf))
        how = f"expected features in {least:,} reads (rarefaction, exact)"
        found.append(Alpha("rarefied", rarefied_richness(counts, least), how))
    return found


def rarefied_richness(counts: Floats, reads: int) -> Floats:
    """Return the expected number of features in a draw of ``reads`` (Hurlbert 1971), per row."""
    from scipy.special import gammaln

    total = counts.sum(axis=1, keepdims=True)
    left = total - counts
    with np.errstate(invalid="ignore"):
        missed = (
            gammaln(left + 1)
            - gammaln(np.maximum(left - reads, 0) + 1)
            - gammaln(total + 1)
            + gammaln(np.maximum(total - reads, 0) + 1)
        )
    absent = np.where(left >= reads, np.exp(missed), 0.0)
    expected = np.where(counts > 0, 1.0 - absent, 0.0).sum(axis=1)
    return np.where(total.ravel() >= reads, expected, np.nan)


def alpha_tests(found: list[Alpha], design: Design) -> list[AlphaTest]:
    """Compare each index by the design's linear model, subjects as random intercept."""
    tests = []
    for one in found:
        known = np.isfinite(one.values)
        if known.sum() < len(known) or np.ptp(one.values) == 0:
            continue
        fit = (
            random_intercept(design.matrix, one.values[None], design.subject, over_subjects=True)
            if design.subject is not None and design.is_repeated
            else ols(design.matrix, one.values[None])
        )
        p, (low, high) = fit.p_values(), fit.intervals()
        name = "linear mixed model" if design.is_repeated else "linear model, HC3 errors"
        for at, contrast in enumerate(design.contrasts):
            inside, outside = design.sides(at)
            tests.append(
                AlphaTest(
                    one.index, contrast,
                    float(one.values[inside].mean()), float(one.values[outside].mean()),
                    float(fit.coef[at + 1, 0]), float(low[at + 1, 0]), float(high[at + 1, 0]),
                    float(p[at + 1, 0]), name,
                )
            )  # fmt: skip
    return tests


def distances(table: FeatureTable, metric: Metric) -> Floats:
    """Return the distances between samples, square.

    Bray-Curtis of relative abundances, Jaccard of presence, Aitchison (Euclidean on CLR).
    """
    from scipy.spatial.distance import pdist, squareform

    if metric == "aitchison":
        return np.asarray(squareform(pdist(clr(table).values.T)))
    shares = relative_abundance(table).values.T
    if metric == "jaccard":
        return np.asarray(squareform(pdist(shares > 0, "jaccard")))
    return np.asarray(squareform(np.nan_to_num(pdist(shares, "braycurtis"))))


def euclidean(values: Floats) -> Floats:
    """Return Euclidean distances between the columns of values, each feature standardised."""
    from scipy.spatial.distance import pdist, squareform

    spread = values.std(axis=1, keepdims=True)
    scaled = (values - values.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1.0)
    return np.asarray(squareform(pdist(scaled.T)))


def ordination(square: Floats) -> tuple[Floats, tuple[float, float]]:
    """Return the first two principal coordinates (samples × 2) and the shares they explain."""
    from skbio.stats.distance import DistanceMatrix
    from skbio.stats.ordination import pcoa

    if not square.any():
        return np.zeros((len(square), 2)), (0.0, 0.0)
    result = pcoa(DistanceMatrix(square), dimensions=2, warn_neg_eigval=False)
    explained = result.proportion_explained
    points = np.asarray(result.samples)[:, :2]
    # A coordinate has no sign of its own: the largest sample is made positive.
    signs = np.sign(points[np.abs(points).argmax(axis=0), [0, 1]])
    return points * np.where(signs == 0, 1, signs), (
        float(explained.iloc[0]),
        float(explained.iloc[1]),
    )


def permanova(
    square: Floats, design: Design, metric: str, *, permutations: int = PERMUTATIONS, seed: int = 0
) -> Permanova | None:
    """Test whether groups differ; None for an outcome on a scale.

    Args:
        square: Distances between the samples of the design.
        design: Groups and subjects.
        metric: Its name.
        permutations: Draws of labels; more than 1,500 samples get a fifth.
        seed: Seed of the draws.
    """
    if design.scale is not None:
        return None
    draws = permutations if len(square) <= 1500 else max(99, permutations // 5)
    squared = square**2
    spread = _to_centroid(squared, design.group)
    seen_f, r2 = pseudo_f(squared, design.group)
    seen_d = _anova_f(spread, design.group)
    hits = hits_d = 0
    for labels in permuted(design, draws, seed):
        hits += pseudo_f(squared, labels)[0] >= seen_f * (1 - 1e-12)
        hits_d += _anova_f(spread, labels) >= seen_d * (1 - 1e-12)
    return Permanova(
        metric=metric,
        samples=len(square),
        groups=len(design.levels),
        pseudo_f=seen_f,
        r2=r2,
        p=(1 + hits) / (1 + draws),
        permutations=draws,
        restricted=restriction(design),
        dispersion_f=seen_d,
        dispersion_p=(1 + hits_d) / (1 + draws),
    )


def restriction(design: Design) -> str:
    """Say what is permuted."""
    if not design.is_repeated:
        return "samples"
    if design.is_within:
        return f"samples within each {design.subject_column}"
    return f"whole {design.subject_column}s"


def permuted(design: Design, draws: int, seed: int) -> Iterator[Indices]:
    """Yield permuted group labels that keep what the design keeps fixed."""
    rng = np.random.default_rng(seed)
    group = design.group
    if design.subject is None or not design.is_repeated:
        for _ in range(draws):
            yield rng.permutation(group)
    elif design.is_within:
        order = np.argsort(design.subject, kind="stable")
        for _ in range(draws):
            # Sorting random numbers within subjects permutes inside each of them.
            mixed = np.lexsort((rng.random(len(group)), design.subject))
            labels = np.empty_like(group)
            labels[order] = group[mixed]
            yield labels
    else:
        count = int(design.subject.max()) + 1
        of_subject = np.zeros(count, dtype=np.int64)
        of_subject[design.subject] = group
        for _ in range(draws):
            yield rng.permutation(of_subject)[design.subject]


def pseudo_f(squared: Floats, group: Indices) -> tuple[float, float]:
    """Return PERMANOVA's pseudo-F and R² from squared distances."""
    n = len(group)
    member = np.asarray(group[:, None] == np.arange(int(group.max()) + 1), dtype=float)
    sizes = member.sum(axis=0)
    inside = np.einsum("ik,ik->k", member, squared @ member) / 2
    within = float((inside[sizes > 0] / sizes[sizes > 0]).sum())
    total = float(squared.sum()) / 2 / n
    groups = int((sizes > 0).sum())
    between = total - within
    if within <= 0 or groups < 2:
        return 0.0, 0.0
    return (between / (groups - 1)) / (within / (n - groups)), between / total


def _to_centroid(squared: Floats, group: Indices) -> Floats:
    """Return each sample's distance to the centroid of its group (Anderson 2006)."""
    spread = np.zeros(len(group))
    for level in np.unique(group):
        at = np.flatnonzero(group == level)
        block = squared[np.ix_(at, at)]
        # Negative values come of distances that no Euclidean space holds: their size is kept.
        spread[at] = np.sqrt(np.abs(block.mean(axis=1) - block.mean() / 2))
    return spread


def _anova_f(values: Floats, group: Indices) -> float:
    levels = [values[group == level] for level in np.unique(group)]
    n, groups = len(values), len(levels)
    mean = values.mean()
    between = sum(len(it) * (it.mean() - mean) ** 2 for it in levels) / (groups - 1)
    within = sum(((it - it.mean()) ** 2).sum() for it in levels) / max(1, n - groups)
    return float(between / within) if within > 0 else 0.0
