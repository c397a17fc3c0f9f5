"""Tables and metadata as files of a cohort hold them, whichever way round and however headed.

A command that names a table and its metadata says more than a file alone: rows are samples where
the metadata know their names, and a file that no reader recognises is a table all the same.
"""

from __future__ import annotations

import csv
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError, InputError, UnknownFormatError, UserError
from ingest.files import open_text, read_records
from ingest.readers import READERS
from ingest.readers.sample_metadata import ID_COLUMNS
from ingest.records import BadRecord, Feature, Provenance, Sample
from retrieval.cohort.metadata import is_missing
from retrieval.cohort.spelling import match_spellings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

METADATA_READER: Final = "sample_metadata"
#: Readers of plain tables: a row per sample, a row per feature.
_WIDE: Final = ("sample_table", "feature_table")
#: Kinds of readers of which a fault is one of the table: it is not read in another way.
_TABLES: Final = frozenset({"abundance", "metadata"})
_DELIMITERS: Final = ("\t", ",", ";")
_SPELLING: Final = re.compile(r"[\s#_.-]+")
#: Rows by which a header is judged.
_LOOKED_AT: Final = 20
#: Headers of a first column that name samples beyond doubt: a fault below them is one of the file.
_SAMPLE_HEADS: Final = frozenset(
    _SPELLING.sub("", it) for it in ID_COLUMNS if not it.startswith(("subject", "patient", "part"))
)


@dataclass(frozen=True, slots=True)
class ReadTable:
    """What a file of a table holds; rows that cannot be read stand in ``warnings``."""

    reader: str
    rows: list[Feature]
    warnings: list[str]

    @property
    def samples(self) -> tuple[str, ...]:
        """Samples in the order in which rows name them."""
        return tuple(dict.fromkeys(name for row in self.rows for name, _ in row.values))


# --- Tables ---------------------------------------------------------------------------------


def read_table(
    path: Path, reader_name: str | None = None, known: Collection[str] = ()
) -> ReadTable:
    """Read the rows of a table.

    Args:
        path: The file.
        reader_name: Its format; None recognises it.
        known: Names of samples, by which a plain table is turned the right way round.

    Raises:
        UserError: The file holds no table of features.
    """
    if reader_name is not None:
        return _checked(_read(path, reader_name), path)
    try:
        read = _read(path, None)
    except (UnknownFormatError, FormatError) as error:
        return _read_anyway(path, known, error)
    if read.reader == METADATA_READER:
        # A few columns of numbers look like metadata; here the user says that it is a table.
        read = _read(path, _WIDE[0])
    if read.reader in _WIDE and known and not _share(read, known):
        return _turned(path, read, known)
    if not read.rows and READERS.get(read.reader).kind not in _TABLES:
        return _turned(path, None, known)
    return _checked(read, path)


def _read_anyway(path: Path, known: Collection[str], error: InputError) -> ReadTable:
    """Read a table that no reader recognises, that R wrote, or that looks like results of a search.

    Raises:
        InputError: The fault is one of the table.
    """
    if (mended := _mended(path, known)) is not None:
        return mended
    if isinstance(error, FormatError) and read_records(path).kind in _TABLES:
        raise error
    return _turned(path, None, known)


def _read(path: Path, reader_name: str | None) -> ReadTable:
    opened = read_records(path, reader_name)
    rows, bad = [], []
    for row in opened.records:
        if isinstance(row, Feature):
            rows.append(row)
        elif isinstance(row, BadRecord):
            bad.append(row)
    warnings = list(opened.source.warnings)
    if bad:
        first = f"the first on line {bad[0].line}: {bad[0].reason}"
        warnings.append(f"{len(bad):,} rows cannot be read and are left out, {first}")
    return ReadTable(opened.reader, rows, warnings)


def _checked(read: ReadTable, path: Path) -> ReadTable:
    if not read.rows:
        what = f"it is read as {read.reader} and holds no table of features"
        raise UserError(what, where=path.name, hint="Name the format with --format")
    return read


