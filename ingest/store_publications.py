"""Write papers: one row per paper, whatever number of files it came from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.store_documents import put_documents
from ingest.store_rows import (
    filled,
    publication_columns,
    publication_of_row,
    title_key,
    to_json,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from ingest.records import Publication
    from ingest.store_rows import Document

_BY_KEYS = (
    "SELECT * FROM publication_facts WHERE id IN (SELECT publication_id FROM publication_keys"
    " WHERE key IN (SELECT value FROM json_each(?))) ORDER BY id"
)
_BY_TITLE = "SELECT * FROM publication_facts WHERE title_key = ? ORDER BY id"


class PublicationWriter:
    """Store papers and their passages; the same paper fills the gaps of what is stored.

    Two records are the same paper when they share a PMID, DOI or PMCID and differ in none that
    counts more, or when they share a long title and year and only one of them has identifiers.

    Args:
        connection: A connection within its write transaction.
        file_id: Row of the file that is being added.
        passages: Cuts a paper into searchable passages.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        file_id: int,
        passages: Callable[[Publication], Sequence[Document]],
    ) -> None:
        """Keep what is needed."""
        self._connection = connection
        self._file_id = file_id
        self._passages = passages

    def put(self, publication: Publication) -> bool:
        """Store a paper; tell whether it is a new one."""
        same = self._stored(publication)
        if not same:
            self._insert(publication)
            return True
        row_id, old = next(iter(same.items()))
        merged = old
        for other in (*list(same.values())[1:], publication):
            merged = _merged(merged, other)
        for other_id in list(same)[1:]:
            self._absorb(row_id, other_id)
        self._put_keys(row_id, publication)
        if merged != old:
            self._change(row_id, old, merged)
        return False

    def _stored(self, publication: Publication) -> dict[int, Publication]:
        by_key = self._connection.execute(_BY_KEYS, (to_json(_keys(publication)),))
        found = {row["id"]: publication_of_row(row) for row in by_key}
        found = {n: it for n, it in found.items() if _may_be_same(it, publication)}
        return found or self._stored_by_title(publication)

    def _stored_by_title(self, publication: Publication) -> dict[int, Publication]:
        key = title_key(publication.title)
        if not key:
            return {}
        rows = self._connection.execute(_BY_TITLE, (key,))
        found = {row["id"]: publication_of_row(row) for row in rows}
        found = {n: it for n, it in found.items() if _same_by_title(it, publication)}
        return dict(list(found.items())[:1])

    def _insert(self, publication: Publication) -> None:
        columns = publication_columns(publication)
        columns |= {"file_id": self._file_id, "line": publication.provenance.line}
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        # Only our own column names are put into the statement.
        statement = f"INSERT INTO publications ({names}) VALUES ({marks})"  # noqa: S608
        row_id = self._connection.execute(statement, tuple(columns.values())).lastrowid
        assert row_id is not None
        self._put_keys(row_id, publication)
        self._put_passages(row_id, publication)

    def _change(self, row_id: int, old: Publication, publication: Publication) -> None:
        columns = publication_columns(publication)
        setting = ", ".join(f"{name} = :{name}" for name in columns)
        statement = f"UPDATE publications SET {setting} WHERE id = :id"  # noqa: S608 - our names
        self._connection.execute(statement, columns | {"id": row_id})
        self._put_keys(row_id, publication)
        if _text(publication) == _text(old):  # passages keep their ids, also under a new PMID
            self._mark_passages(row_id, publication)
        else:
            self._put_passages(row_id, publication)

    def _absorb(self, row_id: int, other_id: int) -> None:
        """Drop a row that turned out to be the same paper as ``row_id``."""
        self._connection.execute("DELETE FROM documents WHERE publication_id = ?", (other_id,))
        self._connection.execute(
            "UPDATE publication_keys SET publication_id = ? WHERE publication_id = ?",
            (row_id, other_id),
        )
        self._connection.execute("DELETE FROM publications WHERE id = ?", (other_id,))

    def _put_keys(self, row_id: int, publication: Publication) -> None:
        self._connection.executemany(
            "INSERT OR IGNORE INTO publication_keys VALUES (?, ?)",
            [(key, row_id) for key in _keys(publication)],
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
        self._mark_passages(row_id, publication)

    def _mark_passages(self, row_id: int, publication: Publication) -> None:
        retracted = int(publication.is_retracted)
        self._connection.execute(
            "UPDATE documents SET is_retracted = ? WHERE publication_id = ? AND is_retracted != ?",
            (retracted, row_id, retracted),
        )


def _text(publication: Publication) -> tuple[object, ...]:
    return publication.title, publication.abstract, publication.sections


def _keys(publication: Publication) -> list[str]:
    named = {
        "pmid": publication.pmid,
        "doi": publication.doi.lower(),
        "pmcid": publication.pmcid.upper(),
    }
    return [publication.id, *(f"{name}:{value}" for name, value in named.items() if value)]


def _may_be_same(one: Publication, other: Publication) -> bool:
    """Refuse papers whose PMIDs differ, or whose DOIs differ while no PMID is shared."""
    if one.pmid and other.pmid:
        return one.pmid == other.pmid
    return not (one.doi and other.doi) or one.doi.lower() == other.doi.lower()


def _same_by_title(one: Publication, other: Publication) -> bool:
    """Accept a shared title when only one side has identifiers and the years do not differ.

    Two records without any identifier stay apart: collections for tests of retrieval hold
    such pairs, and each has its own id.
    """
    identified = [bool(it.pmid or it.doi or it.pmcid) for it in (one, other)]
    same_year = not (one.year and other.year) or one.year == other.year
    return identified[0] != identified[1] and same_year


def _merged(old: Publication, new: Publication) -> Publication:
    """Fill gaps; the id of the source's own file counts more than a copy of a public one."""
    merged = filled(old, new)
    public = {merged.pmid, merged.doi, merged.pmcid, ""}
    if old.source_id in public and new.source_id not in public:
        merged = replace(merged, source_id=new.source_id)
    return merged
