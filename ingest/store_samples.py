"""What samples of tables and of metadata have in common, and what is searchable of a sample."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ingest.records import Sample
from ingest.sample_join import join_samples
from ingest.store_documents import put_documents

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from ingest.describer import Describer


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
