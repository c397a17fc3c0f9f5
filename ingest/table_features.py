"""From the rows of a table to features: what they are about, in which unit, and what is their sum.

Tables of OTUs, of taxa, of genes and of metabolites share one shape. What a row is about is told
by the ids, as a whole: lineages, clades of MetaPhlAn, strata of HUMAnN, accessions of families.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.feature_kinds import (
    PARTS,
    are_compounds,
    are_species,
    is_amplicon,
    is_lineage,
    is_special,
    is_unassigned,
    kind_of_functions,
    share,
)
from ingest.records import BadRecord, Feature
from ingest.strata import RPK, Label, label_of, sample_of, unit_of_columns
from ingest.table_sums import (
    FRACTION,
    ROUNDING,
    named,
    odd_depths,
    total_column,
    total_row,
    whole_of,
)
from ingest.tables import refuse_duplicates
from ingest.taxa import lineage_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.readers.base import Source
    from ingest.records import FeatureKind
    from ingest.wide_tables import WideRow, WideTable

COUNTS: Final = "counts"
PRESENCE: Final = "presence"
SCALED: Final = "log or scaled"
#: Id of the reads that a table of taxa gives to none.
NO_TAXON: Final = "unassigned"
#: Strata of a gene family add up to it but for rounding.
_STRATA_ROUNDING: Final = 0.01
#: Share of the ids that makes a table one of OTUs.
_MOST_AMPLICONS: Final = 0.8
#: Kinds whose ids are accessions, which may have a name behind them.
_WITH_NAMES: Final = frozenset({"gene_family", "pathway"})
#: Share of the rows of a table of counts that may hold a value below zero by damage.
_FEW: Final = 0.34
#: KEGG's compound number before a name, "-" where there is none.
_NUMBERED: Final = re.compile(r"(C\d{5}|-)_(.+)")


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of its table: who made it, the unit and kind if it states them."""

    tool: str
    reader: str
    unit: str = ""
    kind: FeatureKind | None = None
    #: What the rows are if their ids do not tell.
    default: FeatureKind = "other"


def features_of_table(
    table: WideTable, source: Source, about: About
) -> Iterator[Feature | BadRecord]:
    """Yield a Feature per row, in order, and set the file's unit and total.

    A row whose id was there before is a BadRecord: nothing is ever summed silently.
    """
    _drop_totals(table, source)
    _refuse_negative_counts(table, source)
    reading = _Reading(table, source, about)
    reading.name_the_nameless()
    rows: list[WideRow | BadRecord] = [*table.rows, *table.bad]
    seen: dict[str, int] = {}
    for row in sorted(rows, key=lambda it: it.line):
        if isinstance(row, BadRecord):
            yield row
        elif fault := _fault(row, seen):
            yield BadRecord(source.path_name, row.line, row.id[:120], fault)
        else:
            yield reading.feature(row)
    source.total = reading.total
    reading.compare_strata()


def _drop_totals(table: WideTable, source: Source) -> None:
    """Leave out a row or column that holds all others once more."""
    if (at := total_row(table)) is not None:
        row = table.rows.pop(at)
        source.warnings.append(f"line {row.line}, {row.id}, is the sum of all others: left out")
    if (at := total_column(table)) is not None:
        name = table.samples[at]
        table.drop(at)
        source.warnings.append(f"column {name!r} is the sum of all others: left out")


def _refuse_negative_counts(table: WideTable, source: Source) -> None:
    """Leave out rows with values below zero where all values of the table are whole numbers."""
    negative = [row for row in table.rows if any(value < 0 for value in row.numbers)]
    # Logarithms and scaled values have decimals, and half of them are below zero.
    is_few = len(negative) <= _FEW * len(table.rows)
    if not negative or not is_few or not all(it.is_integer() for it in table.numbers()):
        return
    for row in negative:
        table.bad.append(
            BadRecord(source.path_name, row.line, row.id[:120], "a count is below zero")
        )
    left_out = {id(row) for row in negative}
    table.rows = [row for row in table.rows if id(row) not in left_out]


def _fault(row: WideRow, seen: dict[str, int]) -> str:
    """Say what is wrong with the id of a row; otherwise note it as seen."""
    if not row.id:
        return "the row has no name"
    if row.id not in seen:
        seen[row.id] = row.line
        return ""
    first = f", first on line {seen[row.id]}" if seen[row.id] else ""
    return f"the row occurs twice{first}"


