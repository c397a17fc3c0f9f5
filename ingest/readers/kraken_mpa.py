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
from ingest.taxa import Once, features_of, lineage_of, refuse_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

UNIT: Final = "counts"
_ROW: Final = re.compile(r"[dk]__[^|\t]*(?:\|[kpcofgst]__[^|\t]*)*(?:\t\d{1,15})+")
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
        return bool(rows) and all(map(_ROW.fullmatch, rows))

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per clade.

        Raises:
            FormatError: The file is blank, two samples have one name, or no row can be used.
        """
        source.unit = UNIT
        yield from features_of(
            _rows(handle, source, table := _Table(source)), source, table.feature
        )


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

    def name(self, names: Sequence[str], line: int) -> None:
        """Take the samples from the header."""
        self._samples = [sample_of_file(name.strip()) for name in names]
        refuse_duplicates(self._samples, self._source, line)

    def feature(self, line: int, cells: Sequence[str]) -> Feature:
        """Read a row."""
        refuse_width(cells, len(self._samples) + 1)
        parts = cells[0].strip().split("|")
        if not _ROW.fullmatch("\t".join(cell.strip() for cell in cells)):
            raise ValueError("the row is no clade with whole numbers of reads")
        # A kingdom below a domain (d__...|k__...) is a rank of its own.
        taxon = lineage_of(parts)
        is_kingdom = parts[-1].startswith("k__") and len(parts) > 1
        self._once.take(taxon.id, line)
        values = [abundance(cell, self._source, line) for cell in cells[1:]]
        return Feature(
            id=cells[0].strip(),
            name=taxon.name,
            kind="taxon",
            unit=UNIT,
            values=tuple(zip(self._samples, values, strict=True)),
            rank="kingdom" if is_kingdom else taxon.rank,
            tool="Kraken report",
            lineage=taxon.id,
            provenance=self._source.provenance(KrakenMpaReader.name, line),
        )
