"""Centrifuge's and Centrifuger's own report: reads per taxon, counted for each that they fit.

    name<TAB>taxID<TAB>taxRank<TAB>genomeSize<TAB>numReads<TAB>numUniqueReads<TAB>abundance
    Escherichia coli<TAB>562<TAB>species<TAB>5154862<TAB>3<TAB>1<TAB>0.0

Kept: the reads of each taxon. Dropped: genome size, unique reads, and the abundance, which is
estimated for some ranks only. Of the two only Centrifuger lists unclassified reads.
See daehwankimlab.github.io/centrifuge/manual.shtml.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import TableHeader
from ingest.headed_readers import HeadedReader
from ingest.records import Feature
from ingest.tables import abundance, sample_of_file
from ingest.taxa import UNCLASSIFIED, Once, features_of, refuse_width, summed, taxon_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ingest.annotation_tables import Columns
    from ingest.headed_readers import Rows
    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

UNIT: Final = "counts"
#: Our field -> its name, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name",),
    "taxid": ("taxid",),
    "rank": ("taxrank",),
    "size": ("genomesize",),
    "reads": ("numreads",),
    "unique": ("numuniquereads",),
}


class CentrifugeReader(HeadedReader):
    """Reads per taxon of one sample."""

    name = "centrifuge"
    kind: Kind = "abundance"
    description = "Centrifuge report (its kreport is read as kraken)"
    header = TableHeader(ALIASES, needed=("name", "taxid", "rank", "reads", "unique"))

    def parse(self, rows: Rows, columns: Columns, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per taxon."""
        source.unit = UNIT
        once, sample = Once(), sample_of_file(source.path_name)

        def feature(line: int, cells: Sequence[str]) -> Feature:
            return _feature(line, cells, columns, once, sample, source)

        yield from summed(features_of(rows, source, feature), source)
        source.warnings.append(
            "a read that fits several taxa is counted for each: the total may pass the reads"
        )


def _feature(
    line: int, cells: Sequence[str], columns: Columns, once: Once, sample: str, source: Source
) -> Feature:
    refuse_width(cells, columns.width)
    row = {field: cells[place].strip() for field, place in columns.places.items()}
    reads, unique = (abundance(row[name], source, line) for name in ("reads", "unique"))
    if not row["name"] or not row["taxid"] or unique > reads:
        reason = "more unique reads than reads" if unique > reads else "the row names no taxon"
        raise ValueError(reason)
    once.take(row["taxid"], line)
    # Centrifuger lists the reads of no taxon, too.
    is_unclassified = row["taxid"] == "0"
    return Feature(
        id=UNCLASSIFIED if is_unclassified else taxon_id(row["taxid"]),
        name=row["name"],
        kind="taxon",
        unit=UNIT,
        values=((sample, reads),),
        special=is_unclassified,
        tool="Centrifuge",
        provenance=source.provenance(CentrifugeReader.name, line),
    )
