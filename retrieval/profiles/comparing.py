"""The part of a knowledge base that compares samples."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import partial
from typing import TYPE_CHECKING

from ingest.store_compositions import lineages_of, samples_named
from retrieval.profiles.projection import SPACE
from retrieval.profiles.reading import read_profiles
from retrieval.profiles.search import ProfileSearch
from retrieval.turns import in_turn

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from threading import RLock

    from ingest.store import Store
    from retrieval.profiles.reading import TableProfiles
    from retrieval.profiles.search import AskedSample, SimilarSamples
    from retrieval.vector_index import VectorIndex


class ComparesSamples(ABC):
    """Whoever inherits sets ``_store``, ``_indexes`` and ``_turn``."""

    _store: Store
    _indexes: Mapping[str, VectorIndex]
    _turn: RLock

    @abstractmethod
    def _refresh(self) -> None:
        """Look whether another process changed the base."""

    @in_turn
    def similar_samples(self, asked: AskedSample, k: int = 10) -> SimilarSamples:
        """List the ``k`` samples most like one that is stored, or one of a table that is not.

        Raises:
            UserError: There is no such sample, or it has no profile of that kind.
            EmbedderMismatchError: Another version of the method made the profiles.
        """
        self._refresh()
        return ProfileSearch(self._store.connection, self._indexes[SPACE]).similar(asked, k)

    @in_turn
    def compared_samples(self) -> list[str]:
        """List the samples that have a profile, by name."""
        self._refresh()
        return samples_named(self._store.connection)

    @in_turn
    def read_profiles(self, path: Path, reader_name: str | None = None) -> TableProfiles:
        """Read a table that is not stored, with the lineages that are, to compare its samples.

        Raises:
            InputError: The file cannot be read.
            UserError: It holds nothing to compare samples by.
        """
        lineages = partial(lineages_of, self._store.connection)
        return read_profiles(path, reader_name, lineages=lineages)
