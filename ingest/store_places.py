"""Where a paper was read: every file that has it, not only the one whose fields are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.records import Provenance

if TYPE_CHECKING:
    import sqlite3

_PLACES = (
    "SELECT f.path_name, f.sha256, f.reader, p.line FROM publication_files AS p"
    " JOIN files AS f ON f.id = p.file_id JOIN publication_keys AS k"
    " ON k.publication_id = p.publication_id WHERE k.key = ? ORDER BY f.id, p.line"
)


def places_of(connection: sqlite3.Connection, publication_id: str) -> list[Provenance]:
    """List the files and lines that hold a paper, in the order in which they were added.

    Args:
        connection: A connection of a ``Store``.
        publication_id: Id of the paper, also one that it had before an identifier was filled in.
    """
    return [Provenance(*row) for row in connection.execute(_PLACES, (publication_id,))]
