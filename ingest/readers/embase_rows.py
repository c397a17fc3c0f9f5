"""Embase: references as CSV with one field a row, records parted by an empty row.

    "TITLE","Starch and sugars in the gut"
    "AUTHOR NAMES","Smith J.","Doe A."
    "MEDLINE PMID","31000001 (http://www.ncbi.nlm.nih.gov/pubmed/31000001)"

Kept: the fields that are columns elsewhere (``ingest.reference_columns``). Dropped: every other.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.lines import numbered_lines
from ingest.reference_columns import field_of
from ingest.tagged_text import paper_of_tags

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.paper_fields import Fields
    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord, Publication

_HEAD: Final = re.compile(
    r'\s*"?TITLE"?,"[^\n]*\n(?:(?!"TITLE").*\n){0,8}?"(?:AUTHOR NAMES|SOURCE|ABSTRACT|DOI)",', re.I
)
#: Embase's source: journal, year and pages in one cell.
_SOURCE: Final = re.compile(r"(.+?) \((?=\d{4}\) )")


class EmbaseRowsReader:
    """References from Embase's CSV with a field in each row."""

    name = "embase_rows"
    kind: Kind = "literature"
    description = "Embase CSV, one field a row"

    def sniff(self, head: str) -> bool:
        """Look for a title in a row of its own, and other fields below it."""
        return _HEAD.match(head) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per block of rows.

        Raises:
            FormatError: No row begins with TITLE.
        """
        start, read = 0, 0
        fields: Fields = {}
        for line, cells in _rows(handle, source):
            name = cells[0].strip().upper() if cells else ""
            if start and name in {"", "TITLE"}:
                read += 1
                yield _publication(fields, source, start)
                start, fields = 0, {}
            if name == "TITLE":
                start = line
            if start and (field := field_of(name)):
                fields.setdefault(field, []).extend(cell for cell in cells[1:] if cell.strip())
        if start:
            read += 1
            yield _publication(fields, source, start)
        if not read:
            hint = 'A reference starts with a row like "TITLE","..."'
            raise FormatError("no reference was found", path_name=source.path_name, hint=hint)


def _rows(handle: TextIO, source: Source) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells); a row that cannot be read is none."""
    reader = csv.reader(line for _, line in numbered_lines(handle, source))
    while True:
        start = reader.line_num + 1
        try:
            yield start, next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield start, ["?"]


def _publication(fields: Fields, source: Source, line: int) -> Publication | BadRecord:
    journal = fields.get("journal", [""])[0]
    fields.setdefault("year", []).append(journal)
    if match := _SOURCE.match(journal):
        fields["journal"] = [match.group(1)]
    return paper_of_tags(fields, source, EmbaseRowsReader.name, line)
