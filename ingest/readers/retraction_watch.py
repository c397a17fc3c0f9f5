"""Retraction Watch's list, as Crossref gives it: one notice a row, with the paper that it is about.

    Record ID,Title,...,RetractionDate,RetractionDOI,...,OriginalPaperDOI,OriginalPaperPubMedID,
    RetractionNature,Reason,Paywalled,Notes

Kept: ids of the paper and of the notice, nature, date, reasons. Dropped: every other column. Papers
of the knowledge base are marked, and so are those that are added later.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.lines import numbered_lines
from ingest.paper_ids import normal_doi, normal_pmid
from ingest.records import BadRecord, Notice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import NoticeKind

_SOURCE: Final = "Retraction Watch"
_NEEDED: Final = frozenset({"OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature"})
_KINDS: Final[dict[str, NoticeKind]] = {
    "retraction": "retraction",
    "partial retraction": "concern",
    "expression of concern": "concern",
    "correction": "correction",
    "reinstatement": "reinstatement",
}
_DATE: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")  # month first


class RetractionWatchReader:
    """Notices of retraction, concern and correction."""

    name = "retraction_watch"
    kind: Kind = "literature"
    description = "Retraction Watch (CSV of Crossref): marks papers as retracted"

    def sniff(self, head: str) -> bool:
        """Look for the list's own columns."""
        first = head.lstrip("\ufeff").split("\n", 1)[0]
        return set(first.rstrip("\r").replace('"', "").split(",")) >= _NEEDED

    def read(self, handle: TextIO, source: Source) -> Iterator[Notice | BadRecord]:
        """Yield a Notice per row.

        Raises:
            FormatError: The header lacks a column that is needed.
        """
        lines = (line for _, line in numbered_lines(handle, source))
        rows = csv.DictReader(lines)
        missing = _NEEDED - set(_header(rows))
        if missing:
            what = f"the header lacks {', '.join(sorted(missing))}"
            hint = "The list is the CSV of Crossref's Retraction Watch data"
            raise FormatError(what, path_name=source.path_name, line=1, hint=hint)
        while True:
            start = rows.line_num + 1
            try:
                row = next(rows, None)
            except csv.Error as error:
                reason = f"the row cannot be read ({error}): is a quote left open?"
                yield BadRecord(source.path_name, start, "", reason)
                continue
            if row is None:
                return
            yield _notice(start, row, source)


def _header(rows: csv.DictReader[str]) -> list[str]:
    try:
        return list(rows.fieldnames or [])
    except csv.Error:
        return []


def _notice(line: int, row: Mapping[str, str | None], source: Source) -> Notice | BadRecord:
    def cell(name: str) -> str:
        value = row.get(name)
        return " ".join(value.split()) if isinstance(value, str) else ""

    own = cell("Record ID")[:80]
    kind = _KINDS.get(cell("RetractionNature").casefold())
    pmid, doi = normal_pmid(cell("OriginalPaperPubMedID")), normal_doi(cell("OriginalPaperDOI"))
    if kind is None:
        reason = f"the nature of the notice is not known: {cell('RetractionNature')[:40]!r}"
        return BadRecord(source.path_name, line, own, reason)
    if not (pmid or doi):
        reason = "the row names neither the DOI nor the PMID of the paper"
        return BadRecord(source.path_name, line, own, reason)
    notice_doi, notice_pmid = normal_doi(cell("RetractionDOI")), cell("RetractionPubMedID")
    reference = f"DOI:{notice_doi}" if notice_doi else ""
    if not reference and normal_pmid(notice_pmid):
        reference = f"PMID:{normal_pmid(notice_pmid)}"
    reasons = [part.strip(" +") for part in cell("Reason").split(";")]
    return Notice(
        kind,
        pmid=pmid,
        doi=doi,
        reason="; ".join(filter(None, reasons)),
        date=_iso(cell("RetractionDate")),
        reference=reference,
        source=_SOURCE,
        provenance=source.provenance(RetractionWatchReader.name, line),
    )


def _iso(date: str) -> str:
    match = _DATE.match(date)
    if not match:
        return date
    month, day, year = match.groups()
    return f"{year}-{month:0>2}-{day:0>2}"
