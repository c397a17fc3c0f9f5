"""The knowledge base: store, vectors and full text, opened, extended and checked as one thing.

Adding files lives in ``retrieval.adding``, keeping the folder sound in ``retrieval.upkeep``.
"""

from __future__ import annotations

import hashlib
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from ingest.errors import EmbedderMismatchError, UserError
from ingest.records import clean_sequence
from ingest.schema import SCHEMA_VERSION
from ingest.store import FILE_NAME, Space, Store
from ingest.store_reader import StoreReader
from ingest.store_rows import to_json
from ingest.store_vectors import EMBEDDED, SPACES, segments, tombstones
from retrieval import adding, upkeep
from retrieval.adding import AddReport
from retrieval.aligners import ALIGNERS, DEFAULT_ALIGNER
from retrieval.alignment_cache import AlignmentCache
from retrieval.description import FileInfo, Info, SpaceInfo, describe
from retrieval.embedders import DEFAULT_PROTEIN, DEFAULT_TEXT
from retrieval.family_cache import FamilyCache
from retrieval.gene_search import search_genes
from retrieval.hits import MAX_ALIGNMENTS, SCOPES
from retrieval.kept_answers import KeepsAnswers
from retrieval.manifest import VECTORS
from retrieval.profiles.comparing import ComparesSamples
from retrieval.search_options import SearchOptions
from retrieval.searched import Searched, completed
from retrieval.sequence_search import nearest
from retrieval.spaces import SpaceEmbedder, choose_specs
from retrieval.stored_facts import StoredFacts
from retrieval.text_search import TextSearch
from retrieval.turns import in_turn
from retrieval.vector_index import VectorIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from ingest.records import Protein
    from retrieval.alignment import Alignment
    from retrieval.domains import FamilyHit
    from retrieval.expansion import Expansion
    from retrieval.hits import SequenceHit, TextHit, TextKind
    from retrieval.spaces import Progress

__all__ = ["AddReport", "FileInfo", "Info", "KnowledgeBase", "SpaceInfo"]

_CACHE: Final = "cache"
DEFAULT_OPTIONS: Final = SearchOptions()
#: Sequences whose entries are remembered: the genes of a genome have their hits in common.
#: About 2 kB each.
_REMEMBERED: Final = 30_000
#: Sequences that are compared with the reference: entries of databases and named genes.
_REFERENCE: Final = ("protein",)


