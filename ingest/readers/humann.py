"""HUMAnN 2, 3 and 4: gene families, pathway abundance, pathway coverage.

    # Pathway<TAB>sample1_Abundance
    PWY-7221: guanosine ribonucleotides de novo biosynthesis<TAB>2.17
    PWY-7221: guanosine ribonucleotides de novo biosynthesis|g__Bacteroides.s__B_stercoris<TAB>1.04

Kept: every row: community rows, and strata ("|taxon") with ``stratum`` set; UNMAPPED,
UNINTEGRATED and UNGROUPED as special. Both describe the same abundance: sum only one of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import BadRecord, Feature
from ingest.tables import abundance, refuse_duplicates, refuse_semicolons

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import FeatureKind

_HEADER: Final = re.compile(r"#?\s*(Gene Family|Pathway|Reaction)\b([^\t;]*)", re.IGNORECASE)
_KINDS: Final[dict[str, FeatureKind]] = {
    "gene family": "gene_family",
    "pathway": "pathway",
    "reaction": "gene_family",
}
_SPECIAL: Final = frozenset({"UNMAPPED", "READS_UNMAPPED", "UNINTEGRATED", "UNGROUPED"})
_SUFFIX: Final = re.compile(r"_(Abundance|Coverage)(?:-(RPKs?|CPM|RELAB))?$", re.IGNORECASE)
#: What the header says -> the unit.
_UNITS: Final = {
    "rpk": "RPK",
    "rpks": "RPK",
    "cpm": "CPM",
    "relab": "relab",
    "coverage": "coverage",
    "adjusted cpms": "CPM",
}


class HumannReader:
    """Functional profiles of HUMAnN."""

    name = "humann"
    kind: Kind = "abundance"
    description = "HUMAnN 2, 3, 4 gene families, pathway abundance or coverage (TSV)"

    def sniff(self, head: str) -> bool:
        """Look for HUMAnN's header cell in the first line."""
        match = _HEADER.match(head)
        return match is not None and head[match.end() : match.end() + 1] in {"\t", ";"}

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
        samples = [_SUFFIX.sub("", column) for column in columns]
        refuse_duplicates(samples, source, 1)
        source.unit = _unit(match.group(2), columns, source)
        rows = _Rows(_KINDS[match.group(1).lower()], samples, source)
        for line, text in enumerate(handle, 2):
            if text.strip():
                yield rows.record(line, text.rstrip("\n").split("\t"))


def _unit(title: str, columns: list[str], source: Source) -> str:
    """Find the unit in the header cell or in the columns' suffixes; else assume RPK aloud."""
    found = {suffix for column in columns if (suffix := _suffix_unit(column))}
    found |= {unit for name, unit in _UNITS.items() if title.lower().strip().endswith(name)}
    if len(found) == 1:
        return found.pop()
    if found:
        what = f"columns of different units: {', '.join(sorted(found))}"
        hint = "Split the table by unit"
        raise FormatError(what, path_name=source.path_name, line=1, hint=hint)
    source.warnings.append("the header names no unit: RPK, HUMAnN's default, is assumed")
    return "RPK"


def _suffix_unit(column: str) -> str:
    match = _SUFFIX.search(column)
    if match is None:
        return ""
    return _UNITS.get((match.group(2) or match.group(1)).lower(), "")


class _Rows:
    """Turns rows into features and remembers which were seen: a row is never summed up."""

    def __init__(self, kind: FeatureKind, samples: list[str], source: Source) -> None:
        self._kind: FeatureKind = kind
        self._samples = samples
        self._source = source
        self._first_lines: dict[tuple[str, str], int] = {}

    def record(self, line: int, cells: list[str]) -> Feature | BadRecord:
        named, _, stratum = cells[0].strip().partition("|")
        feature_id, _, name = named.partition(": ")
        fault = self._fault(line, (feature_id, stratum), cells)
        if fault:
            return BadRecord(self._source.path_name, line, cells[0][:120], fault)
        try:
            values = [abundance(cell, self._source, line) for cell in cells[1:]]
        except ValueError as error:
            return BadRecord(self._source.path_name, line, cells[0][:120], str(error))
        return Feature(
            id=feature_id,
            name=name or feature_id,
            kind=self._kind,
            unit=self._source.unit,
            values=tuple(zip(self._samples, values, strict=True)),
            stratum=stratum,
            special=feature_id in _SPECIAL,
            tool="HUMAnN",
            provenance=self._source.provenance(HumannReader.name, line),
        )

    def _fault(self, line: int, key: tuple[str, str], cells: list[str]) -> str:
        if not key[0]:
            return "the row has no name"
        if len(cells) != len(self._samples) + 1:
            return f"{len(cells)} fields where the header has {len(self._samples) + 1}"
        first = self._first_lines.setdefault(key, line)
        return "" if first == line else f"the row occurs twice, first on line {first}"
