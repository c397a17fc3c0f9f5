"""What is in a file: format, counts, unit and total, without writing anything."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ingest.files import read_records
from ingest.gene_ids import match_id
from ingest.records import Annotation, BadRecord, Feature, Notice, Sample

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.readers.base import Kind, Source
    from ingest.records import Record

#: Ranks from the one that profiles are read at to the coarsest; "t" repeats the species.
_BASE_RANKS: Final = ("s", "g", "f", "o", "c", "p", "k", "t")
#: Units whose values are no parts of a whole: they have no total.
_NOT_ADDITIVE: Final = frozenset({"", "coverage", "distance", "coordinate", "log or scaled"})
#: Units of coverage and completeness, and two units in one table.
_NO_PARTS: Final = re.compile(r"coverage|complete|covered|ANI|length|per base|;")
#: Share of the coarser ranks that the base rank reaches in a whole table; rounding takes less.
_COMPLETE: Final = 0.99
#: Bad records that are shown one by one; the rest is counted.
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file holds.

    ``records`` counts all good records, without the metadata that a table has beside its rows;
    ``features`` counts rows that are no strata of others, of an ordination the features of its
    biplot, else its axes, and the genes that a table of annotations is about;
    ``total`` is the sum over all samples at the base rank (taxa) or of the community rows with
    UNMAPPED and its kin (functions), None where a sum means nothing. A reader that knows better
    says it itself: all reads of a report of clades, each counted once.
    """

    path: str
    format: str
    kind: Kind
    records: int
    samples: int = 0
    features: int = 0
    unit: str = ""
    total: float | None = None
    warnings: list[str] = field(default_factory=list)


def inspect(path: Path, format: str | None = None) -> Inspection:
    """Read a whole file and count what is in it.

    Raises:
        InputError: The file cannot be used; see ``ingest.files.read_records``.
    """
    opened = read_records(path, format)
    table = _Table()
    bad: list[BadRecord] = []
    records = 0
    for record in opened.records:
        if isinstance(record, BadRecord):
            bad.append(record)
        else:
            table.add(record)
            records += _counts(record, table)
    unit = opened.source.unit
    return Inspection(
        path=path.name,
        format=opened.reader,
        kind=opened.kind,
        records=records,
        samples=len(table.samples),
        features=table.features or table.axes or len(table.genes),
        unit=unit,
        total=_total(opened.source, table),
        warnings=[*opened.source.warnings, *_doubts(opened.source, table), *_told(bad)],
    )


def _counts(record: Record, table: _Table) -> bool:
    """Leave out samples beside their table, and withdrawn records beside the papers of a file."""
    is_withdrawal = isinstance(record, Notice) and record.kind == "deletion"
    return not is_withdrawal and not (isinstance(record, Sample) and bool(table.features))


def _total(source: Source, table: _Table) -> float | None:
    if source.total is not None:
        return round(source.total, 9)
    is_whole = source.unit not in _NOT_ADDITIVE and not _NO_PARTS.search(source.unit)
    is_sum = is_whole and not table.has_metabolites
    return table.total() if table.features and is_sum else None


def _doubts(source: Source, table: _Table) -> list[str]:
    return table.warnings() if source.total is None else []


class _Table:
    """Sums abundances by rank, so that no rank and no stratum is counted twice."""

    def __init__(self) -> None:
        self.samples: dict[str, None] = {}
        self.features = 0
        self.axes = 0
        self.genes: set[str] = set()
        self._by_rank: defaultdict[str, float] = defaultdict(float)
        self._has_taxa = False
        #: Molecules are measured each on its own scale: their values have no sum.
        self.has_metabolites = False

    def add(self, record: Record) -> None:
        """Count a record."""
        if isinstance(record, Sample):
            self.samples[record.samp_name] = None
        if isinstance(record, Annotation):
            self.genes.add(match_id(record.gene_id) or str(record.location))
        if not isinstance(record, Feature):
            return
        self.samples.update((name, None) for name, _ in record.values)
        if record.stratum:
            return
        if record.kind == "axis":
            self.axes += 1
            return
        self.features += 1
        self._has_taxa = self._has_taxa or record.kind == "taxon"
        self.has_metabolites = self.has_metabolites or record.kind == "metabolite"
        self._by_rank[record.rank] += sum(value for _, value in record.values)

    def total(self) -> float:
        """Sum the base rank of taxa, or all community rows of functions."""
        # Nine decimals are more than any tool writes; they hide the noise of adding floats.
        return round(self._by_rank.get(self._base_rank(), 0.0), 9)

    def warnings(self) -> list[str]:
        """Tell when the base rank holds less than the ranks above it: rows are missing."""
        total = self.total()
        above = max(
            (self._by_rank[rank] for rank in _BASE_RANKS if rank in self._by_rank), default=0
        )
        if not self._has_taxa or total > _COMPLETE * above or not above:
            return []
        return [f"rank {self._base_rank()} sums to {total:g} of {above:g}: is the table whole?"]

    def _base_rank(self) -> str:
        ranks = _BASE_RANKS if self._has_taxa else ("",)
        return next((rank for rank in ranks if rank in self._by_rank), "none")


def _told(bad: list[BadRecord]) -> list[str]:
    lines = [f"line {item.line}, {item.record or 'no id'}: {item.reason}" for item in bad[:_SHOWN]]
    if len(bad) > _SHOWN:
        lines.append(f"records besides that could not be read: {len(bad) - _SHOWN}")
    return lines
