"""What samples are made of, for the profile space: the store's side.

The tables are made by the first write that needs them, so that a knowledge base from before them
opens as it is. ``id`` of a composition is the id of its vector and is never used twice: what has
a row has a vector. Functions take a connection; those that write need one within its write
transaction.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.store_rows import to_json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

SPACE: Final = "profile"

_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS compositions ("
    "id INTEGER PRIMARY KEY AUTOINCREMENT, samp_name TEXT NOT NULL, kind TEXT NOT NULL,"
    " level TEXT NOT NULL, unit TEXT NOT NULL,"
    " file_id INTEGER NOT NULL REFERENCES files (id), features INTEGER NOT NULL,"
    " content BLOB NOT NULL)",
    "CREATE INDEX IF NOT EXISTS compositions_of_sample ON compositions (samp_name, kind)",
    "CREATE INDEX IF NOT EXISTS compositions_of_kind ON compositions (kind, level, samp_name)",
    "CREATE INDEX IF NOT EXISTS compositions_of_file ON compositions (file_id)",
    "CREATE TABLE IF NOT EXISTS composition_names ("
    "kind TEXT NOT NULL, key INTEGER NOT NULL, name TEXT NOT NULL,"
    " PRIMARY KEY (kind, key)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS composition_files ("
    "file_id INTEGER PRIMARY KEY REFERENCES files (id),"
    " first_row INTEGER NOT NULL, last_row INTEGER NOT NULL)",
    "CREATE VIEW IF NOT EXISTS composition_facts AS SELECT t.id, t.samp_name, t.kind, t.level,"
    " t.unit, t.features, f.path_name, f.sha256, f.reader"
    " FROM compositions AS t JOIN files AS f ON f.id = t.file_id",
)
_ROWS: Final = (
    "SELECT * FROM features WHERE id BETWEEN ? AND ? AND stratum = '' AND NOT special ORDER BY id"
)
#: Lineages that feature metadata give to rows of another file; of several the first by letters.
_LINEAGES: Final = (
    "SELECT feature_id, MIN(lineage) FROM features WHERE abundances = '[]' AND lineage != ''"
    " AND feature_id IN (SELECT feature_id FROM features WHERE id BETWEEN ? AND ?)"
    " GROUP BY feature_id"
)
#: Files with values of features whose lineage the rows of a newer file give.
_TOUCHED: Final = (
    "SELECT DISTINCT old.file_id FROM features AS new"
    " JOIN features AS old ON old.feature_id = new.feature_id"
    " WHERE new.id BETWEEN ?1 AND ?2 AND new.lineage != '' AND new.abundances = '[]'"
    " AND old.id NOT BETWEEN ?1 AND ?2 AND old.lineage = '' AND old.abundances != '[]'"
    " ORDER BY 1"
)
_OF_SAMPLE: Final = "SELECT * FROM composition_facts WHERE samp_name = ? ORDER BY id"
_AT: Final = (
    "SELECT * FROM composition_facts WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
)


class FeatureRows(NamedTuple):
    """The rows of one file in ``features``: a range of ids."""

    file_id: int
    first: int
    last: int


class StoredComposition(NamedTuple):
    """A composition without its content, and the file it is from; ``features`` counts them."""

    row: int
    sample: str
    kind: str
    level: str
    unit: str
    features: int
    path_name: str
    sha256: str
    reader: str


def make_tables(connection: sqlite3.Connection) -> None:
    """Make the tables where they are missing."""
    if not are_there(connection):
        for statement in _TABLES:
            connection.execute(statement)


def are_there(connection: sqlite3.Connection) -> bool:
    """Tell whether the knowledge base has the tables."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'composition_files'"
    return connection.execute(query).fetchone() is not None


# --- Which files are to be looked at ---------------------------------------------------------


def new_rows(connection: sqlite3.Connection) -> list[FeatureRows]:
    """List the files whose rows no composition was made of yet.

    A file's rows follow each other, so its last one is found by halving, not by reading them.
    """
    after = 0
    if are_there(connection):
        query = "SELECT IFNULL(MAX(last_row), 0) FROM composition_files"
        after = connection.execute(query).fetchone()[0]
    last = connection.execute("SELECT IFNULL(MAX(id), 0) FROM features").fetchone()[0]
    found = []
    while after < last:
        first, file_id = _next_row(connection, after)
        end = _last_of(connection, file_id, first, last)
        found.append(FeatureRows(file_id, first, end))
        after = end
    return found


