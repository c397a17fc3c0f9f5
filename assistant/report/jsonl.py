"""JSON Lines: one record per line, with everything: evidence, failed claims, review.

{"schema_version": "1", "gene": {...}, "hypothesis": {..., "state": "accepted"},
 "evidence": [...], "review": {...} or null, "history": [...], "notice": "Machine-drafted, ..."}
``hypothesis.state`` is the state after review. Without its last three keys, a line is an
``AnnotationRecord``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, BinaryIO

from assistant.claims import DRAFT_NOTICE
from assistant.review.states import ACCEPTED_STATES

if TYPE_CHECKING:
    from assistant.claims import AnnotationRecord
    from assistant.report.base import Report


class JsonlExporter:
    """Write all records in input order; the notice is empty once a named person accepted."""

    name = "jsonl"
    suffix = ".jsonl"

    def write(self, report: Report, handle: BinaryIO) -> None:
        """Write one line per record."""
        for record in report.records:
            handle.write(_line(report, record).encode() + b"\n")


def _line(report: Report, record: AnnotationRecord) -> str:
    review = report.review_of(record)
    state = report.state_of(record)
    hypothesis = record.hypothesis.model_copy(update={"state": state})
    content = record.model_copy(update={"hypothesis": hypothesis}).model_dump(mode="json")
    content["review"] = review.model_dump(mode="json") if review else None
    content["history"] = [past.model_dump(mode="json") for past in report.history_of(record)]
    content["notice"] = "" if state in ACCEPTED_STATES else DRAFT_NOTICE
    return json.dumps(content, ensure_ascii=False)
