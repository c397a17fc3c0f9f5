"""HUMAnN 2, 3 and 4: gene families, reactions, pathway abundance, pathway coverage.

    # Pathway<TAB>sample1_Abundance
    PWY-7221: guanosine ribonucleotides de novo biosynthesis<TAB>2.17
    PWY-7221: guanosine ribonucleotides de novo biosynthesis|g__Bacteroides.s__B_stercoris<TAB>1.04

Kept: every row: community rows, and strata ("|taxon") with ``stratum`` set; UNMAPPED,
UNINTEGRATED and UNGROUPED as special. Both describe the same abundance: sum only one of them.
Joined, regrouped (KO, EC, GO, Pfam) and renormalised (CPM, relab) tables are read alike; what all
samples sum to shows a unit that the header does not name.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.feature_kinds import SPECIAL
from ingest.records import BadRecord, Feature
from ingest.strata import COVERAGE, RPK, UNITS, label_of, sample_of, unit_of_columns
from ingest.tables import abundance, refuse_duplicates, refuse_semicolons
from ingest.taxa import refuse_width
from ingest.wide_tables import ZEROS, WideRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import FeatureKind
    from ingest.strata import Label

_HEADER: Final = re.compile(r"#?\s*(Gene Family|Pathway|Reaction)\b([^\t;]*)", re.IGNORECASE)
_KINDS: Final[dict[str, FeatureKind]] = {
    "gene family": "gene_family",
    "pathway": "pathway",
    "reaction": "gene_family",
}
#: What every sample of a renormalised table sums to -> the unit, and how near it must be.
_WHOLES: Final = ((1e6, "CPM"), (1.0, "relab"))
_NEAR: Final = 0.001
#: Rows that must be there before a sum of 1 means anything.
_ENOUGH: Final = 3
#: Rows that are held until the unit is known; longer tables are read as their header says.
_HELD: Final = 300_000
#: Strata of a gene family add up to it but for rounding, as a share and in the last digit.
_ROUNDING: Final = 0.01
_LAST_DIGIT: Final = 1e-4


class HumannReader:
    """Functional profiles of HUMAnN."""

    name = "humann"
    kind: Kind = "abundance"
    description = "HUMAnN 2, 3, 4 gene families, pathway abundance or coverage (TSV)"

    def sniff(self, head: str) -> bool:
        """Look for HUMAnN's header cell in the first line."""
        match = _HEADER.match(head)
        if match is None or head[match.end() : match.end() + 1] not in {"\t", ";"}:
            return False
        # Without "#", other tools' tables of pathways begin alike, in small letters.
        return head.startswith("#") or match.group(1).istitle()

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per row.

        Raises:
            FormatError: No header, a duplicate sample, ``;`` or decimal commas.
        """
        header = handle.readline()
        refuse_semicolons(1, header, source)
        match = _HEADER.match(header)
        columns = [cell.strip() for cell in header.rstrip("\n").split("\t")[1:]]
        if match is None or not any(columns):
            hint = "The first line starts with '# Gene Family' or '# Pathway' and names the samples"
            raise FormatError("no HUMAnN header", path_name=source.path_name, line=1, hint=hint)
        stated = unit_of_columns(columns, source, _unit_of_title(match.group(2)))
        is_renormed = bool(unit_of_columns(columns, source))
        samples = [sample_of(column) for column in columns]
        refuse_duplicates(samples, source, 1)
        table = _Table(_KINDS[match.group(1).lower()], samples, source)
        rows = table.rows(handle)
        held = [row for row, _ in zip(rows, range(_HELD), strict=False)]
        source.unit = table.unit(stated)
        for row in chain(held, rows):
            yield row if isinstance(row, BadRecord) else table.feature(*row)
        table.finish()
        if is_renormed and table.has_rows:
            table.compare_whole(stated)


def _unit_of_title(title: str) -> str:
    """Find the unit in the header's first cell: "HUMAnN v4.0 Adjusted CPMs"."""
    words = title.lower().strip()
    return next((unit for name, unit in UNITS.items() if words.endswith(name)), "")


