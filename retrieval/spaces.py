"""Fill the vector spaces: embed what waits, and write it as segments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from ingest.errors import EmbedderMismatchError, MetalumenError
from ingest.store import Space, put_spaces
from ingest.store_rows import to_json
from ingest.store_vectors import (
    SPACES,
    count_waiting,
    mark_embedded,
    put_segment,
    segments,
    waiting,
)
from retrieval.documents import embedding_text
from retrieval.embedders import have_equal_vectors, load_embedder
from retrieval.embedders.base import model_of
from retrieval.kept_answers import KeptAnswers, makers
from retrieval.kept_vectors import embed_unless_kept
from retrieval.vector_index import write_segment

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, MutableMapping, Sequence
    from pathlib import Path

    from retrieval.embedders.base import Embedder, Vectors

#: Called with a stage, how many are done, and how many there are (0 when unknown).
Progress: TypeAlias = "Callable[[str, int, int], None]"

#: Items handed to the embedder at once, and the most vectors of one segment (about 0.2 GB).
_CHUNK: Final = 512
_SEGMENT_MOST: Final = 100_000
#: Below this norm a vector has no direction: the item has nothing that the embedder knows.
_NO_DIRECTION: Final = 1e-6

#: The spec of a text space without an embedder: its texts are searched by words alone.
NO_EMBEDDER: Final = "none"

_STAGES: Final = {"sequence": "embedding sequences", "text": "embedding texts"}


class SpaceEmbedder:
    """The embedder of one space, loaded on first use and compared with what made the vectors.

    Args:
        space: The space as the store has it.
    """

    def __init__(self, space: Space) -> None:
        """Load nothing yet."""
        self.space = space
        self._embedder: Embedder | None = None
        self._kept_in: Path | None = None

    @property
    def is_off(self) -> bool:
        """Whether the base goes without an embedder for texts, as was asked for."""
        return self.space.space == "text" and self.space.spec == NO_EMBEDDER

    def get(self) -> Embedder:
        """Return the embedder.

        Raises:
            EmbedderMismatchError: It is not the one that made the vectors on disk.
            UserError: Its weights are not at hand.
        """
        if self._embedder is None:
            embedder = load_embedder(self.space.spec)
            _check_same(self.space, embedder)
            self._embedder = embedder
        return self._embedder

    def keep_in(self, folder: Path) -> None:
        """Keep the vectors of questions in a folder, and use those that it has."""
        self._kept_in = folder

    def embed_queries(self, items: Sequence[str]) -> Vectors:
        """Embed questions; the model is loaded where one is new.

        Raises:
            EmbedderMismatchError, UserError: As ``get``.
        """
        if self._kept_in is None:
            return self.get().embed_queries(items)
        it = self.space
        state = to_json([*makers(), it.spec, it.name, it.revision, it.dim])
        kept = KeptAnswers(self._kept_in, state)
        return embed_unless_kept(items, lambda new: self.get().embed_queries(new), it.dim, kept)

    def succeeded_by(self, space: Space) -> SpaceEmbedder:
        """Return the embedder for the space as it is now; what is loaded is kept if it fits."""
        fresh = SpaceEmbedder(space)
        fresh._kept_in = self._kept_in
        if self._embedder is not None and space.spec == self.space.spec:
            _check_same(space, self._embedder)
            fresh._embedder = self._embedder
        return fresh

    def described(self) -> Space:
        """Return the space with its embedder's name, revision and dimension."""
        embedder = self.get()
        space = self.space
        return Space(space.space, space.spec, embedder.name, embedder.revision, embedder.dim)


def _check_same(space: Space, embedder: Embedder) -> None:
    recorded = (space.name, space.revision, space.dim)
    loaded = (embedder.name, embedder.revision, embedder.dim)
    differ = (model_of(space.name), *recorded[1:]) != (model_of(embedder.name), *loaded[1:])
    if space.name and differ:
        what = (
            f"the {space.space} vectors were made by {_named(*recorded)},"
            f" but {space.spec!r} is now {_named(*loaded)}"
        )
        hint = "Make them anew with: metalumen rebuild KB"
        raise EmbedderMismatchError(what, where=f"space {space.space}", hint=hint)


