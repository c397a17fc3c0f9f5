"""Evidence sources: one file per kind. The table's order is the order of gathering."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.registry import Registry

if TYPE_CHECKING:
    from retrieval.evidence.base import EvidenceSource

SOURCES: Registry[type[EvidenceSource]] = Registry(
    "evidence source",
    "metalumen.evidence",
    {
        "prior_annotation": "retrieval.evidence.prior_annotation:PriorAnnotation",
        "similarity": "retrieval.evidence.similarity:Similarity",
        "embedding_neighbours": "retrieval.evidence.embedding_neighbours:EmbeddingNeighbours",
        "families": "retrieval.evidence.families:Families",
        "genomic_context": "retrieval.evidence.genomic_context:GenomicContext",
        "abundance": "retrieval.evidence.abundance:AbundanceInSamples",
        "literature": "retrieval.evidence.literature:Literature",
        "drug_metabolism": "retrieval.evidence.drug_metabolism:DrugMetabolism",
    },
)
