"""What a reviewer may decide, and what a decision says about the draft at hand. No I/O.

    draft ──> accepted | accepted_with_changes | rejected | deferred
    decided ──> any of them, by a later decision of a named person; or draft (taken back)

Nothing is ever changed: a later decision follows the earlier one and stands instead of it.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict

from assistant.claims import State
from ingest.errors import ReviewError
from ingest.vocab import normalise_ec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.claims import AnnotationRecord, CandidateFunction, Review

ACCEPTED_STATES: Final = frozenset({"accepted", "accepted_with_changes"})

#: Why a draft is turned down, as a closed list; anything else goes into the free text.
REASON_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "over_specific": "More specific than the evidence carries",
        "wrong_family": "Not a member of this family",
        "domain_only": "Only a domain is shared, not the whole protein",
        "wrong_paper": "The paper is about another gene or protein",
        "quote_does_not_support": "The quoted text does not say this",
        "name_style": "The name breaks the rules for product names",
        "contamination": "The gene is likely a contaminant",
        "other": "Another reason, given in words",
    }
)

_ORCID: Final = re.compile(r"(?:\d{4}-){3}\d{3}[\dX]")


class Decision(BaseModel):
    """What a reviewer wants to record about one gene.

    ``product`` and ``ec_number`` count for ``accepted_with_changes`` only; several EC numbers
    are ``;``-joined. A product that is left out is that of the draft. An EC number that is left
    out is not carried over: under another name, nobody would have looked at it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: State
    reviewer: str
    reason: str = ""
    reason_code: str = ""
    product: str = ""
    ec_number: str = ""
    orcid: str = ""


def checked_decision(decision: Decision, current: State, *, gene_id: str) -> Decision:
    """Check a decision against the gene's current state and tidy its fields.

    Raises:
        ReviewError: The decision is not allowed; the message says what is missing.
    """
    tidy = {name: _one_line(value) for name, value in decision if name != "state"}
    decision = decision.model_copy(update=tidy)
    if not decision.reviewer:
        raise _refusal(gene_id, "a decision needs a named person", "Give the reviewer's name")
    if decision.orcid and not is_orcid(decision.orcid):
        raise _refusal(gene_id, f"{decision.orcid!r} is not an ORCID iD", "Check its last digit")
    if decision.reason_code and decision.reason_code not in REASON_CODES:
        known = f"Known: {', '.join(REASON_CODES)}"
        raise _refusal(gene_id, f"no reason code {decision.reason_code!r}", known)
    if decision.state == "draft" and current == "draft":
        raise _refusal(gene_id, "there is no decision to take back", "Accept, reject or defer it")
    if decision.state == "rejected":
        _require_reason(decision, gene_id)
    return _with_changes(decision, gene_id)


def standing_state(record: AnnotationRecord, review: Review | None) -> State:
    """Say in which state the record is, given the latest review of its gene.

    A decision on an earlier draft of the gene does not judge this one: only an acceptance that
    names the product itself still stands.
    """
    if review is None:
        return "draft"
    if not review.hypothesis_id or review.hypothesis_id == record.hypothesis.id:
        return review.state
    stands = review.state in ACCEPTED_STATES and review.product
    return review.state if stands else "draft"


def proposed(record: AnnotationRecord) -> tuple[str, str]:
    """Return the product and EC number that a plain acceptance of the draft would sign."""
    leading = record.hypothesis.leading
    return (leading.product, leading.ec_number) if leading else ("hypothetical protein", "")


def candidate_of(record: AnnotationRecord, review: Review) -> CandidateFunction | None:
    """Find the candidate that a review accepted, if it is one of this draft."""
    if not review.product and not review.ec_number and review.state == "accepted":
        return record.hypothesis.leading
    for candidate in record.hypothesis.candidates:
        if (candidate.product, candidate.ec_number) == (review.product, review.ec_number):
            return candidate
    return None


def is_orcid(text: str) -> bool:
    """Check an ORCID iD with its check digit (ISO 7064 MOD 11-2).

    >>> is_orcid("0000-0002-1825-0097"), is_orcid("0000-0002-1825-0098")
    (True, False)
    """
    if not _ORCID.fullmatch(text):
        return False
    total = 0
    for digit in text.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return text[-1] == ("X" if check == 10 else str(check))


def _require_reason(decision: Decision, gene_id: str) -> None:
    if not decision.reason_code and not decision.reason:
        known = f"Give a text or one of: {', '.join(REASON_CODES)}"
        raise _refusal(gene_id, "a rejection needs a reason", known)
    if decision.reason_code == "other" and not decision.reason:
        raise _refusal(gene_id, "the reason 'other' needs words", "Say why in a few words")


def _with_changes(decision: Decision, gene_id: str) -> Decision:
    """Check the reviewer's own product and EC numbers, and drop them where they do not count."""
    if decision.state != "accepted_with_changes":
        return decision.model_copy(update={"product": "", "ec_number": ""})
    if not decision.product and not decision.ec_number:
        hint = "Give the product name, the EC number, or both"
        raise _refusal(gene_id, "an acceptance with changes needs a change", hint)
    numbers = [part for part in decision.ec_number.split(";") if part.strip()]
    normal = [normalise_ec(part) for part in numbers]
    if "" in normal:
        wrong = numbers[normal.index("")].strip()
        raise _refusal(gene_id, f"{wrong!r} is not an EC number", "Write it like 3.2.1.23")
    return decision.model_copy(update={"ec_number": ";".join(normal)})


def _one_line(value: str) -> str:
    """Join white space and drop control characters, so that every export stays one line."""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def _refusal(gene_id: str, what: str, hint: str) -> ReviewError:
    return ReviewError(what, where=f"gene {gene_id}", hint=hint)
