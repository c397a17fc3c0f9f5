"""Families in the store: profiles, what tables say of them, and both joined by accession.

A profile is kept as compressed text: the one form that every release of HMMER reads.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import TYPE_CHECKING, Final, Literal, cast

from ingest.families import joined
from ingest.records import Family, FamilyNote
from ingest.store_rows import provenance, to_json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from ingest.records import CutOffs, FamilyKind, ScoreType
    from ingest.store_rows import Value

_CUT_OFFS: Final = ("gathering", "trusted", "noise")
_SHOWN: Final = 3  # accessions named in a warning

_KNOWN: Final = "SELECT id, sha256 FROM families WHERE accession = ?"
_PUT_PROFILE: Final = "INSERT OR REPLACE INTO family_profiles (family_id, profile) VALUES (?, ?)"
_FAMILIES: Final = "SELECT * FROM family_facts ORDER BY accession"
_NOTES: Final = (
    "SELECT * FROM family_note_facts WHERE accession IN (SELECT accession FROM families)"
    " ORDER BY file_id, id"
)
_PROFILES: Final = (
    "SELECT f.accession, p.profile FROM families AS f"
    " JOIN family_profiles AS p ON p.family_id = f.id ORDER BY f.accession"
)
_DIGESTS: Final = "SELECT accession, sha256 FROM families ORDER BY accession"


def _terms(record: Family | FamilyNote) -> dict[str, Value]:
    return {
        "accession": record.accession,
        "name": record.name,
        "description": record.description,
        "kind": record.kind,
        "clan": record.clan,
        "product": record.product,
        "gene": record.gene,
        "ec_numbers": to_json(record.ec_numbers),
        "go_terms": to_json(record.go_terms),
        "ko": to_json(record.ko),
    }


def family_columns(family: Family) -> dict[str, Value]:
    """Lay a family out as columns; its profile has a table of its own."""
    cut_offs = {name: getattr(family, name) for name in _CUT_OFFS}
    return _terms(family) | {
        "version": family.version,
        "database": family.database,
        "length": family.length,
        "cut_offs": to_json({name: pair for name, pair in cut_offs.items() if pair}),
        "sha256": hashlib.sha256(family.profile.encode()).hexdigest(),
    }


def family_of_row(row: sqlite3.Row) -> Family:
    """Read a family of its view, without its profile."""
    cut_offs: dict[str, CutOffs] = {
        name: (float(sequence), float(domain))
        for name, (sequence, domain) in json.loads(row["cut_offs"]).items()
    }
    return Family(
        accession=row["accession"],
        name=row["name"],
        length=row["length"],
        version=row["version"],
        description=row["description"],
        database=row["database"],
        kind=cast('FamilyKind | Literal[""]', row["kind"]),
        clan=row["clan"],
        gathering=cut_offs.get("gathering"),
        trusted=cut_offs.get("trusted"),
        noise=cut_offs.get("noise"),
        product=row["product"],
        gene=row["gene"],
        ec_numbers=tuple(json.loads(row["ec_numbers"])),
        go_terms=tuple(json.loads(row["go_terms"])),
        ko=tuple(json.loads(row["ko"])),
        provenance=provenance(row),
    )


def note_of_row(row: sqlite3.Row) -> FamilyNote:
    """Read what a table says of a family."""
    return FamilyNote(
        accession=row["accession"],
        name=row["name"],
        description=row["description"],
        kind=cast('FamilyKind | Literal[""]', row["kind"]),
        clan=row["clan"],
        threshold=row["threshold"],
        score_type=cast("ScoreType", row["score_type"]),
        product=row["product"],
        gene=row["gene"],
        ec_numbers=tuple(json.loads(row["ec_numbers"])),
        go_terms=tuple(json.loads(row["go_terms"])),
        ko=tuple(json.loads(row["ko"])),
        provenance=provenance(row),
    )


def put_families(
    connection: sqlite3.Connection, file_id: int, families: Sequence[Family]
) -> tuple[int, list[str]]:
    """Store profiles; of one accession the later file counts.

    Returns:
        How many were new or other than before, and the accessions that were replaced.
    """
    added, replaced = 0, []
    for family in families:
        columns = family_columns(family) | {"file_id": file_id, "line": family.provenance.line}
        known = connection.execute(_KNOWN, (family.accession,)).fetchone()
        if known is not None and known["sha256"] == columns["sha256"]:
            continue
        if known is not None:
            replaced.append(family.accession)
            columns["id"] = known["id"]
        row_id = _put(connection, "families", columns)
        blob = zlib.compress(family.profile.encode())
        connection.execute(_PUT_PROFILE, (row_id, blob))
        added += 1
    return added, replaced


def replaced_warning(accessions: Sequence[str]) -> str:
    """Say which profiles took the place of others, "" when none did."""
    if not accessions:
        return ""
    shown = ", ".join(accessions[:_SHOWN])
    more = f" and {len(accessions) - _SHOWN} more" if len(accessions) > _SHOWN else ""
    return f"took the place of the profiles that were there of: {shown}{more}"


def put_notes(connection: sqlite3.Connection, file_id: int, notes: Sequence[FamilyNote]) -> int:
    """Store what a table says of families, whose profiles may come earlier, later or never."""
    for note in notes:
        columns = _terms(note) | {"threshold": note.threshold, "score_type": note.score_type}
        columns |= {"file_id": file_id, "line": note.provenance.line}
        _put(connection, "family_notes", columns)
    return len(notes)


def _put(connection: sqlite3.Connection, table: str, columns: dict[str, Value]) -> int:
    names = ", ".join(columns)
    marks = ", ".join("?" * len(columns))
    # Only our own table and column names are put into the statement.
    statement = f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
    return cast("int", connection.execute(statement, tuple(columns.values())).lastrowid)


def families(connection: sqlite3.Connection) -> list[Family]:
    """List the families that have a profile, completed by the tables, by accession."""
    notes: dict[str, list[FamilyNote]] = {}
    for row in connection.execute(_NOTES):
        notes.setdefault(row["accession"], []).append(note_of_row(row))
    found = map(family_of_row, connection.execute(_FAMILIES))
    return [joined(family, notes.get(family.accession, ())) for family in found]


def profiles(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Yield accession and profile text of each family, by accession."""
    for row in connection.execute(_PROFILES):
        yield row["accession"], zlib.decompress(row["profile"]).decode()


def profiles_digest(connection: sqlite3.Connection) -> str:
    """Hash what all profiles are; "" when there is none."""
    rows = [tuple(row) for row in connection.execute(_DIGESTS)]
    return hashlib.sha256(to_json(rows).encode()).hexdigest() if rows else ""
