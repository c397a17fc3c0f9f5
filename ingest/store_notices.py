"""Notices on papers: retractions, concerns, corrections, and records that PubMed withdrew.

A notice is kept whether its paper is stored or not, so that a paper that is added later is marked
too. What a paper's own record says is a notice as well, with the file that says it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.paper_identity import key_of_reference, keys_of
from ingest.store_rows import to_json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from ingest.records import Notice, NoticeKind, Publication

#: PubMed's relations of a notice to the paper that it is about (RefType of CommentsCorrections).
_OF_OTHERS: Final[dict[str, NoticeKind]] = {
    "RetractionOf": "retraction",
    "PartialRetractionOf": "concern",
    "ExpressionOfConcernFor": "concern",
    "ErratumFor": "correction",
}
#: The same, seen from the paper.
_OF_ITSELF: Final[dict[str, NoticeKind]] = {
    "RetractionIn": "retraction",
    "PartialRetractionIn": "concern",
    "ExpressionOfConcernIn": "concern",
    "ErratumIn": "correction",
}
_WORDS: Final[dict[str, str]] = {
    "retraction": "retracted",
    "concern": "expression of concern",
    "correction": "corrected",
    "reinstatement": "reinstated",
}
#: Order in which a status is told.
_GRAVEST_FIRST: Final = ("retraction", "concern", "reinstatement", "correction")
#: Reasons are lists of dozens of phrases; this many characters are shown.
_SHOWN: Final = 200

_Row = tuple[str, str, str, str, str, str]


def put_notices(
    connection: sqlite3.Connection, file_id: int, notices: Iterable[Notice]
) -> tuple[int, int]:
    """Store notices of a list and mark the papers that they are about.

    Returns:
        How many notices are new, and how many stored papers are retracted by them.
    """
    keys: dict[str, None] = {}
    added = 0
    for notice in notices:
        about = [f"pmid:{notice.pmid}"] if notice.pmid else []
        about += [f"doi:{notice.doi.lower()}"] if notice.doi else []
        keys.update(dict.fromkeys(about))
        told = (notice.reason, notice.date, notice.reference, notice.source)
        before = connection.total_changes
        for key in about:
            row = (key, notice.kind, *told)
            _insert(connection, file_id, row, notice.provenance.line)
        added += connection.total_changes > before
    retracted = sum(mark_status(connection, it) for it in _papers(connection, list(keys)))
    return added, retracted


def put_own_notices(
    connection: sqlite3.Connection, file_id: int, publication: Publication
) -> list[int]:
    """Store what a paper's record says of itself and of others; return other papers' rows."""
    others: dict[str, None] = {}
    line = publication.provenance.line
    for row in _own_notices(publication):
        _insert(connection, file_id, row, line)
    for relation, reference in publication.links:
        key = key_of_reference(reference)
        if key and (kind := _OF_OTHERS.get(relation)):
            row = (key, kind, "", "", publication.reference, publication.provenance.reader)
            _insert(connection, file_id, row, line)
            others[key] = None
    return _papers(connection, list(others))


def _own_notices(publication: Publication) -> Iterator[_Row]:
    key, source = keys_of(publication)[-1], publication.provenance.reader
    if publication.pmid:
        key = f"pmid:{publication.pmid}"
    told = set()
    for relation, reference in publication.links:
        if kind := _OF_ITSELF.get(relation):
            told.add(kind)
            yield key, kind, "", "", reference, source
    flags: dict[NoticeKind, bool] = {
        "retraction": publication.is_retracted,
        "concern": publication.has_concern,
    }
    for kind, is_set in flags.items():
        if is_set and kind not in told:
            yield key, kind, publication.status_note, "", "", source


def _insert(connection: sqlite3.Connection, file_id: int, row: _Row, line: int) -> None:
    connection.execute(
        "INSERT OR IGNORE INTO notices (key, kind, reason, date, reference, source, file_id, line)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*row, file_id, line),
    )


def _papers(connection: sqlite3.Connection, keys: list[str]) -> list[int]:
    rows = connection.execute(
        "SELECT DISTINCT publication_id FROM publication_keys"
        " WHERE key IN (SELECT value FROM json_each(?)) ORDER BY publication_id",
        (to_json(keys),),
    )
    return [row[0] for row in rows]


def mark_status(connection: sqlite3.Connection, row_id: int) -> bool:
    """Bring a paper's marks, and those of its passages, in line with the notices on it.

    Returns:
        Whether the paper has become a retracted one.
    """
    was_retracted = bool(
        connection.execute(
            "SELECT is_retracted FROM publications WHERE id = ?", (row_id,)
        ).fetchone()[0]
    )
    notices = connection.execute(
        "SELECT kind, reason, date, reference, source FROM notices WHERE key IN"
        " (SELECT key FROM publication_keys WHERE publication_id = ?) ORDER BY id",
        (row_id,),
    ).fetchall()
    withdrawn = {row["source"] for row in notices if row["kind"] == "reinstatement"}
    counted = [
        row for row in notices if not (row["kind"] == "retraction" and row["source"] in withdrawn)
    ]
    kinds = {row["kind"] for row in counted}
    values = (int("retraction" in kinds), int("concern" in kinds), _told(counted), row_id)
    connection.execute(
        "UPDATE publications SET is_retracted = ?1, has_concern = ?2, status_note = ?3"
        " WHERE id = ?4 AND (is_retracted != ?1 OR has_concern != ?2 OR status_note != ?3)",
        values,
    )
    connection.execute(
        "UPDATE documents SET is_retracted = ?1 WHERE publication_id = ?2 AND is_retracted != ?1",
        (values[0], row_id),
    )
    return bool(values[0]) and not was_retracted


def _told(notices: list[sqlite3.Row]) -> str:
    """Say in one line what notices there are: "retracted 2021-06-01: Paper Mill (PMID:2)"."""
    told: dict[str, None] = {}
    for kind in _GRAVEST_FIRST:
        for row in notices:
            if row["kind"] != kind:
                continue
            words = " ".join(part for part in (_WORDS[kind], row["date"]) if part)
            reason = f": {_shortened(row['reason'])}" if row["reason"] else ""
            reference = f" ({row['reference']})" if row["reference"] else ""
            told[f"{words}{reason}{reference}"] = None
    plain = [it for it in told if it in _WORDS.values()]
    rest = [it for it in told if it not in plain]
    # "retracted" alone adds nothing to "retracted (PMID:2)".
    kept = [it for it in plain if not any(other.startswith(it) for other in rest)]
    return "; ".join([*kept, *rest])


def _shortened(reason: str) -> str:
    """Cut a list of reasons behind one of them."""
    if len(reason) <= _SHOWN:
        return reason
    return f"{reason[:_SHOWN].rpartition('; ')[0] or reason[:_SHOWN].rstrip()} ..."


def deleted_pmids(connection: sqlite3.Connection, pmids: Iterable[str]) -> set[str]:
    """Tell which of these PMIDs PubMed has withdrawn."""
    rows = connection.execute(
        "SELECT key FROM notices WHERE kind = 'deletion'"
        " AND key IN (SELECT value FROM json_each(?))",
        (to_json([f"pmid:{pmid}" for pmid in pmids if pmid]),),
    )
    return {row[0].removeprefix("pmid:") for row in rows}


def deleted_rows(connection: sqlite3.Connection) -> list[int]:
    """List the rows of stored papers whose PMIDs PubMed has withdrawn."""
    rows = connection.execute(
        "SELECT p.id FROM notices AS n JOIN publications AS p ON p.pmid = SUBSTR(n.key, 6)"
        " WHERE n.kind = 'deletion' AND p.pmid != '' ORDER BY p.id"
    )
    return [row[0] for row in rows]
