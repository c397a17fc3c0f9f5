"""What the store asks of whoever says how a record can be found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ingest.records import Feature, Protein, Publication
    from ingest.store_entities import Tag
    from ingest.store_profiles import Share
    from ingest.store_rows import Document


class Describer(Protocol):
    """Say what is searchable about a record; None where nothing is."""

    def passages(self, publication: Publication) -> Sequence[Document]:
        """Cut a paper into passages."""
        ...

    def entities(self, publication: Publication, genera: Collection[str]) -> Sequence[Tag]:
        """Find what a paper names; ``genera`` are those of the base's own tables."""
        ...

    def protein(self, protein: Protein) -> Document | None:
        """Describe a protein; equal descriptions have equal ids."""
        ...

    def feature(self, feature: Feature) -> Document | None:
        """Describe a row of a metagenomic table, without its numbers."""
        ...

    def sample(
        self,
        samp_name: str,
        attributes: Sequence[tuple[str, str]],
        profiles: Sequence[Sequence[Share]],
    ) -> Document | None:
        """Describe a sample by its metadata and its most abundant taxa."""
        ...
