"""The order in which an expert sees drafts: what is most likely wrong comes first. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.review.states import standing_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assistant.claims import AnnotationRecord, Hypothesis, Review, State, Tier

_STATE_ORDER: Final[Mapping[State, int]] = {
    "draft": 0,
    "deferred": 1,
    "rejected": 2,
    "accepted_with_changes": 2,
    "accepted": 2,
}
_TIER_ORDER: Final[Mapping[Tier, int]] = {"high": 0, "medium": 1, "low": 2, "abstain": 3}

_DISAGREEMENT: Final = frozenset({"conflicting_functions", "prior_annotation_disagrees"})
_SAFETY: Final = frozenset({"biosecurity_review", "toxin"})

#: What should make a reviewer look closely, worst first.
CONCERNS: Final = (
    "a claim of the language model contradicts the evidence",
    "the evidence names different functions",
    "a claim of the language model has no support",
    "a toxin is named among the relatives",
)


def concerns_of(hypothesis: Hypothesis) -> tuple[str, ...]:
    """List the concerns that a draft raises, worst first."""
    verdicts = {claim.verdict for claim in hypothesis.claims if claim.origin == "llm"}
    found = (
        "contradicted" in verdicts,
        not _DISAGREEMENT.isdisjoint(hypothesis.flags),
        not verdicts.isdisjoint({"unsupported", "partial"}),
        not _SAFETY.isdisjoint(hypothesis.flags),
    )
    return tuple(words for words, is_so in zip(CONCERNS, found, strict=True) if is_so)


def in_order(
    records: Iterable[AnnotationRecord],
    reviews: Mapping[str, Review],
    *,
    state: str | None = None,
    tier: str | None = None,
    flag: str | None = None,
) -> list[AnnotationRecord]:
    """Order records for review; a filter that is None lets everything through.

    Undecided ones come first, then deferred, then decided. Within each: by the worst concern,
    then by tier and probability (likely ones are quick to sign), then by gene id; abstained
    genes without a concern come last.
    """
    stated = [(standing_state(record, reviews.get(record.gene.id)), record) for record in records]
    kept = [
        (own, record)
        for own, record in stated
        if state in {None, own}
        and tier in {None, record.hypothesis.tier}
        and (flag is None or flag in record.hypothesis.flags)
    ]
    return [record for _, record in sorted(kept, key=lambda pair: _urgency(*pair))]


def _urgency(state: State, record: AnnotationRecord) -> tuple[int, int, int, float, str]:
    hypothesis = record.hypothesis
    concerns = concerns_of(hypothesis)
    worst = CONCERNS.index(concerns[0]) if concerns else len(CONCERNS)
    return (
        _STATE_ORDER[state],
        worst,
        _TIER_ORDER[hypothesis.tier],
        -hypothesis.probability,
        record.gene.id,
    )
