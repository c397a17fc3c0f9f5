"""The one path for one gene: gather, rank, draft, ground. Used by batch, chat and pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.claims import AnnotationRecord
from assistant.drafting import draft_by_rule
from assistant.grounding import ground
from assistant.grounding.conflicts import conflicts
from assistant.llm_drafting import draft_with_llm
from assistant.ranking import rank
from retrieval.evidence import SOURCES
from retrieval.evidence.genomic_context import unnamed_neighbours
from retrieval.searched import read_searched

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.calibration import Calibration
    from assistant.claims import Hypothesis
    from assistant.llm.base import LLMBackend
    from ingest.records import Gene
    from retrieval.evidence.base import Evidence, KnowledgeView, Surroundings

#: Disagreements of papers that a draft tells among what is not known.
MOST_CONFLICTS: Final = 3


@dataclass(frozen=True, slots=True)
class Annotator:
    """All that annotating needs besides the genes."""

    view: KnowledgeView
    calibration: Calibration
    backend: LLMBackend | None = None
    seed: int = 0

    def close(self) -> None:
        """Close the knowledge base and the model."""
        self.view.close()
        if self.backend is not None:
            self.backend.close()

    def use_searched(self, path: Path) -> None:
        """Let the knowledge base answer from a file of searches, if it is there and whole."""
        self.view.use_searched(read_searched(path))

    def gather(
        self, genes: Sequence[Gene], surroundings: Surroundings
    ) -> dict[str, tuple[Evidence, ...]]:
        """Ask every source in turn; each sees what the earlier ones found.

        Neighbours that only relatives can name are searched for with the genes, in one search.
        """
        beside = unnamed_neighbours(genes, self.view, surroundings)
        found: dict[str, tuple[Evidence, ...]] = {gene.id: () for gene in (*genes, *beside)}
        for name in SOURCES.names():
            source = SOURCES.get(name)()
            asked = (*genes, *beside) if source.kind == "similarity" else genes
            for gene_id, items in source.gather(asked, self.view, found, surroundings).items():
                found[gene_id] = (*found[gene_id], *items)
        return {gene.id: _distinct(found[gene.id]) for gene in genes}

    def draft(self, gene: Gene, evidence: Sequence[Evidence]) -> AnnotationRecord:
        """Turn the evidence on one gene into a checked draft."""
        ranking = rank(gene, evidence, self.calibration)
        hypothesis = draft_by_rule(gene, evidence, ranking)
        if self.backend is not None:
            hypothesis = draft_with_llm(hypothesis, gene, evidence, self.backend, seed=self.seed)
        hypothesis = _grounded(hypothesis, gene, evidence)
        return AnnotationRecord(gene=gene, hypothesis=hypothesis, evidence=tuple(evidence))


def _distinct(items: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Keep the first of items with one id."""
    first: dict[str, Evidence] = {}
    for item in items:
        first.setdefault(item.id, item)
    return tuple(first.values())


def _grounded(hypothesis: Hypothesis, gene: Gene, evidence: Sequence[Evidence]) -> Hypothesis:
    by_id = {item.id: item for item in evidence}
    claims = ground(hypothesis.claims, by_id, gene)
    told = tuple(one.text for one in conflicts(evidence) if one.kind == "sources")
    unknowns = (*hypothesis.unknowns, *told[:MOST_CONFLICTS])
    return hypothesis.model_copy(update={"claims": claims, "unknowns": unknowns})
