"""Linear models of many features at once: one design, thousands of responses.

Without repeated subjects ordinary least squares with HC3 errors (MacKinnon & White 1985), which
need no equal variances. With them a random intercept per subject, fitted by REML; the degrees of
freedom follow Satterthwaite (1946), and for what is constant within subjects never exceed what
the number of subjects allows, so that more samples of the same people add no certainty.

People respond differently. Where a subject has several samples of each condition, an intercept
alone takes their own responses for noise of samples: ``over_subjects`` widens errors to those that
the scatter between subjects shows, with degrees of freedom of the subjects that tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from retrieval.cohort.table import Floats, Indices

#: log of the variance ratio subject : residual that is searched.
_LOW, _HIGH = -9.0, 9.0
_GRID: Final = 25
_GOLDEN: Final = (5**0.5 - 1) / 2
_STEPS: Final = 26  # of golden section: 0.75 × 0.618^26 = 3e-6 of a log unit
_STEP: Final = 0.02  # of numeric derivatives, in log units
_TINY: Final = 1e-300
_CHUNK: Final = 1000  # features that are fitted side by side: bounds memory


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Coefficients of many responses.

    All arrays are columns of the design × responses. ``subject_share`` is the part of the
    unexplained variance that lies between subjects (0 without subjects), one per response.
    """

    coef: Floats
    stderr: Floats
    df: Floats
    subject_share: Floats

    def p_values(self) -> Floats:
        """Two-sided p of each coefficient by Student's t."""
        from scipy import stats

        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.abs(self.coef) / self.stderr
        p = 2 * stats.t.sf(t, self.df)
        # A response that does not vary says nothing.
        return np.where(np.isfinite(p), p, 1.0)

    def intervals(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Return the ends of the confidence interval of each coefficient."""
        from scipy import stats

        half = stats.t.ppf(0.5 + level / 2, self.df) * self.stderr
        return self.coef - half, self.coef + half


def ols(design: Floats, responses: Floats) -> Fit:
    """Fit responses (features × samples) on a design (samples × columns) of full rank."""
    n, columns = design.shape
    inverse = np.linalg.inv(design.T @ design)
    projector = inverse @ design.T
    coef = projector @ responses.T
    leverage = np.einsum("ij,ji->i", design, projector)
    residuals = (responses.T - design @ coef) / np.clip(1 - leverage, 1e-8, None)[:, None]
    stderr = np.sqrt((projector**2) @ (residuals**2))
    df = np.full(coef.shape, float(n - columns))
    return Fit(coef, stderr, df, np.zeros(len(responses)))


def random_intercept(
    design: Floats, responses: Floats, subjects: Indices, *, over_subjects: bool = False
) -> Fit:
    """Fit with a random intercept per subject.

    Args:
        design: Samples × columns, of full rank.
        responses: Features × samples.
        subjects: The subject of each sample, counted from 0.
        over_subjects: Let no standard error be below the cluster-robust one (Liang & Zeger 1986),
            and no degrees of freedom above the effective number of subjects less one (Carter,
            Schnepel & Steigerwald 2017, doi 10.1162/REST_a_00639).
    """
    parts = [
        _Mixed(design, responses[at : at + _CHUNK], subjects).fit(over_subjects=over_subjects)
        for at in range(0, len(responses), _CHUNK)
    ]
    if not parts:
        return ols(design, responses)
    return Fit(
        np.concatenate([part.coef for part in parts], axis=1),
        np.concatenate([part.stderr for part in parts], axis=1),
        np.concatenate([part.df for part in parts], axis=1),
        np.concatenate([part.subject_share for part in parts]),
    )


class _Mixed:
    """One design with many responses, reduced to sums over subjects.

    With V = I + r ZZ' the inverse of V takes from each sum of products r/(1+n r) times the
    product of the subject's sums, so no sample is touched again once these are formed.
    """

    def __init__(self, design: Floats, responses: Floats, subjects: Indices) -> None:
        count = int(subjects.max()) + 1
        member = np.zeros((count, len(subjects)))
        member[subjects, np.arange(len(subjects))] = 1.0
        self.sizes = member.sum(axis=1)
        # Scaled responses keep the sums well conditioned; coefficients are scaled back.
        centre = responses.mean(axis=1, keepdims=True)
        spread = responses.std(axis=1, keepdims=True)
        self.spread = np.where(spread > 0, spread, 1.0)
        y = ((responses - centre) / self.spread).T
        self.centre = (centre / self.spread).ravel()
        self.x_sums, self.y_sums = member @ design, member @ y
        self.x, self.y, self.subjects, self.member = design, y, subjects, member
        self.xx, self.xy, self.yy = design.T @ design, design.T @ y, (y**2).sum(axis=0)
        self.outer = np.einsum("sp,sq->spq", self.x_sums, self.x_sums).reshape(count, -1)
        self.n, self.columns = design.shape
        self.most_df = _most_df(design, member)

    def fit(self, *, over_subjects: bool = False) -> Fit:
        ratio = self._best_ratio()
        covariance, coef, rss, _ = self._solve(ratio)
        sigma2 = rss / (self.n - self.columns)
        stderr = np.sqrt(np.einsum("fpp->fp", covariance) * sigma2[:, None])
        df = np.minimum(self._satterthwaite(ratio, sigma2), self.most_df)
        r = np.exp(ratio)
        if over_subjects:
            robust, telling = self._over_subjects(r, covariance, coef)
            stderr = np.maximum(stderr, robust)
            df = np.clip(np.minimum(df, telling), 1.0, None)
        coef = coef + self._constant() * self.centre[:, None]
        scale = self.spread
        return Fit((coef * scale).T, (stderr * scale).T, df.T, r / (1 + r))

    def _over_subjects(self, r: Floats, covariance: Floats, coef: Floats) -> tuple[Floats, Floats]:
        """Return cluster-robust errors and effective subjects less one, responses × columns."""
        count = len(self.sizes)
        weight = r[:, None] / (1 + r[:, None] * self.sizes)
        residuals = self.y - self.x @ coef.T
        sums = self.member @ residuals
        # Products of a subject's own rows: samples × columns², summed by subject.
        squares = np.einsum("np,nq->npq", self.x, self.x).reshape(len(self.x), -1)
        of_subject = (self.member @ squares).reshape(count, self.columns, self.columns)
        errors, telling = np.empty_like(coef), np.empty_like(coef)
        for column in range(self.columns):
            pull = covariance[:, column, :]
            at_sums = self.x_sums @ pull.T
            score = self.member @ ((self.x @ pull.T) * residuals) - weight.T * at_sums * sums
            errors[:, column] = np.sqrt((score**2).sum(axis=0) * count / max(1, count - 1))
            known = np.einsum("fp,spq,fq->sf", pull, of_subject, pull, optimize=True)
            known = np.clip(known - weight.T * at_sums**2, 0.0, None)
            effective = known.sum(axis=0) ** 2 / np.maximum((known**2).sum(axis=0), _TINY)
            telling[:, column] = effective - 1
        return errors, telling

    def _constant(self) -> Floats:
        """Coefficients of a response that is 1 everywhere: what centring took away."""
        ones_x = self.x_sums.sum(axis=0)
        return np.asarray(np.linalg.lstsq(self.xx, ones_x, rcond=None)[0], dtype=float)

    def _solve(self, ratio: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Return (X'V⁻¹X)⁻¹, coefficients, weighted residual sum and REML deviance per response."""
        r = np.exp(ratio)[:, None]
        inside = 1 + r * self.sizes
        weight = r / inside
        responses = len(ratio)
        xvx = self.xx - (weight @ self.outer).reshape(responses, self.columns, self.columns)
        xvy = self.xy.T - np.einsum("fs,sp,sf->fp", weight, self.x_sums, self.y_sums, optimize=True)
        yvy = self.yy - np.einsum("fs,sf->f", weight, self.y_sums**2)
        covariance = np.linalg.inv(xvx)
        coef = np.einsum("fpq,fq->fp", covariance, xvy)
        rss = np.clip(yvy - np.einsum("fp,fp->f", coef, xvy), _TINY, None)
        logs = np.log(inside).sum(axis=1) + np.linalg.slogdet(xvx)[1]
        deviance = (self.n - self.columns) * np.log(rss) + logs
        return covariance, coef, rss, deviance

    def _best_ratio(self) -> Floats:
        """Minimise the REML deviance: a grid, then golden section, all responses side by side."""
        responses = len(self.yy)
        grid = np.linspace(_LOW, _HIGH, _GRID)
        deviances = np.array([self._solve(np.full(responses, at))[3] for at in grid])
        best = deviances.argmin(axis=0)
        low, high = grid[np.maximum(best - 1, 0)], grid[np.minimum(best + 1, _GRID - 1)]
        for _ in range(_STEPS):
            left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
            falls = self._solve(left)[3] < self._solve(right)[3]
            low, high = np.where(falls, low, left), np.where(falls, right, high)
        return np.asarray((low + high) / 2)

    def _satterthwaite(self, ratio: Floats, sigma2: Floats) -> Floats:
        """Degrees of freedom 2v²/var(v), v the variance of a coefficient (responses × columns)."""
        up, down = self._solve(ratio + _STEP), self._solve(ratio - _STEP)
        here = self._solve(ratio)
        variances = [np.einsum("fpp->fp", it[0]) * sigma2[:, None] for it in (here, up, down)]
        slope = (variances[1] - variances[2]) / (2 * _STEP)
        # Deviance at a fixed residual variance: n-p is the information on log sigma² twice over.
        fixed = [it[2] / sigma2 + (it[3] - (self.n - self.columns) * np.log(it[2])) for it in
                 (here, up, down)]  # fmt: skip
        curve = (fixed[1] - 2 * fixed[0] + fixed[2]) / (2 * _STEP**2)
        cross = -(up[2] - down[2]) / (2 * _STEP) / sigma2 / 2
        own = (self.n - self.columns) / 2
        determinant = own * curve - cross**2
        v = variances[0]
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = (
                curve[:, None] * v**2 - 2 * cross[:, None] * v * slope + own * slope**2
            ) / determinant[:, None]
            df = 2 * v**2 / spread
        flat = ~np.isfinite(df) | (determinant <= 0)[:, None] | (df <= 0)
        # At the border of the search nothing is known of the curve: residual freedom, then capped.
        return np.clip(np.where(flat, float(self.n - self.columns), df), 1.0, self.n)


def _most_df(design: Floats, member: Floats) -> Floats:
    """Cap the degrees of freedom of each column by what it varies over: subjects or samples."""
    sizes = member.sum(axis=1)
    means = (member @ design) / sizes[:, None]
    within = design - member.T @ means
    constant = (within**2).sum(axis=0) <= 1e-9 * np.maximum((design**2).sum(axis=0), _TINY)
    between_rank = int(np.linalg.matrix_rank(design[:, constant])) if constant.any() else 0
    within_rank = int(np.linalg.matrix_rank(within[:, ~constant])) if (~constant).any() else 0
    over_subjects = max(1.0, float(len(sizes) - between_rank))
    over_samples = max(1.0, float(len(design) - len(sizes) - within_rank))
    if over_samples <= 1 and within_rank:
        over_samples = over_subjects
    # What varies a little within subjects is still known mostly from differences between them.
    return np.where(constant, over_subjects, np.maximum(over_samples, over_subjects))
