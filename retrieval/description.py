"""What a knowledge base holds, as plain records for people and for JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.schema import SCHEMA_VERSION
from ingest.store_reader import StoreReader
from ingest.store_vectors import segments

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ingest.store import Store
    from retrieval.vector_index import VectorIndex


@dataclass(frozen=True, slots=True)
class SpaceInfo:
    """A vector space: its embedder, and how many vectors it has in how many files."""

    name: str
    embedder: str
    revision: str
    dim: int
    vectors: int
    segments: int


@dataclass(frozen=True, slots=True)
class FileInfo:
    """A file that was added, with the number of new records of each type.

    ``unit`` is that of a table, ``origin`` what the file says of how it was made.
    """

    name: str
    sha256: str
    reader: str
    added: dict[str, int]
    bad: int
    unit: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Info:
    """What a knowledge base holds; ``size_bytes`` is its size on disk."""

    path: str
    schema_version: int
    generation: int
    counts: dict[str, int]
    spaces: tuple[SpaceInfo, ...]
    files: tuple[FileInfo, ...]
    size_bytes: int


def describe(path: Path, store: Store, indexes: Mapping[str, VectorIndex]) -> Info:
    """Count what is in a knowledge base."""
    reader = StoreReader(store.connection)
    listed = segments(store.connection)
    spaces = tuple(
        SpaceInfo(
            name=it.space,
            embedder=it.spec,
            revision=it.revision,
            dim=it.dim,
            vectors=indexes[it.space].count,
            segments=sum(segment.space == it.space for segment in listed),
        )
        for it in store.spaces().values()
    )
    files = tuple(
        FileInfo(it.path_name, it.sha256, it.reader, it.added, it.bad, it.unit, it.origin)
        for it in reader.files()
    )
    return Info(
        path=path.name,
        schema_version=SCHEMA_VERSION,
        generation=store.generation,
        counts=reader.counts(),
        spaces=spaces,
        files=files,
        size_bytes=sum(it.stat().st_size for it in path.rglob("*") if it.is_file()),
    )
