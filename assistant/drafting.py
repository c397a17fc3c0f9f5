"""Drafting by rule: a whole hypothesis from evidence alone, in plain words.

Every claim is either a sentence of the evidence itself, or a cautious reading of it whose names
and numbers stand in the evidence that it cites. The verdicts are set later, by grounding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.arguing import alternatives_of, assumptions_of, prediction_of, rank_parts
from assistant.claims import Citation, Claim, Hypothesis
from assistant.experiments import plan
from assistant.nomenclature import DEFAULT_NAME
from assistant.ranking import NO_SEQUENCE, ONLY_UNCHARACTERISED
from assistant.unknowns import unknowns_of
from assistant.votes import informative_words
from assistant.wording import (
    TIER_WORDS,
    activity_label,
    candidate_name,
    function_label,
    level_words,
    probability_text,
    specific_ec,
    with_article,
)
from ingest.records import digest_of
from ingest.vocab import ec_level
from retrieval.evidence.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.claims import CandidateFunction, Experiment
    from assistant.ranking import Ranking
    from ingest.records import Gene
    from retrieval.evidence.base import Evidence

#: Sentences of evidence that are repeated as claims, per kind: more would bury a reader, and
#: the whole evidence stands beside the draft anyway.
MOST_PER_KIND: Final = 2
#: Items that one reading cites at most.
MOST_CITED: Final = 3


def draft_by_rule(gene: Gene, evidence: Sequence[Evidence], ranking: Ranking) -> Hypothesis:
    """Write the hypothesis for one gene; claims are left unchecked.

    The id depends on the gene, its protein and the evidence, and on nothing else.
    """
    claims = tuple(_claims(gene, evidence, ranking))
    experiments = plan(ranking.candidates, gene, evidence, ranking.flags)
    probability = ranking.probability if ranking.tier != "abstain" else 0.0
    for_it = _for_leader(evidence, ranking)
    return Hypothesis(
        id=_hypothesis_id(gene, evidence),
        gene_id=gene.id,
        statement=_statement(gene, ranking),
        tier=ranking.tier,
        probability=probability,
        abstain_reason=ranking.abstain_reason,
        candidates=ranking.candidates,
        claims=claims,
        experiments=tuple(_linked(experiment, claims) for experiment in experiments),
        unknowns=unknowns_of(gene, evidence, ranking),
        prediction=prediction_of(experiments),
        assumptions=assumptions_of(for_it, ranking.flags) if for_it else (),
        alternatives=alternatives_of(ranking.candidates) if for_it else (),
        ranked_by=rank_parts(for_it, probability, experiments),
        flags=ranking.flags,
        flag_notes=ranking.notes,
    )


def _for_leader(evidence: Sequence[Evidence], ranking: Ranking) -> list[Evidence]:
    """List what speaks for the leading function; nothing where none is proposed."""
    if ranking.tier == "abstain":
        return []
    wanted = ranking.candidates[0].supporting
    return [item for item in evidence if item.id in wanted]


def _hypothesis_id(gene: Gene, evidence: Sequence[Evidence]) -> str:
    ids = sorted(item.id for item in evidence)
    return f"hyp-{digest_of(gene.id, gene.sequence_sha256, *ids)}"


def _linked(experiment: Experiment, claims: Sequence[Claim]) -> Experiment:
    """Point an experiment to the reading that it tests."""
    tested = tuple(claim.id for claim in claims if claim.id.endswith("-function"))
    return experiment.model_copy(update={"claim_ids": tested})


# --- Statement ------------------------------------------------------------------------------


def _statement(gene: Gene, ranking: Ranking) -> str:
    if ranking.tier == "abstain":
        return _abstention(gene, ranking)
    first = ranking.candidates[0]
    label = _joint_label(ranking)
    sentences = [
        f"{gene.id} may encode {with_article(label)}: {TIER_WORDS[ranking.tier]} "
        f"(probability {probability_text(ranking.probability)})."
    ]
    if first.ec_number and ec_level(first.ec_number) < len(first.ec_levels):
        sentences.append(_why_not_deeper(first))
    if "domain_only" in ranking.flags:
        sentences.append("Only a part of the protein is aligned, so this may hold for a domain.")
    if "conflicting_functions" in ranking.flags:
        sentences.append(_alternative(ranking))
    return " ".join(sentence for sentence in sentences if sentence)


def _joint_label(ranking: Ranking) -> str:
    """Name the leading function; the EC numbers of a bifunctional protein stand together."""
    first = ranking.candidates[0]
    partners = partners_of(first, ranking.candidates)
    if not partners:
        return function_label(first)
    numbers = dict.fromkeys(f"EC {one.ec_number}" for one in (first, *partners))
    return f"{candidate_name(first)} ({listed(list(numbers))})"


def partners_of(
    first: CandidateFunction, candidates: Sequence[CandidateFunction]
) -> tuple[CandidateFunction, ...]:
    """List the other functions that the same proteins have, as sure as the leading one."""
    return tuple(
        one
        for one in candidates
        if one.rank != first.rank
        and one.tier == first.tier
        and one.ec_number
        and first.ec_number
        and one.supporting == first.supporting
    )


def _why_not_deeper(first: CandidateFunction) -> str:
    last = first.ec_levels[-1]
    return (
        f"The evidence carries {level_words(first.ec_number)}; {specific_ec(first)} has a "
        f"probability of {probability_text(last.probability)} and is not proposed."
    )


def _alternative(ranking: Ranking) -> str:
    rivals = rivals_of(ranking)
    if not rivals:
        return "Another function comes close."
    second = rivals[0]
    chance = second.ec_levels[-1].probability if second.ec_levels else second.probability
    named = with_article(activity_label(second))
    return f"It may instead be {named}, with a probability of {probability_text(chance)}."


def _abstention(gene: Gene, ranking: Ranking) -> str:
    reason = ranking.abstain_reason
    if not ranking.candidates:
        return f"No function is proposed for {gene.id}: {reason}.{_advice(reason)}"
    first = ranking.candidates[0]
    named = f'"{candidate_name(first)}"' if not first.ec_levels else specific_ec(first)
    level = first.ec_levels[0] if first.ec_levels else None
    chance = level.probability if level else first.probability
    about = f"even the class EC {level.ec_number}" if level else "it"
    return (
        f"No function is proposed for {gene.id}: {reason}. The nearest is {named}, where {about} "
        f"may be right with a probability of {probability_text(chance)} only."
    )


def _advice(reason: str) -> str:
    if reason == NO_SEQUENCE:
        return " Give its translation to search with it."
    if reason == ONLY_UNCHARACTERISED:
        return " It may belong to a family that nobody has studied; see the experiments."
    return " It may be new, or its relatives may be missing from the knowledge base."


# --- Claims ---------------------------------------------------------------------------------


def _claims(gene: Gene, evidence: Sequence[Evidence], ranking: Ranking) -> Iterator[Claim]:
    by_id = {item.id: item for item in evidence}
    if ranking.tier != "abstain":
        yield _function_claim(gene, ranking, by_id)
        if "conflicting_functions" in ranking.flags:
            yield from _rival_claims(gene, ranking, by_id)
    for item in _told(evidence, ranking):
        yield _claim(gene, f"{item.id}-fact", item.statement, (item,))


def _function_claim(gene: Gene, ranking: Ranking, by_id: dict[str, Evidence]) -> Claim:
    """Read the leading function from its supporters, no deeper than it is reported."""
    text = f"This protein may be {with_article(_joint_label(ranking))}."
    return _claim(gene, "function", text, _cited(ranking.candidates[0], by_id))


def _rival_claims(gene: Gene, ranking: Ranking, by_id: dict[str, Evidence]) -> Iterator[Claim]:
    for rival in rivals_of(ranking)[:1]:
        text = f"This protein may instead be {with_article(activity_label(rival))}."
        yield _claim(gene, "rival", text, _cited(rival, by_id))


def rivals_of(ranking: Ranking) -> tuple[CandidateFunction, ...]:
    """List the functions of other proteins than the leader's, where they can be named."""
    first = ranking.candidates[0]
    return tuple(
        one
        for one in ranking.candidates[1:]
        if set(one.supporting).isdisjoint(first.supporting) and one.product != DEFAULT_NAME
    )


