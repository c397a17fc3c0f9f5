"""GTDB-Tk's summary: the taxonomy of genomes.

    user_genome<TAB>classification<TAB>closest_genome_reference ... closest_genome_ani ...
    bin.1.fa<TAB>d__Bacteria;p__Bacteroidota;...;s__Bacteroides sp947646015<TAB>GCA_947646015.1 ...

Kept: lineage, closest reference and its ANI (fastani_* before version 2.4), method, warnings;
"Unclassified" as a genome without lineage. Dropped: placement, RED, other references. A species
left open (s__) means no known species, not a failure. See ecogenomics.github.io/GTDBTk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import TableHeader
from ingest.genome_tables import genome_id, genomes_of, percent
from ingest.headed_readers import HeadedReader
from ingest.records import Genome
from ingest.taxa import lineage_of, refuse_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ingest.annotation_tables import Columns, Row
    from ingest.headed_readers import Rows
    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

#: Our field -> its names in lower case, the newest first.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("user_genome",),
    "lineage": ("classification",),
    "reference": ("closest_genome_reference", "fastani_reference"),
    "ani": ("closest_genome_ani", "fastani_ani"),
    "method": ("classification_method",),
    "note": ("note",),
    "warnings": ("warnings",),
}


class GtdbtkReader(HeadedReader):
    """Lineages of genomes."""

    name = "gtdbtk"
    kind: Kind = "genomes"
    description = "GTDB-Tk summary (bac120, ar53, ar122)"
    header = TableHeader(ALIASES, needed=("id", "lineage"))

    def sniff(self, head: str) -> bool:
        """Look for the header's names."""
        columns = self.header.columns(head)
        # The first versions have no warnings.
        return super().sniff(head) and (columns.has("note") or columns.has("reference"))

    def parse(self, rows: Rows, columns: Columns, source: Source) -> Iterator[Genome | BadRecord]:
        """Yield a Genome per row."""
        yield from genomes_of(rows, columns, source, self.name, parse=_genome)


def _genome(row: Row) -> Genome:
    refuse_width(row.cells, row.columns.width)
    text = row.text("lineage")
    told = [row.text("method"), row.text("note"), row.text("warnings")]
    lineage = ""
    if ";" in text or text.startswith("d__"):
        taxon = lineage_of(text.split(";"))
        lineage = taxon.id
        told += ["no known species"] if taxon.rank != "s" else []
    elif text.lower().startswith("unclassified"):
        told.insert(0, text)
    else:
        message = f"the classification is {text[:60]!r}"
        raise ValueError(message)
    return Genome(
        id=genome_id(row),
        tool="GTDB-Tk",
        lineage=lineage,
        closest_reference=row.text("reference"),
        ani=percent(row, "ani"),
        note="; ".join(filter(None, told)),
    )
