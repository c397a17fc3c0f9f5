"""Kaiju's summary (kaijuReport, before kaiju2table): reads per taxon of one rank and one sample.

            %<TAB>    reads<TAB>genus
    -------------------------------------------
    26.410256<TAB>     1030<TAB>Escherichia
     1.000000<TAB>       39<TAB>cannot be assigned to a genus

Kept: reads of each taxon, its lineage where paths were asked for; unclassified reads and those
without a taxon of the rank as special rows. Viruses are of all ranks and have none. Dropped:
percentages. Taxa have names only. See github.com/bioinformatics-centre/kaiju, kaijuReport.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import Feature
from ingest.tables import abundance, sample_of_file
from ingest.taxa import NO_RANK, UNCLASSIFIED, Once, features_of, rank_of, refuse_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

UNIT: Final = "counts"
_HEADER: Final = re.compile(r"\s*%\t\s*reads\t\s*(\w[\w ]*?)\s*(?:\n|\Z)")
_DASHES: Final = re.compile(r"-{10,}\s*")
_BESIDE: Final = re.compile(r"cannot be assigned to a|belong to a \w+ (?:having|with) less than")
_SUFFIX: Final = re.compile(r"[._-](?:kaiju|summary)(?:[._-]\w+)*$", re.IGNORECASE)
_VIRUSES: Final = "Viruses"
#: Percentages have six decimals of a float.
_ROUNDING: Final = 1e-4


class KaijuReportReader:
    """Reads per taxon of one sample, as a drawn table."""

    name = "kaiju_report"
    kind: Kind = "abundance"
    description = "Kaiju summary (kaijuReport)"

    def sniff(self, head: str) -> bool:
        """Look for the header and the line below it."""
        lines = head.lstrip("\n").split("\n")
        is_drawn = len(lines) > 1 and _DASHES.fullmatch(lines[1]) is not None
        return is_drawn and _HEADER.match(lines[0]) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per row.

        Raises:
            FormatError: There is no header, or no row can be used.
        """
        lines = ((line, text) for line, text in enumerate(handle, 1) if text.strip())
        line, header = next(lines, (0, ""))
        found = _HEADER.match(header)
        if found is None:
            hint = "The first line is: % reads RANK"
            what = "there is no header of kaijuReport"
            raise FormatError(what, path_name=source.path_name, line=line, hint=hint)
        source.unit = UNIT
        table = _Table(rank_of(found.group(1)), source)
        rows = ((n, it.rstrip("\n").split("\t")) for n, it in lines if not _DASHES.fullmatch(it))
        yield from features_of(rows, source, table.feature, name_at=2)
        table.finish()


class _Table:
    def __init__(self, rank: str, source: Source) -> None:
        self._rank = rank
        self._source = source
        self._sample = _SUFFIX.sub("", sample_of_file(source.path_name)) or source.path_name
        self._once = Once()
        self._rows: list[tuple[float, float]] = []
        self._has_end = False

    def feature(self, line: int, cells: Sequence[str]) -> Feature:
        """Read a row."""
        refuse_width(cells, 3)
        percent, reads = (abundance(cell, self._source, line) for cell in cells[:2])
        parts = [part.strip() for part in cells[2].split(";") if part.strip() not in {"", "NA"}]
        if not parts or not reads.is_integer():
            raise ValueError("the row names no taxon, or its reads are no count")
        identifier = cells[2].strip() if ";" in cells[2] else parts[0]
        is_end = identifier == UNCLASSIFIED
        is_special = is_end or _BESIDE.match(identifier) is not None
        self._once.take(identifier, line)
        self._has_end = self._has_end or is_end
        if not is_end:  # unclassified reads may be left out of the percentages (-u)
            self._rows.append((percent, reads))
        self._source.total = (self._source.total or 0.0) + reads
        is_ranked = not is_special and identifier != _VIRUSES
        return Feature(
            id=identifier,
            name=parts[-1],
            kind="taxon",
            unit=UNIT,
            values=((self._sample, reads),),
            rank=self._rank if is_ranked else "" if is_special else NO_RANK,
            special=is_special,
            tool="Kaiju",
            lineage=";".join(parts) if ";" in cells[2] else "",
            provenance=self._source.provenance(KaijuReportReader.name, line),
        )

    def finish(self) -> None:
        """Tell of rows that are missing or were changed: all percentages are of one whole."""
        warnings = self._source.warnings
        if not self._has_end:
            warnings.append("there is no line of unclassified reads: is the summary whole?")
        wholes = [100 * reads / percent for percent, reads in self._rows if percent > 1]
        if wholes and not all(math.isclose(it, wholes[0], rel_tol=_ROUNDING) for it in wholes):
            warnings.append("percentages are not those of the reads: lines were changed")
        classified = math.fsum(reads for _, reads in self._rows)
        total = self._source.total or 0.0
        is_all = any(
            math.isclose(it, whole, rel_tol=_ROUNDING)
            for whole in wholes[:1]
            for it in (classified, total)
        )
        if wholes and not is_all:
            warnings.append(
                f"the lines hold {total:.10g} reads, their percentages are of {wholes[0]:.10g}: "
                "are lines missing?"
            )
