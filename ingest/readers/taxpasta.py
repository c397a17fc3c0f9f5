"""taxpasta: counts of taxa by their number, of one sample or many, from any profiler.

    taxonomy_id<TAB>name<TAB>rank<TAB>lineage<TAB>S1<TAB>S2
    562<TAB>Escherichia coli<TAB>species<TAB>root;cellular organisms;Bacteria;...<TAB>10<TAB>0
    taxonomy_id<TAB>count                                       (standardise; long: and sample)

Kept: counts, names, ranks and lineages where they were added; 0 as unclassified. Dropped: numbers
of lineages. Counts are those of each taxon alone, but of MetaPhlAn, where each rank holds the
community again: the lineages tell. See taxpasta.readthedocs.io.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import BadRecord, Feature
from ingest.tables import abundance, refuse_duplicates, sample_of_file
from ingest.taxa import RANKS, UNCLASSIFIED, rank_of, taxon_id
from ingest.wide_tables import cells_of, delimiter_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source

UNIT: Final = "counts"
_ID: Final = "taxonomy_id"
_COUNT: Final = "count"
_SAMPLE: Final = "sample"
#: Columns that say what a taxon is.
_ABOUT: Final[tuple[str, ...]] = ("name", "rank", "lineage", "id_lineage", "rank_lineage")
#: Above the domains no rank is told.
_ROOTS: Final = frozenset({"root", "cellular organisms"})
#: Numbers of the domains and of what no taxon was found for (NCBI).
_TOP: Final = frozenset({"0", "2", "2157", "2759", "10239"})
#: Share of the taxa that must be the sum of those below them where ranks repeat each other.
_MOST: Final = 0.8
_ROUNDING: Final = 0.005
#: Parents that can tell that ranks repeat each other.
_FEWEST: Final = 2


@dataclass(slots=True)
class _Taxon:
    line: int
    taxid: str
    about: dict[str, str]
    counts: dict[str, float] = field(default_factory=dict)

    @property
    def total(self) -> float:
        return math.fsum(self.counts.values())

    @property
    def path(self) -> tuple[str, ...]:
        """The lineage, by numbers where they are there."""
        text = self.about.get("id_lineage") or self.about.get("lineage", "")
        return tuple(part.strip() for part in text.split(";") if part.strip())


class TaxpastaReader:
    """Counts of taxa, standardised over profilers."""

    name = "taxpasta"
    kind: Kind = "abundance"
    description = "taxpasta standardise or merge (TSV, CSV)"

    def sniff(self, head: str) -> bool:
        """Look for the column of numbers, then the counts, or columns about the taxa."""
        header = head.split("\n", 1)[0]
        names = _cells(header)
        if _SAMPLE in names:
            return {_ID, _COUNT} < set(names)
        is_first = names[:1] == [_ID] and len(names) > 1
        return is_first and (names[1] in {_COUNT, *_ABOUT} or _has_taxids(head))

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per taxon when all rows are known.

        Raises:
            FormatError: No row can be used, two samples have one name, or it cannot be told whether
                ranks repeat each other.
        """
        header = handle.readline()
        names = _cells(header)
        if _ID not in names:
            hint = "Name another format with --format; `metalumen formats` lists them"
            raise FormatError(f"no column {_ID}", path_name=source.path_name, line=1, hint=hint)
        table = _Table(names, source)
        for line, cells in cells_of(handle, delimiter_of(header), source, 2):
            try:
                table.take(line, cells)
            except ValueError as error:
                yield BadRecord(source.path_name, line, cells[0][:80], str(error))
        yield from table.features()


def _cells(header: str) -> list[str]:
    cells = header.rstrip("\n").split(delimiter_of(header))
    return [cell.strip().strip('"') for cell in cells]


def _has_taxids(head: str) -> bool:
    rows = [line for line in head.split("\n")[1:21] if line.strip()]
    return bool(rows) and all(_cells(row)[0].isdigit() for row in rows)


