"""Tables with a sample per row and a feature per column: genera, metabolites, MaAsLin input.

    Sample<TAB>d__Bacteria;p__Bacillota;g__Blautia<TAB>d__Bacteria;p__Bacillota;g__Dorea
    S1<TAB>0.25<TAB>0.01

Kept: one row per feature, turned round; cells without a number are missing, not zero. Dropped:
nothing. Few columns of plain names are taken for sample metadata: name the format to read them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.feature_kinds import (
    BINOMIAL,
    is_amplicon,
    is_lineage,
    is_special,
    kind_of_functions,
    share,
)
from ingest.readers.sample_metadata import ID_COLUMNS, MOST_MEASURES
from ingest.table_features import About, features_of_table
from ingest.table_sums import whole_of
from ingest.wide_tables import by_samples, cells_of, delimiter_of, is_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord, Feature

#: First columns without a name of their own: pandas, R.
_NAMELESS: Final = frozenset({"", "unnamed:_0"})
#: How a shared file of mothur begins.
_MOTHUR: Final = ("label", "Group", "numOtus")
#: Share of lineages that makes other columns metadata.
_MOST_TAXA: Final = 0.5
#: Share of the columns that must be named as taxa where there are few.
_MOST: Final = 0.8
#: Columns beside the name that make a sum of shares no accident.
_SUMMANDS: Final = 3
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
        rows = rows[:-1] if len(rows) > 1 and not head.endswith("\n") else rows
        if _is_mothur(header):
            return True
        taxa = [at for at, name in enumerate(header) if at and is_lineage(name)]
        if len(taxa) >= _MOST_TAXA * len(header) or (taxa and _is_barplot(header)):
            # QIIME 2's barplots put the metadata behind the taxa.
            return is_cut or all(_is_measured(row, len(header), taxa) for row in rows)
        columns = range(1, len(header))
        if not is_cut and not (rows and all(_is_measured(it, len(header), columns) for it in rows)):
            return False
        is_wide = len(header) - 1 > MOST_MEASURES and not _is_nameless(header)
        return is_wide or _are_features(header[1:]) or _are_parts_of_a_whole(rows)

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
        rows = cells_of(handle, delimiter, source, 2)
        id_at, dropped = _layout(header, source)
        table = by_samples(header, rows, source, id_at=id_at, dropped=dropped)
        if not table.samples:
            reason = f": {table.bad[0].reason}" if table.bad else ""
            raise FormatError(f"no sample can be used{reason}", path_name=source.path_name)
        yield from features_of_table(table, source, About("", self.name))


def _names_samples(header: Sequence[str]) -> bool:
    is_named = _key(header[0]) in ID_COLUMNS
    return is_named or _is_mothur(header) or _is_barplot(header) or _is_nameless(header)


def _is_nameless(header: Sequence[str]) -> bool:
    """Tell tables whose first column has no name: either side may be the samples."""
    return _key(header[0]) in _NAMELESS


def _key(cell: str) -> str:
    return cell.lower().replace("-", "_").replace(" ", "_")


def _are_parts_of_a_whole(rows: Sequence[Sequence[str]]) -> bool:
    """Tell shares by their sums: what is written about people and places sums to nothing."""
    try:
        sums = [math.fsum(map(float, row[1:])) for row in rows]
    except ValueError:
        return False
    unit, odd = whole_of(sums)
    return len(sums) > 1 and min(sums) > 0 and unit != "" and not odd and len(rows[0]) > _SUMMANDS


def _is_barplot(header: Sequence[str]) -> bool:
    """Tell a table of a QIIME 2 barplot, which has few taxa at the upper levels."""
    return header[0] == "index" and any(map(is_lineage, header))


def _is_mothur(header: Sequence[str]) -> bool:
    return tuple(header[:3]) == _MOTHUR


def _layout(header: Sequence[str], source: Source) -> tuple[int, tuple[int, ...]]:
    """Find the column of the samples, and columns that hold something else.

    mothur's shared files begin with a label and hold the number of OTUs; QIIME 2's tables of
    barplots end with the metadata.
    """
    if _is_mothur(header):
        return 1, (0, 2)
    taxa = {at for at, name in enumerate(header) if is_lineage(name)}
    others = tuple(at for at in range(1, len(header)) if at not in taxa)
    if not others or (len(taxa) < _MOST_TAXA * len(header) and not _is_barplot(header)):
        return 0, ()
    named = [header[at] for at in others if not is_special(header[at])]
    if named:
        source.warnings.append(f"columns that are no taxa are left out: {', '.join(named)[:200]}")
    return 0, tuple(at for at in others if not is_special(header[at]))


def _are_features(names: Sequence[str]) -> bool:
    """Tell names of taxa, or accessions of functions."""
    tests = (is_lineage, BINOMIAL.fullmatch, is_amplicon)
    are_taxa = max(share(names, test) for test in tests) >= _MOST
    return are_taxa or (len(names) > 1 and kind_of_functions(names) is not None)


def _is_measured(row: Sequence[str], width: int, columns: Sequence[int]) -> bool:
    return len(row) == width and all(is_number(row[at]) for at in columns)
