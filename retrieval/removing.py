"""Remove papers from a knowledge base; their vectors are marked dead, and compacting drops them.

A file whose paper was removed counts as held in part: it may be added again, which brings the
paper back, and the digest of the knowledge base tells that it answers otherwise than before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.paper_identity import key_of_reference
from ingest.paper_ids import normal_doi, normal_pmcid, normal_pmid
from ingest.records import digest_of
from ingest.store_publications import delete_publication
from ingest.store_rows import publication_of_row
from retrieval import upkeep

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

_BY_KEY: Final = (
    "SELECT * FROM publication_facts WHERE id IN"
    " (SELECT publication_id FROM publication_keys WHERE key = ?) ORDER BY id"
)
_FILES_OF: Final = (
    "SELECT id, role FROM files WHERE id IN"
    " (SELECT file_id FROM publication_files WHERE publication_id = ?) ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class RemovalReport:
    """Citations of the papers that were removed, and what named no paper."""

    removed: tuple[str, ...]
    unknown: tuple[str, ...]


def remove_papers(path: Path, references: Sequence[str]) -> RemovalReport:
    """Remove papers by PMID, PMCID or DOI, all or, after a crash, none.

    Args:
        path: The knowledge base.
        references: "PMID:1", "1", "PMC1", "DOI:10.1/x" or "10.1/x".

    Raises:
        KnowledgeBaseError: The folder is none, or another process is writing.
    """
    store = upkeep.open_checked(path)
    removed: list[str] = []
    unknown: list[str] = []
    try:
        with store.transaction() as connection:
            for reference in dict.fromkeys(references):
                found = _remove(connection, reference)
                (removed if found else unknown).append(found or reference)
        if removed:
            upkeep.settle(path, store)
    finally:
        store.close()
    return RemovalReport(tuple(removed), tuple(unknown))


def _remove(connection: sqlite3.Connection, reference: str) -> str:
    """Remove the paper of a reference; return its citation, "" where there is none."""
    row = connection.execute(_BY_KEY, (_key(reference),)).fetchone()
    if row is None:
        return ""
    citation = publication_of_row(row).citation
    for file in connection.execute(_FILES_OF, (row["id"],)).fetchall():
        role = f"in part {digest_of(file['role'], _key(reference))}"
        connection.execute("UPDATE files SET role = ? WHERE id = ?", (role, file["id"]))
    delete_publication(connection, row["id"])
    return citation


def _key(reference: str) -> str:
    """Write a reference as the store's key.

    >>> _key("12345"), _key("PMC77"), _key("https://doi.org/10.1/X")
    ('pmid:12345', 'pmcid:PMC77', 'doi:10.1/x')
    """
    plain = reference.strip()
    for kind, normal in (("PMID", normal_pmid), ("PMCID", normal_pmcid), ("DOI", normal_doi)):
        value = normal(plain.removeprefix(f"{kind}:"))
        if value:
            return key_of_reference(f"{kind}:{value}")
    return ""
