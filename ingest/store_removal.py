"""Take a table of samples out of the store again, with all that only it brought.

Functions need a connection within its write transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest import store_compositions
from ingest.errors import UserError
from ingest.store_rows import to_json
from ingest.store_samples import describe_sample

if TYPE_CHECKING:
    import sqlite3

    from ingest.describer import Describer

_LEAST_DIGITS: Final = 8  # of a SHA-256 that names a file
_TABLES: Final = (
    "SELECT id, path_name, sha256 FROM files"
    " WHERE kind = 'abundance' AND reader != 'cohort_summaries' AND (path_name = ?1"
    " OR (LENGTH(?1) >= ?2 AND SUBSTR(sha256, 1, LENGTH(?1)) = ?1)) ORDER BY id"
)
_SAMPLES: Final = (
    "SELECT DISTINCT value FROM sample_lists, json_each(names) WHERE sample_lists.id IN"
    " (SELECT sample_list_id FROM features WHERE file_id = ?1)"
    " UNION SELECT samp_name FROM sample_profiles WHERE file_id = ?1 ORDER BY 1"
)
#: Descriptions of rows that no other table has.
_UNUSED: Final = (
    "DELETE FROM documents WHERE kind = 'feature' AND section = ''"
    " AND id IN (SELECT value FROM json_each(?))"
    " AND NOT EXISTS (SELECT 1 FROM features WHERE document_id = documents.id)"
)


def table_called(connection: sqlite3.Connection, name: str) -> tuple[int, str] | None:
    """Return row id and name of the table of a file name, or of the beginning of its SHA-256.

    Raises:
        UserError: Several are called so.
    """
    found = connection.execute(_TABLES, (name, _LEAST_DIGITS)).fetchall()
    if len(found) > 1:
        digests = ", ".join(row["sha256"][:12] for row in found)
        what = f"{len(found)} tables are called {name!r}"
        raise UserError(what, where="remove", hint=f"Name one by its SHA-256: {digests}")
    return (found[0]["id"], found[0]["path_name"]) if found else None


def delete_table(connection: sqlite3.Connection, file_id: int, describer: Describer) -> int:
    """Delete the rows of a table, their texts and profiles; return how many samples it had.

    Metadata, rows of other tables and summaries of cohort analyses stay. A sample that has
    something else is described by that.

    Raises:
        UserError: The file brought metadata of samples, which cannot be told from those of others.
    """
    query = "SELECT COUNT(*) FROM samples WHERE file_id = ?"
    if described := connection.execute(query, (file_id,)).fetchone()[0]:
        what = f"the table also brought metadata of {described:,} samples"
        hint = "Add the other files to a new knowledge base"
        raise UserError(what, where="remove", hint=hint)
    samples = [row[0] for row in connection.execute(_SAMPLES, (file_id,))]
    query = "SELECT DISTINCT document_id FROM features WHERE file_id = ? AND document_id NOT NULL"
    texts = [row[0] for row in connection.execute(query, (file_id,))]
    if store_compositions.are_there(connection):
        store_compositions.forget_file(connection, file_id)
    for table in ("features", "sample_profiles"):
        connection.execute(f"DELETE FROM {table} WHERE file_id = ?", (file_id,))  # noqa: S608 - ours
    connection.execute(_UNUSED, (to_json(texts),))
    connection.execute(
        "DELETE FROM sample_lists WHERE id NOT IN (SELECT sample_list_id FROM features)"
    )
    connection.execute("DELETE FROM files WHERE id = ?", (file_id,))
    for name in samples:
        describe_sample(connection, describer, name)
    return len(samples)
