"""Fill the profile space: compositions of the tables that were added, and their vectors.

All happens in the write transaction of the file that is added, so a base from before the space
gets it with the next table, and a kill leaves all of it or nothing.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from ingest import store_compositions as stored
from ingest.store import put_spaces
from ingest.store_vectors import SPACES, put_segment, segments
from retrieval.profiles.composition import Composition, TableRow, compositions_of
from retrieval.profiles.projection import SPACE, revision, space, vectors_of
from retrieval.vector_index import write_segment

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

    from ingest.store_compositions import FeatureRows, StoredComposition
    from retrieval.embedders.base import Vectors
    from retrieval.spaces import Progress

_STAGE: Final = "comparing samples"
#: The most vectors of one segment.
_SEGMENT_MOST: Final = 100_000
_FASTEST: Final = 1  # of zlib: hashes and floats shrink little


def fill(connection: sqlite3.Connection, folder: Path, progress: Progress | None = None) -> None:
    """Make compositions and vectors of all tables that have none yet, within a transaction.

    Args:
        connection: The connection of the transaction.
        folder: The folder of all spaces' segments.
        progress: Told after each file.
    """
    if _is_of_another_method(connection):
        stored.forget_all(connection)
    waiting = stored.new_rows(connection)
    if not waiting:
        return
    stored.make_tables(connection)
    new = {it.file_id for it in waiting}
    touched = {it for rows in waiting for it in stored.files_touched(connection, rows)} - new
    waiting = [*_forgotten(connection, sorted(touched)), *waiting]
    queue = _Queue(connection, folder)
    for number, rows in enumerate(waiting, start=1):
        queue.take(rows)
        if progress is not None:
            progress(_STAGE, number, len(waiting))
    queue.write()


def _is_of_another_method(connection: sqlite3.Connection) -> bool:
    query = "SELECT revision FROM spaces WHERE space = ?"
    row = connection.execute(query, (SPACE,)).fetchone()
    return row is not None and row[0] != revision()


def fill_again(connection: sqlite3.Connection, folder: Path, file_ids: Sequence[int]) -> None:
    """Make the compositions and vectors of files anew, within a transaction."""
    queue = _Queue(connection, folder)
    for rows in _forgotten(connection, file_ids):
        queue.take(rows)
    queue.write()


def _forgotten(connection: sqlite3.Connection, file_ids: Sequence[int]) -> list[FeatureRows]:
    """Drop what was made of files, and return where their rows are."""
    found = stored.known_rows(connection, file_ids) if file_ids else []
    for rows in found:
        stored.forget_file(connection, rows.file_id)
    return found


@dataclass(slots=True)
class _Queue:
    """Ids and vectors of compositions that were stored and wait for their segment, by kind."""

    connection: sqlite3.Connection
    folder: Path
    ids: dict[str, list[int]] = field(default_factory=dict)
    vectors: dict[str, list[Vectors]] = field(default_factory=dict)

    def take(self, rows: FeatureRows) -> None:
        """Make and store the compositions of a file."""
        own = stored.sha256_of_file(self.connection, rows.file_id)
        known = stored.lineages_for(self.connection, rows)
        made, names = compositions_of(_table(self.connection, rows), own=own, lineages=known)
        for it in made:
            facts = (it.sample, it.kind, it.level, it.unit, len(it.keys), packed(it))
            row = stored.put(self.connection, rows.file_id, facts)
            self.ids.setdefault(it.kind, []).append(row)
            self.vectors.setdefault(it.kind, []).append(vectors_of([it]))
        stored.put_names(self.connection, ((k, key, name) for (k, key), name in names.items()))
        stored.mark_done(self.connection, rows)
        if sum(map(len, self.ids.values())) >= _SEGMENT_MOST:
            self.write()

    def write(self) -> None:
        """Write a segment of each kind that has something waiting."""
        if self.ids:
            put_spaces(self.connection, [space()])
        for kind in SPACES[SPACE]:
            if kind not in self.ids:
                continue
            ids = np.array(self.ids.pop(kind), dtype=np.int64)
            vectors = np.concatenate(self.vectors.pop(kind))
            among = len(ids) + sum(
                it.count for it in segments(self.connection) if (it.space, it.kind) == (SPACE, kind)
            )
            segment = write_segment(self.folder, SPACE, kind, ids, vectors, among=among)
            put_segment(self.connection, segment)


def _table(connection: sqlite3.Connection, rows: FeatureRows) -> list[TableRow]:
    """Read the community rows of a file."""
    lists: dict[int, tuple[str, ...]] = {}
    found = []
    for row in stored.community_rows(connection, rows):
        number = row["sample_list_id"]
        if number not in lists:
            lists[number] = stored.sample_list(connection, number)
        pairs = np.array(json.loads(row["abundances"]), dtype=np.float64).reshape(-1, 2)
        pairs = pairs[np.isfinite(pairs[:, 1])]
        found.append(
            TableRow(
                row["feature_id"], row["name"], row["kind"], row["unit"], row["rank"],
                row["lineage"], lists[number], pairs[:, 0].astype(np.int64), pairs[:, 1],
            )
        )  # fmt: skip
    return [row for row in found if row.samples]


def packed(composition: Composition) -> bytes:
    """Write keys and values as bytes: little-endian, packed."""
    keys, values = composition.keys.astype("<i8"), composition.values.astype("<f8")
    return zlib.compress(keys.tobytes() + values.tobytes(), _FASTEST)


def unpacked(facts: StoredComposition, content: bytes) -> Composition:
    """Read what ``packed`` wrote."""
    data = zlib.decompress(content)
    half = len(data) // 2
    return Composition(
        facts.sample, facts.kind, facts.level, facts.unit,
        np.frombuffer(data[:half], dtype="<i8").astype(np.int64),
        np.frombuffer(data[half:], dtype="<f8").astype(np.float64),
    )  # fmt: skip
