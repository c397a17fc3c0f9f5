"""Hypotheses on a subject as a file: JSON Lines, Markdown or one HTML page, by suffix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.arguing import rank_score
from assistant.atomic import write_text
from assistant.report import html, markdown
from ingest.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from assistant.hypothesizing.records import SubjectRecord

_KIND_WORDS: Final = {
    "gene": "A gene of the run",
    "cluster": "A cluster of genes of the run",
    "pathway": "A pathway of the cohort's tables",
    "taxon": "A taxon",
    "cohort_row": "A row of the cohort's tables",
}


def as_markdown(record: SubjectRecord) -> str:
    """Write Markdown; text from outside is made inert."""
    return markdown.filled("subject.md.j2", **_values(record))


def as_html(record: SubjectRecord) -> str:
    """Write one page without script; text from outside is escaped."""
    return html.filled("subject.html.j2", **_values(record))


def as_jsonl(record: SubjectRecord) -> str:
    """Write one line with everything."""
    return record.model_dump_json() + "\n"


_WRITERS: Final[Mapping[str, Callable[[SubjectRecord], str]]] = {
    ".md": as_markdown,
    ".html": as_html,
    ".jsonl": as_jsonl,
    ".json": as_jsonl,
}


def write_record(record: SubjectRecord, path: Path) -> None:
    """Write a record in the form of the path's suffix.

    Raises:
        UserError: There is no form for the suffix.
    """
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        hint = f"Use {', '.join(_WRITERS)}"
        raise UserError(f"no form for {path.suffix!r}", where=path.name, hint=hint)
    write_text(path, writer(record))


def _values(record: SubjectRecord) -> dict[str, object]:
    return {
        "record": record,
        "KIND": _KIND_WORDS[record.subject.kind],
        "scores": [rank_score(one) for one in record.hypotheses],
    }
