"""Ranking: from evidence to candidate functions with calibrated probabilities, or to none.

How it goes (docs/how-ranking-works.md says it at length):

1. Every reference votes for each of its EC numbers, or for its name where it has none
   (``assistant.votes``). Names with the same informative words are one function.
2. Each candidate gets a probability per EC level from the fitted curves
   (``assistant.calibration``); levels never gain probability with depth.
3. An EC number is reported as deep as its probability is 0.5 or more. It is cut to three
   levels when no alignment covers half of both proteins, and to the shared levels when another
   function comes close.
4. A tier follows from the probability of what is reported, lowered by stated caps: embedding
   neighbours that no alignment confirms and earlier annotations alone give "low" at best; one
   source alone (unless it is nearly the same protein), or a domain alone, "medium" at best.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from assistant.claims import CandidateFunction, LevelProbability, Tier
from assistant.context_support import context_support
from assistant.flags import Case, review_flags
from assistant.nomenclature import Specificity, propose_product_name
from assistant.scoring import (
    Scored,
    best_name,
    is_domain_only,
    is_rival,
    is_same_protein,
    is_weak,
    score,
)
from assistant.votes import cast_votes, common_level, ec_prefix, strength
from ingest.records import clean_sequence
from ingest.vocab import EC_CLASSES, ECO_AUTOMATIC
from retrieval.evidence.base import Terms
from retrieval.evidence.similarity import TELLING_MEMBERS
from retrieval.evidence.wording import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from assistant.calibration import Calibration
    from assistant.claims import FlagNote
    from assistant.context_support import Support
    from assistant.votes import Vote
    from ingest.records import Gene
    from retrieval.evidence.base import Evidence

MOST_CANDIDATES: Final = 5
DOMAIN_LEVEL: Final = 3
#: Two functions whose scores differ by less than this are as good as equal. Stated.
AS_GOOD: Final = 0.03
#: Two functions are close when their probabilities differ by less than this.
CLOSE: Final = 0.1

NO_EVIDENCE: Final = "no evidence"
NO_SEQUENCE: Final = "the gene has no protein sequence"
ONLY_UNCHARACTERISED: Final = "homologs exist, but none has a known function"
NO_HOMOLOG: Final = "no homolog with a known function was found"
BY_CHANCE: Final = "what matches is no closer than chance may give"
TOO_WEAK: Final = "the best candidate is more likely wrong than right"

_TIERS: Final[tuple[Tier, ...]] = ("abstain", "low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, best first, and what the leading one is worth.

    ``probability`` is that of the leading candidate as reported; with the tier "abstain" the
    candidates are shown, but none is proposed. ``notes`` say why each flag was raised.
    """

    candidates: tuple[CandidateFunction, ...]
    tier: Tier
    probability: float
    abstain_reason: str = ""
    notes: tuple[FlagNote, ...] = ()

    @property
    def flags(self) -> tuple[str, ...]:
        """The names of the flags."""
        return tuple(note.flag for note in self.notes)


def rank(gene: Gene, evidence: Sequence[Evidence], calibration: Calibration) -> Ranking:
    """Rank the functions that the evidence speaks for, or abstain and say why.

    The answer does not depend on the order of the evidence.
    """
    votes = cast_votes(gene, evidence)
    if not votes:
        notes = review_flags(Case(gene, evidence))
        return Ranking((), "abstain", 0.0, _why_no_votes(gene, evidence), notes)
    scored = sorted(score(votes, calibration), key=lambda one: one.order)
    scored = _in_context(scored[:MOST_CANDIDATES], evidence)
    candidates = _distinct(_candidate(one, scored, calibration) for one in scored)
    first = candidates[0]
    level = _reported_level(scored[0], scored, calibration)[0]
    case = Case(gene, evidence, votes, scored, level, first.tier)
    reason = _why_abstained(scored[0]) if first.tier == "abstain" else ""
    return Ranking(candidates, first.tier, first.probability, reason, review_flags(case))


def _in_context(scored: Sequence[Scored], evidence: Sequence[Evidence]) -> list[Scored]:
    """Note which neighbours fit each function; of equals, one that they fit goes first.

    Neighbours change no probability: how much they say was not measured on proteins with EC.
    """
    fitting = [
        replace(one, in_context=tuple(support.evidence_id for support in _supports(one, evidence)))
        for one in scored
    ]
    bar = scored[0].score - AS_GOOD
    best = next((one for one in fitting if one.score >= bar and one.in_context), fitting[0])
    return [best, *(one for one in fitting if one is not best)]


