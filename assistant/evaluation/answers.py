"""What was answered for a protein whose function is known: three views side by side.

``best_hit``: all EC numbers of the best alignment to a protein of known function, with identity
as confidence, as most tools do it. ``forced``: the leading candidate with an EC number in full,
also where the tool abstains. ``reported``: what a user is told, cut and with abstention.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.vocab import ec_level
from retrieval.alignment import SIGNIFICANT_EVALUE
from retrieval.evidence.base import Terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assistant.claims import CandidateFunction, Tier
    from assistant.evaluation.truth import Known
    from retrieval.evidence.base import Evidence

VIEWS: Final = ("best_hit", "forced", "reported")
#: A further candidate is named beside the leading one from this probability on. Promiscuous
#: proteins have several functions; the mean F1 of a set of labels is highest when those are named
#: that are more probable than half of it (Lipton et al. 2014, arXiv:1402.1892), about 0.6 here.
FURTHER: Final = 0.3
#: Identity of a sequence with itself, in percent: no chance, however short.
SAME: Final = 100.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The EC numbers named for a protein, the leading one first.

    ``scores`` go with ``ec_numbers``; ``levels`` are the probabilities that the leading one is
    right to 1, 2, 3, 4 fields, as many as it has. All are empty when no EC number is named.
    """

    ec_numbers: tuple[str, ...] = ()
    scores: tuple[float, ...] = ()
    levels: tuple[float, ...] = ()

    @property
    def first(self) -> str:
        """The leading EC number, or ""."""
        return self.ec_numbers[0] if self.ec_numbers else ""

    @property
    def confidence(self) -> float:
        """Probability of the leading EC number as named; 0 without one."""
        return self.levels[-1] if self.levels else 0.0


@dataclass(frozen=True, slots=True)
class Prediction:
    """One protein: the truth, the three views, and what they came from."""

    known: Known
    views: Mapping[str, Answer]
    candidates: tuple[CandidateFunction, ...]
    tier: Tier
    hit: Evidence | None = None


def predict(
    known: Known,
    candidates: Sequence[CandidateFunction],
    tier: Tier,
    evidence: Iterable[Evidence],
) -> Prediction:
    """Put the views of one protein together."""
    hit = best_hit(evidence)
    views = {
        "best_hit": _best_hit_answer(hit),
        "forced": _forced(candidates),
        "reported": Answer() if tier == "abstain" else _reported(candidates),
    }
    return Prediction(known, views, tuple(candidates), tier, hit)


def best_hit(evidence: Iterable[Evidence]) -> Evidence | None:
    """Return the significant alignment with most bits to a protein of known function.

    Without a bit score stands the same sequence, which is better than any alignment.
    """
    known = [item for item in evidence if item.kind == "similarity" and item.terms != Terms()]
    return min(filter(_is_significant, known), key=_fewest_bits, default=None)


def _is_significant(item: Evidence) -> bool:
    evalue = item.metrics.evalue
    return evalue is None or evalue <= SIGNIFICANT_EVALUE or item.metrics.pident == SAME


def _fewest_bits(item: Evidence) -> float:
    bits = item.metrics.bitscore
    return -math.inf if bits is None else -bits


def _best_hit_answer(hit: Evidence | None) -> Answer:
    if hit is None or not hit.terms.ec_numbers:
        return Answer()
    ec_numbers = hit.terms.ec_numbers
    identity = (hit.metrics.pident or 0.0) / 100
    return Answer(ec_numbers, (1.0,) * len(ec_numbers), (identity,) * ec_level(ec_numbers[0]))


def _forced(candidates: Sequence[CandidateFunction]) -> Answer:
    enzymes = [one for one in candidates if one.ec_levels]
    full = [(one.ec_levels[-1].ec_number, one.ec_levels[-1].probability) for one in enzymes]
    levels = tuple(level.probability for level in enzymes[0].ec_levels) if enzymes else ()
    return _answer(full, levels)


def _reported(candidates: Sequence[CandidateFunction]) -> Answer:
    first = candidates[0] if candidates else None
    if first is None or not first.ec_number:
        return Answer()
    stated = [one for one in candidates if one.ec_number]
    pairs = [(one.ec_number, _probability(one)) for one in stated]
    depth = ec_level(first.ec_number)
    return _answer(pairs, tuple(level.probability for level in first.ec_levels[:depth]))


def _probability(candidate: CandidateFunction) -> float:
    """Look up the probability of the EC number as reported."""
    stated = {level.ec_number: level.probability for level in candidate.ec_levels}
    return stated.get(candidate.ec_number, candidate.probability)


def _answer(pairs: Sequence[tuple[str, float]], levels: tuple[float, ...]) -> Answer:
    """Name the first EC number, and of the others those that are probably right."""
    if not pairs:
        return Answer()
    named = dict(pairs[:1])
    for ec_number, probability in pairs[1:]:
        if probability >= FURTHER and ec_level(ec_number) >= ec_level(pairs[0][0]):
            named.setdefault(ec_number, probability)
    return Answer(tuple(named), tuple(named.values()), levels or (pairs[0][1],))
