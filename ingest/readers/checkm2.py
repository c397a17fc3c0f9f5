"""CheckM2's quality report: completeness and contamination of genomes.

    Name<TAB>Completeness<TAB>Contamination<TAB>Completeness_Model_Used<TAB>Translation_Table_Used ...
    bin.1<TAB>16.25<TAB>0.0<TAB>Neural Network (Specific Model)<TAB>11 ... 0.43<TAB>686<TAB>46 ...

Kept: completeness, contamination, model, size, N50, GC (a fraction in the file), contigs, genes,
notes. Dropped: coding density, lengths. Contamination above about 40 percent does not scale.
See github.com/chklovski/CheckM2.
"""  # noqa: E501 - a whole line of the format

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import TableHeader
from ingest.genome_tables import gc_content, genome_id, genomes_of, quality
from ingest.headed_readers import HeadedReader
from ingest.records import Genome
from ingest.taxa import refuse_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ingest.annotation_tables import Columns, Row
    from ingest.headed_readers import Rows
    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

#: Our field -> its names, in lower case; with --allmodels there are two completenesses.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("name",),
    "completeness": ("completeness", "completeness_specific", "completeness_general"),
    "contamination": ("contamination",),
    "model": ("completeness_model_used",),
    "table": ("translation_table_used",),
    "n50": ("contig_n50",),
    "size": ("genome_size",),
    "gc": ("gc_content",),
    "genes": ("total_coding_sequences",),
    "contigs": ("total_contigs",),
    "notes": ("additional_notes",),
}
#: Any of these tells CheckM2 from other tables of genomes.
_OWN: Final = ("model", "table", "notes")


class Checkm2Reader(HeadedReader):
    """Quality of genomes by machine learning."""

    name = "checkm2"
    kind: Kind = "genomes"
    description = "CheckM2 quality report"
    header = TableHeader(ALIASES, needed=("id", "completeness", "contamination"))

    def sniff(self, head: str) -> bool:
        """Look for the header's names."""
        columns = self.header.columns(head)
        return super().sniff(head) and any(columns.has(field) for field in _OWN)

    def parse(self, rows: Rows, columns: Columns, source: Source) -> Iterator[Genome | BadRecord]:
        """Yield a Genome per row."""
        yield from genomes_of(rows, columns, source, self.name, parse=_genome)


def _genome(row: Row) -> Genome:
    refuse_width(row.cells, row.columns.width)
    completeness, contamination = quality(row)
    return Genome(
        id=genome_id(row),
        tool="CheckM2",
        completeness=completeness,
        contamination=contamination,
        size=row.whole("size"),
        n50=row.whole("n50"),
        contigs=row.whole("contigs"),
        genes=row.whole("genes"),
        gc=gc_content(row),
        note="; ".join(filter(None, (row.text("model"), row.text("notes")))),
    )
