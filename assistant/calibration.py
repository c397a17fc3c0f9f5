"""Calibration: from the figures of votes to a probability, by fitted logistic curves.

The curves live in a dated file beside this module, made by ``benchmarks/fit_calibration.py``;
that script and the ranking use the same ``features``. All coefficients are zero or positive,
so that more agreement never lowers a probability.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final

from assistant.votes import COMPARED, strength
from ingest.errors import DamagedFileError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.votes import Vote
    from retrieval.evidence.base import SharedColumns

#: The file in use; older ones may stay beside it.
CURRENT: Final = "calibration_2026-11-21.json"
#: Levels of an EC number, most general first, and the curve for names without EC number.
EC_CURVES: Final = ("ec1", "ec2", "ec3", "ec4")
NAME_CURVE: Final = "name"

#: The figures of a candidate, in the order of the coefficients; each is zero or more.
#: ``share`` and ``share_of_closest`` are of the strength of all votes that speak, the second
#: sharper, so that only relatives about as near as the nearest count; ``lead`` compares the
#: heaviest vote for it with the heaviest of the others. ``kept``, ``inside`` and ``distinct``
#: rest on what all its relatives show together (``SharedColumns``): the share of the family's
#: conserved residues that the protein has, whether it is as near to its closest relative as that
#: one is to the family, and whether it is nearer than the nearest protein of another function.
FEATURES: Final = (
    "coverage",
    "identity_by_coverage",
    "log_evalue",
    "share",
    "share_of_closest",
    "lead",
    "kept",
    "inside",
    "distinct",
    "log_sources",
)
#: An E-value below this, or none for want of a search, counts as this.
SMALLEST_EVALUE: Final = 1e-200
#: How much sharper the second share is.
SHARPER: Final = 3.0
#: Identities are compared up to this difference; none counts as the middle.
MOST_DIFFERENCE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Curve:
    """A logistic curve over ``FEATURES``."""

    intercept: float
    coefficients: tuple[float, ...]

    def probability(self, values: Sequence[float]) -> float:
        """Evaluate the curve, 0 to 1."""
        total = self.intercept + sum(
            weight * value for weight, value in zip(self.coefficients, values, strict=True)
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Bars:
    """Probabilities from which a tier is given, and an EC level is reported."""

    high: float
    medium: float
    low: float
    level: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Fitted curves with what made them.

    ``prior_alone`` and ``priors_agree`` are the stated probabilities of a function that only
    one, or more than one, earlier annotation names; ``family_curated`` that of one named by a
    family above its curated cut-off, ``domain_alone`` that of a domain by its family.
    """

    name: str
    date: str
    how_made: str
    sharpness: float
    curves: Mapping[str, Curve]
    bars: Bars
    prior_alone: float
    priors_agree: float
    family_curated: float
    domain_alone: float
    ece_dev: float


def features(
    supporting: Sequence[Vote], opposing: Sequence[Vote], function: str, sharpness: float
) -> tuple[float, ...]:
    """Compute the figures of a candidate from the votes for and against it.

    Args:
        supporting: Votes for it.
        opposing: Votes for something else.
        function: The candidate's whole EC number; empty for a name.
        sharpness: Power that weights are raised to before they are summed.
    """
    family = _family(supporting, function)
    return (
        max((vote.coverage for vote in supporting), default=0.0),
        max((vote.identity * vote.coverage for vote in supporting), default=0.0),
        max((_log_evalue(vote) for vote in supporting), default=0.0),
        share_of(supporting, opposing, sharpness),
        share_of(supporting, opposing, SHARPER * sharpness),
        1 + _lead(supporting, opposing),
        _kept(supporting, family),
        _nearer(family, "inside"),
        _nearer(family, "nearest_other"),
        math.log(1 + len({vote.source for vote in supporting})),
    )


def _log_evalue(vote: Vote) -> float:
    if vote.ballot not in COMPARED:
        return 0.0
    return math.log1p(max(0.0, -math.log10(max(vote.evalue, SMALLEST_EVALUE))))


def _family(supporting: Sequence[Vote], function: str) -> tuple[SharedColumns, float] | None:
    """Find what the relatives of a function show together, with the closest one's identity."""
    found = (
        (shared, vote.identity)
        for vote in supporting
        for shared in vote.shared_columns
        if function in {"", shared.function}
    )
    return max(found, key=lambda pair: (pair[0].members, pair[1]), default=None)


def _kept(supporting: Sequence[Vote], family: tuple[SharedColumns, float] | None) -> float:
    """Share of the family's conserved residues that the protein has; identity where unknown."""
    if family is None:
        return max((vote.identity for vote in supporting), default=0.0)
    return (family[0].kept + 1) / (family[0].conserved + 2)


def _nearer(family: tuple[SharedColumns, float] | None, other: str) -> float:
    """Compare the identity to the closest relative with another identity; 0.5 is neither."""
    compared = getattr(family[0], other) if family else None
    if family is None or compared is None:
        return MOST_DIFFERENCE
    difference = family[1] - compared
    return float(MOST_DIFFERENCE + max(-MOST_DIFFERENCE, min(MOST_DIFFERENCE, difference)))


def share_of(supporting: Sequence[Vote], opposing: Sequence[Vote], sharpness: float) -> float:
    """Share of the strength of all votes that speak, 0 to 1."""
    ours, others = strength(supporting, sharpness), strength(opposing, sharpness)
    return ours / (ours + others) if ours > 0 else 0.0


def _lead(supporting: Sequence[Vote], opposing: Sequence[Vote]) -> float:
    ours = max((vote.weight for vote in supporting), default=0.0)
    others = max((vote.weight for vote in opposing), default=0.0)
    best = max(ours, others)
    return (ours - others) / best if best > 0 else 0.0


def load_calibration(name: str = CURRENT) -> Calibration:
    """Load a calibration that ships with the package.

    Raises:
        DamagedFileError: The file is missing or not as it should be.
    """
    try:
        text = resources.files("assistant").joinpath("data", name).read_text(encoding="utf-8")
        return parse_calibration(text)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedFileError(
            "the calibration file is missing or damaged",
            where=f"assistant/data/{name}",
            hint="Install the package again",
        ) from error


def parse_calibration(text: str) -> Calibration:
    """Read a calibration from its JSON text.

    Raises:
        ValueError: It was fitted for other features, or a coefficient is negative.
        KeyError: A field is missing.
    """
    content = json.loads(text)
    if tuple(content["features"]) != FEATURES:
        raise ValueError("the calibration was fitted for other features")
    stated = content["stated"]
    return Calibration(
        name=content["name"],
        date=content["date"],
        how_made=content["how_made"],
        sharpness=float(content["sharpness"]),
        curves={key: _curve(content["curves"][key]) for key in (*EC_CURVES, NAME_CURVE)},
        bars=Bars(**content["bars"]),
        prior_alone=float(stated["prior_alone"]),
        priors_agree=float(stated["priors_agree"]),
        family_curated=float(stated["family_curated"]),
        domain_alone=float(stated["domain_alone"]),
        ece_dev=float(content["ece_dev"]),
    )


def _curve(content: Mapping[str, object]) -> Curve:
    named = content["coefficients"]
    if not isinstance(named, dict):
        raise TypeError("coefficients must be named")
    coefficients = tuple(float(named[name]) for name in FEATURES)
    if min(coefficients) < 0:
        raise ValueError("a negative coefficient would punish agreement")
    return Curve(float(str(content["intercept"])), coefficients)