class _Table:
    def __init__(self, names: Sequence[str], source: Source) -> None:
        self._source = source
        self._places = {name: at for at, name in enumerate(names)}
        self._is_long = _SAMPLE in names
        self._width = len(names)
        known = {_ID, *_ABOUT}
        self._columns = [(at, name) for at, name in enumerate(names) if name not in known]
        if [name for _, name in self._columns] == [_COUNT]:
            self._columns = [(self._columns[0][0], sample_of_file(source.path_name))]
        if not self._is_long:
            refuse_duplicates([name for _, name in self._columns], source, 1)
        self._samples = {} if self._is_long else dict.fromkeys(name for _, name in self._columns)
        self._taxa: dict[str, _Taxon] = {}

    def take(self, line: int, cells: Sequence[str]) -> None:
        """Take a row.

        Raises:
            ValueError: It cannot be used, or its taxon was there before.
        """
        cells = [cell.strip() for cell in cells]
        if len(cells) != self._width:
            message = f"{len(cells)} fields where the header has {self._width}"
            raise ValueError(message)
        taxid = cells[self._places[_ID]]
        if not taxid.isascii() or not taxid.isdigit():
            message = f"{taxid[:20]!r} is no number of a taxon"
            raise ValueError(message)
        counts = self._counts(line, cells)
        about = {name: cells[self._places[name]] for name in _ABOUT if name in self._places}
        taxon = self._taxa.setdefault(taxid, _Taxon(line, taxid, about))
        if twice := taxon.counts.keys() & counts.keys():
            message = f"the taxon occurs twice in sample {min(twice)}, first on line {taxon.line}"
            raise ValueError(message)
        taxon.counts |= counts
        self._samples.update(dict.fromkeys(counts))

    def _counts(self, line: int, cells: Sequence[str]) -> dict[str, float]:
        if self._is_long:
            sample, value = cells[self._places[_SAMPLE]], cells[self._places[_COUNT]]
            if not sample:
                raise ValueError("the row names no sample")
            return {sample: self._count(value, line)}
        return {name: self._count(cells[at], line) for at, name in self._columns}

    def _count(self, text: str, line: int) -> float:
        # Outer joins of some versions leave the cell of a taxon that a sample has not empty.
        value = abundance(text, self._source, line) if text else 0.0
        if not value.is_integer():
            message = f"{text[:40]!r} is no count"
            raise ValueError(message)
        return value

    def features(self) -> Iterator[Feature]:
        """Give the taxa in the order of their rows, and the total.

        Raises:
            FormatError: There is none, or it cannot be told whether ranks repeat each other.
        """
        if not self._taxa:
            raise FormatError("the table has no taxon", path_name=self._source.path_name)
        self._source.unit = UNIT
        is_nested = self._is_nested()
        named = [it for it in self._taxa.values() if it.taxid != "0"]
        ranks = {rank_of(it.about.get("rank", "")) for it in named}
        is_ranked = is_nested or (len(ranks) == 1 and ranks <= set(RANKS.values()))
        if not is_nested:
            self._source.total = math.fsum(it.total for it in self._taxa.values())
        for taxon in self._taxa.values():
            yield self._feature(taxon, is_ranked=is_ranked)

    def _is_nested(self) -> bool:
        """Tell whether taxa hold the sum of those below them, as MetaPhlAn's do."""
        named = {it.path: it for it in self._taxa.values() if it.path}
        below: dict[tuple[str, ...], float] = {}
        for path, taxon in named.items():
            above = next((path[:n] for n in range(len(path) - 1, 0, -1) if path[:n] in named), ())
            if above:
                below[above] = below.get(above, 0.0) + taxon.total
        equal = sum(abs(named[it].total - own) <= _ROUNDING * own for it, own in below.items())
        if len(below) >= _FEWEST:
            return equal >= _MOST * len(below)
        if not named and self._look_like_shares():
            what = "the counts look like shares of MetaPhlAn, which repeat at each rank"
            hint = "Make the table again with --add-rank --add-lineage"
            raise FormatError(what, path_name=self._source.path_name, hint=hint)
        return False

    def _look_like_shares(self) -> bool:
        """Tell tables whose domains sum to a power of ten (taxpasta's shares) in each sample."""
        top = [self._taxa[it].counts for it in sorted(_TOP & self._taxa.keys())]
        sums = [math.fsum(counts.get(sample, 0.0) for counts in top) for sample in self._samples]
        return bool(sums) and all(it >= 1e6 and _is_power(it) for it in sums)

    def _feature(self, taxon: _Taxon, *, is_ranked: bool) -> Feature:
        is_special = taxon.taxid == "0"
        identifier = UNCLASSIFIED if is_special else taxon_id(taxon.taxid)
        return Feature(
            id=identifier,
            name=taxon.about.get("name", "") or identifier,
            kind="taxon",
            unit=UNIT,
            values=tuple((name, taxon.counts.get(name, 0.0)) for name in self._samples),
            rank=rank_of(taxon.about.get("rank", "")) if is_ranked and not is_special else "",
            special=is_special,
            tool="taxpasta",
            lineage="" if is_special else _lineage(taxon.about),
            provenance=self._source.provenance(TaxpastaReader.name, taxon.line),
        )


def _is_power(value: float) -> bool:
    return math.isclose(value, float(10 ** round(math.log10(value))), rel_tol=_ROUNDING)


def _lineage(about: dict[str, str]) -> str:
    """Join the taxa of a lineage, with prefixes of their ranks where those are there."""
    names = [part.strip() for part in about.get("lineage", "").split(";") if part.strip()]
    ranks = [rank_of(part) for part in about.get("rank_lineage", "").split(";")]
    letters = set(RANKS.values())
    if len(ranks) == len(names):
        pairs = zip(ranks, names, strict=True)
        return ";".join(f"{rank}__{name}" for rank, name in pairs if rank in letters)
    return ";".join(name for name in names if name not in _ROOTS)
