"""Scoring: the functions that votes speak for, each with a probability per EC level.

No words and no tiers here: ``assistant.ranking`` cuts, names and grades what is scored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from assistant.calibration import EC_CURVES, NAME_CURVE, features, share_of
from assistant.votes import COMPARED, Stance, Vote, common_level, ec_prefix, stance_on_ec, strength
from ingest.vocab import ec_level
from retrieval.alignment import SIGNIFICANT_EVALUE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.calibration import Calibration

#: Below this share of either protein an alignment speaks for a domain, not for the protein.
DOMAIN_COVERAGE: Final = 0.5

#: From here on two proteins are taken as the same one in close kin (UniRef90's bar is 90 %
#: identity over 80 % of the longer one; this is stricter).
SAME_IDENTITY: Final = 0.95
SAME_COVERAGE: Final = 0.9

#: The votes for a function, and those against it.
Sides: TypeAlias = tuple[tuple[Vote, ...], tuple[Vote, ...]]


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate before it is cut and worded.

    ``levels`` holds the probability at EC levels 1 to 4, and ``sides`` the votes for and
    against it there; a name has one level. ``supporting`` and ``opposing`` are the votes at the
    deepest level, or at the level of a ``cut``. ``in_context`` names the genomic neighbours that
    fit it.
    """

    ec_number: str
    supporting: tuple[Vote, ...]
    opposing: tuple[Vote, ...]
    levels: tuple[float, ...]
    sides: tuple[Sides, ...]
    weight: float
    is_cut: bool = False
    in_context: tuple[str, ...] = ()

    def cut(self, level: int) -> Scored:
        """Rest on the closest relatives when these state no more than the digits kept.

        "1.8.1.-" of a whole protein then stands before the "1.8.1.9" of a domain.
        """
        if not self.ec_number or level in {0, len(self.levels)}:
            return self
        supporting, opposing = self.sides[level - 1]
        if ec_prefix(self.ec_number, level) not in supporting[0].ec_numbers:
            return self
        return replace(self, supporting=supporting, opposing=opposing, is_cut=True)

    def sources(self, level: int) -> int:
        """Count the independent sources that speak for it at a level."""
        return len({vote.source for vote in self.sides[max(level, 1) - 1][0]})

    @property
    def score(self) -> float:
        """How much of a whole answer is expected to be right, 0 to 1."""
        return sum(self.levels) / (len(EC_CURVES) if self.ec_number else 1)

    @property
    def order(self) -> tuple[float, float, int, str]:
        """Sort key, best first; rounded so that the order of sums cannot tip it."""
        stated = self.supporting[0].ec_numbers
        place = stated.index(self.ec_number) if self.ec_number in stated else len(stated)
        return (-round(self.score, 9), -self.weight, place, self.ec_number or self.key)

    @property
    def key(self) -> str:
        """The function by name."""
        return self.supporting[0].name_key


def score(votes: Sequence[Vote], calibration: Calibration) -> list[Scored]:
    """Score every function voted for: EC numbers, and names that no EC number goes with.

    Args:
        votes: At least one vote.
        calibration: The fitted curves.
    """
    scored = [_score_ec(ec, votes, calibration) for ec in candidate_keys(votes)]
    known = {vote.name_key for vote in votes if vote.ec_numbers}
    names = {vote.name_key for vote in votes if not vote.ec_numbers} - known
    scored += [_score_name(name, votes, calibration) for name in sorted(names)]
    return scored


def candidate_keys(votes: Iterable[Vote]) -> list[str]:
    """List the EC numbers voted for, heaviest vote first.

    One that only begins another is no candidate of its own.
    """
    stated = list(dict.fromkeys(ec for vote in votes for ec in vote.ec_numbers))
    return [
        ec
        for ec in stated
        if not any(common_level(ec, other) == ec_level(ec) for other in stated if other != ec)
    ]


def _score_ec(ec_number: str, votes: Sequence[Vote], calibration: Calibration) -> Scored:
    levels: list[float] = []
    sides: list[Sides] = []
    for level in range(1, ec_level(ec_number) + 1):
        supporting, opposing = split_votes(votes, ec_number, level)
        curve = EC_CURVES[level - 1]
        probability = _probability((supporting, opposing), ec_number, curve, calibration)
        levels.append(min([probability, *levels]))
        sides.append((supporting, opposing))
    weight = strength(supporting, calibration.sharpness)
    return Scored(ec_number, supporting, opposing, tuple(levels), tuple(sides), weight)


