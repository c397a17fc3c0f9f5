"""A knowledge base as a query sees it from which some references are left out.

For measuring: a protein whose function is known is asked about as if its own entry, or its close
kin, had never been read. What is hidden differs from query to query, while one protein may be a
query and a reference of another query at once. So a target that not all queries may see in full is
named after its query (``QUERY>TARGET``, both SHA-256s), and ``proteins_with`` knows who asks.

Counts stay those of the whole base: E-values are what they are without leaving out. Searched
alike are texts, samples and genomes; hiding is about reference proteins and stored genes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from retrieval.hits import MAX_ALIGNMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ingest.records import Annotation, Feature, Gene, Protein, Publication, Sample
    from ingest.store_rows import Document
    from retrieval.alignment import Alignment
    from retrieval.domains import FamilyHit
    from retrieval.evidence.base import KnowledgeView
    from retrieval.hits import SequenceHit, TextHit, TextKind
    from retrieval.searched import Searched

_ASKED_BY: Final = ">"
#: Sequences whose entries are remembered: families are hit by many queries.
_REMEMBERED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Hidden:
    """What one query may not see.

    ``sequences`` are SHA-256s of which every entry is hidden. ``accessions`` are single entries,
    and ``shared`` the SHA-256s of these: others may have the same sequence and stay.
    """

    sequences: frozenset[str] = frozenset()
    accessions: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()


class HeldOutView:
    """Answer as ``view`` does, without what is hidden from the query that asks.

    Args:
        view: The whole knowledge base.
        hidden: What each query may not see, by the SHA-256 of the query's sequence. A query that
            is not named sees all.
    """

    def __init__(self, view: KnowledgeView, hidden: Mapping[str, Hidden]) -> None:
        """Note which sequences must be asked for by name of the query."""
        self._view = view
        self._hidden = dict(hidden)
        self._entries = lru_cache(_REMEMBERED)(view.proteins_with)

    @property
    def residues(self) -> int:
        """Residues in all distinct reference sequences, hidden ones too (for E-values)."""
        return self._view.residues

    def align(
        self, queries: Mapping[str, str], max_hits: int = MAX_ALIGNMENTS
    ) -> Mapping[str, Sequence[Alignment]]:
        """Search by alignment; so much more is asked for that ``max_hits`` are left."""
        found = self._view.align(queries, max_hits + self._most_hidden(queries))
        return {
            query: [
                _renamed(hit, self._name(query, hit.target))
                for hit in hits
                if hit.target not in self._of(query).sequences
            ][:max_hits]
            for query, hits in found.items()
        }

    def neighbours(self, queries: Mapping[str, str], k: int) -> Mapping[str, Sequence[SequenceHit]]:
        """Find the ``k`` nearest sequences that are not hidden."""
        found = self._view.neighbours(queries, k + self._most_hidden(queries))
        return {
            query: [
                replace(hit, sequence_sha256=self._name(query, hit.sequence_sha256))
                for hit in hits
                if hit.sequence_sha256 not in self._of(query).sequences
            ][:k]
            for query, hits in found.items()
        }

    def families(self, queries: Mapping[str, str]) -> Mapping[str, Sequence[FamilyHit]]:
        """List families; what their profiles were built from cannot be hidden."""
        return self._view.families(queries)

    def use_searched(self, searched: Searched) -> None:
        """Hand on what was searched ahead in the whole base."""
        self._view.use_searched(searched)

    def proteins_with(self, sequence_sha256: str) -> Sequence[Protein]:
        """List the entries of a target that the query it is named after may see.

        The plain SHA-256 of a query's own sequence is taken as asked by that query.
        """
        query, _, target = sequence_sha256.rpartition(_ASKED_BY)
        hidden = self._of(query or target)
        if target in hidden.sequences:
            return ()
        entries = self._entries(target)
        return [entry for entry in entries if entry.accession not in hidden.accessions]

    def genes_with(self, sequence_sha256: str) -> Sequence[Gene]:
        """List stored genes with this sequence that the query of this sequence may see."""
        hidden = self._of(sequence_sha256)
        if sequence_sha256 in hidden.sequences:
            return ()
        genes = self._view.genes_with(sequence_sha256)
        return [gene for gene in genes if gene.id not in hidden.accessions]

    def genes_named(self, gene_id: str) -> Sequence[Gene]:
        """List stored genes with this id."""
        return self._view.genes_named(gene_id)

    def genes_on(self, seqid: str) -> Sequence[Gene]:
        """List stored genes of a contig, by start."""
        return self._view.genes_on(seqid)

    def annotations_of(self, gene_id: str) -> Sequence[Annotation]:
        """List what annotation tools say of genes of this id."""
        return self._view.annotations_of(gene_id)

    def annotations_with(self, sequence_md5: str) -> Sequence[Annotation]:
        """List nothing where anything is hidden: it would be about the query itself."""
        return () if self._hidden else self._view.annotations_with(sequence_md5)

    def annotations_on(self, seqid: str) -> Sequence[Annotation]:
        """List the annotations of a contig that have a place and no gene id."""
        return self._view.annotations_on(seqid)

    def search_texts(
        self, queries: Sequence[str], k: int, kinds: Sequence[TextKind]
    ) -> Sequence[Sequence[TextHit]]:
        """Search texts for each query."""
        return self._view.search_texts(queries, k, kinds)

    def publication(self, publication_id: str) -> Publication | None:
        """Return a stored publication."""
        return self._view.publication(publication_id)

    def publications_with_pmids(self, pmids: Sequence[str]) -> Sequence[Publication]:
        """Return the stored publications among these PMIDs."""
        return self._view.publications_with_pmids(pmids)

    def features_with_id(self, feature_id: str) -> Sequence[Feature]:
        """Return community rows of metagenomic tables with this id."""
        return self._view.features_with_id(feature_id)

    def summaries_of(self, feature_id: str) -> Sequence[Document]:
        """Return the texts of cohort analyses on a feature."""
        return self._view.summaries_of(feature_id)

    def samples(self) -> Sequence[Sample]:
        """Return all samples with metadata."""
        return self._view.samples()

    def close(self) -> None:
        """Let go of what is remembered; the view below stays open."""
        self._entries.cache_clear()

    def _of(self, query: str) -> Hidden:
        return self._hidden.get(query, Hidden())

    def _most_hidden(self, queries: Mapping[str, str]) -> int:
        counts = (self._of(query) for query in queries)
        return max((len(one.sequences) + len(one.shared) for one in counts), default=0)

    def _name(self, query: str, target: str) -> str:
        """Name a target after the query where another would see other entries of it."""
        if target == query:
            return target
        is_private = target in self._hidden or target in self._of(query).shared
        return f"{query}{_ASKED_BY}{target}" if is_private else target


def _renamed(hit: Alignment, target: str) -> Alignment:
    return hit if hit.target == target else replace(hit, target=target)
