"""Take a file out of the store again, with all that only it brought.

That is known of tables, metadata, annotations and figures of genomes. Genes, proteins and families
complete each other over files, and what each had said is not kept. Functions need a connection
within its write transaction.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest import store_compositions
from ingest.errors import UserError
from ingest.store_rows import to_json
from ingest.store_samples import describe_sample, forget_samples, is_whole, samples_of_file

if TYPE_CHECKING:
    import sqlite3

    from ingest.describer import Describer

_LEAST_DIGITS: Final = 8  # of a SHA-256 that names a file
_FILES: Final = (
    "SELECT id, path_name, sha256, kind, reader, added FROM files WHERE path_name = ?1"
    " OR (LENGTH(?1) >= ?2 AND SUBSTR(sha256, 1, LENGTH(?1)) = ?1) ORDER BY id"
)
#: Kinds of files that can be taken out.
_KINDS: Final = frozenset({"abundance", "metadata", "annotations", "genomes"})
_SUMMARIES: Final = "cohort_summaries"
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
#: Tables whose rows belong to one file.
_OWN_ROWS: Final = ("features", "sample_profiles", "annotations", "genomes")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the store: its row, its name, and what it brought (type -> number)."""

    id: int
    path_name: str
    kind: str
    reader: str
    added: dict[str, int]


def file_called(connection: sqlite3.Connection, name: str) -> StoredFile | None:
    """Return the file of a name, or of the beginning of its SHA-256; None where there is none.

    Raises:
        UserError: Several are called so.
    """
    found = connection.execute(_FILES, (name, _LEAST_DIGITS)).fetchall()
    if len(found) > 1:
        digests = ", ".join(row["sha256"][:12] for row in found)
        what = f"{len(found)} files are called {name!r}"
        raise UserError(what, where="remove", hint=f"Name one by its SHA-256: {digests}")
    if not found:
        return None
    row = found[0]
    added = json.loads(row["added"])
    return StoredFile(row["id"], row["path_name"], row["kind"], row["reader"], added)


def refuse_shared(connection: sqlite3.Connection, file: StoredFile) -> None:
    """Refuse to take out a file of which it is not known what only it brought.

    Raises:
        UserError: Says which file, why, and what to do.
    """
    hint = "Add the other files to a new knowledge base"
    if file.kind == "literature":
        hint = "Name its papers by PMID, PMCID or DOI"
    what = ""
    if file.reader == _SUMMARIES:
        what = "holds summaries, which a new answer to the same question replaces"
    elif file.kind not in _KINDS:
        what = f"holds {_CALLED.get(file.kind, file.kind)}, which several files may share"
    elif not is_whole(connection, file.id):
        what = "brought metadata under an earlier version, which did not note whose they are"
    if what:
        raise UserError(f"{file.path_name} {what}", where="remove", hint=hint)


_CALLED: Final = {"literature": "papers", "contigs": "contigs and genes"}


def delete_file(connection: sqlite3.Connection, file_id: int, describer: Describer) -> int:
    """Delete what a file brought, with texts and profiles; return how many samples it had.

    Rows of other files and summaries of cohort analyses stay. A sample that has something else is
    described by that; what another file says of it counts again.
    """
    samples = {row[0]: None for row in connection.execute(_SAMPLES, (file_id,))}
    samples |= dict.fromkeys(samples_of_file(connection, file_id))
    query = "SELECT DISTINCT document_id FROM features WHERE file_id = ? AND document_id NOT NULL"
    texts = [row[0] for row in connection.execute(query, (file_id,))]
    if store_compositions.are_there(connection):
        store_compositions.forget_file(connection, file_id)
    for table in _OWN_ROWS:
        connection.execute(f"DELETE FROM {table} WHERE file_id = ?", (file_id,))  # noqa: S608 - ours
    forget_samples(connection, file_id)
    connection.execute(_UNUSED, (to_json(texts),))
    connection.execute(
        "DELETE FROM sample_lists WHERE id NOT IN (SELECT sample_list_id FROM features)"
    )
    connection.execute("DELETE FROM files WHERE id = ?", (file_id,))
    for name in samples:
        describe_sample(connection, describer, name)
    return len(samples)
