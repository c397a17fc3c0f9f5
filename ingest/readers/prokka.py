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
from ingest.records import Annotation
from ingest.vocab import ec_numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from ingest.annotation_tables import Row
    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

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
_TABLE: Final = HeadedTable(ALIASES, needed=("locus", "type", "product"), id_field="locus")
_BASES_PER_RESIDUE: Final = 3
#: Prokka numbers the copies of a gene symbol: dusB_2.
_COPY: Final = re.compile(r"_\d+$")


class ProkkaReader:
    """Names and EC numbers that Prokka gives proteins."""

    name = "prokka"
    kind: Kind = "annotations"
    description = "Prokka TSV"

    def sniff(self, head: str) -> bool:
        """Look for the header."""
        return _TABLE.recognises(head)

    def read(self, handle: TextIO, source: Source) -> Iterator[Annotation | BadRecord]:
        """Yield an Annotation per CDS.

        Raises:
            FormatError: A needed column is absent, or no row can be used.
        """
        return _TABLE.read(handle, source, self.name, _annotation, _is_no_cds)


def _is_no_cds(row: Row) -> bool:
    """Tell lines of other features; with --addgenes each CDS has one of type "gene" before it."""
    return row.text("type") != "CDS" and len(row.cells) == row.columns.width


def _annotation(row: Row) -> Annotation:
    if len(row.cells) != row.columns.width:
        message = f"{len(row.cells)} fields where the header has {row.columns.width}"
        raise ValueError(message)
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
