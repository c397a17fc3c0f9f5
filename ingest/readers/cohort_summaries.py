"""Summaries of a cohort analysis, as ``metalumen cohort`` writes them: one JSON object a line.

    {"format": "metalumen_cohort_summary", "version": 1, "subject_id": "s__X",
     "subject_kind": "feature", "title": "...", "text": "...", "analysis": "...", "source": "..."}

Kept: all of it. Each becomes a text that searches find and answers cite. Dropped: nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ingest.errors import FormatError
from ingest.lines import numbered_lines
from ingest.records import BadRecord, CohortSummary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source

_FORMAT: Final = "metalumen_cohort_summary"
_VERSION: Final = 1
_TEXTS: Final = ("subject_id", "title", "text")
_KINDS: Final = ("feature", "sample")


class CohortSummariesReader:
    """Texts on features and samples."""

    name = "cohort_summaries"
    kind: Kind = "abundance"
    description = "Summaries of features and samples that `metalumen cohort` wrote (JSON lines)"

    def sniff(self, head: str) -> bool:
        """Look for the format's name in the first object."""
        first = head.lstrip().split("\n", 1)[0]
        return first.startswith("{") and f'"format": "{_FORMAT}"' in first[:200]

    def read(self, handle: TextIO, source: Source) -> Iterator[CohortSummary | BadRecord]:
        """Yield a CohortSummary per line.

        Raises:
            FormatError: No line is such a summary, or one is of a later version.
        """
        good = 0
        seen: dict[tuple[str, str, str], int] = {}
        for line, text in numbered_lines(handle, source):
            if not text.strip():
                continue
            record = _summary(line, text, source)
            if isinstance(record, CohortSummary):
                key = (record.subject_kind, record.subject_id, record.title)
                first = seen.setdefault(key, line)
                if first != line:
                    reason = f"the summary is also on line {first}"
                    record = BadRecord(source.path_name, line, record.subject_id[:80], reason)
            good += isinstance(record, CohortSummary)
            yield record
        if not good:
            what = "no line is a summary of a cohort"
            hint = "Make the file anew with: metalumen cohort"
            raise FormatError(what, path_name=source.path_name, hint=hint)


def _summary(line: int, text: str, source: Source) -> CohortSummary | BadRecord:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return BadRecord(source.path_name, line, "", "the line is no JSON object")
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        return BadRecord(source.path_name, line, "", "the object is no summary of a cohort")
    _check_version(content, line, source)
    subject_id = content.get("subject_id")
    record = subject_id[:80] if isinstance(subject_id, str) else ""
    if any(not isinstance(content.get(key), str) or not content[key].strip() for key in _TEXTS):
        reason = f"{', '.join(_TEXTS)} must be texts"
        return BadRecord(source.path_name, line, record, reason)
    if content.get("subject_kind") not in _KINDS:
        return BadRecord(source.path_name, line, record, f"subject_kind is none of {_KINDS}")
    return CohortSummary(
        subject_id=content["subject_id"],
        subject_kind=content["subject_kind"],
        title=content["title"],
        text=content["text"],
        analysis=str(content.get("analysis", "")),
        source=str(content.get("source", "")),
        provenance=source.provenance(CohortSummariesReader.name, line),
    )


def _check_version(content: dict[str, Any], line: int, source: Source) -> None:
    if content.get("version") != _VERSION:
        what = f"summaries of version {content.get('version')!r} cannot be read"
        raise FormatError(what, path_name=source.path_name, line=line, hint="Update Metalumen")