def _next_row(connection: sqlite3.Connection, after: int) -> tuple[int, int]:
    query = "SELECT id, file_id FROM features WHERE id > ? ORDER BY id LIMIT 1"
    row = connection.execute(query, (after,)).fetchone()
    return row[0], row[1]


def _last_of(connection: sqlite3.Connection, file_id: int, first: int, last: int) -> int:
    while first < last:
        middle = (first + last) // 2
        at, its_file = _next_row(connection, middle)
        if its_file == file_id:
            first = at
        else:
            last = middle
    return first


def known_rows(connection: sqlite3.Connection, file_ids: Iterable[int]) -> list[FeatureRows]:
    """Return the ranges of files that were looked at."""
    query = (
        "SELECT file_id, first_row, last_row FROM composition_files"
        " WHERE file_id IN (SELECT value FROM json_each(?)) ORDER BY file_id"
    )
    rows = connection.execute(query, (to_json(list(file_ids)),))
    return [FeatureRows(*row) for row in rows]


def files_touched(connection: sqlite3.Connection, rows: FeatureRows) -> list[int]:
    """List the other files whose features get a lineage from these rows."""
    return [row[0] for row in connection.execute(_TOUCHED, (rows.first, rows.last))]


def files_touched_by(connection: sqlite3.Connection, file_id: int) -> list[int]:
    """List the other files whose features have a lineage from a file that was looked at."""
    known = known_rows(connection, [file_id]) if are_there(connection) else []
    return [it for rows in known for it in files_touched(connection, rows)]


def mark_done(connection: sqlite3.Connection, rows: FeatureRows) -> None:
    """Note that compositions of a file were made."""
    connection.execute("INSERT OR REPLACE INTO composition_files VALUES (?, ?, ?)", rows)


# --- Rows in, compositions out ---------------------------------------------------------------


def community_rows(connection: sqlite3.Connection, rows: FeatureRows) -> Iterator[sqlite3.Row]:
    """Yield rows of ``features`` that are no strata and nothing special."""
    yield from connection.execute(_ROWS, (rows.first, rows.last))


def sample_list(connection: sqlite3.Connection, number: int) -> tuple[str, ...]:
    """Return the names of a list of samples."""
    query = "SELECT names FROM sample_lists WHERE id = ?"
    return tuple(json.loads(connection.execute(query, (number,)).fetchone()[0]))


def lineages_for(connection: sqlite3.Connection, rows: FeatureRows) -> dict[str, str]:
    """Return the lineages that feature metadata give to features of a file."""
    return dict(tuple(row) for row in connection.execute(_LINEAGES, (rows.first, rows.last)))


def lineages_of(connection: sqlite3.Connection, feature_ids: Sequence[str]) -> dict[str, str]:
    """Return the lineages that feature metadata give to features by id."""
    query = (
        "SELECT feature_id, MIN(lineage) FROM features WHERE abundances = '[]' AND lineage != ''"
        " AND feature_id IN (SELECT value FROM json_each(?)) GROUP BY feature_id"
    )
    return dict(tuple(row) for row in connection.execute(query, (to_json(feature_ids),)))


def sha256_of_file(connection: sqlite3.Connection, file_id: int) -> str:
    """Return the digest of a file that was added."""
    query = "SELECT sha256 FROM files WHERE id = ?"
    return str(connection.execute(query, (file_id,)).fetchone()[0])


def put(connection: sqlite3.Connection, file_id: int, facts: Sequence[object]) -> int:
    """Store a composition (sample, kind, level, unit, features, content) and return its id."""
    statement = (
        "INSERT INTO compositions (file_id, samp_name, kind, level, unit, features, content)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)"
    )
    cursor = connection.execute(statement, (file_id, *facts))
    return int(cursor.lastrowid or 0)