def _share(read: ReadTable, known: Collection[str]) -> float:
    """Return the share of a table's samples that the metadata name."""
    samples = read.samples
    inside = set(known)
    fitting = sum(name in inside for name in samples)
    if not fitting and samples:
        fitting = len(match_spellings(samples, known)[0])
    return fitting / max(1, len(samples))


def _turned(path: Path, first: ReadTable | None, known: Collection[str]) -> ReadTable:
    """Read a plain table the way in which the metadata know its samples; else as it was read.

    Raises:
        UserError: Neither way gives a table.
    """
    tried = [first] if first is not None else []
    error: UserError | None = None
    for name in _WIDE:
        if first is not None and first.reader == name:
            continue
        try:
            tried.append(_read(path, name))
        except UserError as fault:
            error = error or fault
    tried = [it for it in tried if it.rows]
    if not tried:
        raise error or UserError("it holds no table of features", where=path.name)
    best = max(tried, key=lambda it: _share(it, known))
    if best is first:
        return best
    how = "rows are samples" if best.reader == _WIDE[0] else "columns are samples"
    note = f"{path.name} is read as a table whose {how}, by the names in the metadata"
    return ReadTable(best.reader, best.rows, [*best.warnings, note])


def _mended(path: Path, known: Collection[str]) -> ReadTable | None:
    """Read a table as R writes it, its header without a name of the row names; None for others."""
    with open_text(path) as handle:
        lines = handle.readlines()
    delimiter = max(_DELIMITERS, key=lines[0].count) if lines else "\t"
    widths = [line.count(delimiter) for line in lines[: _LOOKED_AT + 1] if line.strip()]
    if len(widths) < 2 or set(widths[1:]) != {widths[0] + 1}:
        return None
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name.removesuffix(".gz")
        copy.write_text(delimiter + "".join(lines), encoding="utf-8")
        return _turned(copy, None, known)


# --- Metadata -------------------------------------------------------------------------------


def read_metadata(path: Path) -> tuple[list[Sample], list[str]]:
    """Read sample metadata; a table without a column of samples by name is read by its values.

    Raises:
        UserError: The file holds no metadata.
    """
    try:
        opened = read_records(path, METADATA_READER)
        samples = [row for row in opened.records if isinstance(row, Sample)]
    except FormatError as error:
        return _by_values(path, error)
    return samples, opened.source.warnings


def _by_values(path: Path, error: FormatError) -> tuple[list[Sample], list[str]]:
    """Name samples by the first column in which no value occurs twice.

    Raises:
        FormatError: The header names samples, so that the fault is the file's; or none is such.
    """
    with open_text(path) as handle:
        text = handle.read()
    rows = list(_rows(text))
    width = max(map(len, rows), default=0)
    if len(rows) < 2 or _SPELLING.sub("", rows[0][0].lower()) in _SAMPLE_HEADS:
        raise error
    header, *body = rows
    if len(header) == width - 1:
        header = ["", *header]  # R leaves out the name of the row names
    header = [name or f"column_{at + 1}" for at, name in enumerate(header)]
    if len(header) != width or len(set(header)) < width or any(len(it) != width for it in body):
        raise error
    at = next((at for at in range(width) if _names_rows(body, at)), None)
    if at is None:
        raise error
    note = f"no column is headed as samples: they are named by column {header[at]!r}"
    at_file = Provenance(path_name=path.name, reader=METADATA_READER)
    samples = [
        Sample(row[at], tuple((header[n], it) for n, it in enumerate(row) if n != at), at_file)
        for row in body
    ]
    return samples, [note]


def _rows(text: str) -> Iterator[list[str]]:
    lines = [line for line in text.splitlines() if line.strip()]
    delimiter = max(_DELIMITERS, key=lines[0].count) if lines else "\t"
    for cells in csv.reader(lines, delimiter=delimiter):
        yield [cell.strip() for cell in cells]


def _names_rows(rows: Sequence[Sequence[str]], at: int) -> bool:
    values = [row[at] for row in rows]
    return len(set(values)) == len(values) and not any(map(is_missing, values))
