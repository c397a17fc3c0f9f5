"""Papers that the base's proteins cite: UniProt's references link a protein to its literature.

Looked up when they are asked for, so that it does not matter which was added first.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.entities import spelled
from ingest.store_rows import to_json
from ingest.vocab import split_name

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator

#: Proteins of one name, symbol or number that are looked at: of lacZ there are hundreds.
_MOST_PROTEINS: Final = 50
_ACCESSION: Final = re.compile(r"(?=.*\d)[A-Za-z][A-Za-z0-9_]{4,19}(?:\.\d{1,2})?")
_DESCRIBED: Final = (
    "SELECT p.accession, p.name, p.gene, p.ec_numbers, p.pmids FROM proteins AS p"
    " WHERE p.document_id IN"
    " (SELECT rowid FROM entries_fts WHERE entries_fts MATCH ? ORDER BY rowid LIMIT ?)"
    " ORDER BY p.reviewed DESC, p.accession LIMIT ?"
)


class Citing(NamedTuple):
    """A protein of the base, and the PMIDs that it cites."""

    accession: str
    pmids: tuple[str, ...]


def proteins_called(connection: sqlite3.Connection, name: str) -> list[Citing]:
    """List the proteins with this accession, gene symbol or name; the whole of it must agree."""
    plain = spelled(name)
    if not plain:
        return []
    found = list(_with_accession(connection, name)) if _ACCESSION.fullmatch(name) else []
    symbol = name.casefold()
    if " " not in name.strip():
        rows = _described(connection, f'text : "gene {plain}"')
        found += [_citing(row) for row in rows if row["gene"].casefold() == symbol]
    rows = _described(connection, f'title : ^"{plain}"')
    found += [_citing(row) for row in rows if spelled(split_name(row["name"])[0]) == plain]
    return list(dict.fromkeys(found))


def proteins_with_ec(connection: sqlite3.Connection, number: str) -> list[Citing]:
    """List proteins that have an EC number."""
    rows = _described(connection, f'text : "{spelled(number)}"')
    return [_citing(row) for row in rows if number in json.loads(row["ec_numbers"])]


def cited_rows(connection: sqlite3.Connection, citing: Iterable[Citing]) -> dict[int, str]:
    """Return the papers of the base that proteins cite: paper row -> the first such accession."""
    by_pmid: dict[str, str] = {}
    for protein in citing:
        for pmid in protein.pmids:
            by_pmid.setdefault(f"pmid:{pmid}", protein.accession)
    query = (
        "SELECT key, publication_id FROM publication_keys"
        " WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key"
    )
    rows = connection.execute(query, (to_json(sorted(by_pmid)),))
    return {row["publication_id"]: by_pmid[row["key"]] for row in rows}


def _with_accession(connection: sqlite3.Connection, accession: str) -> Iterator[Citing]:
    query = "SELECT accession, pmids FROM proteins WHERE accession IN (?, ?) ORDER BY id LIMIT ?"
    values = (accession, accession.upper(), _MOST_PROTEINS)
    yield from map(_citing, connection.execute(query, values))


def _described(connection: sqlite3.Connection, expression: str) -> Collection[sqlite3.Row]:
    values = (expression, _MOST_PROTEINS, _MOST_PROTEINS)
    return connection.execute(_DESCRIBED, values).fetchall()


def _citing(row: sqlite3.Row) -> Citing:
    return Citing(row["accession"], tuple(json.loads(row["pmids"])))
