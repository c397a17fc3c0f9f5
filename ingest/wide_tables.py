"""Tables of features and samples, held compactly until what they are about is known.

Rows keep only what is not zero. A cell that is empty or says NA is missing, not zero: its sample
has no value in that row.
"""

from __future__ import annotations

import csv
import math
import re
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import BadRecord
from ingest.tables import refuse_duplicates
from ingest.taxa import refuse_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Source

#: What stands for a value that was not measured, in lower case.
MISSING: Final = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "nd", "n.d.", "missing"})
#: Zeros as tools write them: most cells of most tables, so they are not parsed.
ZEROS: Final = frozenset({"0", "0.0", "0.00", "0.0000000", "0.0000000000"})
_DECIMAL_COMMA: Final = re.compile(r"[-+]?\d+,\d+(?:[eE][-+]?\d+)?")
#: Delimiters of tables, the likeliest first.
_DELIMITERS: Final = ("\t", ",", ";")


@dataclass(slots=True)
class WideRow:
    """One feature: where it is not zero, and how much; NaN where it was not measured."""

    id: str
    line: int = 0
    name: str = ""
    lineage: str = ""
    positions: array[int] = field(default_factory=lambda: array("I"))
    numbers: array[float] = field(default_factory=lambda: array("d"))

    def put(self, position: int, value: float) -> None:
        """Set the value of a sample; zeros are left out."""
        if value != 0:
            self.positions.append(position)
            self.numbers.append(value)

    def sum(self) -> float:
        """Sum the values that were measured."""
        return math.fsum(value for value in self.numbers if not math.isnan(value))

    def values(self, samples: Sequence[str]) -> tuple[tuple[str, float], ...]:
        """Return (sample, value) of each sample that was measured."""
        dense = [0.0] * len(samples)
        for position, value in zip(self.positions, self.numbers, strict=True):
            dense[position] = value
        pairs = zip(samples, dense, strict=True)
        if any(map(math.isnan, self.numbers)):
            return tuple(pair for pair in pairs if not math.isnan(pair[1]))
        return tuple(pairs)


@dataclass(slots=True)
class WideTable:
    """A table as its file has it. ``bad`` are rows that cannot be used."""

    samples: tuple[str, ...]
    rows: list[WideRow] = field(default_factory=list)
    bad: list[BadRecord] = field(default_factory=list)

    def sums(self) -> list[float]:
        """Sum each sample over all rows."""
        sums = [0.0] * len(self.samples)
        for row in self.rows:
            for position, value in zip(row.positions, row.numbers, strict=True):
                if not math.isnan(value):
                    sums[position] += value
        return sums

    def drop(self, column: int) -> None:
        """Take a sample out of the table."""
        self.samples = (*self.samples[:column], *self.samples[column + 1 :])
        for row in self.rows:
            kept = [it for it in zip(row.positions, row.numbers, strict=True) if it[0] != column]
            row.positions = array("I", (at - (at > column) for at, _ in kept))
            row.numbers = array("d", (value for _, value in kept))

    def missing(self) -> int:
        """Count the cells that were not measured."""
        return sum(math.isnan(value) for row in self.rows for value in row.numbers)

    def numbers(self) -> Iterator[float]:
        """Yield all values that are not zero and not missing."""
        for row in self.rows:
            yield from (value for value in row.numbers if not math.isnan(value))


def number(text: str, source: Source, line: int) -> float:
    """Read a cell: a finite number, or NaN where nothing was measured.

    Raises:
        FormatError: It has a decimal comma: the whole table would be misread.
        ValueError: It is no such number.
    """
    try:
        value = float(text)
    except ValueError:
        return _no_number(text.strip(), source, line)
    if math.isfinite(value) and "_" not in text:
        return value
    return _no_number(text.strip(), source, line)


def _no_number(text: str, source: Source, line: int) -> float:
    if text.lower() in MISSING:
        return math.nan
    if _DECIMAL_COMMA.fullmatch(text):
        what = f"the value {text!r} has a decimal comma"
        hint = "Save the table with decimal points"
        raise FormatError(what, path_name=source.path_name, line=line, hint=hint)
    message = f"the value {text[:40]!r} is no number"
    raise ValueError(message)