def _supports(one: Scored, evidence: Sequence[Evidence]) -> tuple[Support, ...]:
    gene = next((vote.gene for vote in one.supporting if vote.gene), "")
    return context_support(Terms(product=best_name(one), gene=gene), evidence)


# --- Cutting and wording --------------------------------------------------------------------


def _distinct(candidates: Iterable[CandidateFunction]) -> tuple[CandidateFunction, ...]:
    """Number candidates; of those that say the same once they are cut, the first stays."""
    first: dict[tuple[str, str], CandidateFunction] = {}
    for candidate in candidates:
        first.setdefault((candidate.product, candidate.ec_number), candidate)
    return tuple(
        candidate.model_copy(update={"rank": place})
        for place, candidate in enumerate(first.values(), start=1)
    )


def _candidate(
    one: Scored, scored: Sequence[Scored], calibration: Calibration
) -> CandidateFunction:
    level, reasons = _reported_level(one, scored, calibration)
    probability = one.levels[level - 1] if level else one.levels[0]
    one = one.cut(level)
    tier, caps = _tier(one, level, probability, calibration)
    ec_number = ec_prefix(one.ec_number, level) if one.ec_number and level else ""
    best = one.supporting[0]
    go_terms = _terms(one, probability, calibration, lambda vote: vote.go_terms)
    ko = _terms(one, probability, calibration, lambda vote: vote.ko)
    return CandidateFunction(
        rank=1,
        product=_product(one, level, tier),
        gene=next((vote.gene for vote in one.supporting if vote.gene), ""),
        ec_number=ec_number,
        ec_levels=_levels(one),
        go_terms=tuple(go_terms),
        go_probabilities=tuple(go_terms.values()),
        ko=tuple(ko),
        ko_probabilities=tuple(ko.values()),
        probability=round(probability, 4),
        tier=tier,
        reasons=(*_support_reasons(one), *reasons, *caps),
        supporting=tuple(vote.evidence_id for vote in one.supporting),
        contradicting=tuple(vote.evidence_id for vote in one.opposing),
        eco=_eco(one) or best.eco,
    )


def _levels(one: Scored) -> tuple[LevelProbability, ...]:
    if not one.ec_number:
        return ()
    return tuple(
        LevelProbability(ec_number=ec_prefix(one.ec_number, level), probability=round(value, 4))
        for level, value in enumerate(one.levels, start=1)
    )


def _reported_level(
    one: Scored, scored: Sequence[Scored], calibration: Calibration
) -> tuple[int, list[str]]:
    """Choose how many EC levels to report, and say why it is not more. Names have one level."""
    if not one.ec_number:
        return 1, []
    deepest = len(one.levels)
    level = sum(value >= calibration.bars.level for value in one.levels)
    reasons = []
    if 0 < level < deepest:
        reasons.append(
            f"EC {ec_prefix(one.ec_number, level + 1)} has a probability of "
            f"{one.levels[level]:.2f} only, below {calibration.bars.level:.2f}"
        )
    if is_domain_only(one.supporting) and level > DOMAIN_LEVEL:
        level = DOMAIN_LEVEL
        reasons.append("no alignment covers half of both proteins, so the last EC digit is left")
    for rival in scored:
        shared = common_level(one.ec_number, rival.ec_number) if rival.ec_number else 0
        if 0 < shared < level and is_rival(one, rival) and _is_close(one, rival, shared):
            level = shared
            reasons.append(
                f"EC {rival.ec_number} comes close, so only the shared digits "
                f"{ec_prefix(one.ec_number, level)} are kept"
            )
    return level, reasons


def _is_close(one: Scored, other: Scored, shared: int) -> bool:
    ours, theirs = one.levels[shared:], other.levels[shared:]
    return bool(ours and theirs) and abs(ours[-1] - theirs[-1]) < CLOSE


def _tier(
    one: Scored, level: int, probability: float, calibration: Calibration
) -> tuple[Tier, list[str]]:
    bars = calibration.bars
    bar_values = (bars.low, bars.medium, bars.high)
    tier = _TIERS[sum(probability >= bar for bar in bar_values)]
    caps = []
    for applies, cap, reason in _caps(one, level):
        if applies and _TIERS.index(tier) > _TIERS.index(cap):
            tier = cap
            caps.append(f"held at {cap}: {reason}")
    return tier, caps