class _Reading:
    """What a table is about, told by all of its rows."""

    def __init__(self, table: WideTable, source: Source, about: About) -> None:
        self._table = table
        self._source = source
        self._about = about
        self._labels = [row.lineage or row.id for row in table.rows]
        self._kind = about.kind or self._kind_of()
        self._is_stratified = self._kind != "taxon" and self._has_strata()
        self._is_nested = self._kind == "taxon" and self._repeats_by_rank()
        self._rank = self._common_rank()
        self._stated = self._stated_unit()
        self.unit = self._stated or self._unit_of()
        self._sums: dict[str, float] = {}
        self._families: dict[str, list[float]] = {}
        self._samples = tuple(sample_of(name) for name in table.samples)
        refuse_duplicates(self._samples, source, 1)
        source.unit = self.unit
        self._tell()

    @property
    def total(self) -> float | None:
        """Sum of the rows that count each thing once; None where a sum means nothing."""
        if self.unit in {"", SCALED}:
            return None
        if not self._is_nested:
            return round(math.fsum(self._sums.values()), 9)
        base = next((rank for rank in "sgfocpkt" if rank in self._sums), "")
        return round(self._sums.get(base, 0.0), 9)

    def compare_strata(self) -> None:
        """Tell of families that are not the sum of their strata: rows are missing or changed."""
        off = [
            family
            for family, (whole, parts) in self._families.items()
            if parts and abs(whole - parts) > _STRATA_ROUNDING * max(whole, parts)
        ]
        if off:
            self._source.warnings.append(
                f"families that are not the sum of their strata: {len(off)}, the first is "
                f"{off[0]}: is the table whole?"
            )

    def name_the_nameless(self) -> None:
        """Take a row of a table of taxa without a name for the reads of no taxon."""
        nameless = [row for row in self._table.rows if not row.id]
        if self._kind == "taxon" and len(nameless) == 1:
            nameless[0].id = NO_TAXON
            line = nameless[0].line
            self._source.warnings.append(f"line {line} has no name: taken for {NO_TAXON} reads")

    def feature(self, row: WideRow) -> Feature:
        """Make the feature of a row and count it."""
        has_names = self._kind in _WITH_NAMES and "|" not in row.id
        is_parted = self._is_stratified or has_names
        label = label_of(row.id) if is_parted else Label(row.id, "", "")
        feature_id, name, stratum = label
        rank, lineage, taxon = self._place(row)
        special = is_special(feature_id)
        own = row.sum()
        if self._is_stratified and self._kind == "gene_family":
            self._families.setdefault(feature_id, [0.0, 0.0])[bool(stratum)] += own
        if not stratum:
            key = rank if self._is_nested else ""
            self._sums[key] = self._sums.get(key, 0.0) + own
        numbered = _NUMBERED.fullmatch(feature_id) if self._kind == "metabolite" else None
        return Feature(
            id=feature_id,
            name=row.name or name or taxon or (numbered.group(2) if numbered else feature_id),
            kind=self._kind,
            unit=self.unit,
            values=row.values(self._samples),
            stratum=stratum,
            rank="" if special else rank,
            special=special,
            tool=self._about.tool,
            lineage=lineage,
            dbxrefs=_dbxrefs(numbered),
            provenance=self._source.provenance(self._about.reader, row.line),
        )

    def _place(self, row: WideRow) -> tuple[str, str, str]:
        """Rank, lineage and name of a taxon."""
        if self._kind != "taxon":
            return "", "", ""
        label = row.lineage or row.id
        if not row.lineage and not is_lineage(label):
            return self._rank, "", label.replace("_", " ") if self._rank == "s" else ""
        parts = [part for part in PARTS.split(label.strip()) if part]
        try:
            taxon = lineage_of(parts)
        except ValueError:
            return self._rank, ";".join(parts), parts[-1] if parts else ""
        return (taxon.rank if self._is_nested else self._rank), taxon.id, taxon.name

    # --- what the table is about

    def _kind_of(self) -> FeatureKind:
        if share(self._labels, is_lineage) >= 0.5:
            return "taxon"
        ids = [label_of(row.id).id for row in self._table.rows]
        if kind := kind_of_functions(ids):
            return kind
        if self._has_strata():
            return "gene_family"
        if self._about.default != "other":
            return self._about.default
        are_taxa = are_species(ids) and self._sums_to_a_whole()
        if are_taxa or share(ids, is_amplicon) >= _MOST_AMPLICONS:
            return "taxon"
        return "metabolite" if are_compounds(ids) else "other"

    def _has_strata(self) -> bool:
        ids = {row.id for row in self._table.rows}
        return any("|" in it and it.partition("|")[0] in ids for it in ids)

    def _common_rank(self) -> str:
        """Tell tables of species; in others each read counts once, at the rank of its lineage."""
        if self._kind != "taxon" or self._is_nested:
            return ""
        if are_species([row.id for row in self._table.rows]):
            return "s"
        ends = [PARTS.split(label)[-1] for label in self._labels if not is_unassigned(label)]
        return "s" if ends and all(end.startswith("s__") for end in ends) else ""

    def _repeats_by_rank(self) -> bool:
        """Tell whether rows hold the sums of the finer rows below them."""
        keys = [tuple(PARTS.split(label.strip())) for label in self._labels]
        place = {key: at for at, key in enumerate(keys)}
        below: dict[int, float] = {}
        own = [row.sum() for row in self._table.rows]
        for at, key in enumerate(keys):
            if len(key) > 1 and key[:-1] in place and place[key[:-1]] != at:
                parent = place[key[:-1]]
                below[parent] = below.get(parent, 0.0) + own[at]
        if not below:
            return False
        holding = sum(own[at] >= (1 - ROUNDING) * total for at, total in below.items())
        equal = sum(abs(own[at] - total) <= ROUNDING * abs(total) for at, total in below.items())
        if share([row.id for row in self._table.rows], is_lineage) < 0.5:
            # OTUs of a table with lineages count each read once, whatever their taxa sum to.
            return len(below) > 2 and equal > 0.9 * len(below)
        return holding > 0.9 * len(below) and (len(below) > 2 or equal == len(below))

    def _unit_of(self) -> str:
        numbers = list(self._table.numbers())
        if any(value < 0 for value in numbers):
            return SCALED
        if self._kind in {"metabolite", "other"}:
            return ""
        if not numbers:
            return COUNTS
        is_whole = all(value.is_integer() for value in numbers)
        if is_whole:
            return COUNTS if max(numbers) > 1 else PRESENCE
        return self._whole() or self._parts(numbers)

    def _stated_unit(self) -> str:
        """What the file, or HUMAnN's names of columns, say."""
        stated = unit_of_columns(self._table.samples, self._source)
        return self._about.unit or stated

    def _whole(self) -> str:
        """The unit whose whole the samples sum to."""
        sums = self._rank_sums()
        unit, odd = whole_of(sums)
        if odd:
            told = named(self._table.samples, sums, odd)
            self._source.warnings.append(f"samples that do not sum to a whole as others do: {told}")
        return unit

    def _compare_depths(self) -> None:
        """Tell of samples with other sums where nearly all were rarefied to one."""
        if self.unit != COUNTS:
            return
        sums = self._rank_sums()
        depth, odd = odd_depths(sums)
        if odd:
            told = named(self._table.samples, sums, odd)
            self._source.warnings.append(
                f"samples sum to {depth:.10g}, but not {told}: was the table changed?"
            )

    def _rank_sums(self) -> list[float]:
        """Sums of the samples, over the rows of the top rank where ranks repeat each other."""
        rows = self._table.rows
        if self._is_nested:
            rows = [row for row in rows if len(PARTS.split(row.lineage or row.id)) == 1]
        elif self._is_stratified:
            rows = [row for row in rows if "|" not in row.id]
        return type(self._table)(self._table.samples, rows).sums()

    def _parts(self, numbers: Sequence[float]) -> str:
        """The unit of a table whose samples do not sum to a whole: rows were left out."""
        if self._kind == "taxon" and max(numbers) <= 1 and self._sums_to_a_whole():
            self._source.warnings.append(
                "values are read as fractions, though samples do not sum to 1: rows were left out"
            )
            return FRACTION
        # HUMAnN's own unit where nothing else is said.
        return RPK if self._is_stratified else ""

    def _sums_to_a_whole(self) -> bool:
        sums = self._table.sums()
        return bool(sums) and max(sums) <= 1 + ROUNDING and min(sums) >= 0

    def _tell(self) -> None:
        told = self._source.warnings
        if not self._table.rows and not self._table.bad:
            told.append("the table is empty")
        elif not self.unit:
            told.append("the file does not state the unit of its values: they are not summed")
        elif self.unit == SCALED and not self._stated:
            told.append("there are values below zero: logarithms or scaled values, not summed")
        elif not self._stated:
            told.append(f"the file states no unit: the values are those of {self.unit}")
        self._compare_depths()
        if missing := self._table.missing():
            told.append(f"cells without a value: {missing}; they are missing, not zero")
        if self._is_nested:
            told.append("rows hold the sums of finer ranks below them: only one rank is summed")


def _dbxrefs(numbered: re.Match[str] | None) -> tuple[str, ...]:
    if numbered is None or numbered.group(1) == "-":
        return ()
    return (f"KEGG:{numbered.group(1)}",)
