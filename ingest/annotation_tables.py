"""What tables of annotation tools share: columns found by name, empty cells, numbers, lists.

A row that cannot be used is a BadRecord; a table whose needed columns are absent is refused.
"""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import Annotation, BadRecord
from ingest.vocab import IDENTIFIER_PATTERNS, ec_numbers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ingest.readers.base import Source

#: What tools write where they have nothing to say.
EMPTY: Final = frozenset({"", "-", "NA", "N/A", "None", "nan", "."})
#: Past this many characters a cell is no identifier.
_LONGEST_ID: Final = 300
_EC_IN_NAME: Final = re.compile(r"\s*\[EC:([^\]]*)\]")
_LIST: Final = re.compile(r"[,;|\s]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each of our fields stands in a table: field -> column, and the table's width."""

    places: Mapping[str, int]
    width: int

    def has(self, *fields: str) -> bool:
        """Tell whether the table has all of these fields."""
        return all(field in self.places for field in fields)

    def row(self, cells: Sequence[str]) -> Row:
        """Look at a row through these columns."""
        return Row(self, cells)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, asked by field; an absent column and an empty cell are both ""."""

    columns: Columns
    cells: Sequence[str]

    def text(self, field: str) -> str:
        """Return a cell without the space around it, "" when it says nothing."""
        place = self.columns.places.get(field, -1)
        value = self.cells[place].strip() if 0 <= place < len(self.cells) else ""
        return "" if value in EMPTY else value

    def items(self, field: str) -> tuple[str, ...]:
        """Split a cell at commas, semicolons, bars and spaces; each item once."""
        found = (item for item in _LIST.split(self.text(field)) if item not in EMPTY)
        return tuple(dict.fromkeys(found))

    def number(self, field: str) -> float | None:
        """Read a finite number, None when the cell is empty.

        Raises:
            ValueError: The cell holds something else.
        """
        return number(self.text(field), field)

    def whole(self, field: str) -> int:
        """Read a count or coordinate, 0 when the cell is empty.

        Raises:
            ValueError: The cell holds something else.
        """
        return whole(self.text(field), field)


@dataclass(frozen=True, slots=True)
class TableHeader:
    """The first line of a table, which names its columns, parted by tabs, or by commas."""

    aliases: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]

    def columns(self, head: str) -> Columns:
        """Find our fields in the first line, of which some tools part the names by commas."""
        first = head.split("\n", 1)[0]
        return columns_of(_split(first, _separator(first)), self.aliases)

    def recognises(self, head: str) -> bool:
        """Look for the header's names."""
        return self.columns(head).has(*self.needed)

    def checked(self, header: str, source: Source) -> Columns:
        """Read the header.

        Raises:
            FormatError: A needed column is absent.
        """
        columns = self.columns(header)
        refuse_missing(columns, self.needed, self.aliases, source)
        return columns


@dataclass(frozen=True, slots=True)
class HeadedTable(TableHeader):
    """A tool's table whose first line names its columns; one annotation a row.

    ``id_field`` is the field that a bad row is reported by, or its first word without one.
    """

    id_field: str = ""

    def annotations(
        self,
        header: str,
        lines: Iterable[tuple[int, str]],
        source: Source,
        reader: str,
        *,
        annotate: Callable[[Row], Annotation],
        skips: Callable[[Row], bool] = lambda _row: False,
    ) -> Iterator[Annotation | BadRecord]:
        """Yield what ``annotate`` makes of each line below a header that is not blank or skipped.

        Raises:
            FormatError: A needed column is absent, or no row can be used.
        """
        columns = self.checked(header, source)
        rows = ((n, _split(text, _separator(header))) for n, text in lines)
        yield from placed(self._rows(rows, columns, source, annotate, skips), source, reader)

    def _rows(
        self,
        rows: Iterable[tuple[int, list[str]]],
        columns: Columns,
        source: Source,
        annotate: Callable[[Row], Annotation],
        skips: Callable[[Row], bool],
    ) -> Iterator[tuple[int, Annotation | BadRecord]]:
        for line, cells in rows:
            row = columns.row(cells)
            if not any(map(str.strip, cells)) or skips(row):
                continue
            try:
                yield line, annotate(row)
            except ValueError as error:
                yield line, bad_row(source, line, self._id(row), error)

    def _id(self, row: Row) -> str:
        place = row.columns.places.get(self.id_field, 0)
        cell = row.cells[place] if place < len(row.cells) else ""
        return cell if self.id_field else (cell.split() or [""])[0]


def rows_under(header: str, lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield line and cells of each row that is neither blank nor a comment, parted as a header."""
    separator = _separator(header)
    for line, text in lines:
        if text.strip() and not text.startswith("#"):
            yield line, _split(text, separator)


def _separator(header: str) -> str:
    """Tell tables with tabs from those that were written with commas (abricate --csv)."""
    return "\t" if "\t" in header or "," not in header else ","


def _split(text: str, separator: str) -> list[str]:
    """Split a row; only CSV has quotes around fields.

    A quote without an end leaves one field, which no row fits.
    """
    if separator == "\t":
        return text.rstrip("\n").split("\t")
    try:
        return next(csv.reader([text.rstrip("\n")], strict=True), [""])
    except csv.Error:
        return [text]


def columns_of(header: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> Columns:
    """Map our fields to columns by the header's names, whatever the case; the first alias wins."""
    names = [name.strip().lstrip("#").strip().lower() for name in header]
    return Columns(_places(names, aliases), len(names))


def columns_named(header: str, aliases: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Map our fields to columns of a table with tabs, where "_" in a name is read as a space."""
    names = [name.strip().lower().replace("_", " ") for name in header.split("\t")]
    return _places(names, aliases)


def _places(names: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> dict[str, int]:
    found = {
        field: next((names.index(alias) for alias in wanted if alias in names), -1)
        for field, wanted in aliases.items()
    }
    return {field: place for field, place in found.items() if place >= 0}


def refuse_missing(
    columns: Columns, needed: Sequence[str], aliases: Mapping[str, Sequence[str]], source: Source
) -> None:
    """Raise when a needed column is absent.

    Raises:
        FormatError: Names the columns that are missing.
    """
    missing = [aliases[field][0] for field in needed if not columns.has(field)]
    if missing:
        what = f"no column {' and no column '.join(missing)}"
        hint = "Give the table as the tool wrote it, with its header line"
        raise FormatError(what, path_name=source.path_name, hint=hint)


def number(text: str, name: str) -> float | None:
    """Read a finite number, None for an empty cell.

    Raises:
        ValueError: The text is no such number.
    """
    if text in EMPTY:
        return None
    try:
        value = float(text)
    except ValueError as error:
        message = f"{name} is {text[:40]!r}, which is no number"
        raise ValueError(message) from error
    # float() also takes "inf", "1_000" and the digits of other scripts.
    if not math.isfinite(value) or "_" in text or not text.isascii():
        message = f"{name} is {text[:40]!r}, which is no finite number"
        raise ValueError(message)
    return value


def whole(text: str, name: str) -> int:
    """Read a number that counts something, 0 for an empty cell.

    Raises:
        ValueError: The text is no such number.
    """
    if text in EMPTY:
        return 0
    # Twelve digits are beyond any chromosome.
    if not (text.isascii() and text.isdigit()) or len(text) > 12:
        message = f"{name} is {text[:40]!r}, which is no whole number"
        raise ValueError(message)
    return int(text)


def evalue_of(value: float | None, name: str = "the E-value") -> float | None:
    """Check an E-value.

    Raises:
        ValueError: It is negative.
    """
    if value is not None and value < 0:
        message = f"{name} is {value:g}, which is negative"
        raise ValueError(message)
    return value


def gene_id_of(text: str) -> str:
    """Check a gene's id: one word, not empty.

    Raises:
        ValueError: It is none.
    """
    if text in EMPTY or len(text) > _LONGEST_ID or len(text.split()) != 1:
        message = f"{text[:40]!r} is no gene id" if text not in EMPTY else "the row has no gene id"
        raise ValueError(message)
    return text


def go_terms_of(text: str) -> tuple[str, ...]:
    """Find the GO terms of a cell, each once."""
    return tuple(dict.fromkeys(IDENTIFIER_PATTERNS["go"].findall(text)))


def ko_of(text: str) -> tuple[str, ...]:
    """Find the KO numbers of a cell ("ko:K01234,ko:K00001"), each once."""
    return tuple(dict.fromkeys(IDENTIFIER_PATTERNS["ko"].findall(text)))


def without_ec(definition: str) -> tuple[str, tuple[str, ...]]:
    """Part a KEGG definition from its EC numbers.

    >>> without_ec("alcohol dehydrogenase [EC:1.1.1.1 1.1.1.2]")
    ('alcohol dehydrogenase', ('1.1.1.1', '1.1.1.2'))
    """
    numbers = [part for found in _EC_IN_NAME.findall(definition) for part in _LIST.split(found)]
    return _EC_IN_NAME.sub("", definition).strip(), ec_numbers_of(numbers)


def placed(
    records: Iterable[tuple[int, Annotation | BadRecord]], source: Source, reader: str
) -> Iterator[Annotation | BadRecord]:
    """Note where each annotation stands.

    Raises:
        FormatError: There was no good row, and at least one bad one: it is another format.
    """
    good = bad = 0
    for line, record in records:
        if isinstance(record, BadRecord):
            bad += 1
            yield record
        else:
            good += 1
            yield replace(record, provenance=source.provenance(reader, line))
    if bad and not good:
        what = f"no row is as {reader} has it"
        hint = "Look at the bad rows above, or name another format with --format"
        raise FormatError(what, path_name=source.path_name, hint=hint)
    if not good:
        source.warnings.append("the file reports no hits")


def bad_row(source: Source, line: int, record: str, error: ValueError) -> BadRecord:
    """Report a row that cannot be used."""
    return BadRecord(source.path_name, line, record[:120], str(error))
