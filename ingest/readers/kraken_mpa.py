"""Kraken 2's report in MetaPhlAn's style (--use-mpa-style), kreport2mpa and combine_mpa.

    #Classification<TAB>Sample #1<TAB>Sample #2           (combined; a single file has no header)
    d__Bacteria<TAB>100
    d__Bacteria|p__Pseudomonadota<TAB>90

Kept: the reads of each clade, every rank of them; root and unclassified reads are not in the
file. Dropped: nothing. Counts are whole numbers, MetaPhlAn's percentages have decimals.
See github.com/jenniferlu717/KrakenTools.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import Feature
from ingest.tables import abundance, refuse_duplicates, sample_of_file
from ingest.taxa import NO_RANK, Once, Taxon, features_of, lineage_of, refuse_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

UNIT: Final = "counts"
#: With --intermediate-ranks there are taxa without a rank, x__.
_CLADE: Final = r"[dkx]__[^|\t]*(?:\|[dkpcofgstx]__[^|\t]*)*"
_ROW: Final = re.compile(rf"{_CLADE}(?:\t\d{{1,15}})+")
#: With --percentages the values have decimals, as MetaPhlAn's; kingdoms below domains tell them.
_PERCENT_ROW: Final = re.compile(rf"{_CLADE}(?:\t\d{{1,3}}\.\d+)+")
_OWN: Final = re.compile(r"[dk]__[^|\t]*\|k__|(?:^|\|)x__")
PERCENT: Final = "percent"
_HEADER: Final = re.compile(r"#\s*Classification\t", re.IGNORECASE)


class KrakenMpaReader:
    """Reads per clade of one sample or several."""

    name = "kraken_mpa"
    kind: Kind = "abundance"
    description = "Kraken 2 --use-mpa-style, kreport2mpa, combine_mpa"

    def sniff(self, head: str) -> bool:
        """Look for rows of clades and whole numbers, under no header or this one."""
        lines = [line for line in head.splitlines() if line.strip()]
        rows = lines[1:] if lines and _HEADER.match(lines[0]) else lines
        # The last line of the head may be cut.
        rows = rows[:-1] if len(rows) > 1 else rows
        if not rows or all(map(_ROW.fullmatch, rows)):
            return bool(rows)
        return all(map(_PERCENT_ROW.fullmatch, rows)) and any(map(_OWN.search, rows))

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per clade.

        Raises:
            FormatError: The file is blank, two samples have one name, or no row can be used.
        """
        table = _Table(source)
        yield from features_of(_rows(handle, source, table), source, table.feature)


def _rows(handle: TextIO, source: Source, table: _Table) -> Iterator[tuple[int, Sequence[str]]]:
    seen = False
    for line, text in enumerate(handle, 1):
        cells = text.rstrip("\n").split("\t")
        seen = seen or bool(text.strip())
        if _HEADER.match(text):
            table.name(cells[1:], line)
        elif text.strip() and not text.startswith("#"):
            yield line, cells
    if not seen:
        raise FormatError("the file is blank", path_name=source.path_name)


class _Table:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._samples = [sample_of_file(source.path_name)]
        self._once = Once()
        self._row: re.Pattern[str] | None = None
        source.unit = UNIT

    def name(self, names: Sequence[str], line: int) -> None:
        """Take the samples from the header."""
        self._samples = [sample_of_file(name.strip()) for name in names]
        refuse_duplicates(self._samples, self._source, line)

    def feature(self, line: int, cells: Sequence[str]) -> Feature:
        """Read a row."""
        refuse_width(cells, len(self._samples) + 1)
        parts = cells[0].strip().split("|")
        row = "\t".join(cell.strip() for cell in cells)
        if self._row is None and _PERCENT_ROW.fullmatch(row):
            self._source.unit = PERCENT
        self._row = self._row or (_PERCENT_ROW if self._source.unit == PERCENT else _ROW)
        if not self._row.fullmatch(row):
            what = "percentages" if self._row is _PERCENT_ROW else "whole numbers of reads"
            message = f"the row is no clade with {what}"
            raise ValueError(message)
        # A kingdom below a domain (d__...|k__...) is a rank of its own.
        known = [part for part in parts if not part.startswith("x__")]
        taxon = lineage_of(known) if known else Taxon("", "", NO_RANK)
        is_kingdom = parts[-1].startswith("k__") and len(known) > 1
        is_ranked = not parts[-1].startswith("x__")
        self._once.take(cells[0].strip(), line)
        values = [abundance(cell, self._source, line) for cell in cells[1:]]
        return Feature(
            id=cells[0].strip(),
            name=taxon.name if is_ranked else parts[-1][3:].replace("_", " "),
            kind="taxon",
            unit=self._source.unit,
            values=tuple(zip(self._samples, values, strict=True)),
            rank="kingdom" if is_kingdom else taxon.rank if is_ranked else NO_RANK,
            tool="Kraken report",
            lineage=taxon.id,
            provenance=self._source.provenance(KrakenMpaReader.name, line),
        )
