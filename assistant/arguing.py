"""What a hypothesis predicts, takes for granted and competes with; and the parts of its rank.

The parts are counted or looked up, never judged by a model: how independent the evidence is, the
calibrated probability, how far its tests tell it from the alternatives, and what they cost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.claims import RankPart
from assistant.decisions import decision_of
from assistant.wording import function_label, probability_text, shown_name
from retrieval.evidence.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from assistant.claims import CandidateFunction, Experiment, Hypothesis
    from retrieval.evidence.base import Evidence, EvidenceKind

#: Kinds that rest on the same thing count once: three ways to compare one protein with others.
_GROUPS: Final[Mapping[EvidenceKind, str]] = {
    "similarity": "sequence",
    "embedding_neighbours": "sequence",
    "families": "family profiles",
    "genomic_context": "genomic context",
    "abundance": "the cohort",
    "literature": "papers",
    "prior_annotation": "other tools",
    "drug_metabolism": "papers",
}
#: Independent lines of evidence that count in full.
_ENOUGH_LINES: Final = 4
_EFFORT: Final = {"low": 1.0, "medium": 0.6, "high": 0.3}
_DECISIVE: Final = 0.6
_MOST_ALTERNATIVES: Final = 3


def prediction_of(experiments: Sequence[Experiment]) -> str:
    """Say what would be seen if the hypothesis is true: of the test that tells most."""
    if not experiments:
        return ""
    best = max(experiments, key=lambda one: _power(one.type))
    return f"{best.expected_if_true} ({best.title.lower()})."


def assumptions_of(evidence: Sequence[Evidence], flags: Sequence[str]) -> tuple[str, ...]:
    """List what the hypothesis takes for granted, by the kinds of its evidence."""
    kinds = {item.kind for item in evidence}
    told = (
        (bool(kinds & {"similarity", "embedding_neighbours"}),
         "That relatives this close kept the function, and were annotated rightly."),
        ("families" in kinds, "That a member of the family has the family's function."),
        ("genomic_context" in kinds,
         "That genes in one run are read and work together; few of them were shown to."),
        ("abundance" in kinds, "That reads mapped to the feature come from this function."),
        ("prior_annotation" in kinds, "That other tools did not only repeat the same relatives."),
        ("partial" in flags, "That the missing part of the gene does not change the function."),
        (True, "That the sequence was assembled and called rightly."),
    )  # fmt: skip
    return tuple(words for holds, words in told if holds)


def alternatives_of(candidates: Sequence[CandidateFunction]) -> tuple[str, ...]:
    """Name the other functions with their probabilities; then that of none of them."""
    return tuple(_alternatives(candidates))


def _alternatives(candidates: Sequence[CandidateFunction]) -> Iterator[str]:
    for one in candidates[1 : 1 + _MOST_ALTERNATIVES]:
        told = shown_name(one)
        label = function_label(one) if told == one.product else told
        yield f"{label} (probability {probability_text(one.probability)})"
    if candidates:
        yield "A related function that no reference protein has yet"


def rank_parts(
    evidence: Iterable[Evidence], probability: float, experiments: Sequence[Experiment]
) -> tuple[RankPart, ...]:
    """Count what a hypothesis is ranked by.

    Args:
        evidence: What speaks for it.
        probability: The calibrated probability; 0 where nothing was calibrated.
        experiments: Its tests.
    """
    lines = sorted({_GROUPS[item.kind] for item in evidence})
    powers = [(_power(one.type), one) for one in experiments]
    best, test = max(powers, key=lambda pair: pair[0], default=(0.0, None))
    decisive = [one for power, one in powers if power >= min(_DECISIVE, best)]
    effort = max((_EFFORT[one.effort] for one in decisive), default=0.0)
    return (
        RankPart(
            name="independence",
            value=min(len(lines), _ENOUGH_LINES) / _ENOUGH_LINES,
            reason=f"{counted(len(lines), 'independent line')}: {listed(lines) or 'none'}",
        ),
        RankPart(name="confidence", value=probability, reason=_confidence(probability)),
        RankPart(
            name="discrimination",
            value=best,
            reason=f"{test.title}: {test.discriminates}" if test else "no test",
        ),
        RankPart(name="effort", value=effort, reason="of the cheapest test that tells enough"),
    )


def rank_score(hypothesis: Hypothesis) -> float:
    """Return the mean of the parts; each counts the same."""
    parts = hypothesis.ranked_by
    return sum(part.value for part in parts) / len(parts) if parts else 0.0


def in_rank_order(hypotheses: Iterable[Hypothesis]) -> tuple[Hypothesis, ...]:
    """Put the best first; equals by id."""
    return tuple(sorted(hypotheses, key=lambda one: (-rank_score(one), one.id)))


def _confidence(probability: float) -> str:
    return f"probability {probability_text(probability)}" if probability else "not calibrated"


def _power(key: str) -> float:
    return decision_of(key).power
