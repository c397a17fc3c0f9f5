"""BIOM 2.0 and 2.1: a table of observations and samples in HDF5, both by row and by column.

    observation/ids                 names of rows
    observation/matrix/data         values that are not zero, with indices and indptr (CSR)
    sample/ids, sample/matrix/...   the same table by column (CSC)

Kept: every observation with its lineage, every sample with its metadata. Dropped: other metadata
of observations, metadata of groups (trees). Files without metadata are read all the same.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeAlias

from ingest.biom import Biom, biom_records, lineage_text
from ingest.errors import FormatError, MissingDependencyError
from ingest.hdf5_heaps import has_endless_heap
from ingest.wide_tables import WideRow, WideTable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    import numpy as np
    import numpy.typing as npt

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord, Feature, Sample

    #: Row, column and value of each cell that is not zero.
    _Coordinates: TypeAlias = tuple[
        npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]
    ]

HDF5_MAGIC: Final = (b"\x89HDF\r\n\x1a\n",)
#: Names of the two groups; they stand near the start of the file.
_GROUPS: Final = (b"observation", b"sample")
_SNIFFED: Final = 1024 * 1024
#: Deflate packs at most 1032 to 1: a dataset that claims more was never written.
_MOST_PACKED: Final = 1100
_LINEAGE: Final = ("taxonomy", "taxon", "lineage", "Taxonomy", "Taxon")


class BiomHdf5Reader:
    """Tables in BIOM 2."""

    name = "biom_hdf5"
    kind: Kind = "abundance"
    description = "BIOM 2.0, 2.1 table (HDF5)"
    magic = HDF5_MAGIC

    def sniff_file(self, handle: BinaryIO) -> bool:
        """Look for the two groups of a BIOM table."""
        head = handle.read(_SNIFFED)
        return head.startswith(HDF5_MAGIC) and all(name in head for name in _GROUPS)

    def read_file(self, handle: BinaryIO, source: Source) -> Iterator[Feature | Sample | BadRecord]:
        """Yield a Feature per observation and a Sample per sample that has metadata.

        Raises:
            FormatError: No BIOM table, or its parts contradict each other.
            MissingDependencyError: h5py is not installed.
        """
        yield from biom_records(read_biom_hdf5(handle, source), source, self.name)


def read_biom_hdf5(handle: BinaryIO, source: Source) -> Biom:
    """Read a BIOM file of HDF5.

    Raises:
        FormatError: No BIOM table, or its parts contradict each other.
        MissingDependencyError: h5py is not installed.
    """
    try:
        import h5py
    except ImportError as error:
        what = "reading HDF5 needs the package h5py"
        raise MissingDependencyError(
            what, where=source.path_name, hint="pip install h5py"
        ) from error
    data = handle.read()
    if has_endless_heap(data):
        what, hint = (
            "the HDF5 file is damaged: a heap of texts has no end",
            "Export the table again",
        )
        raise FormatError(what, path_name=source.path_name, hint=hint)
    try:
        with h5py.File(io.BytesIO(data), "r") as content:
            return _Hdf5(content, len(data), source).biom()
    except (OSError, ValueError, LookupError, TypeError, RuntimeError, AttributeError) as error:
        what = f"the HDF5 file is damaged or no BIOM table ({str(error)[:120]})"
        hint = "Export the table again, or as TSV"
        raise FormatError(what, path_name=source.path_name, hint=hint) from error


class _Hdf5:
    """An open file, checked part by part."""

    def __init__(self, content: Any, size: int, source: Source) -> None:  # noqa: ANN401 - h5py has no types
        self._content = content
        self._size = size
        self._source = source

    def biom(self) -> Biom:
        """Read all that is kept."""
        rows, samples = self._ids("observation"), self._ids("sample")
        lineages = self._lineages(len(rows))
        table = WideTable(
            tuple(samples),
            [WideRow(name, lineage=it) for name, it in zip(rows, lineages, strict=True)],
        )
        for row, columns, values in self._matrix(len(rows), len(samples)):
            for column, value in zip(columns, values, strict=True):
                table.rows[row].put(column, value)
        return Biom(table, _text(self._content.attrs.get("type", "")), self._metadata(samples))

    def _matrix(self, height: int, width: int) -> Iterator[tuple[int, list[int], list[float]]]:
        """Yield the columns and values of each row, after comparing the two copies."""
        import numpy as np

        shape = self._content.attrs.get("shape")
        if shape is not None and [int(it) for it in shape] != [height, width]:
            self._refuse(f"the shape is said to be {list(shape)}, the ids are {height} x {width}")
        copies = [
            self._coordinates(name, lengths)
            for name, lengths in (("observation", (height, width)), ("sample", (width, height)))
            if f"{name}/matrix/data" in self._content
        ]
        if not copies:
            self._refuse("there is no matrix")
        rows, columns, values = copies[0]
        if "observation/matrix/data" not in self._content:
            rows, columns = columns, rows
        if len(copies) == 2:
            self._compare(copies[0], copies[1])
        order = np.lexsort((columns, rows))
        rows, columns, values = rows[order], columns[order], values[order]
        starts = np.searchsorted(rows, np.arange(height + 1))
        for row in range(height):
            part = slice(starts[row], starts[row + 1])
            yield row, columns[part].tolist(), values[part].tolist()

    def _coordinates(self, axis: str, lengths: tuple[int, int]) -> _Coordinates:
        """Read one copy as (major, minor, value); majors are in order."""
        import numpy as np

        data = self._array(f"{axis}/matrix/data").astype(float)
        indices = self._array(f"{axis}/matrix/indices")
        starts = self._array(f"{axis}/matrix/indptr")
        if lengths[0] == 0 and len(starts) == 0:
            starts = np.zeros(1, dtype=int)
        steps = np.diff(starts)
        is_whole = len(starts) == lengths[0] + 1 and starts[0] == 0 and starts[-1] == len(data)
        if not is_whole or len(indices) != len(data) or (steps < 0).any():
            self._refuse(f"the parts of {axis}/matrix do not fit each other")
        if len(indices) and (indices.min() < 0 or indices.max() >= lengths[1]):
            self._refuse(f"{axis}/matrix has a value outside of the table")
        if not np.isfinite(data).all():
            self._refuse(f"{axis}/matrix has a value that is no number")
        majors = np.repeat(np.arange(lengths[0]), steps)
        if len(np.unique(majors * max(lengths[1], 1) + indices)) != len(data):
            self._refuse(f"{axis}/matrix has two values for one cell")
        return majors, indices.astype(int), data

    def _compare(self, by_row: _Coordinates, by_column: _Coordinates) -> None:
        import numpy as np

        rows, columns, values = by_row
        others = (by_column[1], by_column[0], by_column[2])
        mine, theirs = np.lexsort((columns, rows)), np.lexsort((others[1], others[0]))
        first = [np.asarray(it)[mine] for it in (rows, columns, values)]
        second = [np.asarray(it)[theirs] for it in others]
        if not all(np.array_equal(*pair) for pair in zip(first, second, strict=True)):
            self._refuse("the two copies of the table, by row and by column, differ")

    def _ids(self, axis: str) -> list[str]:
        name = f"{axis}/ids"
        if name not in self._content:
            self._refuse(f"there is no {name}")
        return [_text(it) for it in self._array(name)]

    def _lineages(self, height: int) -> list[str]:
        names = [f"observation/metadata/{name}" for name in _LINEAGE]
        name = next((it for it in names if it in self._content), "")
        if not name:
            return [""] * height
        found = self._array(name)
        if len(found) != height:
            self._refuse(f"{name} has {len(found)} entries for {height} observations")
        return [_lineage(it) for it in found]

    def _metadata(self, samples: list[str]) -> list[tuple[str, dict[str, Any]]]:
        if "sample/metadata" not in self._content:
            return []
        columns: dict[str, Any] = {}
        for key in self._content["sample/metadata"]:
            found = self._array(f"sample/metadata/{key}")
            if len(found) == len(samples):
                columns[key] = [_lineage(it) for it in found]
        return [
            (name, {key: column[at] for key, column in columns.items()})
            for at, name in enumerate(samples)
        ]

    def _array(self, name: str) -> npt.NDArray[Any]:
        """Read a dataset, unless it claims to hold more than the file can."""
        dataset = self._content[name]
        if dataset.size * dataset.dtype.itemsize > _MOST_PACKED * max(self._size, 4096):
            self._refuse(f"{name} claims {dataset.size} values, more than the file can hold")
        found: npt.NDArray[Any] = dataset[()]
        return found

    def _refuse(self, what: str) -> NoReturn:
        hint = "Export the table again, or as TSV"
        raise FormatError(what, path_name=self._source.path_name, hint=hint)


def _lineage(value: Any) -> str:  # noqa: ANN401 - whatever a dataset holds
    if isinstance(value, bytes | str):
        return _text(value)
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return lineage_text([text for it in value if (text := _text(it))])
    return _text(value)


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
