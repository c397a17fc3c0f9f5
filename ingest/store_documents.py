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