def is_number(text: str) -> bool:
    """Tell a cell that holds a number or nothing from one that holds words.

    A number with a decimal comma counts: the reader then says what is wrong with it.
    """
    text = text.strip()
    if text.lower() in MISSING or _DECIMAL_COMMA.fullmatch(text):
        return True
    try:
        return math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False


def delimiter_of(header: str) -> str:
    """Choose the delimiter that the header has: tabs before commas before semicolons.

    Lineages hold semicolons and names of metabolites hold commas, so one tab decides.
    """
    return next((it for it in _DELIMITERS if it in header), "\t")


def cells_of(
    handle: TextIO | Iterable[str], delimiter: str, source: Source, first_line: int = 1
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of each row that is not blank; only CSV is unquoted.

    Raises:
        FormatError: The fields are parted by semicolons, or a field never ends.
    """
    if delimiter == ";":
        what = "the fields are parted by ';' instead of tabs"
        hint = "Save it as tab-separated text with decimal points"
        raise FormatError(what, path_name=source.path_name, line=first_line, hint=hint)
    if delimiter == "\t":
        for line, text in enumerate(handle, first_line):
            if text.strip():
                yield line, _unquoted(text.rstrip("\n").split("\t"))
        return
    reader = csv.reader(handle, delimiter=delimiter)
    try:
        for cells in reader:
            if any(cells):
                yield first_line - 1 + reader.line_num, cells
    except csv.Error as error:
        line = first_line - 1 + reader.line_num
        message = f"no table: {error}"
        raise FormatError(message, path_name=source.path_name, line=line) from error


def _unquoted(cells: list[str]) -> list[str]:
    """Take the quotes off that R and spreadsheets write around each field."""
    if not any('"' in cell for cell in cells):
        return cells
    return [
        cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell
        for cell in cells
    ]


def fill_row(row: WideRow, cells: Sequence[str], positions: Sequence[int], source: Source) -> None:
    """Put the cells at these positions into a row, in the order of the samples.

    Raises:
        FormatError: A value has a decimal comma.
        ValueError: A cell is missing or holds no number.
    """
    if len(cells) <= max(positions, default=0):
        message = f"{len(cells)} fields where {max(positions) + 1} are needed"
        raise ValueError(message)
    for at, position in enumerate(positions):
        cell = cells[position]
        if cell not in ZEROS:
            row.put(at, number(cell, source, row.line))


def by_samples(
    header: Sequence[str],
    rows: Iterable[tuple[int, list[str]]],
    source: Source,
    *,
    id_at: int = 0,
    dropped: Sequence[int] = (),
) -> WideTable:
    """Read a table with a sample per row and turn it round: rows become features.

    ``id_at`` is the column of the samples; ``dropped`` are columns that hold no feature.

    A row that cannot be used is left out whole and reported; a cell that is missing stays so.

    Raises:
        FormatError: Two columns or two samples have one name.
    """
    columns = [at for at in range(len(header)) if at != id_at and at not in set(dropped)]
    refuse_duplicates([header[at].strip() for at in columns], source, 1, what="feature")
    features = [WideRow(header[at].strip(), 1) for at in columns]
    bad: list[BadRecord] = []
    lines: dict[str, int] = {}
    for line, cells in rows:
        name = cells[id_at].strip() if id_at < len(cells) else ""
        try:
            refuse_width(cells, len(header))
            numbers = _sample(name, line, cells, columns, source)
        except ValueError as error:
            bad.append(BadRecord(source.path_name, line, name[:80], str(error)))
            continue
        if name in lines:
            what = f"sample {name!r} is also on line {lines[name]}"
            raise FormatError(what, path_name=source.path_name, line=line)
        for feature, value in zip(features, numbers, strict=True):
            feature.put(len(lines), value)
        lines[name] = line
    return WideTable(tuple(lines), features, bad)


def _sample(
    name: str, line: int, cells: list[str], columns: Sequence[int], source: Source
) -> list[float]:
    if not name:
        raise ValueError("the row names no sample")
    return [number(cells[at], source, line) for at in columns]
