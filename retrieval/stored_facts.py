"""Facts that are read from the store as they are: the plain half of a knowledge base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.taxon_filter import papers_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.records import Annotation, Feature, Gene, Publication, Sample
    from ingest.store_reader import StoreReader
    from ingest.store_rows import Document


class StoredFacts:
    """Questions that the store answers alone; whoever inherits sets ``_reader``."""

    _reader: StoreReader

    def genes_named(self, gene_id: str) -> list[Gene]:
        """List stored genes with this id."""
        return self._reader.genes_named(gene_id)

    def genes_with(self, sequence_sha256: str) -> list[Gene]:
        """List stored genes with this protein sequence."""
        return self._reader.genes_with(sequence_sha256)

    def genes_on(self, seqid: str) -> list[Gene]:
        """List stored genes of a contig, by start."""
        return self._reader.genes_on(seqid)

    def annotations_of(self, gene_id: str) -> list[Annotation]:
        """List what annotation tools say of genes of this id."""
        return self._reader.annotations_of(gene_id)

    def annotations_with(self, sequence_md5: str) -> list[Annotation]:
        """List what annotation tools say of a protein of this MD5."""
        return self._reader.annotations_with(sequence_md5)

    def annotations_on(self, seqid: str) -> list[Annotation]:
        """List the annotations of a contig that have a place and no gene id."""
        return self._reader.annotations_on(seqid)

    def publication(self, publication_id: str) -> Publication | None:
        """Return a stored publication."""
        return self._reader.publication(publication_id)

    def publications_with_pmids(self, pmids: Sequence[str]) -> list[Publication]:
        """Return the stored publications among these PMIDs."""
        return self._reader.publications_with_pmids(pmids)

    def taxon_told(self, taxon: str) -> str:
        """Say where papers on a taxon are chosen by its words, for want of tags; else ""."""
        papers = papers_on(taxon, self._reader.connection)
        return papers.told if papers else ""

    def features_with_id(self, feature_id: str) -> list[Feature]:
        """Return community rows (no strata) of metagenomic tables with this id."""
        return self._reader.features_with_id(feature_id)

    def summaries_of(self, feature_id: str) -> list[Document]:
        """Return the texts of cohort analyses on a feature."""
        return self._reader.summaries_of(feature_id)

    def samples(self) -> list[Sample]:
        """Return all samples with metadata, by name."""
        return self._reader.samples()
