"""CheckV's quality summary: completeness and contamination of viral contigs.

    contig_id<TAB>contig_length<TAB>provirus<TAB> ... checkv_quality<TAB> ... <TAB>completeness ...
    c1<TAB>40000<TAB>No<TAB> ... High-quality<TAB> ... <TAB>98.1<TAB>AAI-based (high-confidence) ...

Kept: length, completeness, contamination, genes, quality, how completeness was told, warnings.
Dropped: figures of proviruses, frequency of k-mers. See bitbucket.org/berkeleylab/checkv.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import TableHeader
from ingest.genome_tables import genome_id, genomes_of, percent
from ingest.headed_readers import HeadedReader
from ingest.records import Genome
from ingest.taxa import refuse_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ingest.annotation_tables import Columns, Row
    from ingest.headed_readers import Rows
    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

#: Our field -> its name, in lower case.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("contig_id",),
    "size": ("contig_length",),
    "provirus": ("provirus",),
    "genes": ("gene_count",),
    "quality": ("checkv_quality",),
    "completeness": ("completeness",),
    "method": ("completeness_method",),
    "contamination": ("contamination",),
    "warnings": ("warnings",),
}


class CheckvReader(HeadedReader):
    """Quality of viral contigs."""

    name = "checkv"
    kind: Kind = "genomes"
    description = "CheckV quality summary"
    header = TableHeader(ALIASES, needed=("id", "size", "quality", "completeness"))

    def parse(self, rows: Rows, columns: Columns, source: Source) -> Iterator[Genome | BadRecord]:
        """Yield a Genome per contig."""
        yield from genomes_of(rows, columns, source, self.name, parse=_genome)


def _genome(row: Row) -> Genome:
    refuse_width(row.cells, row.columns.width)
    provirus = "provirus" if row.text("provirus") == "Yes" else ""
    told = (row.text("quality"), row.text("method"), provirus, row.text("warnings"))
    return Genome(
        id=genome_id(row),
        tool="CheckV",
        kind="contig",
        completeness=percent(row, "completeness"),
        contamination=percent(row, "contamination"),
        size=row.whole("size"),
        contigs=1,
        genes=row.whole("genes"),
        note="; ".join(filter(None, told)),
    )
