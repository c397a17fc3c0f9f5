"""annotations.tsv: one row per gene, one header line, tab separated, never quoted, UTF-8.

gene_id   product             ec_numbers           ec_probability  ...  state  ... flags
GUT_0001  beta-galactosidase  3.2.1.23;3.2.1.31    0.93;0.05       ...  draft  ... machine_drafted

The last two columns list the whole EC number of every candidate with its probability, also where
the tool cuts it or abstains: a shortlist for those who compare methods, not an annotation.

The file is for machines. Tabs, line breaks and other control characters become spaces, double
quotes become single ones, so that readers with and without quoting agree. A text that begins
with ``=``, ``+``, ``-`` or ``@`` stays as it is: before opening the file in a spreadsheet, import
it as text. Texts of claims are never in it; their numbers are.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, Final, Literal

from assistant.report.cells import number, one_line
from assistant.review.accepted import accepted_annotation
from assistant.review.states import ACCEPTED_STATES, standing_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assistant.claims import AnnotationRecord, CandidateFunction, Hypothesis, Review
    from assistant.report.base import Report
    from retrieval.evidence.base import Evidence

COLUMNS: Final = (
    "gene_id",
    "product",
    "ec_numbers",
    "ec_probability",
    "go_terms",
    "go_probability",
    "ko",
    "ko_probability",
    "tier",
    "probability",
    "state",
    "evidence_count",
    "top_reference",
    "pident",
    "qcov",
    "llm_claims_supported",
    "llm_claims_rejected",
    "flags",
    "candidate_ec_numbers",
    "candidate_ec_probability",
)
NO_PRODUCT: Final = "hypothetical protein"

#: Stands in ``flags`` until a named person decides: the draft notice of a row.
MACHINE_DRAFTED: Final = "machine_drafted"

#: Verdicts of claims that a check turned down; "unchecked" ones count as neither.
REJECTED_VERDICTS: Final = frozenset({"partial", "unsupported", "contradicted"})


class TsvExporter:
    """Write all records, in input order, with their state; a draft is marked in its row."""

    name = "tsv"
    suffix = ".tsv"

    def write(self, report: Report, handle: BinaryIO) -> None:
        """Write the header and one row per record."""
        rows = (annotation_row(record, report.review_of(record)) for record in report.records)
        write_rows(rows, handle)


def write_rows(rows: Iterable[Mapping[str, str]], handle: BinaryIO) -> None:
    """Write the header line and the rows, one at a time."""
    for row in chain([{name: name for name in COLUMNS}], rows):
        handle.write(f"{format_row(row)}\n".encode())


def format_row(row: Mapping[str, str]) -> str:
    """Write one row as a line, without its end; whatever a cell holds is made safe here."""
    return "\t".join(one_line(row[name]).replace('"', "'") for name in COLUMNS)


def annotation_row(record: AnnotationRecord, review: Review | None) -> dict[str, str]:
    """Make the row of one record, by column.

    A draft shows its leading candidate and the EC numbers of its rivals, an accepted record
    what the reviewer signed, and a rejected or abstained one "hypothetical protein".
    ``tier`` and ``probability`` are always those of the tool.
    """
    hypothesis = record.hypothesis
    verdicts = [claim.verdict for claim in hypothesis.claims if claim.origin == "llm"]
    state = standing_state(record, review)
    return {
        "gene_id": record.gene.id,
        **_function(record, review),
        "tier": hypothesis.tier,
        "probability": number(hypothesis.probability),
        "state": state,
        "evidence_count": str(len(record.evidence)),
        **_top_hit(record),
        "llm_claims_supported": str(verdicts.count("supported")),
        "llm_claims_rejected": str(sum(verdict in REJECTED_VERDICTS for verdict in verdicts)),
        "flags": _joined(_flags(hypothesis, state)),
        **_shortlist(hypothesis),
    }


def probability_of(hypothesis: Hypothesis, ec_number: str) -> float | None:
    """Look up the tool's probability for an EC number at its own level, None when it has none."""
    for candidate in hypothesis.candidates:
        for level in candidate.ec_levels:
            if level.ec_number == ec_number:
                return level.probability
        if candidate.ec_number == ec_number:
            return candidate.probability
    return None


def top_evidence(record: AnnotationRecord) -> Evidence | None:
    """Return the first evidence for the leading candidate, else the first of all."""
    by_id = record.evidence_by_id()
    leading = record.hypothesis.leading
    supporting = [by_id[key] for key in (leading.supporting if leading else ()) if key in by_id]
    aligned = [item for item in supporting if item.metrics.pident is not None]
    return next(iter([*aligned, *supporting, *record.evidence]), None)


