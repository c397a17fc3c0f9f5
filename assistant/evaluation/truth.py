"""Proteins whose function is known, to measure with.

    accession<TAB>ec<TAB>sequence<TAB>split          (also go, ko; also CLEAN's own layout:
    P12345<TAB>3.2.1.23;3.2.1.108<TAB>MKT...<TAB>30      Entry<TAB>EC number<TAB>Sequence)

Columns are found by name, EC numbers parted by ``;`` or ``,``. A cell "none" says that the protein
is no enzyme; an empty one says nothing, and the protein is left out of what is said of EC numbers.
Plain text or gz, bz2, xz, zst.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError, InputError
from ingest.files import open_text
from ingest.readers.protein_tsv import COLUMNS as PROTEIN_COLUMNS
from ingest.records import clean_sequence
from ingest.vocab import IDENTIFIER_PATTERNS, ec_numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

#: Our field -> the headers that mean it, in lower case with "_" read as a space.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    name: PROTEIN_COLUMNS[name] for name in ("accession", "sequence", "ec", "go", "ko")
} | {
    "accession": (*PROTEIN_COLUMNS["accession"], "gene id", "query"),
    "split": ("split", "set", "subset", "fold"),
}
#: What a cell of EC numbers says of a protein that is surely no enzyme.
NO_ENZYME: Final = frozenset({"none", "no ec", "non-enzyme", "nonenzyme", "not an enzyme"})
_TERM_FIELDS: Final = ("ec", "go", "ko")
_SEPARATORS: Final = re.compile(r"[;,|\s]+")


@dataclass(frozen=True, slots=True)
class Known:
    """A protein with its true terms; ``is_enzyme`` is None where the file does not say."""

    accession: str
    sequence: str = ""
    ec_numbers: tuple[str, ...] = ()
    go_terms: tuple[str, ...] = ()
    ko: tuple[str, ...] = ()
    split: str = ""
    is_enzyme: bool | None = None
    line: int = 0

    @property
    def says_nothing(self) -> bool:
        """Tell whether there is nothing to compare an answer with."""
        return self.is_enzyme is None and not self.go_terms and not self.ko


@dataclass(frozen=True, slots=True)
class KnownSet:
    """The proteins of a test file in order, and what was left out of it, in plain words."""

    proteins: tuple[Known, ...]
    left_out: tuple[str, ...] = ()
    terms: frozenset[str] = field(default_factory=frozenset)


def read_known(path: Path, *, with_sequences: bool = True) -> KnownSet:
    """Read a table of proteins with their true terms.

    Args:
        path: The table.
        with_sequences: Whether sequences are needed; without them they may be absent.

    Raises:
        FormatError: A column that is needed is missing.
        InputError: No row can be used, or none states a term.
    """
    proteins: list[Known] = []
    left_out: list[str] = []
    with open_text(path) as handle:
        header = handle.readline()
        columns = columns_of(header, COLUMNS)
        needed = ("accession", "sequence") if with_sequences else ("accession",)
        check_columns(columns, needed, path, header)
        if not any(name in columns for name in _TERM_FIELDS):
            raise _no_column("ec", path, header)
        for line, row in rows_of(handle, columns):
            known = _known(row, line)
            fault = _fault(known, with_sequences=with_sequences)
            if fault:
                place = f"{path.name}, line {line}, {known.accession or 'no name'}"
                left_out.append(f"{place}: {fault}")
            else:
                proteins.append(known)
    if not proteins:
        what = f"none of its rows can be used ({left_out[0]})" if left_out else "it has no rows"
        hint = "Give one protein a row, with accession, ec and sequence"
        raise InputError(what, where=path.name, hint=hint)
    terms = {name for name in _TERM_FIELDS if name in columns}
    return KnownSet(tuple(proteins), tuple(left_out), frozenset(terms))


def with_sequences(known: KnownSet, sequences: Mapping[str, str], path_name: str) -> KnownSet:
    """Give the proteins of a truth table their sequences from another file, by accession.

    Raises:
        InputError: No accession is in both.
    """
    proteins = [
        replace(one, sequence=clean_sequence(sequences[one.accession]))
        for one in known.proteins
        if one.accession in sequences
    ]
    if not proteins:
        what = f"no accession of the truth table is in it, {known.proteins[0].accession} for one"
        raise InputError(what, where=path_name, hint="Use the same names in both files")
    lost = [one.accession for one in known.proteins if one.accession not in sequences]
    told = tuple(f"{accession}: no sequence in {path_name}" for accession in lost)
    return KnownSet(tuple(proteins), (*known.left_out, *told), known.terms)


def columns_of(header: str, names: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Map our fields to column positions by the header's names; the first match wins."""
    heads = [name.strip().lower().replace("_", " ") for name in header.rstrip("\n").split("\t")]
    found = {
        field: next((heads.index(alias) for alias in aliases if alias in heads), -1)
        for field, aliases in names.items()
    }
    return {field: position for field, position in found.items() if position >= 0}


def check_columns(
    columns: Mapping[str, int], needed: Sequence[str], path: Path, header: str
) -> None:
    """Refuse a table without a column that is needed.

    Raises:
        FormatError: Names the first that is missing.
    """
    for name in needed:
        if name not in columns:
            raise _no_column(name, path, header)


def rows_of(
    handle: Iterator[str], columns: Mapping[str, int]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and cells by field; a cell that a short row lacks is empty."""
    for line, text in enumerate(handle, 2):
        if text.strip():
            cells = text.rstrip("\n").split("\t")
            row = {name: cells[at] for name, at in columns.items() if at < len(cells)}
            yield line, {name: row.get(name, "").strip() for name in columns}


def _no_column(name: str, path: Path, header: str) -> FormatError:
    what = f"no column for {name} in the header {header.strip()[:200]!r}"
    hint = f"Name the column {name}; columns are parted by tabs"
    return FormatError(what, path_name=path.name, line=1, hint=hint)


def _known(row: Mapping[str, str], line: int) -> Known:
    cell = row.get("ec", "")
    ec_numbers = ec_numbers_of(_SEPARATORS.split(cell))
    is_none = cell.strip().lower() in NO_ENZYME
    return Known(
        accession=row["accession"],
        sequence=clean_sequence(row.get("sequence", "")),
        ec_numbers=ec_numbers,
        go_terms=tuple(dict.fromkeys(IDENTIFIER_PATTERNS["go"].findall(row.get("go", "")))),
        ko=tuple(dict.fromkeys(IDENTIFIER_PATTERNS["ko"].findall(row.get("ko", "")))),
        split=row.get("split", ""),
        is_enzyme=True if ec_numbers else False if is_none else None,
        line=line,
    )


def _fault(known: Known, *, with_sequences: bool) -> str:
    if not known.accession:
        return "the row has no accession"
    if with_sequences and not known.sequence:
        return "the row has no sequence"
    if known.says_nothing:
        return "it states neither an EC number, a GO term nor a KO ('none' is for no enzyme)"
    return ""
