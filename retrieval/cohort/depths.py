"""Groups that were sequenced to different depths, and counts drawn down to one depth.

In deeper samples more features are seen at all: what is rare differs by depth alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from retrieval.cohort.normalise import depth

if TYPE_CHECKING:
    from retrieval.cohort.design import Design
    from retrieval.cohort.table import FeatureTable, Floats

_ALPHA: Final = 0.05
#: Groups whose median depths differ by more than this factor are warned of.
_DEPTH_FACTOR: Final = 2.0


def median_depths(table: FeatureTable, design: Design) -> list[float]:
    """Return the median reads of each group where groups differ in depth; else nothing."""
    if not table.is_counts or design.scale is not None:
        return []
    from scipy import stats

    total = depth(table)
    groups = [total[design.group == level] for level in range(len(design.levels))]
    medians = [float(np.median(it)) for it in groups]
    if min(medians) <= 0 or max(medians) / min(medians) < _DEPTH_FACTOR:
        return []
    return medians if float(stats.kruskal(*groups).pvalue) < _ALPHA else []


def depth_warning(table: FeatureTable, design: Design) -> str:
    """Warn where groups were sequenced to different depths: richness then differs by itself."""
    medians = median_depths(table, design)
    said = ", ".join(
        f"{level} {at:,.0f}" for level, at in zip(design.levels, medians, strict=False)
    )
    return (
        f"groups differ in sequencing depth (median reads: {said}): use rarefied richness; no"
        " difference is a finding that is not seen at one depth, too"
        if medians
        else ""
    )


def rarefied(table: FeatureTable, seed: int = 0) -> FeatureTable:
    """Draw each sample's reads without putting back, as many as the shallowest sample has."""
    rng = np.random.default_rng(seed)
    counts = table.values.astype(np.int64)
    reads = int(counts.sum(axis=0).min())
    drawn: Floats = np.stack(
        [rng.multivariate_hypergeometric(it, reads, method="marginals") for it in counts.T], axis=1
    ).astype(float)
    return replace(table, values=drawn)
