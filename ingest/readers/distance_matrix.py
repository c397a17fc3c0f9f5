"""A distance matrix: the distance between any two samples, as QIIME 2 and scikit-bio write it.

    <TAB>L1S105<TAB>L1S140
    L1S105<TAB>0.0<TAB>3.46
    L1S140<TAB>3.46<TAB>0.0

Kept: one row per sample with its distance to every sample. Dropped: comment lines.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import Feature
from ingest.tables import refuse_duplicates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import NoReturn, TextIO

    from ingest.readers.base import Kind, Source

UNIT: Final = "distance"
_TOOL: Final = "scikit-bio"
#: Two distances between the same samples may differ by rounding only.
_ROUNDING: Final = 1e-6


class DistanceMatrixReader:
    """Distances between samples."""

    name = "distance_matrix"
    kind: Kind = "abundance"
    description = "Distance matrix of samples (TSV)"

    def sniff(self, head: str) -> bool:
        """Look for a row that is named as its column, and is zero there."""
        lines = [line for line in head.splitlines()[:50] if line.strip() and line[0] != "#"]
        if len(lines) < 2 or lines[0][0] not in "\t,":
            return False
        names = [name.strip() for name in lines[0].split(lines[0][0])[1:]]
        cells = [cell.strip() for cell in lines[1].split(lines[0][0])]
        return cells[0] == names[0] and len(cells) > 1 and _is_zero(cells[1])

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature]:
        """Yield a Feature per sample.

        Raises:
            FormatError: It is not square, not symmetric, or has a distance that is none.
        """
        yield from distance_features(handle, source, self.name, _TOOL)


def distance_features(handle: TextIO, source: Source, reader: str, tool: str) -> Iterator[Feature]:
    """Read a distance matrix; see ``DistanceMatrixReader.read``."""
    lines = [(n, it) for n, it in enumerate(handle, 1) if it.strip() and not it.startswith("#")]
    delimiter = "," if lines and lines[0][1].startswith(",") else "\t"
    rows = [
        (line, [cell.strip() for cell in text.rstrip("\n").split(delimiter)])
        for line, text in lines
    ]
    if not rows:
        raise FormatError("there is no distance matrix", path_name=source.path_name)
    names = rows[0][1][1:]
    refuse_duplicates(names, source, rows[0][0])
    matrix = [_row(line, cells, names, source) for line, cells in rows[1:]]
    if [cells[0] for _, cells in rows[1:]] != names:
        _refuse("rows and columns do not name the same samples in one order", source)
    for at, row in enumerate(matrix):
        for other, value in enumerate(row[:at]):
            if abs(value - matrix[other][at]) > _ROUNDING * max(1.0, value):
                _refuse(f"{names[at]} to {names[other]} differs there and back", source)
        if row[at]:
            _refuse(f"{names[at]} is not at distance 0 from itself", source, rows[at + 1][0])
    source.unit = UNIT
    for at, row in enumerate(matrix):
        yield Feature(
            id=names[at],
            name=names[at],
            kind="distance",
            unit=UNIT,
            values=tuple(zip(names, row, strict=True)),
            tool=tool,
            provenance=source.provenance(reader, rows[at + 1][0]),
        )


def _row(line: int, cells: list[str], names: list[str], source: Source) -> list[float]:
    try:
        found = [float(cell) for cell in cells[1:]]
    except ValueError as error:
        _refuse(str(error), source, line)
    if len(found) != len(names):
        _refuse(f"{len(found)} distances where there are {len(names)} samples", source, line)
    if not all(math.isfinite(it) and it >= 0 for it in found):
        _refuse("a distance is negative or no number", source, line)
    return found


def _is_zero(text: str) -> bool:
    try:
        return float(text) == 0
    except ValueError:
        return False


def _refuse(what: str, source: Source, line: int = 0) -> NoReturn:
    raise FormatError(what, path_name=source.path_name, line=line)
