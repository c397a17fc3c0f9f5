"""RGI bwt's tables: reads that map to genes or alleles of CARD.

    ARO Term<TAB>ARO Accession<TAB>Reference Model Type ... All Mapped Reads ... Drug Class
    TEM-1<TAB>3000873<TAB>protein homolog model ... 55 ... penam

Kept: all mapped reads of each gene (or allele), its name, family as cross-reference. Dropped:
coverage, depth, consensus sequences. A read that maps to several genes may be counted for each.
See github.com/arpcard/rgi, "rgi bwt".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import TableHeader
from ingest.headed_readers import HeadedReader
from ingest.records import Feature
from ingest.tables import abundance, sample_of_file
from ingest.taxa import Once, features_of, refuse_width, summed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ingest.annotation_tables import Columns
    from ingest.headed_readers import Rows
    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

UNIT: Final = "counts"
#: Our field -> its name, in lower case; "allele" is there in tables of alleles only.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "allele": ("reference sequence",),
    "term": ("aro term",),
    "aro": ("aro accession",),
    "whole": ("completely mapped reads",),
    "flanking": ("mapped reads with flanking sequence",),
    "reads": ("all mapped reads",),
}
_SUFFIX: Final = re.compile(r"(?:[._](?:gene|allele)_mapping_data|[._]bwt\w*)+$", re.IGNORECASE)


class RgiBwtReader(HeadedReader):
    """Reads per resistance gene of one sample."""

    name = "rgi_bwt"
    kind: Kind = "abundance"
    description = "RGI bwt mapping data, by gene or allele (CARD)"
    header = TableHeader(ALIASES, needed=("term", "aro", "reads"))

    def parse(self, rows: Rows, columns: Columns, source: Source) -> Iterator[Feature | BadRecord]:
        """Yield a Feature per gene or allele."""
        source.unit = UNIT
        sample = _SUFFIX.sub("", sample_of_file(source.path_name)) or source.path_name
        once = Once("the gene")

        def feature(line: int, cells: Sequence[str]) -> Feature:
            return _feature(line, cells, columns, once, sample, source)

        yield from summed(features_of(rows, source, feature), source)


def _feature(
    line: int, cells: Sequence[str], columns: Columns, once: Once, sample: str, source: Source
) -> Feature:
    refuse_width(cells, columns.width)
    row = columns.row(cells)
    term, aro = row.text("term"), row.text("aro").removeprefix("ARO:")
    reads = abundance(cells[columns.places["reads"]], source, line)
    if not term or not aro.isdigit():
        raise ValueError("the row has no ARO term or number")
    if columns.has("whole", "flanking"):
        parts = [abundance(cells[columns.places[it]], source, line) for it in ("whole", "flanking")]
        if sum(parts) != reads:
            message = f"{reads:g} reads, {sum(parts):g} completely mapped and with flanks"
            raise ValueError(message)
    identifier = row.text("allele") or f"ARO:{aro}"
    once.take(identifier, line)
    return Feature(
        id=identifier,
        name=term,
        kind="gene_family",
        unit=UNIT,
        values=((sample, reads),),
        tool="RGI bwt",
        dbxrefs=(f"ARO:{aro}",),
        provenance=source.provenance(RgiBwtReader.name, line),
    )
