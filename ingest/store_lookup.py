"""Ask the store for records by what they say: an EC number, a KO, a name, a taxon."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, Literal, TypeAlias, TypeVar

from ingest.store_compositions import samples_named
from ingest.store_rows import document_of_row, gene_of_row, protein_of_row
from ingest.words import plain_words

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from ingest.records import Gene, Protein
    from ingest.store_rows import Document

#: Identifiers of functions that records carry in a list of their own.
FunctionKind: TypeAlias = Literal["ec", "ko", "go"]
RecordT = TypeVar("RecordT")

#: Quotes are part of what is looked for: lists are stored as JSON.
_HOLDS: Final = {
    "ec": "INSTR(ec_numbers, :value) > 0",
    "ko": "INSTR(ko, :value) > 0",
    "go": "INSTR(go_terms, :value) > 0",
}
_IN_TAXON: Final = "(taxon = :taxon COLLATE NOCASE OR taxon LIKE :taxon || ' %')"
_TITLED: Final = (
    "SELECT * FROM documents WHERE kind IN ('feature', 'sample') AND id IN"
    " (SELECT rowid FROM entries_fts WHERE entries_fts MATCH ? LIMIT 200) ORDER BY id"
)
_PATHWAYS: Final = (
    "SELECT owner_id, title FROM documents WHERE kind = 'feature' AND section = '' AND id IN"
    " (SELECT rowid FROM entries_fts WHERE entries_fts MATCH 'title : ^pathway')"
    " ORDER BY owner_id, id"
)
_ABOUT: Final = (
    "SELECT * FROM documents WHERE kind IN ('feature', 'sample') AND owner_id = ?"
    " ORDER BY section, id"
)


@dataclass(frozen=True, slots=True)
class Found(Generic[RecordT]):
    """How many records there are, and the first of them."""

    count: int
    first: tuple[RecordT, ...]


class StoreLookup:
    """Look records up over one connection.

    Args:
        connection: A connection of a ``Store``.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Keep the connection."""
        self._connection = connection

    def proteins_with(
        self, kind: FunctionKind, value: str, most: int, *, taxon: str = ""
    ) -> Found[Protein]:
        """Find reference entries with an EC number (``3.2.1.-`` takes all below), KO or GO term.

        ``taxon`` leaves those of other taxa out, by the name that the entries have.
        """
        condition = f"{_HOLDS[kind]} AND {_IN_TAXON}" if taxon else _HOLDS[kind]
        return self._proteins(condition, _needle(kind, value), most, taxon)

    def proteins_of(self, taxon: str, most: int) -> Found[Protein]:
        """Find reference entries of a taxon, by the name that the entries have."""
        return self._proteins(_IN_TAXON, "", most, taxon)

    def _proteins(self, condition: str, value: str, most: int, taxon: str = "") -> Found[Protein]:
        # The conditions are constants of this file; what users write is bound.
        count = f"SELECT COUNT(*) FROM proteins WHERE {condition}"  # noqa: S608
        query = (
            f"SELECT * FROM protein_facts WHERE {condition}"  # noqa: S608
            " ORDER BY reviewed DESC, accession, id LIMIT :most"
        )
        bound = {"value": value, "taxon": taxon, "most": most}
        number = self._connection.execute(count, bound).fetchone()[0]
        rows = self._connection.execute(query, bound) if number else ()
        return Found(number, tuple(protein_of_row(row) for row in rows))

    def genes_with(self, kind: FunctionKind, value: str, most: int) -> Found[Gene]:
        """Find the user's genes that their own files annotate so."""
        condition, needle = _HOLDS[kind], _needle(kind, value)
        count = f"SELECT COUNT(*) FROM genes WHERE {condition}"  # noqa: S608
        query = f"SELECT * FROM gene_facts WHERE {condition} ORDER BY gene_id, id LIMIT :most"  # noqa: S608
        bound = {"value": needle, "most": most}
        number = self._connection.execute(count, bound).fetchone()[0]
        rows = self._connection.execute(query, bound) if number else ()
        return Found(number, tuple(gene_of_row(row) for row in rows))

    def features_called(self, name: str) -> tuple[tuple[str, str], ...]:
        """List ids and titles of described features and samples whose title has these words."""
        wanted = " ".join(plain_words(name))
        if not wanted:
            return ()
        rows = self._connection.execute(_TITLED, (f'title : "{wanted}"',))
        found: dict[str, str] = {}
        for row in rows:
            if f" {wanted} " in f" {' '.join(plain_words(row['title']))} ":
                found.setdefault(row["owner_id"], row["title"])
        return tuple(found.items())

    def pathways(self) -> tuple[tuple[str, str], ...]:
        """List ids and names of the pathways that are described, by id.

        By their texts, whose index is small: tables of gene families have millions of rows.
        """
        found: dict[str, str] = {}
        for row in self._connection.execute(_PATHWAYS):
            found.setdefault(row["owner_id"], row["title"].partition(f"{row['owner_id']}: ")[2])
        return tuple(found.items())

    def texts_about(self, owner_id: str) -> list[Document]:
        """List what is written of a feature or a sample: its description, then summaries."""
        return [document_of_row(row) for row in self._connection.execute(_ABOUT, (owner_id,))]

    def sample_names(self, names: Sequence[str]) -> tuple[str, ...]:
        """List those of ``names`` that are samples."""
        query = (
            "SELECT value FROM json_each(?1) WHERE value IN (SELECT samp_name FROM samples)"
            " OR value IN (SELECT owner_id FROM documents WHERE kind = 'sample')"
        )
        listed = json.dumps(list(names))
        found = [row[0] for row in self._connection.execute(query, (listed,))]
        profiled = samples_named(self._connection, names)
        return tuple(name for name in dict.fromkeys(names) if name in {*found, *profiled})


def _needle(kind: FunctionKind, value: str) -> str:
    """Write what stands in a list: whole, or its beginning where an EC number stops early."""
    beginning = value.split("-", 1)[0] if kind == "ec" else value
    return f'"{beginning}' if beginning != value else f'"{value}"'