def _cited(candidate: CandidateFunction, by_id: dict[str, Evidence]) -> tuple[Evidence, ...]:
    """Choose what a reading cites: supporters that have its name first, then the heaviest."""
    items = [by_id[key] for key in candidate.supporting if key in by_id]
    words = set(informative_words(candidate.product))

    def strays(item: Evidence) -> int:
        return len(words.difference(informative_words(item.terms.product)))

    return tuple(sorted(items, key=strays)[:MOST_CITED])


def _claim(gene: Gene, key: str, text: str, items: Sequence[Evidence]) -> Claim:
    citations = tuple(Citation(evidence_id=item.id, quote=item.quote) for item in items)
    suffix = f"-{key}" if key in {"function", "rival"} else ""
    return Claim(
        id=f"claim-{digest_of(gene.id, key, text)}{suffix}",
        text=text,
        origin="rule",
        citations=citations,
    )


def _told(evidence: Sequence[Evidence], ranking: Ranking) -> Iterator[Evidence]:
    """Choose the sentences worth repeating: the leader's supporters first, then by kind."""
    leaders = ranking.candidates[0].supporting if ranking.candidates else ()
    place = {key: position for position, key in enumerate(leaders)}
    ordered = sorted(evidence, key=lambda item: (place.get(item.id, len(place)), item.id))
    kinds: dict[str, int] = {}
    chosen = []
    for item in ordered:
        kinds[item.kind] = kinds.get(item.kind, 0) + 1
        if kinds[item.kind] <= MOST_PER_KIND:
            chosen.append(item)
    first_kinds = list(dict.fromkeys(item.kind for item in evidence))
    yield from sorted(chosen, key=lambda item: first_kinds.index(item.kind))
