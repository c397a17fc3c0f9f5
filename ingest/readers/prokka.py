"""Prokka's table of features.

    locus_tag<TAB>ftype<TAB>length_bp<TAB>gene<TAB>EC_number<TAB>COG<TAB>product
    X_00002<TAB>CDS<TAB>1002<TAB>dusB<TAB>1.3.1.-<TAB>COG0042<TAB>tRNA-dihydrouridine synthase B

Kept: CDS with gene, EC number, COG, product and length. Dropped: every other feature type. The
table does not say what a name rests on; the GFF does. See github.com/tseemann/prokka.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import HeadedTable, gene_id_of
from ingest.headed_readers import HeadedTableReader
from ingest.records import Annotation
from ingest.taxa import refuse_width
from ingest.vocab import ec_numbers_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.annotation_tables import Row

TOOL: Final = "Prokka"

#: Our field -> its name in lower case; older versions have no length and no COG.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "locus": ("locus_tag",),
    "type": ("ftype",),
    "length": ("length_bp",),
    "gene": ("gene",),
    "ec": ("ec_number",),
    "cog": ("cog",),
    "product": ("product",),
}
_BASES_PER_RESIDUE: Final = 3
#: Prokka numbers the copies of a gene symbol: dusB_2.
_COPY: Final = re.compile(r"_\d+$")


class ProkkaReader(HeadedTableReader):
    """Names and EC numbers that Prokka gives proteins."""

    name = "prokka"
    description = "Prokka TSV"
    table = HeadedTable(ALIASES, needed=("locus", "type", "product"), id_field="locus")

    def skips(self, row: Row) -> bool:
        """Leave other features out; with --addgenes a line of type "gene" is above each CDS."""
        return row.text("type") != "CDS" and len(row.cells) == row.columns.width

    def annotation(self, row: Row) -> Annotation:
        """Read a CDS."""
        refuse_width(row.cells, row.columns.width)
        bases = row.whole("length")
        is_whole = bases % _BASES_PER_RESIDUE == 0
        return Annotation(
            gene_id=gene_id_of(row.text("locus")),
            tool=TOOL,
            product=row.text("product"),
            gene=_COPY.sub("", row.text("gene")),
            ec_numbers=ec_numbers_of(row.items("ec")),
            dbxrefs=tuple(f"COG:{item}" for item in row.items("cog")),
            protein_length=bases // _BASES_PER_RESIDUE - 1 if bases and is_whole else 0,
        )
