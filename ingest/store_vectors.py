"""The store's side of the vectors: which files hold them, and what has none yet.

Functions take a connection; those that write need one within its write transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.store_rows import to_json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

#: The vector spaces and their parts. Every item lies in one part, so that a search can be kept
#: to some kinds of items at no cost.
SPACES: Final[dict[str, tuple[str, ...]]] = {
    "sequence": ("protein", "gene"),
    "text": ("passage", "protein", "feature", "sample"),
    "profile": ("species", "genus", "higher", "pathway", "ko", "ec", "family", "otu"),
}
#: Spaces whose vectors an embedder makes; the profiles of samples are computed.
EMBEDDED: Final = ("sequence", "text")

# By space: what waits for a vector (row id, title or "", text), how much, and how it is marked.
_WAITING: Final = {
    "sequence": (
        "SELECT id, '', residues FROM sequences"
        " WHERE embedded != role AND role = ? AND id > ? ORDER BY id LIMIT ?"
    ),
    "text": (
        "SELECT id, title, text FROM documents"
        " WHERE embedded != kind AND kind = ? AND id > ? ORDER BY id LIMIT ?"
    ),
}
_COUNT_WAITING: Final = {
    "sequence": "SELECT COUNT(*) FROM sequences WHERE embedded != role",
    "text": "SELECT COUNT(*) FROM documents WHERE embedded != kind",
}
_BURY: Final = {
    "sequence": (
        "INSERT OR IGNORE INTO tombstones SELECT 'sequence', embedded, id FROM sequences"
        " WHERE embedded NOT IN ('', role) AND id IN (SELECT value FROM json_each(?))"
    ),
    "text": "SELECT ?",  # a text never moves to another part
}
_MARK: Final = {
    "sequence": (
        "UPDATE sequences SET embedded = role WHERE id IN (SELECT value FROM json_each(?))"
    ),
    "text": "UPDATE documents SET embedded = kind WHERE id IN (SELECT value FROM json_each(?))",
}


@dataclass(frozen=True, slots=True)
class Segment:
    """One file of vectors; ``kind`` is the part of the space that it belongs to."""

    space: str
    kind: str
    file_name: str
    sha256: str
    count: int
    dim: int
    factory: str


def segments(connection: sqlite3.Connection) -> list[Segment]:
    """List all files of vectors in a fixed order."""
    query = "SELECT * FROM segments ORDER BY space, kind, file_name"
    return [Segment(*row) for row in connection.execute(query)]


def put_segment(connection: sqlite3.Connection, segment: Segment) -> None:
    """Add a file of vectors to the list."""
    connection.execute(
        "INSERT OR REPLACE INTO segments VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(segment.space, segment.kind, segment.file_name, segment.sha256),
            *(segment.count, segment.dim, segment.factory),
        ),
    )


def forget_part(connection: sqlite3.Connection, space: str, kind: str) -> None:
    """Take the files of one part off the list, with its tombstones."""
    connection.execute("DELETE FROM segments WHERE space = ? AND kind = ?", (space, kind))
    connection.execute("DELETE FROM tombstones WHERE space = ? AND kind = ?", (space, kind))


def forget_all(connection: sqlite3.Connection) -> None:
    """Take all files of vectors off the list: every item then waits for a vector."""
    connection.execute("DELETE FROM segments")
    connection.execute("DELETE FROM tombstones")
    connection.execute("UPDATE sequences SET embedded = ''")
    connection.execute("UPDATE documents SET embedded = ''")


def tombstones(connection: sqlite3.Connection, space: str) -> dict[str, list[int]]:
    """List, by part, the ids of vectors that no longer count."""
    query = "SELECT kind, vector_id FROM tombstones WHERE space = ? ORDER BY kind, vector_id"
    found: dict[str, list[int]] = {}
    for kind, vector_id in connection.execute(query, (space,)):
        found.setdefault(kind, []).append(vector_id)
    return found


def count_waiting(connection: sqlite3.Connection, space: str) -> int:
    """Count the items of a space that wait for a vector."""
    return int(connection.execute(_COUNT_WAITING[space]).fetchone()[0])


def waiting(
    connection: sqlite3.Connection, space: str, kind: str, *, after: int, limit: int
) -> list[tuple[int, str, str]]:
    """List items that wait for a vector, by row id beyond ``after``: (row id, title, text)."""
    rows = connection.execute(_WAITING[space], (kind, after, limit))
    return [(row[0], row[1], row[2]) for row in rows]


def mark_embedded(connection: sqlite3.Connection, space: str, rows: Sequence[int]) -> None:
    """Note that items have their vector now; one in another part of the space is given up."""
    ids = (to_json(rows),)
    connection.execute(_BURY[space], ids)
    connection.execute(_MARK[space], ids)
