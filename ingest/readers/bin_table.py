"""Figures of bins as dRep and metaWRAP list them: completeness and contamination under a header.

    genome,completeness,contamination,length,N50                     (dRep genomeInformation, Widb)
    bin<TAB>completeness<TAB>contamination<TAB>GC<TAB>lineage<TAB>N50<TAB>size          (metaWRAP)

Kept: completeness, contamination, size, N50, GC (a fraction in the file). Dropped: scores,
clusters, the marker lineage, which is no classification. Both take their figures from CheckM.
See drep.readthedocs.io and github.com/bxlab/metaWRAP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import columns_of, refuse_missing
from ingest.genome_tables import gc_content, genome_id, genomes_of, quality
from ingest.records import Genome
from ingest.taxa import refuse_width
from ingest.wide_tables import cells_of, delimiter_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from ingest.annotation_tables import Columns, Row
    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

#: Our field -> its names, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("genome", "bin"),
    "completeness": ("completeness",),
    "contamination": ("contamination",),
    "size": ("length", "size"),
    "n50": ("n50",),
    "gc": ("gc",),
    "binner": ("binner",),
}
_NEEDED: Final = ("id", "completeness", "contamination")


class BinTableReader:
    """Completeness and contamination of bins."""

    name = "bin_table"
    kind: Kind = "genomes"
    description = "Figures of bins (dRep genomeInformation and Widb, metaWRAP stats; CSV, TSV)"

    def sniff(self, head: str) -> bool:
        """Look for the header's names, with a size or N50."""
        columns = _columns(head.split("\n", 1)[0])
        return columns.has(*_NEEDED) and (columns.has("size") or columns.has("n50"))

    def read(self, handle: TextIO, source: Source) -> Iterator[Genome | BadRecord]:
        """Yield a Genome per row.

        Raises:
            FormatError: A needed column is absent, or no row can be used.
        """
        header = handle.readline()
        columns = _columns(header)
        refuse_missing(columns, _NEEDED, ALIASES, source)
        rows = cells_of(handle, delimiter_of(header), source, 2)
        yield from genomes_of(rows, columns, source, self.name, parse=_genome)


def _columns(header: str) -> Columns:
    cells = header.rstrip("\n").split(delimiter_of(header))
    return columns_of([cell.strip().strip('"') for cell in cells], ALIASES)


def _genome(row: Row) -> Genome:
    refuse_width(row.cells, row.columns.width)
    completeness, contamination = quality(row)
    return Genome(
        id=genome_id(row),
        tool="metaWRAP" if row.columns.has("binner") else "dRep",
        completeness=completeness,
        contamination=contamination,
        size=row.whole("size"),
        n50=row.whole("n50"),
        gc=gc_content(row),
        note=row.text("binner"),
    )