class KnowledgeBase(ComparesSamples, KeepsAnswers, StoredFacts):
    """An open knowledge base; it is what evidence sources see (``KnowledgeView``).

    Use ``open``, ``create`` or ``open_or_create``, and ``close`` or ``with``. Another process
    may add files meanwhile: each question is answered from the latest complete state. Several
    threads may share one: their searches wait for each other.
    """

    def __init__(
        self, path: Path, store: Store, *, threads: int = 1, aligner: str = DEFAULT_ALIGNER
    ) -> None:
        """Wrap a store that was checked; embedders and vectors are loaded on first use."""
        self.path = path
        self._store = store
        self._reader = StoreReader(store.connection)
        self._entries = lru_cache(_REMEMBERED)(self._reader.proteins_with)
        self._indexes = {space: VectorIndex(path / VECTORS / space, space) for space in SPACES}
        cache = path / _CACHE / "alignment"
        self._aligner = AlignmentCache(cache, threads, ALIGNERS.get(aligner)())
        self._families = FamilyCache(path / _CACHE / "families", threads)
        self._turn = threading.RLock()
        #: Why the last search of texts went by words alone; "" when it did not.
        self.dense_off = ""
        self._generation = -1
        self._residues: int | None = None
        self._searched = Searched()
        self._embedders: dict[str, SpaceEmbedder] = {}
        self._refresh()

    @classmethod
    def open(cls, path: Path, *, threads: int = 1, aligner: str = DEFAULT_ALIGNER) -> KnowledgeBase:
        """Open an existing knowledge base after checking its files.

        ``aligner`` names the program of the search by alignment (a name of ``ALIGNERS``).

        Raises:
            KnowledgeBaseError: The folder is not a knowledge base.
            SchemaMismatchError: Another schema version made it.
            DamagedFileError: A file does not match the manifest; says which, and what to run.
        """
        return cls(path, upkeep.open_checked(path), threads=threads, aligner=aligner)

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        text_embedder: str = DEFAULT_TEXT,
        protein_embedder: str = DEFAULT_PROTEIN,
        threads: int = 1,
    ) -> KnowledgeBase:
        """Make an empty knowledge base in a folder that is absent or empty.

        Raises:
            KnowledgeBaseError: The folder holds something else.
        """
        upkeep.check_free(path)
        spaces = [Space("text", text_embedder), Space("sequence", protein_embedder)]
        Store.create(path / FILE_NAME, spaces).close()
        return cls.open(path, threads=threads)

    @classmethod
    def open_or_create(
        cls,
        path: Path,
        *,
        text_embedder: str | None = None,
        protein_embedder: str | None = None,
        threads: int = 1,
    ) -> KnowledgeBase:
        """Open a knowledge base, or make it with these embedders (the bundled ones if None).

        Raises:
            EmbedderMismatchError: It is there, and its vectors are not those of the one named.
        """
        if not upkeep.is_knowledge_base(path):
            return cls.create(
                path,
                text_embedder=text_embedder or DEFAULT_TEXT,
                protein_embedder=protein_embedder or DEFAULT_PROTEIN,
                threads=threads,
            )
        base = cls.open(path, threads=threads)
        try:
            choose_specs(base._embedders, text_embedder, protein_embedder)
        except EmbedderMismatchError:
            base.close()
            raise
        return base

    @classmethod
    def rebuild(
        cls,
        path: Path,
        *,
        text_embedder: str | None = None,
        protein_embedder: str | None = None,
        threads: int = 1,
        progress: Progress | None = None,
    ) -> None:
        """Make all vectors anew from the stored facts, also when those on disk are damaged.

        It is the way to change an embedder: None keeps the present one.

        Raises:
            DamagedFileError: The facts themselves (``kb.sqlite``) are damaged.
        """
        del threads  # set for the whole process in retrieval.threads
        specs = {"text": text_embedder, "sequence": protein_embedder}
        upkeep.rebuild(path, {k: v for k, v in specs.items() if v is not None}, progress)

    @in_turn
    def compact(self) -> None:
        """Merge the vectors of each kind into one file, without embedding anything again."""
        upkeep.compact(self.path, self._store, self._indexes)
        self._refresh()

    @in_turn
    def add(
        self,
        files: Sequence[Path],
        *,
        reader_name: str | None = None,
        metadata: Path | None = None,
        progress: Progress | None = None,
        told: Callable[[AddReport], None] | None = None,
    ) -> list[AddReport]:
        """Add files, each wholly or not at all; what is there already changes nothing.

        All files are recognised before the first is read. ``metadata`` is read after them.

        Args:
            files: Files of any known format.
            reader_name: Name of a reader, to skip recognition.
            metadata: Sample metadata that belongs to the tables.
            progress: Told the stage, how many are done, and how many there are (0: unknown).
            told: Given the report of each file as soon as the file is added.

        Raises:
            InputError: A file cannot be used; those before it were added.
            KnowledgeBaseError: Another process is writing, or the folder is read-only.
            EmbedderMismatchError: An embedder is not the one that made the vectors.
        """
        opened = adding.recognised(files, reader_name, metadata)
        target = adding.Target(self._store, self._embedders, self.path)
        reports = []
        try:
            for role, file in opened:
                reports.append(adding.add_file(target, role, file, progress))
                if told is not None:
                    told(reports[-1])
        finally:
            if self._store.generation != self._generation:
                upkeep.settle(self.path, self._store)
            self._refresh()
        return reports

    @in_turn
    def close(self) -> None:
        """Close the store and delete temporary files."""
        self._aligner.close()
        self._families.close()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @in_turn
    def info(self) -> Info:
        """Count what is in the knowledge base."""
        self._refresh()
        return describe(self.path, self._store, self._indexes)

    @property
    def digest(self) -> str:
        """Hash of what answers depend on: the files, in order, and the embedders."""
        spaces = [(it.space, it.name, it.revision) for it in self._store.spaces().values()]
        files = [(it.sha256, it.reader, it.role) for it in self._reader.files()]
        factories = sorted({it.factory for it in segments(self._store.connection)})
        content = to_json([SCHEMA_VERSION, spaces, files, factories])
        return hashlib.sha256(content.encode()).hexdigest()

    # searches

    def search(
        self, query: str, k: int, scope: str = "all", options: SearchOptions = DEFAULT_OPTIONS
    ) -> list[TextHit]:
        """Find the ``k`` best texts in ``scope`` (a name of ``SCOPES``).

        Retracted papers are left out unless the options include them.

        Raises:
            UserError: There is no such scope.
        """
        if scope not in SCOPES:
            what = f"there is no scope {scope!r} to search in"
            raise UserError(what, hint=f"Known: {', '.join(SCOPES)}")
        if scope == "genes":
            return search_genes(query, k, texts=self._texts(), reader=self._reader)
        return self.search_texts([query], k, SCOPES[scope], options)[0]

    @in_turn
    def search_texts(
        self,
        queries: Sequence[str],
        k: int,
        kinds: Sequence[TextKind],
        options: SearchOptions = DEFAULT_OPTIONS,
    ) -> list[list[TextHit]]:
        """Search texts for each query, hybrid unless the options say otherwise."""
        texts = self._texts()
        found = texts.search(queries, k, kinds, options)
        self.dense_off = texts.dense_off
        return found

    @in_turn
    def expansions(self, query: str, options: SearchOptions = DEFAULT_OPTIONS) -> list[Expansion]:
        """List the entities of a question that a search looks for under other names too."""
        return self._texts().expansions(query, options)

    @in_turn
    def rank_publications(
        self, queries: Sequence[str], k: int, options: SearchOptions = DEFAULT_OPTIONS
    ) -> list[list[tuple[str, float]]]:
        """Rank papers for each query by their best passage: (the source's own id, score)."""
        texts = self._texts()
        ranked = texts.rank_publications(queries, k, options)
        self.dense_off = texts.dense_off
        return ranked

    def search_sequence(self, sequence: str, k: int) -> list[SequenceHit]:
        """Find the ``k`` stored sequences nearest to a protein, user's genes included."""
        return self._nearest({"": sequence}, k, SPACES["sequence"])[""]

    def neighbours(self, queries: Mapping[str, str], k: int) -> dict[str, Sequence[SequenceHit]]:
        """Find the nearest reference sequences of each query in the embedding space."""
        known = self._searched.neighbours(queries, k)
        return completed(queries, known, lambda it: self._nearest(it, k, _REFERENCE))

    @in_turn
    def _nearest(
        self, queries: Mapping[str, str], k: int, kinds: Sequence[str]
    ) -> dict[str, list[SequenceHit]]:
        self._refresh()
        texts = [clean_sequence(sequence) for sequence in queries.values()]
        index, embedder = self._indexes["sequence"], self._embedders["sequence"]
        hits = nearest(texts, k, kinds, index=index, embedder=embedder, reader=self._reader)
        return dict(zip(queries, hits, strict=True))

    @in_turn
    def align(
        self, queries: Mapping[str, str], max_hits: int = MAX_ALIGNMENTS
    ) -> Mapping[str, Sequence[Alignment]]:
        """Search the reference sequences by alignment, in one batch."""
        self._refresh()
        known = self._searched.alignments(queries, max_hits)
        return completed(
            queries, known, lambda it: self._aligner.search(it, self._reader, max_hits)
        )

    def align_each(self, queries: Mapping[str, str]) -> Iterator[tuple[str, Sequence[Alignment]]]:
        """Search as ``align`` does; yield queries that find something, one at a time."""
        with self._turn:
            self._refresh()
            yield from self._aligner.search_each(queries, self._reader)

    def use_searched(self, searched: Searched) -> None:
        """Answer from what was searched ahead, where it holds the answer."""
        self._searched = searched

    @in_turn
    def families(self, queries: Mapping[str, str]) -> Mapping[str, Sequence[FamilyHit]]:
        """List the families that each protein belongs to, region by region, best first."""
        self._refresh()
        return self._families.search(queries, self._reader)

    # facts

    @property
    @in_turn
    def residues(self) -> int:
        """Residues in all distinct reference sequences (for E-values)."""
        self._refresh()
        if self._residues is None:
            self._residues = self._reader.reference_residues()
        return self._residues

    def proteins_with(self, sequence_sha256: str) -> list[Protein]:
        """List the reference entries that have this sequence, reviewed ones first."""
        return self._entries(sequence_sha256)

    @property
    def facts(self) -> StoreReader:
        """All other questions to the store: whole tables, counts, files."""
        return self._reader

    # state

    def _texts(self) -> TextSearch:
        self._refresh()
        return TextSearch(self._store.connection, self._indexes["text"], self._embedders["text"])

    def _refresh(self) -> None:
        """Follow changes of the store, by this process or another."""
        generation = self._store.generation
        if generation == self._generation:
            return
        connection = self._store.connection
        listed = segments(connection)
        for space, index in self._indexes.items():
            dead = tombstones(connection, space)
            index.use(listed, {k: np.array(v, dtype=np.int64) for k, v in dead.items()})
        for name, record in self._store.spaces().items():
            if name not in EMBEDDED:
                continue
            known = self._embedders.get(name)
            fresh = known.succeeded_by(record) if known else SpaceEmbedder(record)
            self._embedders[name] = fresh
        self._aligner.forget()
        self._families.forget()
        self._entries.cache_clear()
        self._residues = None
        self._generation = generation
