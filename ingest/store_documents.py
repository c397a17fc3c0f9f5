"""The searchable texts of the store; triggers keep the full-text index in step with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from ingest.store_rows import Document

#: Full-text index -> how it is filled; the triggers of the schema do the same row by row.
_INDEXED: Final = {
    "passages_fts": (
        "INSERT INTO passages_fts (rowid, text, names) SELECT id, plain_words(text),"
        " name_words(text) FROM documents WHERE kind = 'passage' ORDER BY id"
    ),
    "entries_fts": (
        "INSERT INTO entries_fts (rowid, title, text, names) SELECT id, plain_words(title),"
        " plain_words(text), name_words(title || ' ' || text)"
        " FROM documents WHERE kind != 'passage' ORDER BY id"
    ),
    "papers_fts": (
        "INSERT INTO papers_fts (rowid, title, text, about, names)"
        " SELECT id, plain_words(title), plain_words(text), plain_words(about),"
        " name_words(title || ' ' || text || ' ' || about) FROM paper_texts ORDER BY id"
    ),
}


def put_documents(
    connection: sqlite3.Connection,
    documents: Sequence[Document],
    publication_id: int | None = None,
) -> None:
    """Store texts that are not stored yet."""
    rows = [
        (it.id, it.kind, it.owner_id, it.title, it.text, it.section, it.start, it.end)
        for it in documents
    ]
    connection.executemany(
        "INSERT OR IGNORE INTO documents (document_id, kind, owner_id, title, text, section,"
        ' "start", "end", publication_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        [(*row, publication_id) for row in rows],
    )


def put_summaries(connection: sqlite3.Connection, documents: Sequence[Document]) -> None:
    """Store texts of cohort analyses; each takes the place of what the same analysis said before.

    ``section`` holds the analysis: texts of other analyses, and of other tables, stay.
    """
    connection.executemany(
        "DELETE FROM documents WHERE kind = ? AND owner_id = ? AND section = ? AND title = ?"
        " AND document_id != ?",
        [(it.kind, it.owner_id, it.section, it.title, it.id) for it in documents],
    )
    put_documents(connection, documents)


def index_words(connection: sqlite3.Connection) -> None:
    """Make the full-text indexes anew from the stored texts, cut as they are cut today."""
    for table, statement in _INDEXED.items():
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        connection.execute(statement)
