"""DRAM's annotations: KO, Pfam domains and CAZy families of each gene of bins.

    <TAB>fasta<TAB>scaffold<TAB>gene_position<TAB>start_position<TAB>end_position ... <TAB>ko_id ...
    bin1_c1_1<TAB>bin1<TAB>c1<TAB>1<TAB>1<TAB>900<TAB>1<TAB>C<TAB>K01190<TAB>beta-galactosidase ...

Kept: KO with its definition and EC numbers, Pfam domains, CAZy families, the rank (A to E) that
DRAM gives. Dropped: UniRef, peptidase and VOG hits, counts of motifs, scores. With KEGG's own genes
the description is that of one gene and gives no name. See github.com/WrightonLabCSU/DRAM.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import (
    Row,
    TableHeader,
    bad_row,
    gene_id_of,
    ko_of,
    placed,
    without_ec,
)
from ingest.headed_readers import HeadedReader
from ingest.readers.dbcan import families_of
from ingest.records import Annotation
from ingest.taxa import refuse_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ingest.annotation_tables import Columns
    from ingest.headed_readers import Rows
    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

TOOL: Final = "DRAM"
#: Our field -> its names in versions 1 and 2, in lower case; version 1 does not name the genes.
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "gene": ("", "query_id"),
    "fasta": ("fasta", "input_fasta"),
    "start": ("start_position",),
    "rank": ("rank",),
    "ko": ("ko_id", "kegg_id", "kofam_id"),
    "definition": ("kegg_hit", "kofam_definition"),
    "genes": ("kegg_genes_id", "kegg_rbh"),
    "pfam": ("pfam_hits",),
    "cazy": ("cazy_ids", "cazy_hits", "dbcan_id"),
}
_PFAM: Final = re.compile(r"\s*([^;\[\]]+?)\s*\[(PF\d{5})(?:\.\d+)?\]")


class DramReader(HeadedReader):
    """KO, domains and CAZy families of genes."""

    name = "dram"
    kind: Kind = "annotations"
    description = "DRAM annotations.tsv (versions 1 and 2)"
    header = TableHeader(ALIASES, needed=("gene", "fasta", "start"))

    def sniff(self, head: str) -> bool:
        """Look for the header's names; the first versions have no rank."""
        columns = self.header.columns(head)
        told = ("rank", "definition", "pfam", "cazy")
        return super().sniff(head) and sum(map(columns.has, told)) > 1

    def parse(
        self, rows: Rows, columns: Columns, source: Source
    ) -> Iterator[Annotation | BadRecord]:
        """Yield an Annotation per KO, domain and family of a gene."""
        yield from placed(_records(rows, columns, source), source, self.name)


def _records(
    rows: Rows, columns: Columns, source: Source
) -> Iterator[tuple[int, Annotation | BadRecord]]:
    without = 0
    for line, cells in rows:
        try:
            refuse_width(cells, columns.width)
            found = list(_annotations(columns.row(cells)))
        except ValueError as error:
            yield line, bad_row(source, line, cells[0].strip(), error)
            continue
        without += not found
        for annotation in found:
            yield line, annotation
    if without:
        source.warnings.append(f"genes without KO, Pfam domain or CAZy family: {without}")


def _annotations(row: Row) -> Iterator[Annotation]:
    gene_id = gene_id_of(row.text("gene"))
    note = f"rank {row.text('rank')}" if row.text("rank") else ""
    definition = row.text("definition")
    product, ec_numbers = without_ec(definition)
    if kos := ko_of(row.text("ko")):
        is_profile = not row.columns.has("genes")
        yield Annotation(
            gene_id=gene_id,
            tool=TOOL,
            database="KOfam" if is_profile else "KEGG GENES",
            accession=kos[0],
            name=definition,
            product=product if is_profile and len(kos) == 1 else "",
            ec_numbers=ec_numbers if len(kos) == 1 else (),
            ko=kos,
            family_kind="equivalog" if is_profile else "",
            note=note,
        )
    for name, accession in _PFAM.findall(row.text("pfam")):
        yield Annotation(gene_id, TOOL, "", "Pfam", accession, name, family_kind="domain")
    if families := families_of(row.text("cazy")):
        yield _cazy(gene_id, families)


def _cazy(gene_id: str, families: Sequence[str]) -> Annotation:
    return Annotation(
        gene_id=gene_id,
        tool=TOOL,
        database="CAZy",
        accession="+".join(families),
        name=f"CAZy family {', '.join(families)}",
        dbxrefs=tuple(f"CAZy:{family}" for family in families),
        family_kind="domain",
    )
