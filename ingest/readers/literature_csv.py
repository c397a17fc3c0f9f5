r"""Literature as a table: exports of databases and of screening tools, one reference a row.

    PMID,Title,Authors,Journal,Year,DOI,Abstract
    12230038,The Bio* toolkits--a brief overview.,Mangalam H,Brief Bioinform,2002,10.1/x,"..."

Kept: the columns of ``ingest.reference_columns``. Dropped: every other column. The delimiter
(comma, semicolon, tab or bar) is the one under which the header gives most known names.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from ingest.author_lists import split_authors
from ingest.errors import FormatError
from ingest.lines import numbered_lines
from ingest.paper_fields import first, paper_of
from ingest.records import BadRecord, Publication
from ingest.reference_columns import field_of, is_reference_header, plain_name, rank_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.paper_fields import Fields
    from ingest.readers.base import Kind, Source

_DELIMITERS: Final = (",", ";", "\t", "|")
#: Lines above the header that some databases write (who exported it, "sep=;").
_MOST_PREAMBLE: Final = 10
#: Lines that one row may take: more means a quote that is never closed.
_MOST_LINES: Final = 500
#: Characters of a cell: some tables have full texts. Python's own limit is 131,072.
_LONGEST_CELL: Final = 8_000_000
#: Embase's source: journal, year and pages in one cell.
_SOURCE: Final = re.compile(r"(.+?) \((?=\d{4}\) )")
#: Tags of Web of Science that mean something else elsewhere; "" is not read.
_WEB_OF_SCIENCE: Final = {
    "PT": "", "DT": "types", "DE": "keywords", "ID": "keywords",
    "UT": "own_id", "AF": "", "BA": "", "EA": "",
}  # fmt: skip
#: Columns that say with a yes that a paper is retracted.
_RETRACTED: Final = frozenset({"isretracted", "retracted"})
_YES: Final = frozenset({"true", "yes", "1", "t", "y"})
_COMMA: Final = re.compile(r",\s*(?![^()]*\))")  # none within brackets


class LiteratureCsvReader:
    """References from a table with a header."""

    name = "literature_csv"
    kind: Kind = "literature"
    description = "references as CSV or TSV (PubMed, Embase, Scopus, Web of Science, Zotero ...)"

    def sniff(self, head: str) -> bool:
        """Look for a header with a title and another column that only references have."""
        if head.lstrip()[:1] in {"{", "<", "@", ">"} or head.lstrip().startswith("[{"):
            return False
        return _header(head.splitlines()) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per row.

        Raises:
            FormatError: No line near the start is a header of references.
        """
        lines = list(islice(handle, _MOST_PREAMBLE + 1))
        found = _header(lines)
        if found is None:
            hint = "The header names columns such as Title, Abstract, DOI, PMID"
            what = "no header of references was found"
            raise FormatError(what, path_name=source.path_name, hint=hint)
        skipped, delimiter = found
        csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
        rows = _rows([*lines[skipped:]], handle, source, delimiter)
        columns = [it.strip("\ufeff ") for it in _cells(lines[skipped], delimiter)]
        next(rows)
        for line, cells in rows:
            if isinstance(cells, str):
                yield BadRecord(source.path_name, line + skipped, "", cells)
            elif any(cell.strip() for cell in cells):
                yield _publication(line + skipped, _sorted_cells(columns, cells), source)


def _header(lines: Sequence[str]) -> tuple[int, str] | None:
    """Find the header: how many lines are above it, and the delimiter."""
    for skipped, line in enumerate(lines[: _MOST_PREAMBLE + 1]):
        best = max(_DELIMITERS, key=lambda delimiter: _known(line, delimiter))
        if is_reference_header(_cells(line, best)):
            return skipped, best
    return None


def _known(line: str, delimiter: str) -> int:
    return sum(bool(field_of(name)) for name in _cells(line, delimiter))


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _rows(
    first_lines: list[str], handle: TextIO, source: Source, delimiter: str
) -> Iterator[tuple[int, list[str] | str]]:
    """Yield (line of its start, cells), or what is wrong with a row.

    A quote that is never closed takes the rows behind it along: they are read again.
    """
    width = len(_cells(first_lines[0], delimiter))
    lines = _Lines(line for _, line in numbered_lines(chain(first_lines, handle), source))
    number = 1
    while taken := lines.start_row():
        start, number = number, number + 1
        try:
            cells = next(csv.reader(lines, delimiter=delimiter), [])
        except csv.Error as error:
            yield start, f"the row cannot be read ({error}): is a quote left open?"
            lines.read_again(taken[1:])
            continue
        if len(taken) > _MOST_LINES or _is_swallowed(cells, taken, width, delimiter):
            what = f"the row goes on for {len(taken)} lines: is a quote left open?"
            yield start, f"{what} What is behind its first line is read on its own"
            lines.read_again(taken[1:])
        else:
            number += len(taken) - 1
            yield start, cells


