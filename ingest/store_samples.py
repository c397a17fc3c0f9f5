"""Samples in the store: what each file says of them, and what is searchable of a sample.

``samples`` holds what all files say together; ``sample_parts`` holds what each says, so that a file
can be taken out again. It is made by the first write that needs it: a knowledge base from before
it opens as it is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from ingest.records import Sample
from ingest.sample_join import join_samples
from ingest.store_documents import put_documents
from ingest.store_rows import to_json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from ingest.describer import Describer

_PARTS: Final = (
    "CREATE TABLE IF NOT EXISTS sample_parts ("
    "id INTEGER PRIMARY KEY, samp_name TEXT NOT NULL, attributes TEXT NOT NULL,"
    " file_id INTEGER NOT NULL REFERENCES files (id), line INTEGER NOT NULL,"
    " UNIQUE (samp_name, file_id))",
    "CREATE INDEX IF NOT EXISTS sample_parts_of_file ON sample_parts (file_id)",
)
#: What was stored of a sample before parts were: it is that of the file that is named there.
_EARLIER: Final = (
    "INSERT INTO sample_parts (samp_name, attributes, file_id, line)"
    " SELECT samp_name, attributes, file_id, line FROM samples AS t WHERE samp_name = ?1"
    " AND NOT EXISTS (SELECT 1 FROM sample_parts AS p WHERE p.samp_name = ?1)"
)
_PUT: Final = "INSERT OR REPLACE INTO {} (samp_name, attributes, file_id, line) VALUES (?, ?, ?, ?)"


# --- What files say of samples ---------------------------------------------------------------


def make_parts(connection: sqlite3.Connection) -> None:
    """Make the table of parts where it is missing."""
    if not _has_parts(connection):
        for statement in _PARTS:
            connection.execute(statement)


def put_sample(
    connection: sqlite3.Connection, file_id: int, sample: Sample
) -> tuple[bool, list[str]]:
    """Store a sample's metadata; where two files differ, the later one counts.

    Returns:
        Whether anything of it is new, and a line for the user of each value that was changed.
    """
    name = sample.samp_name
    statement = "SELECT attributes FROM samples WHERE samp_name = ?"
    row = connection.execute(statement, (name,)).fetchone()
    old: dict[str, str] = dict(json.loads(row[0])) if row else {}
    changes = [
        f"sample {name}: {key} was {old[key]!r} and is now {value!r}"
        for key, value in sample.attributes
        if old.get(key, value) != value
    ]
    connection.execute(_EARLIER, (name,))
    place = (file_id, sample.provenance.line)
    own = (name, to_json(list(sample.attributes)), *place)
    together = (name, to_json(list((old | dict(sample.attributes)).items())), *place)
    connection.execute(_PUT.format("sample_parts"), own)
    connection.execute(_PUT.format("samples"), together)
    return row is None or old | dict(sample.attributes) != old, changes


def is_whole(connection: sqlite3.Connection, file_id: int) -> bool:
    """Tell whether it is known what a file said of samples: those of earlier versions are not."""
    query = "SELECT COUNT(*) FROM samples WHERE file_id = ?"
    has_rows = connection.execute(query, (file_id,)).fetchone()[0] > 0
    return not has_rows or bool(samples_of_file(connection, file_id))


def samples_of_file(connection: sqlite3.Connection, file_id: int) -> list[str]:
    """List the samples that a file described, by name."""
    if not _has_parts(connection):
        return []
    query = "SELECT samp_name FROM sample_parts WHERE file_id = ? ORDER BY samp_name"
    return [row[0] for row in connection.execute(query, (file_id,))]


def forget_samples(connection: sqlite3.Connection, file_id: int) -> None:
    """Take out what a file said of samples: they are again what the other files say."""
    names = samples_of_file(connection, file_id)
    if not names:
        return
    connection.execute("DELETE FROM sample_parts WHERE file_id = ?", (file_id,))
    query = "SELECT attributes, file_id, line FROM sample_parts WHERE samp_name = ? ORDER BY id"
    for name in names:
        connection.execute("DELETE FROM samples WHERE samp_name = ?", (name,))
        attributes: dict[str, str] = {}
        for part in connection.execute(query, (name,)).fetchall():
            attributes |= dict(json.loads(part[0]))
            together = (name, to_json(list(attributes.items())), part[1], part[2])
            connection.execute(_PUT.format("samples"), together)


def _has_parts(connection: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'sample_parts'"
    return connection.execute(query).fetchone() is not None


# --- What is told of them --------------------------------------------------------------------


def join_warnings(
    connection: sqlite3.Connection, described: Iterable[str], measured: Iterable[str]
) -> list[str]:
    """Say which samples did not match, in lines for the user.

    Args:
        connection: A connection to the knowledge base.
        described: Samples whose metadata the file brought: they are compared with all tables.
        measured: Samples of the file's own table, if it has one: they are compared with all
            metadata, also where it brought some itself.
    """
    own = dict.fromkeys(measured)
    tables = list(own) if own else _table_samples(connection) if any(described) else []
    known = _samples(connection) if tables else []
    if not known:
        return []
    lines = join_samples(known, tables).report()
    # Metadata often come before the last of their tables.
    left_out = "metadata of samples in no table" if own else "-"
    return [line for line in lines if not line.startswith(left_out)]


def _samples(connection: sqlite3.Connection) -> list[Sample]:
    rows = connection.execute("SELECT samp_name, attributes FROM samples ORDER BY samp_name")
    return [
        Sample(row[0], tuple((key, value) for key, value in json.loads(row[1]))) for row in rows
    ]


def _table_samples(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT names FROM sample_lists ORDER BY id")
    return list(dict.fromkeys(name for (names,) in rows for name in json.loads(names)))


def describe_sample(connection: sqlite3.Connection, describer: Describer, samp_name: str) -> None:
    """Bring a sample's description up to date with all that is known of it."""
    query = "SELECT attributes FROM samples WHERE samp_name = ?"
    row = connection.execute(query, (samp_name,)).fetchone()
    profiles = connection.execute(
        "SELECT taxa FROM sample_profiles WHERE samp_name = ? ORDER BY file_id", (samp_name,)
    )
    attributes = [(key, value) for key, value in json.loads(row[0])] if row else []
    shares = [[(taxon, share) for taxon, share in json.loads(taxa)] for (taxa,) in profiles]
    document = describer.sample(samp_name, attributes, shares)
    connection.execute(
        "DELETE FROM documents WHERE kind = 'sample' AND section = '' AND owner_id = ?"
        " AND document_id != ?",
        (samp_name, document.id if document else ""),
    )
    put_documents(connection, [document] if document else [])
