"""What samples of tables and of metadata have in common, told when either is added."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ingest.records import Sample
from ingest.sample_join import join_samples

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable


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
