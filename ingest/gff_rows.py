"""Rows of GFF3 files that are not about genes alone: matches, regions, clusters.

Genes with their sequences are read by ``readers.gff3``; this is the plain table under it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from ingest.errors import FormatError
from ingest.records import Annotation, BadRecord, Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TextIO

    from ingest.readers.base import Source
    from ingest.records import Strand

_WIDTH: Final = 9
#: Twelve digits are beyond any chromosome.
_LONGEST: Final = 12


@dataclass(frozen=True, slots=True)
class GffRow:
    """A feature line; ``attributes`` by their names in lower case, values decoded."""

    line: int
    seqid: str
    source: str
    type: str
    start: int
    end: int
    score: str
    strand: Strand
    attributes: Mapping[str, tuple[str, ...]]

    def first(self, name: str) -> str:
        """Return the first value of an attribute, "" where it is absent or says nothing."""
        value = self.attributes.get(name, ("",))[0]
        return "" if value in {"-", ".", "N/A", "null", "None"} else value

    @property
    def location(self) -> Location:
        """The place on the contig."""
        return Location(self.seqid, self.start, self.end, self.strand)


def lines_of(handle: TextIO) -> Iterator[tuple[int, str]]:
    """Yield the lines before the sequences."""
    for line, text in enumerate(handle, 1):
        if text.startswith(("##FASTA", ">")):
            return
        if text.strip():
            yield line, text


def gff_row(line: int, text: str) -> GffRow:
    """Read a feature line.

    Raises:
        ValueError: It is none.
    """
    cells = text.rstrip("\n").split("\t")
    if len(cells) != _WIDTH:
        message = f"{len(cells)} columns where GFF3 has 9"
        raise ValueError(message)
    start, end = (_coordinate(cell) for cell in cells[3:5])
    if not 1 <= start <= end:
        message = f"the coordinates {start}..{end} are not 1 <= start <= end"
        raise ValueError(message)
    strand: Strand = "+" if cells[6] == "+" else "-" if cells[6] == "-" else "."
    seqid, source, kind = (unquote(cell).strip() for cell in cells[:3])
    if not seqid:
        raise ValueError("the row has no sequence")
    return GffRow(line, seqid, source, kind, start, end, cells[5], strand, _attributes(cells[8]))


def annotations_of_rows(
    handle: TextIO,
    source: Source,
    parse: Callable[[GffRow], Annotation | None],
    *,
    comment: Callable[[str], None] | None = None,
) -> Iterator[tuple[int, Annotation | BadRecord]]:
    """Yield the annotation of each feature line that has one.

    Raises:
        FormatError: No line holds anything.
    """
    seen = False
    for line, text in lines_of(handle):
        seen = True
        if text.startswith("#"):
            if comment:
                comment(text)
            continue
        try:
            annotation = parse(gff_row(line, text))
        except ValueError as error:
            yield line, BadRecord(source.path_name, line, _named(text), str(error))
            continue
        if annotation is not None:
            yield line, annotation
    if not seen:
        raise FormatError("the file is blank", path_name=source.path_name)


def first_row(head: str) -> GffRow | None:
    """Read the first feature line of a file's beginning, None where there is none."""
    text = next((it for it in head.splitlines() if it.strip() and it[0] != "#"), "")
    try:
        return gff_row(1, text)
    except ValueError:
        return None


def _coordinate(cell: str) -> int:
    if not (cell.isascii() and cell.isdigit()) or len(cell) > _LONGEST:
        message = f"the coordinate is {cell[:20]!r}"
        raise ValueError(message)
    return int(cell)


def _attributes(column: str) -> dict[str, tuple[str, ...]]:
    attributes: dict[str, tuple[str, ...]] = {}
    for pair in column.split(";"):
        name, separator, value = pair.strip().partition("=")
        if separator:
            values = tuple(unquote(item).strip().strip('"') for item in value.split(","))
            key = unquote(name).lower()
            attributes[key] = attributes.get(key, ()) + values
    return attributes


def _named(text: str) -> str:
    cells = text.rstrip("\n").split("\t")
    found = _attributes(cells[-1]).get("id", ("",))[0]
    return (found or cells[0])[:80]
