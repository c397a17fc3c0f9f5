"""What this software writes itself: its drafts and results must never come back as evidence.

A table of drafts has the form of a table of features, a report that of a note. Both are told by
their own first lines, or by the notice that every text with a draft carries.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.records import BadRecord, Publication

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.records import Record

#: The notice on drafts; the same as ``assistant.claims.DRAFT_NOTICE``.
NOTICE: Final = "machine-drafted, not experimentally verified"
_DRAFTS: Final = "Drafts are no evidence: add what they rest on (sequences, tables, papers)"
_COHORT: Final = (
    "Add the table and the metadata that were analysed, or the folder's summaries.jsonl"
)
#: Beginnings of files -> what they are, and what to do.
_KNOWN: Final[tuple[tuple[re.Pattern[str], str, str], ...]] = (
    (
        re.compile(r"gene_id\tproduct\tec_numbers\tec_probability\t"),
        "this is Metalumen's own table of annotations",
        _DRAFTS,
    ),
    (
        re.compile(r"gene_id\treason\n"),
        "this is Metalumen's own list of genes that could not be annotated",
        "Add the genes themselves",
    ),
    (
        re.compile(r'\{"schema_version": ?"\d+", ?"(?:gene|subject)": ?\{'),
        "these are Metalumen's own hypotheses",
        _DRAFTS,
    ),
    (
        re.compile(r'\{\s*"schema_version": *"\d+",\s*"(?:software_version|question)":'),
        "this is Metalumen's own note of how a run was made",
        "Add what the run was made from",
    ),
    (
        re.compile(r"# id: metalumen_tiers\n"),
        "this is Metalumen's own count of genes for MultiQC",
        "Add what the run was made from",
    ),
    (
        re.compile(r'<!DOCTYPE html>[^\x00]{0,2000}<meta name="generator" content="Metalumen'),
        "this is Metalumen's own report",
        _DRAFTS,
    ),
    (
        re.compile(rf"# [^\n]+\n[^\x00]{{0,1000}}{NOTICE}", re.IGNORECASE),
        "this is Metalumen's own report",
        _DRAFTS,
    ),
    (
        re.compile(r"sample\tobserved\tshannon\tsimpson\t|sample\tgroup\taxis_1\taxis_2\n"),
        "this is a table of Metalumen's own cohort analysis",
        _COHORT,
    ),
    (
        re.compile(r"sample\tother\tdistance\n|outcome\tlearner\tsample\tpredicted\n"),
        "this is a table of Metalumen's own cohort analysis",
        _COHORT,
    ),
)
_SPACE: Final = re.compile(r"\s+")


def own_result(head: str) -> tuple[str, str] | None:
    r"""Say which of the own results a file is, and what to add instead; None for other files.

    >>> own_result("gene_id\treason\nc1_1\tno sequence\n")[1]
    'Add the genes themselves'
    """
    text = head.lstrip("\ufeff \n")
    return next(((what, hint) for words, what, hint in _KNOWN if words.match(text)), None)


def without_drafts(records: Iterator[Record]) -> Iterator[Record]:
    """Turn a text that carries the notice of drafts, such as a report, into a bad record."""
    for record in records:
        if isinstance(record, Publication) and _is_draft(record):
            source = record.provenance
            reason = f"the text is a draft of Metalumen, no paper. {_DRAFTS}"
            yield BadRecord(source.path_name, source.line, record.title[:120], reason)
        else:
            yield record


def _is_draft(paper: Publication) -> bool:
    texts = (paper.title, paper.abstract, *(text for _, text in paper.sections))
    return any(NOTICE in _SPACE.sub(" ", text).lower() for text in texts)
