"""Tables with a sample per row and a feature per column: genera, metabolites, MaAsLin input.

    Sample<TAB>d__Bacteria;p__Bacillota;g__Blautia<TAB>d__Bacteria;p__Bacillota;g__Dorea
    S1<TAB>0.25<TAB>0.01

Kept: one row per feature, turned round; cells without a number are missing, not zero. Dropped:
nothing. Few columns of plain names are taken for sample metadata: name the format to read them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.feature_kinds import BINOMIAL, is_lineage, share
from ingest.readers.sample_metadata import ID_COLUMNS, MOST_MEASURES
from ingest.table_features import About, features_of_table
from ingest.wide_tables import by_samples, cells_of, delimiter_of, is_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord, Feature

#: Share of the columns that must be named as taxa where there are few.
_MOST: Final = 0.8
#: Rows of the head that are looked at.
_LOOKED_AT: Final = 20


class SampleTableReader:
    """Tables of samples by features."""

    name = "sample_table"
    kind: Kind = "abundance"
    description = "Taxa, metabolites or other measurements, a sample per row, a feature per column"

    def sniff(self, head: str) -> bool:
        """Look for a sample column and many columns of numbers, or columns named as taxa."""
        lines = [line for line in head.split("\n") if line.strip()]
        if not lines:
            return False
        delimiter = delimiter_of(lines[0])
        header = [cell.strip().strip('"') for cell in lines[0].split(delimiter)]
        if not _names_samples(header) or len(header) < 2:
            return False
        is_cut = "\n" not in head  # the header alone is longer than the head
        rows = [line.split(delimiter) for line in lines[1 : 1 + _LOOKED_AT]]
        rows = rows[:-1] if len(rows) > 1 else rows
        if not is_cut and not (rows and all(_is_measured(row, len(header)) for row in rows)):
            return False
        return len(header) - 1 > MOST_MEASURES or _are_taxa(header[1:])

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per column.

        Raises:
            FormatError: No sample, two features or samples of one name, decimal commas.
        """
        header_text = handle.readline()
        delimiter = delimiter_of(header_text)
        header = next(cells_of([header_text], delimiter, source), (0, []))[1]
        header = [cell.strip() for cell in header]
        while header and not header[-1]:
            header.pop()
        if len(header) < 2 or "" in header[1:]:
            what = "a column has no name" if len(header) > 1 else "there is no table"
            hint = "The first row names the features, the first column the samples"
            raise FormatError(what, path_name=source.path_name, line=1, hint=hint)
        table = by_samples(header, cells_of(handle, delimiter, source, 2), source)
        if not table.samples:
            reason = f": {table.bad[0].reason}" if table.bad else ""
            raise FormatError(f"no sample can be used{reason}", path_name=source.path_name)
        yield from features_of_table(table, source, About("", self.name))


def _names_samples(header: Sequence[str]) -> bool:
    key = header[0].lower().replace("-", "_").replace(" ", "_")
    return key in ID_COLUMNS or (key == "" and _are_taxa(header[1:]))


def _are_taxa(names: Sequence[str]) -> bool:
    return max(share(names, is_lineage), share(names, BINOMIAL.fullmatch)) >= _MOST


def _is_measured(row: Sequence[str], width: int) -> bool:
    return len(row) == width and all(is_number(cell) for cell in row[1:])