def _function(record: AnnotationRecord, review: Review | None) -> dict[str, str]:
    """Fill the columns that say what the gene does."""
    hypothesis = record.hypothesis
    state = standing_state(record, review)
    if review is not None and state in ACCEPTED_STATES:
        signed = accepted_annotation(record, review)
        numbers = [(ec, probability_of(hypothesis, ec)) for ec in signed.ec_numbers]
        go_terms = _with_probability(signed.go_terms, hypothesis.leading, "go")
        ko = _with_probability(signed.ko, hypothesis.leading, "ko")
        return _columns(signed.product, numbers, go_terms, ko)
    leading = hypothesis.leading
    if leading is None or state == "rejected":
        return _columns(NO_PRODUCT, [], [], [])
    return _columns(
        leading.product or NO_PRODUCT,
        _drafted_ecs(hypothesis),
        _with_probability(leading.go_terms, leading, "go"),
        _with_probability(leading.ko, leading, "ko"),
    )


def _with_probability(
    terms: Sequence[str], leading: CandidateFunction | None, kind: Literal["go", "ko"]
) -> list[tuple[str, float | None]]:
    """Pair terms with the tool's probabilities, None for those that only a reviewer names."""
    known: dict[str, float] = {}
    if leading is not None and kind == "go":
        known = dict(zip(leading.go_terms, leading.go_probabilities, strict=False))
    elif leading is not None:
        known = dict(zip(leading.ko, leading.ko_probabilities, strict=False))
    return [(term, known.get(term)) for term in terms]


def _shortlist(hypothesis: Hypothesis) -> dict[str, str]:
    """List the whole EC number of each candidate, in the order of the ranking."""
    whole = {
        candidate.ec_levels[-1].ec_number: candidate.ec_levels[-1].probability
        for candidate in hypothesis.candidates
        if candidate.ec_levels
    }
    return {
        "candidate_ec_numbers": _joined(whole),
        "candidate_ec_probability": _numbers(whole.values()),
    }


def _drafted_ecs(hypothesis: Hypothesis) -> Sequence[tuple[str, float]]:
    """List the EC number of the leading candidate, then those of its rivals, less probable ones.

    A rival that says no more than a number before it (3.2.1.- after 3.2.1.23) is left out, and so
    is one that is more probable only because it is less specific.
    """
    listed: list[tuple[str, float]] = []
    for candidate in hypothesis.candidates:
        ec_number, probability = candidate.ec_number, _ec_probability(candidate)
        says_more = ec_number and not any(_begins(ec_number, other) for other, _ in listed)
        is_behind = not listed or probability <= listed[0][1]
        if says_more and is_behind and candidate.tier != "abstain":
            listed.append((ec_number, probability))
    return sorted(listed, key=lambda entry: -entry[1])


def _begins(ec_number: str, other: str) -> bool:
    """Tell whether an EC number is the other one or a less specific form of it."""
    return other.startswith(ec_number.rstrip(".-") + ".") or other == ec_number


def _ec_probability(candidate: CandidateFunction) -> float:
    for level in candidate.ec_levels:
        if level.ec_number == candidate.ec_number:
            return level.probability
    return candidate.probability


def _columns(
    product: str,
    ec_numbers: Sequence[tuple[str, float | None]],
    go_terms: Sequence[tuple[str, float | None]],
    ko: Sequence[tuple[str, float | None]],
) -> dict[str, str]:
    return {
        "product": product,
        "ec_numbers": _joined(ec for ec, _ in ec_numbers),
        "ec_probability": _numbers(probability for _, probability in ec_numbers),
        "go_terms": _joined(term for term, _ in go_terms),
        "go_probability": _numbers(probability for _, probability in go_terms),
        "ko": _joined(term for term, _ in ko),
        "ko_probability": _numbers(probability for _, probability in ko),
    }


def _numbers(values: Iterable[float | None]) -> str:
    return ";".join(number(value) for value in values)


def _top_hit(record: AnnotationRecord) -> dict[str, str]:
    top = top_evidence(record)
    return {
        "top_reference": top.reference if top else "",
        "pident": number(top.metrics.pident) if top else "",
        "qcov": number(top.metrics.qcov) if top else "",
    }


def _flags(hypothesis: Hypothesis, state: str) -> tuple[str, ...]:
    is_draft = state in {"draft", "deferred"} and hypothesis.leading is not None
    return (*hypothesis.flags, MACHINE_DRAFTED) if is_draft else hypothesis.flags


def _joined(items: Iterable[str]) -> str:
    return ";".join(item.replace(";", ",") for item in items)
