"""run_dbcan's gene clusters as GFF3: PULs and CGCs with their genes.

    ##gff-version 3
    c1<TAB>dbCAN:4.1.2<TAB>predicted PUL<TAB>67267<TAB>73035<TAB>.<TAB>.<TAB>.<TAB>ID=c1_CGC1
    c1<TAB>dbCAN:4.1.2<TAB>CAZyme<TAB>71383<TAB>73035<TAB>.<TAB>+<TAB>.<TAB>ID=g_77;Parent=c1_CGC1

Kept: each cluster with its substrate, each gene with its cluster, kind and families. Dropped:
scores. A gene without a kind ("null") is told to be in the cluster. See
github.com/bcb-unl/run_dbcan.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import gene_id_of, placed
from ingest.gff_rows import annotations_of_rows, first_row
from ingest.readers.dbcan import families_of
from ingest.records import Annotation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.gff_rows import GffRow
    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord

TOOL: Final = "run_dbcan clusters"
_CLUSTER: Final = re.compile(r"predicted PUL|PUL|CGC|gene_cluster", re.IGNORECASE)
#: run_dbcan's kinds of genes -> words.
_KINDS: Final = {
    "cazyme": "CAZyme",
    "tc": "transporter",
    "tf": "transcription factor",
    "stp": "signal transduction protein",
    "sulfatase": "sulfatase",
    "peptidase": "peptidase",
    "null": "gene of no known kind",
}
_NOTHING: Final = frozenset({"", "null", "n/a", "-", "."})
_VERSION: Final = re.compile(r"dbcan[:\s_v]*([\d.]+)", re.IGNORECASE)


class DbcanGffReader:
    """Genes of clusters for polysaccharides."""

    name = "dbcan_gff"
    kind: Kind = "annotations"
    description = "run_dbcan gene clusters (PUL, CGC) as GFF3"

    def sniff(self, head: str) -> bool:
        """Look for a first row whose source is dbCAN, or whose attributes are of a cluster."""
        row = first_row(head)
        if row is None:
            return False
        return row.source.lower().startswith("dbcan") or "cgc_annotation" in row.attributes

    def read(self, handle: TextIO, source: Source) -> Iterator[Annotation | BadRecord]:
        """Yield an Annotation per cluster and per gene.

        Raises:
            FormatError: No line holds anything, or no row can be used.
        """
        clusters: dict[str, str] = {}
        rows = annotations_of_rows(handle, source, lambda row: _annotation(row, clusters))
        yield from placed(rows, source, self.name)
        if clusters:
            source.warnings.append(f"predicted gene clusters: {len(clusters)}")


def _annotation(row: GffRow, clusters: dict[str, str]) -> Annotation:
    version = (_VERSION.search(row.source) or [""] * 2)[1]
    identifier = gene_id_of(row.first("protein_id") or row.first("id"))
    if _CLUSTER.fullmatch(row.type):
        if identifier in clusters:
            raise ValueError("the cluster occurs twice")
        clusters[identifier] = _substrate(row)
        return Annotation(
            gene_id=identifier,
            tool=TOOL,
            version=version,
            database="dbCAN",
            accession=identifier,
            name=row.type,
            location=row.location,
            note=clusters[identifier],
        )
    cluster = row.first("parent") or row.first("cgc_id")
    kind = _KINDS.get(row.type.lower(), row.type)
    families = [
        item
        for name in ("protein_family", "cgc_annotation")
        for value in row.attributes.get(name, ())
        for item in value.split("|")
        if item.lower() not in _NOTHING
    ]
    told = [f"in {cluster}" if cluster else "", clusters.get(cluster, "")]
    return Annotation(
        gene_id=identifier,
        tool=TOOL,
        version=version,
        database="dbCAN",
        accession="+".join(families),
        name=kind,
        dbxrefs=tuple(f"CAZy:{it}" for family in families for it in families_of(family)),
        location=row.location,
        note=", ".join(filter(None, told)),
    )


def _substrate(row: GffRow) -> str:
    names = ("substrate_dbcan-pul", "substrate_dbcan-sub", "substrate")
    found = [value for name in names for value in row.attributes.get(name, ())]
    told = [value for value in dict.fromkeys(found) if value.lower() not in _NOTHING]
    return f"predicted substrate {', '.join(told)}" if told else ""