def _caps(one: Scored, level: int) -> tuple[tuple[bool, Tier, str], ...]:
    ballots = {vote.ballot for vote in one.supporting}
    is_single = one.sources(level) == 1 and not is_same_protein(one)
    return (
        (ballots == {"neighbour"}, "low", "no alignment confirms the embedding neighbours"),
        (ballots == {"prior"}, "low", "only earlier annotations name it"),
        (is_weak(one), "abstain", "no alignment is better than chance may give"),
        (ballots <= {"domain", "prior"}, "low", "only domains are known"),
        (is_domain_only(one.supporting), "medium", "only a domain is shared"),
        (is_single, "medium", "a single source speaks for it"),
    )


def _product(one: Scored, level: int, tier: Tier) -> str:
    """Word the name so that it claims no more than the level and the tier allow."""
    enzyme_class = EC_CLASSES.get(one.ec_number[:1], "")
    name = best_name(one)
    if one.ec_number and level < 3 and not is_domain_only(one.supporting):
        return propose_product_name(enzyme_class, "putative" if level else "unknown")
    return propose_product_name(name or enzyme_class, _specificity(one, level, tier))


def _specificity(one: Scored, level: int, tier: Tier) -> Specificity:
    if is_domain_only(one.supporting):
        return "domain"
    if tier in {"abstain", "low"} or (one.ec_number and level < len(one.levels)):
        return "family"
    return "exact" if tier == "high" else "putative"


def _support_reasons(one: Scored) -> list[str]:
    aligned = [vote for vote in one.supporting if vote.ballot == "alignment"]
    sources = len({vote.source for vote in one.supporting})
    reasons = [f"{sources} independent source{'s' if sources > 1 else ''} for it"]
    if aligned:
        identity = max(vote.identity for vote in aligned)
        coverage = max(vote.coverage for vote in aligned)
        reasons.append(
            f"closest relative {100 * identity:.0f} % identical, "
            f"alignment covers up to {100 * coverage:.0f} % of both proteins"
        )
    if any(vote.ballot == "prior" for vote in one.supporting):
        reasons.append("an earlier annotation agrees")
    if any(vote.ballot == "family" for vote in one.supporting):
        reasons.append("a family above its curated cut-off has this function")
    reasons += _family_reasons(one)
    if one.in_context:
        count = len(one.in_context)
        fits = "neighbour on the contig fits" if count == 1 else "neighbours on the contig fit"
        reasons.append(f"{count} {fits} it")
    if one.opposing:
        sources = len({vote.source for vote in one.opposing})
        reasons.append(f"{sources} source{'s' if sources > 1 else ''} for something else")
    return reasons


def _family_reasons(one: Scored) -> list[str]:
    """Say how well the protein keeps what all relatives of the function share."""
    shared = [
        found
        for vote in one.supporting
        for found in vote.shared_columns
        if found.function == one.ec_number or not one.ec_number
    ]
    told = [found for found in shared if found.members >= TELLING_MEMBERS and found.conserved]
    if not told:
        return []
    first = told[0]
    lost = f", but not {listed(first.changed)}" if first.changed else ""
    return [
        f"it has {first.kept} of the {first.conserved} residues that {first.members} relatives "
        f"share{lost}"
    ]


def _eco(one: Scored) -> str:
    kinds = {vote.eco for vote in one.supporting if vote.eco}
    return ECO_AUTOMATIC["combinatorial"] if len(kinds) > 1 else "".join(kinds)


def _terms(
    one: Scored, probability: float, calibration: Calibration, of: Callable[[Vote], tuple[str, ...]]
) -> dict[str, float]:
    """Give each term of the supporting votes its probability, most probable first, then by name.

    It is that of the candidate times the share of those votes, by strength, that state the term;
    votes that state none of its kind are left out. A term whose probability is that of the
    candidate is one that all of them state.
    """
    stating = [vote for vote in one.supporting if of(vote)]
    whole = strength(stating, calibration.sharpness)
    found = {
        term: strength([vote for vote in stating if term in of(vote)], calibration.sharpness)
        for vote in stating
        for term in of(vote)
    }
    shares = {term: round(probability * min(1.0, part / whole), 4) for term, part in found.items()}
    return dict(sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])))


# --- Why there is none ----------------------------------------------------------------------


def _why_abstained(one: Scored) -> str:
    return BY_CHANCE if is_weak(one) else TOO_WEAK


def _why_no_votes(gene: Gene, evidence: Sequence[Evidence]) -> str:
    if not clean_sequence(gene.translation):
        return NO_SEQUENCE
    kinds = {item.kind for item in evidence}
    if "similarity" in kinds:
        return ONLY_UNCHARACTERISED
    return NO_HOMOLOG if kinds else NO_EVIDENCE
