"""A row of a comparison: one feature in one contrast, and why it is a finding or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: False discovery rate below which a difference is called one.
Q_LEVEL: Final = 0.05
SHARE: Final = "share of the sample"


@dataclass(frozen=True, slots=True)
class Difference:
    """One feature in one contrast.

    ``effect`` with ``low`` and ``high`` (95 %) is in ``effect_unit``; positive: higher in the first
    group of the contrast. ``mean`` and ``reference_mean`` are in ``mean_unit``. ``delta`` is
    Cliff's delta (-1 to 1), None where no ranks were compared. ``check_p`` is the p of the second
    test, on ``check`` (its q where subjects repeat). ``subjects_p`` is the p with errors that hold
    over subjects however differently they respond, None where samples do not repeat. ``depth_q``
    is that of counts drawn down to one depth, None where groups do not differ in depth.
    ``confounded_with`` names columns that may explain it. ``status`` says in words why a row is no
    finding; "" for a finding.
    """

    feature: str
    name: str
    contrast: str
    n: int
    reference_n: int
    prevalence: float
    reference_prevalence: float
    mean: float
    reference_mean: float
    mean_unit: str
    effect: float
    low: float
    high: float
    effect_unit: str
    delta: float | None
    p: float
    q: float
    check_p: float
    agrees: bool
    test: str
    normalisation: str
    check: str
    source: str
    subjects_p: float | None = None
    depth_q: float | None = None
    confounded_with: tuple[str, ...] = ()
    status: str = ""

    @property
    def is_finding(self) -> bool:
        """Whether it may be told as a difference between the groups."""
        return not self.status

    @property
    def direction(self) -> str:
        """``higher`` or ``lower`` in the first group of the contrast, than in the second."""
        return "higher" if self.effect > 0 else "lower"
