"""Flags of support: how well the votes stand behind the leading function, and beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.claims import FlagNote
from assistant.scoring import SAME_IDENTITY, best_name, is_domain_only, is_rival
from assistant.votes import common_level, ec_prefix
from assistant.wording import probability_text
from retrieval.evidence.wording import listed, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.flags.case import Case
    from assistant.scoring import Scored
    from assistant.votes import Vote

#: A rival is a conflict when it has at least this share of the leader's probability.
CONFLICT: Final = 0.5
#: A function of the same family is as near when its closest relative has at least this share of
#: the weight of the leader's closest one. Stated, not fitted.
AS_NEAR: Final = 0.8
#: EC levels that two functions of one family share.
FAMILY_LEVEL: Final = 3
#: Names are of one family when they share this part of the words of the shorter one.
FAMILY_WORDS: Final = 0.5
#: Functions of a family that a sentence names.
MOST_NAMED: Final = 3


def support_notes(case: Case) -> Iterator[FlagNote]:
    """Flag thin support, close rivals and families of several functions."""
    leader = case.leader
    if leader is None:
        return
    if is_domain_only(leader.cut(case.level).supporting):
        yield FlagNote(flag="domain_only", reason=_domain_reason(leader))
    if leader.sources(case.level) == 1:
        reason = f"A single source speaks for {case.subject}: {_source(case, leader)}."
        yield FlagNote(flag="single_source", reason=reason)
    rivals = [other for other in case.scored[1:] if conflicts(leader, other)]
    if rivals:
        reason = _conflict_reason(leader, rivals[0])
        yield FlagNote(flag="conflicting_functions", reason=reason)
    family = paralogs(leader, case.scored[1:])
    if family:
        yield FlagNote(flag="paralog_subfamily", reason=_family_reason(leader, family))
    if case.tier == "low":
        chance = probability_text(leader.levels[max(case.level, 1) - 1])
        reason = f"The probability of {case.label} is {chance}: a lead to follow, not more."
        yield FlagNote(flag="uncertain", reason=reason)


def conflicts(first: Scored, other: Scored) -> bool:
    """A rival conflicts when it parts from the leader and is at least half as probable there."""
    if not is_rival(first, other):
        return False
    if not first.ec_number and not other.ec_number:
        return other.score >= CONFLICT * first.score
    depth = _parting(first, other)
    return other.levels[depth] >= CONFLICT * first.levels[depth]


def _parting(first: Scored, other: Scored) -> int:
    """Index the first EC level at which two functions differ."""
    both = first.ec_number and other.ec_number
    shared = common_level(first.ec_number, other.ec_number) if both else 0
    return min(shared, len(first.levels) - 1, len(other.levels) - 1)


def paralogs(leader: Scored, others: Sequence[Scored]) -> list[Scored]:
    """List functions of the leader's family whose closest relative is about as near.

    Not when the leader's closest relative is nearly the same protein.
    """
    nearest = _nearest(leader)
    if nearest is None or nearest.identity >= SAME_IDENTITY:
        return []
    found = []
    for other in others:
        near = _nearest(other)
        is_near = near is not None and near.weight >= AS_NEAR * nearest.weight
        if is_near and is_rival(leader, other) and _is_same_family(leader, other):
            found.append(other)
    return found


def _nearest(one: Scored) -> Vote | None:
    """Find the closest relative that an alignment shows."""
    aligned = (vote for vote in one.supporting if vote.ballot == "alignment")
    return max(aligned, key=lambda vote: vote.weight, default=None)


def _is_same_family(one: Scored, other: Scored) -> bool:
    """Two functions share a family by three EC digits, or by half the words of a name."""
    if one.ec_number and other.ec_number:
        return common_level(one.ec_number, other.ec_number) >= FAMILY_LEVEL
    if one.ec_number or other.ec_number:
        return False
    ours, theirs = set(one.key.split()), set(other.key.split())
    return len(ours & theirs) >= FAMILY_WORDS * max(1, min(len(ours), len(theirs)))


# --- Words ----------------------------------------------------------------------------------


def _domain_reason(leader: Scored) -> str:
    widest = max(vote.coverage for vote in leader.supporting if vote.ballot != "prior")
    return (
        f"Only a domain is shared with proteins of known function: no alignment covers more than "
        f"{percent(100 * widest)} of both proteins."
    )


def _source(case: Case, leader: Scored) -> str:
    reference = {item.id: item.reference for item in case.evidence}
    votes = leader.sides[max(case.level, 1) - 1][0]
    name = reference.get(votes[0].evidence_id) or votes[0].source
    return f"{name}{_identity(votes[0])}"


def _identity(vote: Vote) -> str:
    if vote.ballot == "prior":
        return ", an earlier annotation"
    return f", {percent(100 * vote.identity)} identical" if vote.identity else ""


def _conflict_reason(leader: Scored, rival: Scored) -> str:
    depth = _parting(leader, rival)
    ours, theirs = leader.levels[depth], rival.levels[depth]
    return (
        f"{_parted(rival, depth)} has a probability of {probability_text(theirs)} where "
        f"{_parted(leader, depth)} has {probability_text(ours)}."
    )


def _parted(one: Scored, depth: int) -> str:
    """Name what the probability at a depth is of: the shared part of a number is no rival."""
    prefix = ec_prefix(one.ec_number, depth + 1) if one.ec_number else ""
    return _named(one) if prefix in {"", one.ec_number} else f"EC {prefix} ({_named(one)} in it)"


def _family_reason(leader: Scored, family: Sequence[Scored]) -> str:
    told = listed([_with_figures(one) for one in family[:MOST_NAMED]])
    more = len(family) - MOST_NAMED
    rest = f", and {more} more functions of the family are as near" if more > 0 else ""
    return (
        f"The closest relatives split between functions of one family: {_with_figures(leader)} "
        f"beside {told}{rest}. This may be a paralog."
    )


def _with_figures(one: Scored) -> str:
    nearest = _nearest(one)
    if nearest is None:
        return _named(one)
    return f"{_named(one)} ({percent(100 * nearest.identity)} identical, {nearest.bits:.0f} bits)"


def _named(one: Scored) -> str:
    return f"EC {one.ec_number}" if one.ec_number else f'"{best_name(one)}"'