class _Table:
    """Turns rows into features and remembers which were seen: a row is never summed up."""

    def __init__(self, kind: FeatureKind, samples: list[str], source: Source) -> None:
        self._kind: FeatureKind = kind
        self._samples = samples
        self._source = source
        self._first_lines: dict[tuple[str, str], int] = {}
        self._community = [0.0] * len(samples)
        #: The same without UNMAPPED and its kin, which renormalising may leave out.
        self._named = [0.0] * len(samples)
        self._strata = 0.0
        self._has_community = False
        self._counted = 0
        self._family = _Family("", 0)
        self._misfits: list[int] = []
        self._bare: list[int] = []

    @property
    def has_rows(self) -> bool:
        """Tell whether any row was good."""
        return bool(self._first_lines)

    def rows(self, handle: Iterable[str]) -> Iterator[tuple[Label, WideRow] | BadRecord]:
        """Yield the rows, checked, as compact as they can be."""
        for line, text in enumerate(handle, 2):
            if text.strip():
                cells = text.rstrip("\n").split("\t")
                try:
                    yield self._row(line, cells)
                except ValueError as error:
                    yield BadRecord(self._source.path_name, line, cells[0][:120], str(error))

    def _row(self, line: int, cells: list[str]) -> tuple[Label, WideRow]:
        label = label_of(cells[0])
        if not label.id:
            raise ValueError("the row has no name")
        refuse_width(cells, len(self._samples) + 1)
        row = WideRow(cells[0], line)
        for at, cell in enumerate(cells[1:]):
            if cell not in ZEROS:
                row.put(at, abundance(cell, self._source, line))
        first = self._first_lines.setdefault((label.id, label.stratum), line)
        if first != line:
            message = f"the row occurs twice, first on line {first}"
            raise ValueError(message)
        self._count(label, row)
        return label, row

    def _count(self, label: Label, row: WideRow) -> None:
        if label.stratum:
            self._strata += row.sum()
        else:
            self._has_community = True
            self._counted += bool(row.numbers)
            for at, value in zip(row.positions, row.numbers, strict=True):
                self._community[at] += value
                self._named[at] += 0.0 if label.id in SPECIAL else value
        if label.id != self._family.id:
            self._close()
            self._family = _Family(label.id, row.line)
        self._family.add(label.stratum, row.sum())

    def _close(self) -> None:
        """Compare a family with its strata, which follow it; those of pathways do not add up."""
        family = self._family
        if family.whole is None:
            self._misfits += [family.line] if family.parts else []
        elif self._kind == "gene_family" and not family.parts and family.id not in SPECIAL:
            self._bare.append(family.line)
        elif self._kind == "gene_family" and family.parts:
            slack = _ROUNDING * family.whole + _LAST_DIGIT * (family.parts + 1) * len(self._samples)
            self._misfits += [family.line] if abs(family.whole - family.strata) > slack else []

    def unit(self, stated: str) -> str:
        """Decide on the unit: what samples sum to outweighs a header that was not updated."""
        if stated and stated != RPK:
            return stated
        sums = [it for it in self._community if it] if self._counted >= _ENOUGH else []
        for whole, unit in _WHOLES:
            if sums and all(abs(it - whole) <= _NEAR * whole for it in sums):
                header = "says RPK" if stated else "names no unit"
                told = f"the header {header}, but all samples sum to {whole:g}: read as {unit}"
                self._source.warnings.append(told)
                return unit
        if not stated:
            told = "the header names no unit: RPK, HUMAnN's default, is assumed"
            self._source.warnings.append(told)
        return RPK

    def compare_whole(self, unit: str) -> None:
        """Tell of samples of a renormalised table that do not sum to its whole."""
        whole = next((whole for whole, name in _WHOLES if name == unit), 0.0)
        off = {
            name: sums
            for name, *sums in zip(self._samples, self._community, self._named, strict=True)
            if whole and not any(abs(it - whole) <= _NEAR * whole for it in sums)
        }
        if off:
            name, (found, _) = next(iter(off.items()))
            told = f"samples that do not sum to {whole:g} {unit}: {len(off)}, the first is {name}"
            self._source.warnings.append(f"{told} ({found:.7g}): rows were left out or regrouped")

    def feature(self, label: Label, row: WideRow) -> Feature:
        """Make the feature of a row."""
        return Feature(
            id=label.id,
            name=label.name or label.id,
            kind=self._kind,
            unit=self._source.unit,
            values=row.values(self._samples),
            stratum=label.stratum,
            special=label.id in SPECIAL,
            tool="HUMAnN",
            provenance=self._source.provenance(HumannReader.name, row.line),
        )

    def finish(self) -> None:
        """Tell of a table of strata only, and of families that are not what their strata are."""
        self._close()
        warnings = self._source.warnings
        if not self.has_rows:
            warnings.append("the table has no rows")
        # Where there are strata, each family has some.
        misfits = sorted([*self._misfits, *(self._bare if self._strata else [])])
        if misfits and self._has_community:
            warnings.append(
                f"rows that are not the sum of their strata: {len(misfits)}, first on "
                f"line {misfits[0]}: is the table whole?"
            )
        if self._strata and not self._has_community:
            warnings.append("the table has strata only: no community row")
            if self._source.unit != COVERAGE and self._kind == "gene_family":
                self._source.total = self._strata


class _Family:
    """A family or pathway, and what its strata sum to so far."""

    __slots__ = ("id", "line", "parts", "strata", "whole")

    def __init__(self, feature_id: str, line: int) -> None:
        self.id = feature_id
        self.line = line
        self.whole: float | None = None
        self.strata = 0.0
        self.parts = 0

    def add(self, stratum: str, value: float) -> None:
        """Add a row; a stratum of a stratum is in its sum already."""
        if not stratum:
            self.whole = value
        elif "|" not in stratum:
            self.strata += value
            self.parts += 1
