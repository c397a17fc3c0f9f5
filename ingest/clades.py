"""Reports of reads per clade (Kraken and its kin): what is counted twice, and what adds up.

Each line has the reads of a clade (with everything below it) and those of the taxon itself. A
``Feature`` holds the clade's; reads are summed once, as root and unclassified. The tree, told by
indentation, shows when lines are missing or changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ingest.records import Feature
from ingest.taxa import ROOT, UNCLASSIFIED, Once, taxon_id

if TYPE_CHECKING:
    from ingest.readers.base import Source

#: Spaces before a name for each step down the tree.
_INDENT: Final = 2
UNIT: Final = "counts"
#: Root and unclassified are all reads; rounding takes less than this (percent).
LEAST_PERCENT: Final = 99.0
_LETTERS: Final = frozenset("kpcofgst")


@dataclass(slots=True)
class Clade:
    """One line: reads of the clade, and reads of the taxon itself."""

    line: int
    depth: int
    taxid: str
    name: str
    rank: str
    reads: float
    own_reads: float
    percent: float | None = None
    below: float = 0.0

    @property
    def is_unclassified(self) -> bool:
        """Tell whether it holds the reads of no taxon."""
        return self.taxid == "0" or self.rank == UNCLASSIFIED

    @property
    def is_root(self) -> bool:
        """Tell whether it holds all reads of any taxon."""
        return self.taxid == "1" or self.rank == ROOT


def depth_of(name: str) -> int:
    """Count the steps from the root by the spaces before a name."""
    return (len(name) - len(name.lstrip(" "))) // _INDENT


@dataclass(slots=True)
class CladeCounts:
    """Turns clades into features of one sample and checks that they add up."""

    source: Source
    sample: str
    tool: str
    reader: str
    _once: Once = field(default_factory=Once)
    _open: list[Clade] = field(default_factory=list)
    _own: float = 0.0
    _whole: float = 0.0
    _percent: float = 0.0
    _roots: int = 0
    _deepest: int = 0
    _gaps: list[int] = field(default_factory=list)
    _misfits: int = 0
    _first_misfit: int = 0
    _most_off: float = 0.0

    def feature(self, clade: Clade) -> Feature:
        """Take a clade.

        Raises:
            ValueError: It occurs twice, or has fewer reads than the taxon itself.
        """
        identifier = _id_of(clade)
        if clade.own_reads > clade.reads:
            message = f"{clade.own_reads:g} reads of the taxon, {clade.reads:g} of its clade"
            raise ValueError(message)
        self._once.take(identifier, clade.line)
        self._count(clade)
        return Feature(
            id=identifier,
            name=clade.name,
            kind="taxon",
            unit=UNIT,
            values=((self.sample, clade.reads),),
            rank="" if clade.is_unclassified else ROOT if clade.is_root else clade.rank,
            special=clade.is_unclassified,
            tool=self.tool,
            lineage=self._lineage(clade),
            provenance=self.source.provenance(self.reader, clade.line),
        )

    def _count(self, clade: Clade) -> None:
        self._own += clade.own_reads
        if clade.is_unclassified or clade.is_root:
            self._whole += clade.reads
            self._percent += clade.percent or 0.0
            self._roots += clade.is_root
        self._deepest = max(self._deepest, clade.depth)
        self._close(clade.depth)
        if clade.is_unclassified:
            return  # nothing stands below it
        if clade.depth > (self._open[-1].depth + 1 if self._open else 0):
            self._gaps.append(clade.line)
        if self._open:
            self._open[-1].below += clade.reads
        self._open.append(clade)

    def _close(self, depth: int) -> None:
        """Check the clades that nothing more can come below of."""
        while self._open and self._open[-1].depth >= depth:
            clade = self._open.pop()
            off = abs(clade.reads - clade.own_reads - clade.below)
            if off and not clade.is_unclassified:
                self._misfits += 1
                self._first_misfit = self._first_misfit or clade.line
                self._most_off = max(self._most_off, off)

    def _lineage(self, clade: Clade) -> str:
        """Join the taxa with one of the eight ranks from the root down to the clade."""
        if clade.is_unclassified or clade.is_root:
            return ""
        above = self._open[:-1] if self._open[-1] is clade else self._open
        named = [it for it in (*above, clade) if it.rank in _LETTERS]
        return ";".join(f"{it.rank}__{it.name}" for it in named)

    def finish(self) -> None:
        """Set the total, and warn where the reads of the lines do not add up."""
        self._close(0)
        self.source.total = self._whole if self._roots else self._own
        if self._roots and self._whole != self._own:
            self.source.warnings.append(
                f"reads counted directly sum to {self._own:.10g}, those of root and unclassified "
                f"to {self._whole:.10g}: is the report whole?"
            )
        if self._roots and 0 < self._percent < LEAST_PERCENT:
            self.source.warnings.append(
                f"root and unclassified are {self._percent:.4g} percent of the reads: where are "
                "the others?"
            )
        if self._gaps:
            self.source.warnings.append(
                f"clades without the line above them: {len(self._gaps)}, first on line "
                f"{self._gaps[0]}: is the report whole?"
            )
        # sourmash writes reports without indentation: its lines have no parts that could be told.
        if self._misfits and self._deepest:
            self.source.warnings.append(
                f"clades whose reads are not those of their parts: {self._misfits}, first on line "
                f"{self._first_misfit}, by at most {self._most_off:.10g} reads"
            )


def _id_of(clade: Clade) -> str:
    if clade.is_unclassified:
        return UNCLASSIFIED
    return taxon_id(clade.taxid) if clade.taxid else f"{clade.rank}__{clade.name}"
