"""BIOM 1.0: a table of observations and samples as JSON, sparse or dense.

    {"format": "Biological Observation Matrix 1.0.0", "matrix_type": "sparse", "shape": [2, 1],
     "data": [[0, 0, 5.0]], "rows": [{"id": "OTU1", "metadata": {"taxonomy": ["k__Bacteria"]}},
     {"id": "OTU2", "metadata": null}], "columns": [{"id": "S1", "metadata": {"BODY_SITE": "gut"}}]}

Kept: every observation with its lineage, every sample with its metadata. Dropped: other metadata
of observations, such as what a collapsed row was made of.
"""

from __future__ import annotations

import math
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from ingest.biom import Biom, biom_records, lineage_in
from ingest.errors import FormatError
from ingest.json_document import document_of
from ingest.wide_tables import WideRow, WideTable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import NoReturn, TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord, Feature, Sample

_FORMAT: Final = re.compile(
    r'"format"\s*:\s*"Biological Observation Matrix|"format_url"\s*:\s*"[^"]*biom'
)
_PARTS: Final = re.compile(r'"(matrix_type|matrix_element_type|shape|rows|columns|data)"\s*:')


class BiomJsonReader:
    """Tables in BIOM 1.0."""

    name = "biom_json"
    kind: Kind = "abundance"
    description = "BIOM 1.0 table (JSON)"

    def sniff(self, head: str) -> bool:
        """Look for an object that names the format, or has the parts of a BIOM table."""
        if not head.lstrip().startswith("{"):
            return False
        return bool(_FORMAT.search(head)) or len(set(_PARTS.findall(head))) >= 3

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | Sample | BadRecord]:
        """Yield a Feature per observation and a Sample per sample that has metadata.

        Raises:
            FormatError: No JSON, parts missing, a shape that the data do not have, one name twice.
        """
        yield from biom_records(read_biom_json(handle, source), source, self.name)


def read_biom_json(handle: TextIO, source: Source) -> Biom:
    """Read a BIOM file of JSON.

    Raises:
        FormatError: As for ``BiomJsonReader.read``.
    """
    parts = _Json(document_of(handle, source), source)
    return Biom(parts.table(), parts.type, parts.sample_metadata())


class _Json:
    """A parsed file, checked part by part."""

    def __init__(self, content: object, source: Source) -> None:
        self._source = source
        if not isinstance(content, dict):
            self._refuse("the JSON is no BIOM table")
        self._content: dict[str, Any] = content
        self._rows = self._axis("rows")
        self._columns = self._axis("columns")
        self.type = str(content.get("type") or "")
        shape = content.get("shape")
        if shape is not None and shape != [len(self._rows), len(self._columns)]:
            found = f"{len(self._rows)} x {len(self._columns)}"
            self._refuse(f"the shape is said to be {shape}, there are {found} rows and columns")

    def table(self) -> WideTable:
        """Return the values."""
        rows = [
            WideRow(self._id(item), lineage=lineage_in(item.get("metadata"))) for item in self._rows
        ]
        data = self._content.get("data")
        if not isinstance(data, list):
            self._refuse("there is no list of data")
        dense = self._content.get("matrix_type", "sparse") == "dense"
        cells = self._dense(data) if dense else self._sparse(data)
        for row, column, value in cells:
            rows[row].put(column, value)
        return WideTable(tuple(self._id(item) for item in self._columns), rows)

    def sample_metadata(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the samples that have metadata."""
        pairs = [(self._id(item), item.get("metadata")) for item in self._columns]
        return [(name, it) for name, it in pairs if isinstance(it, dict) and it]

    def _axis(self, name: str) -> list[dict[str, Any]]:
        items = self._content.get(name)
        if not isinstance(items, list) or not all(isinstance(it, dict) for it in items):
            self._refuse(f"there is no list of {name}")
        return items

    def _id(self, item: dict[str, Any]) -> str:
        found = item.get("id")
        if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
            self._refuse(f"an id is {found!r}, not a text")
        return str(found)

    def _sparse(self, data: list[Any]) -> Iterator[tuple[int, int, float]]:
        seen: set[tuple[int, int]] = set()
        for cell in data:
            if not isinstance(cell, list) or len(cell) != 3:
                self._refuse(f"a cell is {str(cell)[:60]!r}, not [row, column, value]")
            row, column = (
                self._position(it, axis) for it, axis in zip(cell, self._axes(), strict=False)
            )
            if (row, column) in seen:
                self._refuse(f"the cell in row {row}, column {column} is there twice")
            seen.add((row, column))
            yield row, column, self._value(cell[2])

    def _dense(self, data: list[Any]) -> Iterator[tuple[int, int, float]]:
        if len(data) != len(self._rows):
            self._refuse(f"{len(data)} rows of data for {len(self._rows)} rows")
        for row, cells in enumerate(data):
            if not isinstance(cells, list) or len(cells) != len(self._columns):
                self._refuse(f"row {row} of the data has not {len(self._columns)} values")
            for column, cell in enumerate(cells):
                yield row, column, self._value(cell)

    def _axes(self) -> tuple[int, int]:
        return len(self._rows), len(self._columns)

    def _position(self, value: object, length: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < length:
            self._refuse(f"a cell is at {value!r}, outside of the table")
        return value

    def _value(self, value: object) -> float:
        number = math.nan
        if isinstance(value, int | float) and not isinstance(value, bool):
            with suppress(OverflowError):
                number = float(value)
        if not math.isfinite(number):
            self._refuse(f"the value {str(value)[:40]!r} is no number")
        return number

    def _refuse(self, what: str) -> NoReturn:
        raise FormatError(what, path_name=self._source.path_name, hint="Export the table again")
