"""Write papers: one row per paper, whatever number of files it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.paper_identity import (
    is_better,
    is_identified,
    key_of_reference,
    keys_of,
    may_be_same,
    merged,
    same_by_text,
    same_by_title,
    sketch_of,
)
from ingest.store_documents import put_documents
from ingest.store_entities import put_tags
from ingest.store_notices import deleted_pmids, mark_status, put_own_notices
from ingest.store_rows import publication_columns, publication_of_row, title_key, to_json
from ingest.store_versions import relate_versions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from ingest.records import Publication
    from ingest.store_entities import Tag
    from ingest.store_rows import Document, Value

_BY_KEYS = (
    "SELECT * FROM publication_facts WHERE id IN (SELECT publication_id FROM publication_keys"
    " WHERE key IN (SELECT value FROM json_each(?))) ORDER BY id"
)
_BY_TITLE = "SELECT * FROM publication_facts WHERE title_key = ? ORDER BY id"
_BY_TEXT = (
    "SELECT * FROM publication_facts WHERE id IN (SELECT publication_id FROM publication_sketches"
    " WHERE key IN (SELECT value FROM json_each(?))) ORDER BY id"
)
#: Tables whose rows belong to a paper.
_PARTS = ("publication_files", "publication_links", "publication_sketches", "publication_keys")


class PublicationWriter:
    """Store papers and their passages; records of one paper complete each other.

    ``ingest.paper_identity`` says which records are one paper and what is kept of each. Every
    file that has the paper is noted. A preprint points to its article once both are stored.

    Args:
        connection: A connection within its write transaction.
        file_id: Row of the file that is being added.
        passages: Cuts a paper into searchable passages.
        tagger: Finds the entities that a paper names.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        file_id: int,
        passages: Callable[[Publication], Sequence[Document]],
        tagger: Callable[[Publication], Sequence[Tag]],
    ) -> None:
        """Keep what is needed."""
        self._connection = connection
        self._file_id = file_id
        self._passages = passages
        self._tagger = tagger
        self.deleted = 0
        self.revised: set[int] = set()

    def put(self, publication: Publication) -> bool:
        """Store a paper; tell whether it is a new one. What PubMed withdrew is counted instead."""
        if deleted_pmids(self._connection, [publication.pmid]):
            self.deleted += 1
            return False
        same = self._stored(publication)
        row_id = self._complete(same, publication) if same else self._insert(publication)
        self._put_parts(row_id, publication)
        self._connection.execute(
            "INSERT OR IGNORE INTO publication_files VALUES (?, ?, ?)",
            (row_id, self._file_id, publication.provenance.line),
        )
        for other in put_own_notices(self._connection, self._file_id, publication):
            mark_status(self._connection, other)
        mark_status(self._connection, row_id)
        relate_versions(self._connection, row_id, publication)
        return not same

    def _complete(self, same: dict[int, Publication], publication: Publication) -> int:
        """Join what is stored of a paper with a further record of it; return its row."""
        row_id, old = next(iter(same.items()))
        joined = old
        for other in list(same.values())[1:]:
            joined = merged(joined, other)
        is_from_here = is_better(publication, joined)
        joined = merged(joined, publication)
        for other_id in list(same)[1:]:
            self._absorb(row_id, other_id)
        if joined != old:
            place = (self._file_id, publication.provenance.line) if is_from_here else None
            self._change(row_id, old, joined, place)
        return row_id

    def _stored(self, publication: Publication) -> dict[int, Publication]:
        found = self._found(_BY_KEYS, to_json(keys_of(publication)))
        found = {n: it for n, it in found.items() if may_be_same(it, publication)}
        if found:
            return found
        if key := title_key(publication.title):
            alike = self._found(_BY_TITLE, key).items()
            found = {n: it for n, it in alike if same_by_title(it, publication)}
        if not found and (sketch := sketch_of(publication)):
            alike = self._found(_BY_TEXT, to_json(sketch)).items()
            found = {n: it for n, it in alike if same_by_text(it, publication)}
        if len(found) > 1 and is_identified(publication):
            return {}  # which of them it is nobody can tell: it stays a paper of its own
        return dict(list(found.items())[:1])

    def _found(self, statement: str, value: str) -> dict[int, Publication]:
        rows = self._connection.execute(statement, (value,))
        return {row["id"]: publication_of_row(row) for row in rows}

    def _insert(self, publication: Publication) -> int:
        columns = publication_columns(publication)
        columns |= {"file_id": self._file_id, "line": publication.provenance.line}
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        # Only our own column names are put into the statement.
        statement = f"INSERT INTO publications ({names}) VALUES ({marks})"  # noqa: S608
        row_id = self._connection.execute(statement, tuple(columns.values())).lastrowid
        assert row_id is not None
        self._put_passages(row_id, publication)
        self._put_sketch(row_id, publication)
        put_tags(self._connection, row_id, self._tagger(publication))
        return row_id

    def _change(
        self, row_id: int, old: Publication, joined: Publication, place: tuple[int, int] | None
    ) -> None:
        columns: dict[str, Value] = publication_columns(joined)
        if place:
            columns |= {"file_id": place[0], "line": place[1]}
        setting = ", ".join(f"{name} = :{name}" for name in columns)
        statement = f"UPDATE publications SET {setting} WHERE id = :id"  # noqa: S608 - our names
        self._connection.execute(statement, columns | {"id": row_id})
        self._put_parts(row_id, joined)
        put_tags(self._connection, row_id, self._tagger(joined))
        if _text(joined) != _text(old):  # else passages keep their ids, also under a new PMID
            self.revised.add(row_id)
            self._put_passages(row_id, joined)
            self._put_sketch(row_id, joined)

    def _absorb(self, row_id: int, other_id: int) -> None:
        """Drop a row that turned out to be the same paper as ``row_id``."""
        for table in _PARTS:
            # Only our own table names are put into the statement.
            statement = f"UPDATE OR IGNORE {table} SET publication_id = ? WHERE publication_id = ?"  # noqa: S608
            self._connection.execute(statement, (row_id, other_id))
        self._connection.execute(
            "UPDATE publications SET superseded_by = ? WHERE superseded_by = ?", (row_id, other_id)
        )
        delete_publication(self._connection, other_id)

    def _put_parts(self, row_id: int, publication: Publication) -> None:
        """Note the paper's keys and its links."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO publication_keys VALUES (?, ?)",
            [(key, row_id) for key in keys_of(publication)],
        )
        links = ((kind, key_of_reference(reference)) for kind, reference in publication.links)
        self._connection.executemany(
            "INSERT OR IGNORE INTO publication_links VALUES (?, ?, ?)",
            [(row_id, kind, key) for kind, key in links if key],
        )

    def _put_sketch(self, row_id: int, publication: Publication) -> None:
        self._connection.execute(
            "DELETE FROM publication_sketches WHERE publication_id = ?", (row_id,)
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO publication_sketches VALUES (?, ?)",
            [(key, row_id) for key in sketch_of(publication)],
        )

    def _put_passages(self, row_id: int, publication: Publication) -> None:
        """Store the passages as they are now; one that stayed the same keeps its row and vector."""
        passages = self._passages(publication)
        self._connection.execute(
            "DELETE FROM documents WHERE publication_id = ?"
            " AND document_id NOT IN (SELECT value FROM json_each(?))",
            (row_id, to_json([passage.id for passage in passages])),
        )
        put_documents(self._connection, passages, row_id)


def delete_publication(connection: sqlite3.Connection, row_id: int) -> None:
    """Drop a paper, its passages and all that is noted of it; notices on it stay."""
    connection.execute("DELETE FROM documents WHERE publication_id = ?", (row_id,))
    for table in (*_PARTS, "publication_entities"):
        # Only our own table names are put into the statement.
        connection.execute(f"DELETE FROM {table} WHERE publication_id = ?", (row_id,))  # noqa: S608
    connection.execute(
        "UPDATE publications SET superseded_by = NULL WHERE superseded_by = ?", (row_id,)
    )
    connection.execute("DELETE FROM publications WHERE id = ?", (row_id,))


def _text(publication: Publication) -> tuple[object, ...]:
    return publication.title, publication.abstract, publication.sections
