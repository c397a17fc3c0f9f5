"""The order in which an expert sees drafts: what is most likely wrong comes first. No I/O."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from assistant.flags.classes import class_of
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

_CONTRADICTED: Final = "a claim of the language model contradicts the evidence"
_NOT_SUPPORTED: Final = "a claim of the language model has no support"

#: What should make a reviewer look closely, worst first, with the flags that say so. The codes
#: are the curators' error classes (``assistant.flags.classes``).
_CONCERNS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        _CONTRADICTED: frozenset(),
        "the evidence names different functions (UNC, NPI)": frozenset(
            {"conflicting_functions", "prior_annotation_disagrees"}
        ),
        "the neighbours speak for another process (NPI)": frozenset({"context_disagrees"}),
        "the function may be that of a paralog (PLI)": frozenset({"paralog_subfamily"}),
        "the function is proposed for very many genes of this input (REP)": frozenset(
            {"repeated_often"}
        ),
        "more is known of the protein than the draft says (LSP)": frozenset({"less_specific"}),
        _NOT_SUPPORTED: frozenset(),
        "a toxin is named among the relatives": frozenset({"biosecurity_review", "toxin"}),
    }
)
CONCERNS: Final = tuple(_CONCERNS)


def concerns_of(hypothesis: Hypothesis) -> tuple[str, ...]:
    """List the concerns that a draft raises, worst first."""
    verdicts = {claim.verdict for claim in hypothesis.claims if claim.origin == "llm"}
    of_claims = {
        _CONTRADICTED: "contradicted" in verdicts,
        _NOT_SUPPORTED: not verdicts.isdisjoint({"unsupported", "partial"}),
    }
    return tuple(
        words
        for words, flags in _CONCERNS.items()
        if of_claims.get(words) or not flags.isdisjoint(hypothesis.flags)
    )


def in_order(
    records: Iterable[AnnotationRecord],
    reviews: Mapping[str, Review],
    *,
    state: str | None = None,
    tier: str | None = None,
    flag: str | None = None,
) -> list[AnnotationRecord]:
    """Order records for review; a filter that is None lets everything through.

    ``flag`` is the name of a flag or the code of an error class.

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
        and (flag is None or _has(record.hypothesis, flag))
    ]
    return [record for _, record in sorted(kept, key=lambda pair: _urgency(*pair))]


def _has(hypothesis: Hypothesis, wanted: str) -> bool:
    return any(wanted in {flag, class_of(flag)} for flag in hypothesis.flags)


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
