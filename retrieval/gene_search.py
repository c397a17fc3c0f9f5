"""Search the user's own genes: by name first, then by what their reference entries say.

A gene without a sequence has no entry: it is found by its id, its symbol or its product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.hits import TextHit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.records import Gene
    from ingest.store_reader import StoreReader
    from retrieval.fusion import Fused
    from retrieval.text_search import TextSearch


def search_genes(query: str, k: int, *, texts: TextSearch, reader: StoreReader) -> list[TextHit]:
    """Find the ``k`` best genes for an id, a gene symbol or words; each gene once."""
    wanted = query.strip()
    if not wanted:
        return []
    hits: dict[str, TextHit] = {}
    for hit in _candidates(wanted, texts, reader):
        hits.setdefault(hit.id, hit)
        if len(hits) == k:
            break
    return list(hits.values())


def _candidates(query: str, texts: TextSearch, reader: StoreReader) -> Iterator[TextHit]:
    for gene in (*reader.genes_called(query), *reader.genes_without_sequence(query)):
        yield _hit(gene)
    for fused in texts.rank_documents(query, ["protein"]):
        yield from (_hit(gene, fused) for gene in reader.genes_described_by(fused.id))


def _hit(gene: Gene, fused: Fused | None = None) -> TextHit:
    place = gene.location
    parts = (
        f"gene {gene.gene}" if gene.gene else "",
        f"EC {', '.join(gene.ec_numbers)}" if gene.ec_numbers else "",
        f"{place.seqid}:{place.start}-{place.end} ({place.strand})" if place else "",
        gene.provenance.path_name,
    )
    return TextHit(
        id=f"gene:{gene.provenance.path_name}:{gene.id}",
        kind="gene",
        owner_id=gene.id,
        reference=gene.id,
        source_id=gene.id,
        title=gene.product or "hypothetical protein",
        text=". ".join(part for part in parts if part),
        score=fused.score if fused else 1.0,
        dense=fused.dense if fused else None,
        lexical=fused.lexical if fused else None,
    )
