"""What goes together: features with metabolites or clinical values, by Spearman's rank correlation.

Covariates are taken out of the ranks of both sides first (partial correlation). Subjects with
several samples enter by their means. Pairs are tested in blocks, q-values are over all pairs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from ingest.errors import UserError
from retrieval.cohort.design import codes_of, covariate_columns
from retrieval.cohort.differential import benjamini_hochberg
from retrieval.cohort.normalise import presence, relative_abundance
from retrieval.cohort.table import FeatureTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.cohort.metadata import Metadata
    from retrieval.cohort.table import Floats

#: Pairs that are kept, strongest first.
MOST_PAIRS: Final = 2000
#: Samples (or subjects) below which no correlation is tested.
LEAST_SAMPLES: Final = 10
_BLOCK: Final = 2000  # features per block


@dataclass(frozen=True, slots=True)
class Association:
    """Two things that rise and fall together, or against each other; never a cause.

    ``rho`` with its 95 % interval (Fisher's z, Bonett & Wright's variance for ranks).
    """

    feature: str
    name: str
    other: str
    other_name: str
    n: int
    rho: float
    low: float
    high: float
    p: float
    q: float
    test: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Associations:
    """The strongest pairs of all that were tested; ``significant`` counts those at q < 0.05."""

    rows: tuple[Association, ...]
    tested: int
    significant: int
    n: int
    test: str
    notes: tuple[str, ...] = ()


def associate(
    table: FeatureTable,
    others: FeatureTable,
    metadata: Metadata,
    *,
    subject: str = "",
    covariates: Sequence[str] = (),
    min_prevalence: float = 0.1,
) -> Associations:
    """Correlate each feature with each of ``others`` in the samples that both have.

    Raises:
        UserError: Too few samples are shared.
    """
    shared = [it for it in metadata.samples if it in set(table.samples) & set(others.samples)]
    place = {name: at for at, name in enumerate(metadata.samples)}
    metadata = metadata.take([place[name] for name in shared])
    wanted = [*covariates, *([subject] if subject else [])]
    complete = np.ones(len(shared), dtype=bool)
    for name in wanted:
        complete &= metadata.present(name)
    metadata = metadata.take(complete)
    left, right = (
        _common(_shares(it.keep_samples(metadata.samples)), min_prevalence)
        for it in (table, others)
    )
    left, right, metadata, note = _per_subject(left, right, metadata, subject)
    n, taken = len(left.samples), 0
    if n < LEAST_SAMPLES:
        what = f"only {n} samples have both, {LEAST_SAMPLES} are needed"
        raise UserError(what, where="associations")
    columns = [covariate_columns(metadata, name) for name in covariates]
    nuisance = np.hstack([np.ones((n, 1)), *columns])
    taken = int(np.linalg.matrix_rank(nuisance)) - 1
    test = "Spearman rank correlation" + (
        f", partial: {', '.join(covariates)}" if covariates else ""
    )
    return _pairs(left, right, nuisance, n - 2 - taken, f"{test}{note}")


def clinical_table(metadata: Metadata, columns: Sequence[str]) -> FeatureTable:
    """Turn numeric columns of the metadata into a table; samples without any value are left out."""
    values = np.array([metadata.numbers(name) for name in columns]).reshape(len(columns), -1)
    complete = np.isfinite(values).all(axis=0)
    samples = tuple(it for it, ok in zip(metadata.samples, complete, strict=True) if ok)
    return FeatureTable(tuple(columns), samples, values[:, complete], "as given", "other",
                        source="metadata")  # fmt: skip


def _common(table: FeatureTable, least: float) -> FeatureTable:
    kept = np.ptp(table.values, axis=1) > 0
    if not (table.values < 0).any():
        kept &= presence(table).mean(axis=1) >= least
    return table.keep_features(kept)


def _shares(table: FeatureTable) -> FeatureTable:
    if not table.is_compositional:
        return table
    return replace(table, values=relative_abundance(table).values, unit="fraction")


def _per_subject(
    left: FeatureTable, right: FeatureTable, metadata: Metadata, subject: str
) -> tuple[FeatureTable, FeatureTable, Metadata, str]:
    """Average the samples of each subject, so that a person counts once."""
    if not subject:
        return left, right, metadata, ""
    names, codes = codes_of(metadata.column(subject))
    if len(names) == len(codes):
        return left, right, metadata, ""
    member = np.asarray(codes[None] == np.arange(len(names))[:, None], dtype=float)
    mean = member / member.sum(axis=1, keepdims=True)
    first = [int(np.flatnonzero(codes == one)[0]) for one in range(len(names))]
    metadata = metadata.take(first)
    left, right = (
        replace(it, samples=metadata.samples, values=it.values @ mean.T) for it in (left, right)
    )
    return left, right, metadata, f", means of each {subject}"


def _pairs(
    left: FeatureTable, right: FeatureTable, nuisance: Floats, df: int, test: str
) -> Associations:
    from scipy import stats

    a, b = _scores(left.values, nuisance), _scores(right.values, nuisance)
    rho = np.empty((len(a), len(b)))
    for at in range(0, len(a), _BLOCK):
        rho[at : at + _BLOCK] = a[at : at + _BLOCK] @ b.T
    rho = np.clip(rho, -1.0, 1.0)
    with np.errstate(divide="ignore"):
        p = 2 * stats.t.sf(np.abs(rho) * np.sqrt(df / np.maximum(1 - rho**2, 1e-300)), df)
    q = benjamini_hochberg(p)
    n = len(left.samples)
    flat = np.lexsort((np.arange(q.size), p.ravel(), q.ravel()))[:MOST_PAIRS]
    rows = []
    for at in flat:
        i, j = divmod(int(at), len(b))
        low, high = _interval(float(rho[i, j]), df)
        rows.append(
            Association(
                left.features[i], left.name_of(i), right.features[j], right.name_of(j), n,
                float(rho[i, j]), low, high, float(p[i, j]), float(q[i, j]), test,
                tuple(it for it in (left.source, right.source) if it),
            )
        )  # fmt: skip
    return Associations(tuple(rows), int(q.size), int((q < 0.05).sum()), n, test)


def _scores(values: Floats, nuisance: Floats) -> Floats:
    """Rank, take covariates out, and scale each row to length 1."""
    from scipy import stats

    ranks = stats.rankdata(values, axis=1).T
    residuals = ranks - nuisance @ np.linalg.lstsq(nuisance, ranks, rcond=None)[0]
    length = np.sqrt((residuals**2).sum(axis=0))
    scaled: Floats = (residuals / np.where(length > 1e-9, length, np.inf)).T
    return scaled


def _interval(rho: float, df: int) -> tuple[float, float]:
    inside = float(np.clip(rho, -0.999999, 0.999999))
    half = 1.959964 * np.sqrt((1 + inside**2 / 2) / max(1, df - 1))
    low, high = np.tanh(np.arctanh(inside) + np.array([-half, half]))
    return float(low), float(high)
