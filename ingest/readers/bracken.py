"""Bracken's table: reads of one rank, estimated anew from a Kraken report.

    name<TAB>taxonomy_id<TAB>taxonomy_lvl<TAB>kraken_assigned_reads<TAB>added_reads<TAB>new_est_reads
    <TAB>fraction_total_reads
    Salmonella enterica<TAB>28901<TAB>S<TAB>759772<TAB>411842<TAB>1171614<TAB>0.98589

Kept: the estimated reads of each taxon. Dropped: the fractions, which are of the classified
reads only; unclassified reads are not in the table. Tables merged by combine_bracken_outputs
have two columns for each sample. See github.com/jenniferlu717/Bracken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import columns_of, refuse_missing
from ingest.records import Feature
from ingest.tables import abundance, refuse_duplicates, sample_of_file
from ingest.taxa import Once, features_of, near, rank_of, refuse_width, tab_rows, taxon_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

UNIT: Final = "counts"
#: Our field -> its name, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name",),
    "taxid": ("taxonomy_id",),
    "rank": ("taxonomy_lvl",),
    "assigned": ("kraken_assigned_reads",),
    "added": ("added_reads",),
    "reads": ("new_est_reads",),
    "fraction": ("fraction_total_reads",),
}
_NEEDED: Final = ("name", "taxid", "rank")
_SINGLE: Final = ("assigned", "added", "reads")
#: What a merged table appends to each sample's name: reads, and their fraction.
_MERGED: Final = ("_num", "_frac")
#: Fractions are rounded to five decimals; more than this is no rounding.
_ROUNDING: Final = 2e-4


class BrackenReader:
    """Estimated reads per taxon of one rank."""

    name = "bracken"
    kind: Kind = "abundance"
    description = "Bracken abundance table, single or merged"

    def sniff(self, head: str) -> bool:
        """Look for the header's names."""
        header = head.split("\n", 1)[0].split("\t")
        columns = columns_of(header, ALIASES)
        return columns.has(*_NEEDED) and (columns.has(*_SINGLE) or bool(_merged(header)))

    def read(self, handle: TextIO, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per taxon.

        Raises:
            FormatError: A column is absent, two samples have one name, or no row can be used.
        """
        header = handle.readline().rstrip("\n").split("\t")
        columns = columns_of(header, ALIASES)
        samples = _merged(header)
        needed = _NEEDED if samples else (*_NEEDED, *_SINGLE)
        refuse_missing(columns, needed, ALIASES, source)
        refuse_duplicates([name for name, _ in samples], source, 1)
        source.unit = UNIT
        table = _Table(columns.places, columns.width, samples, source)
        rows = tab_rows(handle, 2)
        yield from features_of(rows, source, table.feature, name_at=columns.places["name"])
        table.finish()


def _merged(header: Sequence[str]) -> list[tuple[str, int]]:
    """Find the columns of reads in a merged table: sample and place of each."""
    names = [name.strip() for name in header]
    reads, fraction = _MERGED
    return [
        (sample_of_file(name.removesuffix(reads)), place)
        for place, name in enumerate(names)
        if name.endswith(reads) and name.removesuffix(reads) + fraction in names
    ]


class _Table:
    """Reads rows, and compares fractions with reads at the end."""

    def __init__(
        self,
        places: Mapping[str, int],
        width: int,
        samples: Sequence[tuple[str, int]],
        source: Source,
    ) -> None:
        self._places = places
        self._width = width
        self._source = source
        self._samples = samples or [(sample_of_file(source.path_name), places["reads"])]
        self._is_single = not samples
        self._once = Once()
        self._reads = 0.0
        self._fractions: list[tuple[float, float]] = []

    def feature(self, line: int, cells: Sequence[str]) -> Feature:
        """Read a row."""
        refuse_width(cells, self._width)
        name, taxid = cells[self._places["name"]].strip(), cells[self._places["taxid"]].strip()
        if not name or not taxid:
            raise ValueError("the row names no taxon")
        values = tuple(
            (sample, abundance(cells[place], self._source, line)) for sample, place in self._samples
        )
        if self._is_single:
            self._check(line, cells, values[0][1])
        self._once.take(taxid, line)
        return Feature(
            id=taxon_id(taxid),
            name=name,
            kind="taxon",
            unit=UNIT,
            values=values,
            rank=rank_of(cells[self._places["rank"]]),
            tool="Bracken",
            provenance=self._source.provenance(BrackenReader.name, line),
        )

    def _check(self, line: int, cells: Sequence[str], reads: float) -> None:
        parts = [abundance(cells[self._places[it]], self._source, line) for it in _SINGLE[:2]]
        if abs(sum(parts) - reads) > 1:
            message = f"{reads:.10g} estimated reads, {sum(parts):.10g} assigned and added"
            raise ValueError(message)
        self._reads += reads
        if "fraction" in self._places:
            fraction = abundance(cells[self._places["fraction"]], self._source, line)
            self._fractions.append((fraction, reads))

    def finish(self) -> None:
        """Warn where the fractions are not those of the reads: rows may be missing."""
        off = [
            reads
            for fraction, reads in self._fractions
            if self._reads and abs(fraction - reads / self._reads) > _ROUNDING
        ]
        whole = sum(fraction for fraction, _ in self._fractions)
        if off or (self._fractions and not near(whole, 1.0, 0.01)):
            self._source.warnings.append(
                f"fractions sum to {whole:.5g}, and {len(off)} are not those of the reads: "
                "is the table whole?"
            )
