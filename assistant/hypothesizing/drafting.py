"""A hypothesis from its parts: claims are sentences of the evidence, checked as all claims are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.arguing import prediction_of, rank_parts
from assistant.claims import Citation, Claim, Hypothesis
from assistant.grounding import ground
from ingest.records import digest_of

if TYPE_CHECKING:
    from assistant.claims import Experiment
    from assistant.hypothesizing.records import HypothesisSubject
    from retrieval.evidence.base import Evidence

_NOT_CALIBRATED = "hypotheses on more than one gene have no calibrated probability"


@dataclass(frozen=True, slots=True)
class Draft:
    """The parts of a hypothesis. ``says`` pairs sentences with the evidence that says them."""

    statement: str
    evidence: tuple[Evidence, ...]
    experiments: tuple[Experiment, ...]
    assumptions: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    unknowns: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    says: tuple[tuple[str, Evidence], ...] = ()


def drafted(subject: HypothesisSubject, draft: Draft) -> Hypothesis:
    """Put a hypothesis together; its id depends on the subject and the statement alone."""
    by_id = {item.id: item for item in draft.evidence}
    claims = [_claim(subject, text, item) for text, item in draft.says]
    return Hypothesis(
        id=f"hyp-{digest_of(subject.kind, subject.id, draft.statement)}",
        gene_id=subject.id if subject.kind == "gene" else "",
        statement=draft.statement,
        tier="low",
        probability=0.0,
        claims=ground(claims, by_id, None),
        experiments=draft.experiments,
        unknowns=(*draft.unknowns, f"How likely it is: {_NOT_CALIBRATED}."),
        prediction=prediction_of(draft.experiments),
        assumptions=draft.assumptions,
        alternatives=draft.alternatives,
        ranked_by=rank_parts(draft.evidence, 0.0, draft.experiments),
        flags=draft.flags,
    )


def _claim(subject: HypothesisSubject, text: str, item: Evidence) -> Claim:
    return Claim(
        id=f"claim-{digest_of(subject.id, item.id, text)}",
        text=text,
        origin="rule",
        citations=(Citation(evidence_id=item.id, quote=item.quote),),
    )