class _Lines:
    """Lines, those of the present row remembered; a row ends where it cannot go on so long."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._waiting: deque[str] = deque()
        self._taken: list[str] = []
        self._first = ""

    def start_row(self) -> list[str]:
        """Return the list that takes the lines of the next row; empty at the end."""
        self._taken = []
        line = self._waiting.popleft() if self._waiting else next(self._lines, "")
        if line:
            self._waiting.appendleft(line)
            self._taken.append(line)
        self._first = line
        return self._taken

    def read_again(self, lines: list[str]) -> None:
        """Put lines back, to be read next."""
        self._waiting.extendleft(reversed(lines))

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._taken) > _MOST_LINES:
            raise StopIteration
        line = self._waiting.popleft() if self._waiting else next(self._lines)
        if self._first:
            self._first = ""
        else:
            self._taken.append(line)
        return line


def _is_swallowed(cells: list[str], taken: list[str], width: int, delimiter: str) -> bool:
    """Tell a row of many lines of which a quote that is not closed took its end and others."""
    if len(taken) < 2:
        return False
    try:
        next(csv.reader(taken, delimiter=delimiter, strict=True), [])
    except csv.Error:
        return True
    is_short = len(cells) < width
    return is_short and any(len(_cells(line, delimiter)) == width > 2 for line in taken[1:])


def _sorted_cells(columns: Sequence[str], cells: Sequence[str]) -> Fields:
    """Sort the cells of a row into our fields, the best column of each first."""
    ranked: dict[str, list[tuple[int, str]]] = {}
    is_wos = {"UT", "TI", "PT"} <= set(columns)
    for name, cell in zip(columns, cells, strict=False):
        known = is_wos and name in _WEB_OF_SCIENCE
        field, rank = (_WEB_OF_SCIENCE[name], 0) if known else (field_of(name), rank_of(name))
        if field and cell.strip():
            ranked.setdefault(field, []).append((rank, cell))
    fields: Fields = {}
    for field, held in ranked.items():
        held.sort(key=lambda it: it[0])
        fields[field] = [cell for _, cell in held]
    fields["surplus"] = list(cells[len(columns) :])
    fields["retracted"] = [
        cell
        for name, cell in zip(columns, cells, strict=False)
        if plain_name(name) in _RETRACTED and cell.strip().casefold() in _YES
    ]
    return fields


def _publication(line: int, fields: Fields, source: Source) -> Publication | BadRecord:
    own = first(fields, "own_id") or first(fields, "pmid") or first(fields, "doi")
    if any(cell.strip() for cell in fields["surplus"]):
        reason = "the row has more cells than the header: is a delimiter not quoted?"
        return BadRecord(source.path_name, line, own[:80], reason)
    fields["authors"] = split_authors((fields.get("authors") or [""])[0])
    fields.setdefault("year", []).extend(fields.get("journal", []))
    if match := _SOURCE.match(first(fields, "journal")):
        fields["journal"] = [match.group(1)]
    fields["keywords"] = [it for cell in fields.get("keywords", []) for it in _listed(cell)]
    fields["types"] = [it for cell in fields.get("types", []) for it in _listed(cell)]
    # A running number names no paper outside its table.
    fields["own_id"] = [it for it in fields.get("own_id", []) if not it.strip().isdecimal()]
    try:
        paper = paper_of(fields, source.provenance(LiteratureCsvReader.name, line))
        return replace(paper, is_retracted=True) if fields["retracted"] else paper
    except ValueError as error:
        return BadRecord(source.path_name, line, own[:80], f"the row has {error}")


def _listed(cell: str) -> list[str]:
    """Split keywords: a list as Python writes it, or parted by semicolons, bars or commas."""
    if cell.startswith("[") and cell.endswith("]"):
        return [part.strip(" '\"") for part in cell[1:-1].split(",")]
    for delimiter in (";", "|"):
        if delimiter in cell:
            return [part.strip() for part in cell.split(delimiter)]
    return _COMMA.split(cell)
