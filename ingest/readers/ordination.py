"""Ordinations as scikit-bio and QIIME 2 write them: coordinates of samples on axes.

    Proportion explained<TAB>2
    0.57<TAB>0.21
    Site<TAB>3<TAB>2
    L1S105<TAB>-0.12<TAB>0.04

Kept: one row per axis with the coordinate of each sample; of a biplot, which features it has.
Dropped: eigenvalues, loadings of features, constraints.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.errors import FormatError
from ingest.records import Feature
from ingest.tables import refuse_duplicates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import NoReturn, TextIO

    from ingest.readers.base import Kind, Source

UNIT: Final = "coordinate"
_TOOL: Final = "scikit-bio"
_EXPLAINED: Final = "Proportion explained"
#: Blocks of the format, all of them, in order: one row of numbers, or named rows.
_VECTORS: Final = ("Eigvals", _EXPLAINED)
_TABLES: Final = ("Species", "Site", "Biplot", "Site constraints")
#: The block whose rows have no names.
_NAMELESS: Final = "Biplot"


class OrdinationReader:
    """Ordinations of samples."""

    name = "ordination"
    kind: Kind = "abundance"
    description = "Ordination of scikit-bio or QIIME 2 (PCoA, RDA)"

    def sniff(self, head: str) -> bool:
        """Look for the first block."""
        first = head.split("\n", 1)[0].split("\t")
        return len(first) == 2 and first[0] == _VECTORS[0] and first[1].isdigit()

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature]:
        """Yield a Feature per axis, then one per feature of a biplot.

        Raises:
            FormatError: A block is missing, cut short, or no block.
        """
        yield from ordination_features(handle, source, self.name, _TOOL)


class _Ordination(NamedTuple):
    explained: list[float]
    tables: dict[str, list[tuple[int, str, list[float]]]]


def ordination_features(
    handle: TextIO, source: Source, reader: str, tool: str
) -> Iterator[Feature]:
    """Read an ordination; see ``OrdinationReader.read``."""
    parts = _Parser(handle, source).parse()
    sites = parts.tables.get("Site", [])
    samples = [name for _, name, _ in sites]
    refuse_duplicates(samples, source, sites[0][0] if sites else 0)
    if not sites:
        raise FormatError("there is no sample in the ordination", path_name=source.path_name)
    source.unit = UNIT
    for axis in range(len(sites[0][2])):
        share = parts.explained[axis] if axis < len(parts.explained) else math.nan
        told = "" if math.isnan(share) else f" ({100 * share:.4g} % of variation)"
        values = [row[2][axis] for row in sites]
        yield Feature(
            id=f"axis {axis + 1}",
            name=f"axis {axis + 1}{told}",
            kind="axis",
            unit=UNIT,
            values=tuple(zip(samples, values, strict=True)),
            tool=tool,
            provenance=source.provenance(reader, sites[0][0]),
        )
    for line, name, _ in parts.tables.get("Species", []):
        yield Feature(
            name, name, "other", UNIT, (), tool=tool, provenance=source.provenance(reader, line)
        )


class _Parser:
    """Reads blocks: a header with the size, then rows, then a blank line."""

    def __init__(self, handle: TextIO, source: Source) -> None:
        self._lines = iter(enumerate(handle, 1))
        self._source = source
        self._line = 0

    def parse(self) -> _Ordination:
        """Read all blocks."""
        eigenvalues, explained = (self._vector(name) for name in _VECTORS)
        if explained and len(explained) != len(eigenvalues):
            self._refuse("there are not as many proportions as eigenvalues")
        tables = {name: self._table(name) for name in _TABLES}
        for name in ("Species", "Site", "Site constraints"):
            if any(len(row[2]) != len(eigenvalues) for row in tables[name]):
                self._refuse(f"{name} has not {len(eigenvalues)} axes")
        constrained = [row[1] for row in tables["Site constraints"]]
        if constrained and constrained != [row[1] for row in tables["Site"]]:
            self._refuse("the constraints are not those of the samples")
        if self._header() is not None:
            self._refuse("there is something after the last block")
        return _Ordination(explained, tables)

    def _vector(self, name: str) -> list[float]:
        (length,) = self._sizes(name, 1)
        return self._numbers(self._cells(), length) if length else []

    def _table(self, name: str) -> list[tuple[int, str, list[float]]]:
        height, width = self._sizes(name, 2)
        if (height == 0) != (width == 0):
            self._refuse(f"{name} has rows without columns, or columns without rows")
        rows = []
        for _ in range(height):
            cells = self._cells()
            label = "" if name == _NAMELESS else cells.pop(0)
            rows.append((self._line, label, self._numbers(cells, width)))
        return rows

    def _sizes(self, name: str, count: int) -> list[int]:
        """Read the header of a block."""
        cells = self._header() or []
        if not cells or cells[0] != name:
            self._refuse(f"the block {name} is missing")
        if len(cells) != count + 1 or not all(it.isdigit() and len(it) < 10 for it in cells[1:]):
            self._refuse(f"the block {name} does not say how large it is")
        return [int(it) for it in cells[1:]]

    def _header(self) -> list[str] | None:
        while (text := self._next()) is not None:
            if text.strip():
                return text.split("\t")
        return None

    def _cells(self) -> list[str]:
        text = self._next()
        if text is None:
            self._refuse("the ordination is cut short")
        return text.split("\t")

    def _next(self) -> str | None:
        self._line, text = next(self._lines, (self._line, None))
        return None if text is None else text.rstrip("\n")

    def _numbers(self, cells: list[str], length: int) -> list[float]:
        try:
            found = [float(cell) for cell in cells]
        except ValueError as error:
            self._refuse(str(error))
        if len(found) != length or not all(map(math.isfinite, found)):
            self._refuse(f"the row does not have {length} numbers")
        return found

    def _refuse(self, what: str) -> NoReturn:
        raise FormatError(what, path_name=self._source.path_name, line=self._line)
