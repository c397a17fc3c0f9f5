"""antiSMASH's regions and genes as GFF3 (MGnify).

    ##gff-version 3
    c1<TAB>antiSMASH:7.1.0<TAB>region<TAB>571865<TAB>596083<TAB>.<TAB>.<TAB>.<TAB>ID=r1;product=NRPS
    c1<TAB>antiSMASH:7.1.0<TAB>gene<TAB>572691<TAB>573863<TAB>.<TAB>+<TAB>.<TAB>ID=g_516;Parent=r1

Kept: each region with its products, each gene with its region, role and profiles. Dropped:
scores. A region names no function of a gene. See docs.antismash.secondarymetabolites.org.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import gene_id_of, placed
from ingest.biosynthetic_regions import Region, in_region, regions_warning
from ingest.gff_rows import annotations_of_rows, first_row
from ingest.records import BadRecord

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.gff_rows import GffRow
    from ingest.readers.base import Kind, Source
    from ingest.records import Annotation

_SOURCE: Final = "antismash"
_REGIONS: Final = frozenset({"region", "cluster", "protocluster", "biosynthetic-gene-cluster"})
_GENES: Final = frozenset({"gene", "cds"})


class AntismashGffReader:
    """Genes of biosynthetic regions."""

    name = "antismash_gff"
    kind: Kind = "annotations"
    description = "antiSMASH regions and genes as GFF3"

    def sniff(self, head: str) -> bool:
        """Look for a first row whose source is antiSMASH."""
        row = first_row(head)
        return row is not None and row.source.lower().startswith(_SOURCE)

    def read(self, handle: TextIO, source: Source) -> Iterator[Annotation | BadRecord]:
        """Yield an Annotation per region and per gene.

        Raises:
            FormatError: No line holds anything, or no row can be used.
        """
        regions: dict[str, list[str]] = {}
        rows = annotations_of_rows(handle, source, lambda row: _annotation(row, regions))
        genes = 0
        for record in placed(rows, source, self.name):
            genes += not isinstance(record, BadRecord) and record.gene_id not in regions
            yield record
        if regions:
            source.warnings.append(regions_warning(regions, genes))


def _annotation(row: GffRow, regions: dict[str, list[str]]) -> Annotation | None:
    version = row.source.partition(":")[2]
    kind = row.type.lower()
    identifier = row.first("id") or row.first("locus_tag")
    if kind in _REGIONS:
        products = [item for item in row.attributes.get("product", ()) if item]
        if not products:
            raise ValueError("the region has no product")
        if identifier in regions:
            raise ValueError("the region occurs twice")
        regions[gene_id_of(identifier)] = products
        edge = row.first("contig_edge").lower() == "true"
        region = Region(identifier, products, version, edge)
        return in_region(identifier, region, location=row.location)
    if kind not in _GENES:
        return None
    parent = row.first("parent")
    if parent not in regions:
        message = f"the gene's region {parent[:60]!r} is on no line before it"
        raise ValueError(message)
    return in_region(
        gene_id_of(identifier),
        Region(parent, regions[parent], version),
        role=row.first("as_type") or row.first("gene_kind"),
        functions=row.attributes.get("gene_functions", ()),
        location=row.location,
    )
