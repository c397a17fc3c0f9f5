"""mzTab-M: small molecules over assays, from the tools of metabolomics.

    MTD<TAB>assay[1]<TAB>S1
    SMH<TAB>SML_ID<TAB>database_identifier ... chemical_name ... abundance_assay[1] ...
    SML<TAB>1<TAB>HMDB:HMDB0000161 ... Alanine ... 1.5 ...

Kept: each small molecule with its name, identifiers and abundance per assay; "null" is missing, not
zero. Dropped: features, evidence, study variables. Abundances have no total.
See github.com/HUPO-PSI/mzTab.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import Columns, columns_of, refuse_missing
from ingest.errors import FormatError
from ingest.records import Feature
from ingest.tables import abundance, refuse_duplicates
from ingest.taxa import Once, features_of, refuse_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

#: Our field -> its name, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("sml_id",),
    "databases": ("database_identifier",),
    "name": ("chemical_name",),
}
_NEEDED: Final = ("id",)
_VERSION: Final = re.compile(r"MTD\tmzTab-version\t[\d.]+-M", re.IGNORECASE)
_ASSAY: Final = re.compile(r"MTD\tassay\[(\d+)\]\t(.+)")
_UNIT: Final = re.compile(r"MTD\tsmall_molecule-quantification_unit\t\[[^,]*,[^,]*,\s*([^,\]]+)")
_VALUE: Final = re.compile(r"abundance_assay\[(\d+)\]")
_MISSING: Final = frozenset({"null", "", "nan", "inf"})
_DATABASE: Final = re.compile(r"(\w+):(.+)")


class MztabReader:
    """Metabolites over assays."""

    name = "mztab"
    kind: Kind = "abundance"
    description = "mzTab-M (small molecules)"

    def sniff(self, head: str) -> bool:
        """Look for the version among the first lines."""
        return any(map(_VERSION.match, head.splitlines()[:50]))

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per small molecule.

        Raises:
            FormatError: There is no section of small molecules, or no row can be used.
        """
        table = _Table(source)
        yield from features_of(table.rows(handle), source, table.feature, name_at=1)
        table.finish()


class _Table:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._names: dict[str, str] = {}
        self._columns: Columns | None = None
        self._samples: list[tuple[int, str]] = []
        self._once = Once("the molecule")

    def rows(self, handle: TextIO) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield the rows of small molecules; what stands before them names the assays."""
        for line, text in enumerate(handle, 1):
            if found := _ASSAY.match(text):
                self._names[found.group(1)] = found.group(2).strip()
            elif found := _UNIT.match(text):
                self._source.unit = found.group(1).strip()
            elif text.startswith("SMH\t"):
                self._header(line, [cell.strip() for cell in text.rstrip("\n").split("\t")])
            elif text.startswith("SML\t"):
                yield line, text.rstrip("\n").split("\t")

    def _header(self, line: int, cells: list[str]) -> None:
        self._columns = columns_of(cells, ALIASES)
        refuse_missing(self._columns, _NEEDED, ALIASES, self._source)
        found = [(at, it.group(1)) for at, cell in enumerate(cells) if (it := _VALUE.match(cell))]
        self._samples = [(at, self._names.get(n, f"assay[{n}]")) for at, n in found]
        refuse_duplicates([name for _, name in self._samples], self._source, line)

    def feature(self, line: int, cells: Sequence[str]) -> Feature:
        """Read a row."""
        if self._columns is None:
            what = "there is no header (SMH) above the rows"
            raise FormatError(what, path_name=self._source.path_name, line=line)
        refuse_width(cells, self._columns.width)
        row = self._columns.row(cells)
        identifier, names = row.text("id"), _items(row.text("name"))
        if not identifier:
            raise ValueError("the row has no SML_ID")
        values = tuple(
            (sample, abundance(cells[at], self._source, line))
            for at, sample in self._samples
            if cells[at].strip().lower() not in _MISSING
        )
        self._once.take(identifier, line)
        found = (_DATABASE.fullmatch(item) for item in _items(row.text("databases")))
        return Feature(
            id=identifier,
            name=names[0] if names else identifier,
            kind="metabolite",
            unit=self._source.unit,
            values=values,
            tool="mzTab-M",
            dbxrefs=tuple(f"{it.group(1)}:{it.group(2)}" for it in found if it),
            provenance=self._source.provenance(MztabReader.name, line),
        )

    def finish(self) -> None:
        """Check that there was a section, and say where no unit is.

        Raises:
            FormatError: The file has no small molecules.
        """
        if self._columns is None:
            what = "there is no section of small molecules (SMH, SML)"
            raise FormatError(what, path_name=self._source.path_name)
        if not self._source.unit:
            told = "the file does not state the unit of its values: they are not summed"
            self._source.warnings.append(told)


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split("|") if item.strip().lower() not in _MISSING]
