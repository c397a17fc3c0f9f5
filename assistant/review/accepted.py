"""What a named person signed: the only place where a manual-assertion ECO code is set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.review.states import ACCEPTED_STATES, candidate_of, proposed, standing_state
from ingest.errors import ReviewError

if TYPE_CHECKING:
    from assistant.claims import AnnotationRecord, Review

#: "curator inference used in manual assertion" (eco.obo): a person judged the evidence shown.
CURATOR_INFERENCE: Final = "ECO:0000305"


@dataclass(frozen=True, slots=True)
class AcceptedAnnotation:
    """An annotation that a named person accepted, with what they signed and nothing else."""

    gene_id: str
    product: str
    ec_numbers: tuple[str, ...]
    go_terms: tuple[str, ...]
    ko: tuple[str, ...]
    eco: str
    reviewer: str
    orcid: str
    decided_at: str


def accepted_annotation(record: AnnotationRecord, review: Review) -> AcceptedAnnotation:
    """Turn an accepted review into an annotation.

    GO terms and KO ids come from the candidate with the product and EC number that were
    accepted; where the reviewer wrote another name or number, nobody looked at them and they
    are left out.

    Raises:
        ReviewError: The review does not accept the gene's draft.
    """
    if standing_state(record, review) not in ACCEPTED_STATES:
        raise ReviewError(
            f"the draft is {standing_state(record, review)}, not accepted",
            where=f"gene {record.gene.id}",
            hint="Only an accepted draft can be exported as an annotation",
        )
    candidate = candidate_of(record, review)
    product, ec_number = _signed(record, review)
    return AcceptedAnnotation(
        gene_id=record.gene.id,
        product=product,
        ec_numbers=tuple(number for number in ec_number.split(";") if number),
        go_terms=candidate.go_terms if candidate else (),
        ko=candidate.ko if candidate else (),
        eco=CURATOR_INFERENCE,
        reviewer=review.reviewer,
        orcid=review.orcid,
        decided_at=review.decided_at,
    )


def _signed(record: AnnotationRecord, review: Review) -> tuple[str, str]:
    """Read product and EC number from the review; one without them signs the draft's own."""
    if review.state == "accepted" and not review.product:
        return proposed(record)
    return review.product or proposed(record)[0], review.ec_number
