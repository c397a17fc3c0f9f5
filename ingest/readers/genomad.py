"""geNomad's summaries: contigs that are viruses or plasmids.

    seq_name<TAB>length<TAB>topology ... virus_score<TAB>fdr<TAB>n_hallmarks ... <TAB>taxonomy
    c1<TAB>40000<TAB>No terminal repeats ... 0.98<TAB>NA<TAB>5 ... <TAB>Viruses;Duplodnaviria;...

Kept: length, number of genes, lineage of a virus, score, topology. Dropped: false discovery rate,
hallmarks, markers, coordinates of proviruses (their ids hold them). Scores go from 0 to 1. See
portal.nersc.gov/genomad.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import TableHeader
from ingest.genome_tables import genome_id, genomes_of
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
    "id": ("seq_name",),
    "size": ("length",),
    "topology": ("topology",),
    "genes": ("n_genes",),
    "virus": ("virus_score",),
    "plasmid": ("plasmid_score",),
    "lineage": ("taxonomy",),
}


class GenomadReader(HeadedReader):
    """Viruses and plasmids among contigs."""

    name = "genomad"
    kind: Kind = "genomes"
    description = "geNomad virus and plasmid summaries"
    header = TableHeader(ALIASES, needed=("id", "size", "topology", "genes"))

    def sniff(self, head: str) -> bool:
        """Look for the header's names."""
        columns = self.header.columns(head)
        return super().sniff(head) and (columns.has("virus") or columns.has("plasmid"))

    def parse(self, rows: Rows, columns: Columns, source: Source) -> Iterator[Genome | BadRecord]:
        """Yield a Genome per contig."""
        yield from genomes_of(rows, columns, source, self.name, parse=_genome)


def _genome(row: Row) -> Genome:
    refuse_width(row.cells, row.columns.width)
    kind = "virus" if row.columns.has("virus") else "plasmid"
    score = row.number(kind)
    if score is None or not 0 <= score <= 1:
        raise ValueError("the score is not between 0 and 1")
    taxa = [part.strip() for part in row.text("lineage").split(";")]
    return Genome(
        id=genome_id(row),
        tool="geNomad",
        kind="contig",
        lineage=";".join(filter(None, taxa)).removeprefix("Unclassified"),
        size=row.whole("size"),
        contigs=1,
        genes=row.whole("genes"),
        note="; ".join(filter(None, (f"{kind}, score {score:g}", row.text("topology")))),
    )
