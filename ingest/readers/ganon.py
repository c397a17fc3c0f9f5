"""ganon's report: unique, shared and inherited matches of each taxon; no header.

    unclassified<TAB>-<TAB>-<TAB>unclassified<TAB>0<TAB>0<TAB>0<TAB>174530<TAB>27.61288
    root<TAB>1<TAB>1<TAB>root<TAB>0<TAB>0<TAB>457530<TAB>457530<TAB>72.38712
    superkingdom<TAB>2<TAB>1|2<TAB>Bacteria<TAB>0<TAB>0<TAB>447016<TAB>447016<TAB>69.95031

Kept: the cumulative count of each clade (column 8), unclassified as a special row; the total
counts each read once. Dropped: the percentages, which ganon may have corrected for genome sizes.
See pirovc.github.io/ganon/outputfiles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import Feature
from ingest.tables import abundance, sample_of_file
from ingest.taxa import (
    ROOT,
    UNCLASSIFIED,
    Once,
    features_of,
    near,
    rank_of,
    refuse_width,
    tab_rows,
    taxon_id,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

UNIT: Final = "counts"
_WIDTH: Final = 9
#: Percentages are of all reads; this is more than rounding leaves.
_ROUNDING: Final = 0.01


class GanonReader:
    """Matches per clade of one sample."""

    name = "ganon"
    kind: Kind = "abundance"
    description = "ganon report (.tre)"

    def sniff(self, head: str) -> bool:
        """Look at the first line: nine fields, the last but one a sum of three counts."""
        first = next((line for line in head.splitlines() if line.strip()), "")
        cells = [cell.strip() for cell in first.split("\t")]
        if len(cells) == _WIDTH and cells[0] == UNCLASSIFIED and cells[3] in {UNCLASSIFIED, "-"}:
            return cells[7].isdigit()
        if len(cells) != _WIDTH or not all(cell.isdigit() for cell in cells[4:8]):
            return False
        *parts, whole = (int(cell) for cell in cells[4:8])
        is_lineage = cells[2].split("|")[-1] == cells[1] and cells[1] != ""
        return sum(parts) == whole and is_lineage and bool(cells[0]) and not cells[0].isdigit()

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per line.

        Raises:
            FormatError: No line can be used.
        """
        source.unit = UNIT
        table = _Table(source)
        yield from features_of(tab_rows(handle, 1), source, table.feature, name_at=3)
        table.finish()


class _Table:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._sample = sample_of_file(source.path_name)
        self._once = Once()
        self._percent = self._whole = self._own = 0.0
        self._unclassified = self._share = 0.0
        self._rows = 0
        self._has_root = False

    def feature(self, line: int, cells: Sequence[str]) -> Feature:
        refuse_width(cells, _WIDTH)
        rank, target, _, name = (cell.strip() for cell in cells[:4])
        is_unclassified = rank == UNCLASSIFIED
        # Version 1 has "-" where reads of no taxon have no counts.
        figures = ["0" if is_unclassified and it.strip() == "-" else it for it in cells[4:]]
        name = UNCLASSIFIED if is_unclassified and name == "-" else name
        *parts, whole, percent = (abundance(cell, self._source, line) for cell in figures)
        if not is_unclassified and sum(parts) != whole:
            message = f"{whole:.10g} matches, {sum(parts):.10g} unique, shared and of children"
            raise ValueError(message)
        if not name or not target or percent > 100 + _ROUNDING:
            raise ValueError("the row names no taxon" if not name else "the percentage passes 100")
        self._once.take(rank if is_unclassified else target, line)
        self._rows += 1
        self._own += whole if is_unclassified else parts[0] + parts[1]
        if is_unclassified:
            self._unclassified, self._share = whole, percent
        if is_unclassified or rank == ROOT:
            self._has_root = self._has_root or rank == ROOT
            self._whole += whole
            self._percent += percent
        return Feature(
            id=UNCLASSIFIED if is_unclassified else _id_of(target),
            name=name,
            kind="taxon",
            unit=UNIT,
            values=((self._sample, whole),),
            rank="" if is_unclassified else rank_of(rank),
            special=is_unclassified,
            tool="ganon",
            provenance=self._source.provenance(GanonReader.name, line),
        )

    def finish(self) -> None:
        """Set the total; warn where it does not add up.

        Raises:
            FormatError: The file is blank.
        """
        if not self._rows:
            raise FormatError("the file is blank", path_name=self._source.path_name)
        self._source.total = self._whole if self._has_root else self._own
        if not self._has_root:
            self._source.warnings.append("there is no line of the root: is the report whole?")
        total = self._source.total
        if total and abs(100 * self._unclassified / total - self._share) > _ROUNDING:
            self._source.warnings.append(
                f"unclassified are {self._share:.5g} percent, but {self._unclassified:.10g} of "
                f"{total:.10g} matches: lines are missing or changed"
            )
        if self._has_root and not near(self._percent, 100, _ROUNDING):
            self._source.warnings.append(
                f"root and unclassified are {self._percent:.5g} percent together: is it whole?"
            )
        if self._has_root and self._own > self._whole:
            self._source.warnings.append(
                f"the lines hold {self._own:.10g} matches of their own, root and unclassified "
                f"{self._whole:.10g}: lines were changed"
            )


def _id_of(target: str) -> str:
    return taxon_id(target) if target.isascii() and target.isdigit() else target
