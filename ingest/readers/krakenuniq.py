"""KrakenUniq's report: reads and distinct k-mers per clade.

    # KrakenUniq v1.0.2 DATE:2023-01-26T13:02:13Z DB:./krakenuniq ...
    %<TAB>reads<TAB>taxReads<TAB>kmers<TAB>dup<TAB>cov<TAB>taxID<TAB>rank<TAB>taxName
    96.58<TAB>438670<TAB>0<TAB>44598440<TAB>1.86<TAB>0.1568<TAB>1<TAB>no rank<TAB>root

Kept: the reads of each clade, unclassified as a special row; the total counts each read once.
Dropped: percentages, k-mers, duplication and coverage, which tell false positives: look at them
in the report before a rare taxon is believed. See github.com/fbreitwieser/krakenuniq.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import Columns, columns_of, refuse_missing
from ingest.clades import UNIT, Clade, CladeCounts, depth_of
from ingest.errors import FormatError
from ingest.tables import abundance, sample_of_file
from ingest.taxa import features_of, rank_of, refuse_width, tab_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord, Feature

#: Our field -> its name, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "percent": ("%",),
    "reads": ("reads",),
    "own": ("taxreads",),
    "kmers": ("kmers",),
    "taxid": ("taxid",),
    "rank": ("rank",),
    "name": ("taxname", "name"),
}
_NEEDED: Final = ("reads", "own", "kmers", "taxid", "rank", "name")
_VERSION: Final = re.compile(r"#\s*KrakenUniq\s+v?(\S+)")


class KrakenuniqReader:
    """Reads per clade of one sample."""

    name = "krakenuniq"
    kind: Kind = "abundance"
    description = "KrakenUniq report"

    def sniff(self, head: str) -> bool:
        """Look for the header's names after the comments."""
        return _header(head.splitlines()).has(*_NEEDED)

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per line.

        Raises:
            FormatError: The header is absent, or no line can be used.
        """
        source.unit = UNIT
        comments = 0
        version = header = ""
        for header in handle:
            if header.strip() and not header.startswith("#"):
                break
            comments += 1
            found = _VERSION.match(header)
            version = found.group(1) if found else version
        columns = columns_of(header.split("\t"), ALIASES)
        if not header.strip():
            raise FormatError("the file is blank", path_name=source.path_name)
        refuse_missing(columns, _NEEDED, ALIASES, source)
        tool = f"KrakenUniq {version}".strip()
        counts = CladeCounts(source, sample_of_file(source.path_name), tool, self.name)
        rows = tab_rows(handle, comments + 2)
        yield from features_of(
            rows,
            source,
            lambda number, cells: counts.feature(_clade(number, cells, columns, source)),
            name_at=columns.places["name"],
        )
        counts.finish()


def _header(lines: Sequence[str]) -> Columns:
    first = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    return columns_of(first.split("\t"), ALIASES)


def _clade(line: int, cells: Sequence[str], columns: Columns, source: Source) -> Clade:
    refuse_width(cells, columns.width)
    raw = {field: cells[place] for field, place in columns.places.items()}
    name = raw["name"]
    if not name.strip() or not raw["taxid"].strip():
        raise ValueError("the line names no taxon")
    return Clade(
        line,
        depth_of(name),
        raw["taxid"].strip(),
        name.strip(),
        rank_of(raw["rank"]),
        abundance(raw["reads"], source, line),
        abundance(raw["own"], source, line),
        percent=abundance(raw["percent"], source, line) if "percent" in raw else None,
    )