def _named(name: str, revision: str, dim: int) -> str:
    return f"{name} revision {revision[:12]} ({dim} dimensions)"


def embed_waiting(
    connection: sqlite3.Connection,
    embedder: SpaceEmbedder,
    folder: Path,
    progress: Progress | None = None,
) -> None:
    """Embed all items of a space that have no vector, within a write transaction.

    Nothing is loaded, and all goes on waiting, where the space goes without an embedder.

    Args:
        connection: The connection of the transaction.
        embedder: The space and its embedder.
        folder: The folder of all spaces' segments.
        progress: Told after each chunk.
    """
    name = embedder.space.space
    total = 0 if embedder.is_off else count_waiting(connection, name)
    if not total:
        return
    put_spaces(connection, [embedder.described()])
    done = 0
    for kind in SPACES[name]:
        there = sum(it.count for it in segments(connection) if (it.space, it.kind) == (name, kind))
        part = _Part(connection, name, kind, folder, among=there + total)
        while chunk := part.next_chunk():
            part.take(chunk, embedder.get())
            done += len(chunk)
            if progress is not None:
                progress(_STAGES[name], done, total)
        part.write()


class _Part:
    """One part of a space while it is filled: vectors gather here until a segment is full."""

    def __init__(
        self, connection: sqlite3.Connection, space: str, kind: str, folder: Path, *, among: int
    ) -> None:
        self._among = among
        self._connection = connection
        self._space = space
        self._kind = kind
        self._folder = folder
        self._last = 0
        self._rows: list[int] = []
        self._ids: list[int] = []
        self._vectors: list[Vectors] = []

    def next_chunk(self) -> list[tuple[int, str, str]]:
        return waiting(self._connection, self._space, self._kind, after=self._last, limit=_CHUNK)

    def take(self, chunk: list[tuple[int, str, str]], embedder: Embedder) -> None:
        rows = [row for row, _, _ in chunk]
        vectors = embedder.embed_documents(
            [embedding_text(title, text) for _, title, text in chunk]
        )
        if vectors.shape != (len(chunk), embedder.dim):
            what = f"{len(chunk)} items gave vectors of shape {vectors.shape}"
            raise MetalumenError(what, where=f"embedder {embedder.name}")
        has_direction = np.linalg.norm(vectors, axis=1) > _NO_DIRECTION
        self._ids.extend(row for row, kept in zip(rows, has_direction, strict=True) if kept)
        self._vectors.append(vectors[has_direction])
        self._rows.extend(rows)
        self._last = rows[-1]
        if len(self._rows) >= _SEGMENT_MOST:
            self.write()

    def write(self) -> None:
        if self._ids:
            ids, vectors = np.array(self._ids, dtype=np.int64), np.concatenate(self._vectors)
            segment = write_segment(
                self._folder, self._space, self._kind, ids, vectors, among=self._among
            )
            put_segment(self._connection, segment)
        if self._rows:
            mark_embedded(self._connection, self._space, self._rows)
        self._rows, self._ids, self._vectors = [], [], []


def choose_specs(
    embedders: MutableMapping[str, SpaceEmbedder], text: str | None, protein: str | None
) -> None:
    """Take the embedders that are asked for by name, where the vectors on disk are theirs too.

    Raises:
        EmbedderMismatchError: One makes other vectors.
    """
    for name, wanted in (("text", text), ("sequence", protein)):
        space = embedders[name].space
        if wanted is None or wanted == space.spec:
            continue
        if not have_equal_vectors(wanted, space.spec):
            what = f"its {name} vectors are made by {space.spec!r}, not {wanted!r}"
            hint = "Change the embedder with: metalumen rebuild KB"
            raise EmbedderMismatchError(what, hint=hint)
        embedders[name] = SpaceEmbedder(replace(space, spec=wanted))