def put_names(connection: sqlite3.Connection, names: Iterable[tuple[str, int, str]]) -> None:
    """Store names of features (kind, key, name): the longest counts, whatever came first."""
    connection.executemany(
        "INSERT INTO composition_names VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE"
        " SET name = excluded.name WHERE LENGTH(excluded.name) > LENGTH(name)"
        " OR (LENGTH(excluded.name) = LENGTH(name) AND excluded.name < name)",
        names,
    )


def forget_file(connection: sqlite3.Connection, file_id: int) -> None:
    """Drop the compositions of a file; their vectors no longer count."""
    connection.execute(
        "INSERT OR IGNORE INTO tombstones SELECT ?, kind, id FROM compositions WHERE file_id = ?",
        (SPACE, file_id),
    )
    connection.execute("DELETE FROM compositions WHERE file_id = ?", (file_id,))
    connection.execute("DELETE FROM composition_files WHERE file_id = ?", (file_id,))


def forget_all(connection: sqlite3.Connection) -> None:
    """Drop all compositions, names and files of vectors of the space."""
    connection.execute("DELETE FROM segments WHERE space = ?", (SPACE,))
    connection.execute("DELETE FROM tombstones WHERE space = ?", (SPACE,))
    if are_there(connection):
        for table in ("compositions", "composition_names", "composition_files"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names


# --- Questions -------------------------------------------------------------------------------


def compositions_of(connection: sqlite3.Connection, samp_name: str) -> list[StoredComposition]:
    """List the compositions of a sample, in the order in which files were added."""
    return [StoredComposition(*row) for row in connection.execute(_OF_SAMPLE, (samp_name,))]


def compositions_at(
    connection: sqlite3.Connection, rows: Sequence[int]
) -> dict[int, StoredComposition]:
    """Return compositions by row id."""
    found = connection.execute(_AT, (to_json(rows),))
    return {row[0]: StoredComposition(*row) for row in found}


def contents(connection: sqlite3.Connection, rows: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """Yield the content of compositions by row id."""
    query = "SELECT id, content FROM compositions WHERE id IN (SELECT value FROM json_each(?))"
    yield from map(tuple, connection.execute(query, (to_json(rows),)))


def counts(connection: sqlite3.Connection) -> dict[tuple[str, str], int]:
    """Count samples by kind and level."""
    query = (
        "SELECT kind, level, COUNT(DISTINCT samp_name) FROM compositions"
        " GROUP BY kind, level ORDER BY kind, level"
    )
    return {(row[0], row[1]): row[2] for row in connection.execute(query)}


def samples_named(connection: sqlite3.Connection, names: Sequence[str] | None = None) -> list[str]:
    """List the samples that have a composition, by name; of ``names`` only, where given."""
    if not are_there(connection):
        return []
    query = (
        "SELECT DISTINCT samp_name FROM compositions WHERE ?1 IS NULL"
        " OR samp_name IN (SELECT value FROM json_each(?1)) ORDER BY samp_name"
    )
    given = None if names is None else to_json(list(names))
    return [row[0] for row in connection.execute(query, (given,))]


def names_of(connection: sqlite3.Connection, kind: str, keys: Iterable[int]) -> dict[int, str]:
    """Return the names of features by key."""
    query = (
        "SELECT key, name FROM composition_names WHERE kind = ?"
        " AND key IN (SELECT value FROM json_each(?))"
    )
    return dict(tuple(row) for row in connection.execute(query, (kind, to_json(list(keys)))))


def metadata_columns(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Return all columns of the samples' metadata with their values."""
    columns: dict[str, list[str]] = {}
    for (attributes,) in connection.execute("SELECT attributes FROM samples ORDER BY samp_name"):
        for key, value in json.loads(attributes):
            columns.setdefault(key, []).append(value)
    return columns


def metadata_of(
    connection: sqlite3.Connection, samp_names: Sequence[str]
) -> dict[str, dict[str, str]]:
    """Return the metadata of samples by name."""
    query = (
        "SELECT samp_name, attributes FROM samples"
        " WHERE samp_name IN (SELECT value FROM json_each(?))"
    )
    rows = connection.execute(query, (to_json(samp_names),))
    return {row[0]: dict(json.loads(row[1])) for row in rows}