def split_votes(votes: Sequence[Vote], ec_number: str, level: int) -> Sides:
    """Part the votes for an EC number at a level from those against; the silent are left out."""
    same = [vote for vote in votes if ec_number in vote.ec_numbers]
    words = frozenset(word for vote in same for word in vote.words)
    keys = {vote.name_key for vote in same if vote.words}
    sides: dict[Stance, list[Vote]] = {"for": [], "against": [], "silent": []}
    for vote in votes:
        is_same_name = not vote.ec_numbers and vote.name_key in keys
        stance = "for" if is_same_name else stance_on_ec(vote, ec_number, level, words)
        sides[stance].append(vote)
    return tuple(sides["for"]), tuple(sides["against"])


def _score_name(name: str, votes: Sequence[Vote], calibration: Calibration) -> Scored:
    supporting = tuple(vote for vote in votes if vote.name_key == name)
    opposing = tuple(vote for vote in votes if vote.name_key != name and vote.ballot != "domain")
    probability = _probability((supporting, opposing), "", NAME_CURVE, calibration)
    weight = strength(supporting, calibration.sharpness)
    sides = ((supporting, opposing),)
    return Scored("", supporting, opposing, (probability,), sides, weight)


def _probability(sides: Sides, function: str, curve: str, calibration: Calibration) -> float:
    """Evaluate a curve; what is not compared pair by pair has its stated probability."""
    supporting, opposing = sides
    sharpness = calibration.sharpness
    compared = [vote for vote in supporting if vote.ballot in COMPARED]
    aligned = 0.0
    if compared:
        values = features(supporting, opposing, function, sharpness)
        aligned = calibration.curves[curve].probability(values)
    if all(vote.ballot == "neighbour" for vote in supporting):
        return min(aligned, _below(calibration.bars.medium))
    stated = _stated(supporting, calibration)
    return max(aligned, stated * share_of(supporting, opposing, sharpness) if stated else 0.0)


def _stated(supporting: Sequence[Vote], calibration: Calibration) -> float:
    """Return the stated probability of the strongest kind of evidence that is not compared."""
    ballots = {vote.ballot for vote in supporting}
    methods = {vote.source for vote in supporting if vote.ballot == "prior"}
    kinds = {
        "family": calibration.family_curated,
        "domain": calibration.domain_alone,
        "prior": calibration.priors_agree if len(methods) > 1 else calibration.prior_alone,
    }
    return max((value for kind, value in kinds.items() if kind in ballots), default=0.0)


def _below(bar: float) -> float:
    return bar - 0.01


def is_rival(one: Scored, other: Scored) -> bool:
    """Two functions are rivals unless one protein has both (a bifunctional one).

    A name without EC number is no rival of an EC number whose names share a word with it.
    """
    if one is other:
        return False
    if bool(one.ec_number) != bool(other.ec_number):
        words = {word for vote in one.supporting for word in vote.words}
        return words.isdisjoint(word for vote in other.supporting for word in vote.words)
    return not any(
        {one.ec_number, other.ec_number} <= set(vote.ec_numbers) for vote in one.supporting
    )


def is_domain_only(votes: Sequence[Vote]) -> bool:
    """Tell whether all aligned votes cover less than half of one of the proteins."""
    if any(vote.ballot == "family" for vote in votes):
        return False
    partial = [vote for vote in votes if vote.ballot != "prior"]
    return bool(partial) and all(
        vote.ballot == "domain" or vote.coverage < DOMAIN_COVERAGE for vote in partial
    )


def is_weak(one: Scored) -> bool:
    """Tell whether only comparisons speak for it, alignments among them, none significant."""
    has_alignment = any(vote.ballot == "alignment" for vote in one.supporting)
    return (has_alignment and not is_same_protein(one)) and all(
        vote.ballot in COMPARED and vote.evalue > SIGNIFICANT_EVALUE for vote in one.supporting
    )


def is_same_protein(one: Scored) -> bool:
    """Tell whether one relative is nearly the same protein: then one source is enough."""
    return any(
        vote.ballot == "alignment"
        and vote.identity >= SAME_IDENTITY
        and vote.coverage >= SAME_COVERAGE
        for vote in one.supporting
    )


def best_name(one: Scored) -> str:
    """Pick the name with the strongest votes, from proteins with this one function if any."""
    named = [vote for vote in one.supporting if vote.product]
    if named and one.is_cut:
        return named[0].product
    exact = [vote for vote in named if one.ec_number in vote.ec_numbers]
    single = [vote for vote in exact if len(vote.ec_numbers) == 1]
    pool = single or exact or named
    by_key: dict[str, float] = {}
    for vote in pool:
        by_key[vote.name_key] = by_key.get(vote.name_key, 0.0) + vote.weight
    if not by_key:
        return f"{one.key}" if one.supporting[0].ko and not one.ec_number else ""
    best = min(by_key, key=lambda key: (-by_key[key], key))
    return next(vote.product for vote in pool if vote.name_key == best)
