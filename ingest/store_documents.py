"""The searchable texts of the store; triggers keep the full-text index in step with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from ingest.store_rows import Document


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


def index_words(connection: sqlite3.Connection) -> None:
    """Make the full-text indexes anew from the stored texts, cut as they are cut today."""
    connection.execute("DELETE FROM documents_fts")
    connection.execute("DELETE FROM papers_fts")
    connection.execute(
        "INSERT INTO documents_fts (rowid, title, text, names)"
        " SELECT id, plain_words(title), plain_words(text), name_words(title || ' ' || text)"
        " FROM documents ORDER BY id"
    )
    connection.execute(
        "INSERT INTO papers_fts (rowid, title, text, about, names)"
        " SELECT id, plain_words(title), plain_words(text), plain_words(about),"
        " name_words(title || ' ' || text || ' ' || about) FROM paper_texts ORDER BY id"
    )
