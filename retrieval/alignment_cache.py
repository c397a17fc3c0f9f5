"""The aligner's database of the reference sequences: derived, kept beside the knowledge base."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING, Final

from retrieval.aligners.base import Limits, is_database
from retrieval.cache_folder import CacheFolder
from retrieval.hits import MAX_ALIGNMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ingest.store_reader import StoreReader
    from retrieval.aligners.base import Aligner
    from retrieval.alignment import Alignment

#: Databases that are kept: runs that started before the last change still use theirs.
_KEPT: Final = 3


class AlignmentCache:
    """Search the reference sequences by alignment; the database is made when it is needed.

    Args:
        folder: Where databases are kept, one folder each, named by what they hold.
        threads: CPU threads of a search.
        aligner: The program.
    """

    def __init__(self, folder: Path, threads: int, aligner: Aligner) -> None:
        """Make nothing yet."""
        self._aligner = aligner
        self._folder = CacheFolder(folder, kept=_KEPT)
        self._threads = threads
        self._database: Path | None = None

    def settings(self) -> str:
        """Tell all that decides an answer besides the proteins.

        Raises:
            MissingDependencyError: The program is not installed.
        """
        return self._aligner.settings()

    def forget(self) -> None:
        """Look again for the database at the next search: the references have changed."""
        self._database = None

    def close(self) -> None:
        """Delete what was made outside the folder."""
        self._folder.close()

    def search(
        self, queries: Mapping[str, str], reader: StoreReader, max_hits: int = MAX_ALIGNMENTS
    ) -> Mapping[str, Sequence[Alignment]]:
        """Align queries to all reference sequences; targets are SHA-256s of sequences."""
        found = dict(self.search_each(queries, reader, max_hits))
        return {name: found.get(name, []) for name in queries}

    def search_each(
        self, queries: Mapping[str, str], reader: StoreReader, max_hits: int = MAX_ALIGNMENTS
    ) -> Iterator[tuple[str, Sequence[Alignment]]]:
        """Search as ``search`` does; yield queries that find something, one at a time."""
        if self._database is None:
            self._database = self._made(reader)
        if not is_database(self._database):
            shutil.rmtree(self._database, ignore_errors=True)
            self._database = self._made(reader)
        limits = Limits(max_hits)
        yield from self._aligner.search_each(queries, self._database, limits, threads=self._threads)

    def _made(self, reader: StoreReader) -> Path:
        digest = hashlib.sha256(self._aligner.name.encode())
        for sha256, _ in reader.reference_sequences():
            digest.update(bytes.fromhex(sha256))
        target = self._folder.writable() / digest.hexdigest()[:16]
        if not target.is_dir():
            self._build(reader, target)
            self._folder.drop_old(target)
        return target

    def _build(self, reader: StoreReader, target: Path) -> None:
        fresh = self._folder.fresh(target)
        self._aligner.build(reader.reference_sequences(), fresh)
        try:
            fresh.rename(target)
        except OSError:  # another process was faster
            shutil.rmtree(fresh, ignore_errors=True)
