"""Remove papers, tables, metadata and annotations from a knowledge base; compacting drops vectors.

A file that was removed may be added again, as if it had never been there. A file whose paper was
removed counts as held in part: it may be added again, which brings the paper back, and the digest
of the knowledge base tells that it answers otherwise than before.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.errors import UserError
from ingest.paper_identity import key_of_reference
from ingest.paper_ids import normal_doi, normal_pmcid, normal_pmid
from ingest.records import digest_of
from ingest.store import Space
from ingest.store_compositions import files_touched_by
from ingest.store_publications import delete_publication
from ingest.store_removal import StoredFile, delete_file, file_called, refuse_shared
from ingest.store_rows import publication_of_row
from retrieval import upkeep
from retrieval.documents import RecordDescriber
from retrieval.evidence.wording import counted
from retrieval.manifest import VECTORS
from retrieval.profiles.filling import fill_again
from retrieval.spaces import SpaceEmbedder, embed_waiting

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
    """What was removed (citations of papers, tables), and what named nothing."""

    removed: tuple[str, ...]
    unknown: tuple[str, ...]


def remove_records(path: Path, references: Sequence[str]) -> RemovalReport:
    """Remove papers by PMID, PMCID or DOI and files by name, all or, after a crash, none.

    Args:
        path: The knowledge base.
        references: "PMID:1", "1", "PMC1", "DOI:10.1/x" or "10.1/x"; the name of a file of samples,
            annotations or genomes, or the beginning of its SHA-256.

    Raises:
        KnowledgeBaseError: The folder is none, or another process is writing.
        UserError: Several files are called so, or it is not known what only that file brought.
    """
    store = upkeep.open_checked(path)
    removed: list[str] = []
    unknown: list[str] = []
    try:
        with store.transaction() as connection:
            for reference in dict.fromkeys(references):
                found = _remove_file(connection, path, reference)
                found = found or _remove(connection, reference)
                (removed if found else unknown).append(found or reference)
        if removed:
            upkeep.settle(path, store)
    finally:
        store.close()
    return RemovalReport(tuple(removed), tuple(unknown))


def _remove_file(connection: sqlite3.Connection, path: Path, name: str) -> str:
    """Remove a file; say which it was, "" where there is none."""
    file = file_called(connection, name.strip())
    if file is None:
        return ""
    refuse_shared(connection, file)
    touched = files_touched_by(connection, file.id)
    samples = delete_file(connection, file.id, RecordDescriber())
    fill_again(connection, path / VECTORS, touched)
    _embed_texts(connection, path)
    return f"{file.path_name}, {_described(file, samples)}"


def _described(file: StoredFile, samples: int) -> str:
    if file.kind == "abundance":
        return f"a table of {counted(samples, 'sample')}"
    if file.kind == "metadata" and samples:
        return f"metadata of {counted(samples, 'sample')}"
    noun = {"metadata": "feature", "genomes": "genome"}.get(file.kind, "annotation")
    return counted(sum(file.added.values()), noun)


def _embed_texts(connection: sqlite3.Connection, path: Path) -> None:
    """Embed the samples that are described anew; without the weights the next addition does it."""
    query = "SELECT * FROM spaces WHERE space = 'text'"
    with suppress(UserError):
        space = Space(*connection.execute(query).fetchone())
        embed_waiting(connection, SpaceEmbedder(space), path / VECTORS)


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
