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

from assistant.votes import strength
from ingest.errors import DamagedFileError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.votes import Vote

#: The file in use; older ones may stay beside it.
CURRENT: Final = "calibration_2026-11-21.json"
#: Levels of an EC number, most general first, and the curve for names without EC number.
EC_CURVES: Final = ("ec1", "ec2", "ec3", "ec4")
NAME_CURVE: Final = "name"

#: The figures of a candidate, in the order of the coefficients. The first four are the best
#: among the votes for it; share is of the strength of all votes that speak; lead compares its
#: heaviest vote with the heaviest of the others (-1 to 1); leads is 1 where it has the heaviest.
FEATURES: Final = (
    "coverage",
    "identity_by_coverage",
    "bits_per_residue",
    "bits_per_residue_to_1",
    "share",
    "lead",
    "leads",
    "log_sources",
)
MOST_BITS_PER_RESIDUE: Final = 2.5


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
    one, or more than one, earlier annotation names.
    """

    name: str
    date: str
    how_made: str
    sharpness: float
    curves: Mapping[str, Curve]
    bars: Bars
    prior_alone: float
    priors_agree: float
    ece_dev: float


def features(
    supporting: Sequence[Vote], opposing: Sequence[Vote], length: int, sharpness: float
) -> tuple[float, ...]:
    """Compute the figures of a candidate from the votes for and against it.

    Args:
        supporting: Votes for it.
        opposing: Votes for something else.
        length: Residues of the gene's protein.
        sharpness: Power that weights are raised to before they are summed.
    """
    bits = max((vote.bits for vote in supporting if vote.ballot != "prior"), default=0.0)
    density = min(bits / max(1, length), MOST_BITS_PER_RESIDUE)
    lead = _lead(supporting, opposing)
    return (
        max((vote.coverage for vote in supporting), default=0.0),
        max((vote.identity * vote.coverage for vote in supporting), default=0.0),
        density,
        min(density, 1.0),
        share_of(supporting, opposing, sharpness),
        lead,
        float(lead >= 0),
        math.log(1 + len({vote.source for vote in supporting})),
    )


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
