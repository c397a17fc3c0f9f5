"""KMCP's profile: percentage of each reference genome.

    ref<TAB>percentage<TAB>coverage<TAB>score<TAB>chunksFrac ... reads<TAB>ureads<TAB>hicureads ...
    GCF_000018945.1<TAB>11.608028<TAB>258.043621<TAB>100.00<TAB>1.00 ... 3257394<TAB>3060634 ...

Kept: the percentage of each reference, named by its taxon where the row has one. Dropped:
coverage, scores, reads. Each reference is a leaf, so that rows may be summed; unclassified reads
are not in the table. See bioinf.shenwei.me/kmcp/usage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import TableHeader
from ingest.headed_readers import HeadedReader
from ingest.records import Feature
from ingest.tables import abundance, sample_of_file
from ingest.taxa import Once, features_of, near, summed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ingest.annotation_tables import Columns
    from ingest.headed_readers import Rows
    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

UNIT: Final = "percent"
#: Our field -> its name, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "ref": ("ref",),
    "percent": ("percentage",),
    "reads": ("reads",),
    "chunks": ("chunksfrac", "fragsfrac"),
    "refname": ("refname",),
    "name": ("taxname",),
    "path": ("taxpath",),
}
#: Percentages have six decimals and sum to 100.
_ROUNDING: Final = 1e-6


class KmcpReader(HeadedReader):
    """Percentages of reference genomes in one sample."""

    name = "kmcp"
    kind: Kind = "abundance"
    description = "KMCP profile"
    header = TableHeader(ALIASES, needed=("ref", "percent", "reads", "chunks"))

    def parse(self, rows: Rows, columns: Columns, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per reference."""
        source.unit = UNIT
        table = _Table(columns, source)
        yield from summed(features_of(rows, source, table.feature), source)
        if source.total and not near(source.total, 100, _ROUNDING):
            source.warnings.append(f"percentages sum to {source.total:.6g}: is the table whole?")


class _Table:
    def __init__(self, columns: Columns, source: Source) -> None:
        self._columns = columns
        self._source = source
        self._sample = sample_of_file(source.path_name)
        self._once = Once("the reference")

    def feature(self, line: int, cells: Sequence[str]) -> Feature:
        # Without a taxonomy the rows end before the columns of taxa.
        if not self._columns.places["reads"] < len(cells) <= self._columns.width:
            message = f"{len(cells)} fields where the header has {self._columns.width}"
            raise ValueError(message)
        row = self._columns.row(cells)
        reference = cells[self._columns.places["ref"]].strip()
        percent = abundance(cells[self._columns.places["percent"]], self._source, line)
        if not reference or percent > 100:
            raise ValueError("the row names no reference, or its percentage passes 100")
        self._once.take(reference, line)
        return Feature(
            id=reference,
            name=row.text("name") or row.text("refname") or reference,
            kind="taxon",
            unit=UNIT,
            values=((self._sample, percent),),
            tool="KMCP",
            lineage=row.text("path"),
            provenance=self._source.provenance(KmcpReader.name, line),
        )
