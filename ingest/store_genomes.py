"""Genomes in the store: what tools say of bins, assemblies and contigs, tool by tool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from ingest.records import Genome, digest_of
from ingest.store_rows import provenance, to_json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from typing import Literal

    from ingest.store_rows import Value

_FACTS: Final = (
    *("tool", "kind", "version", "lineage", "completeness", "contamination", "size", "n50"),
    *("contigs", "genes", "gc", "closest_reference", "ani", "note"),
)
_ALL: Final = "SELECT * FROM genome_facts ORDER BY genome_id, id"
_NAMED: Final = "SELECT * FROM genome_facts WHERE genome_id = ? ORDER BY id"


def put_genomes(connection: sqlite3.Connection, file_id: int, genomes: Sequence[Genome]) -> int:
    """Store the rows of a file, equal ones once; return how many there were."""
    before = connection.total_changes
    for genome in genomes:
        columns: dict[str, Value] = {"genome_id": genome.id}
        columns |= {name: getattr(genome, name) for name in _FACTS}
        columns["content"] = digest_of(to_json(list(columns.values())))
        columns |= {"file_id": file_id, "line": genome.provenance.line}
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        # Only our own column names are put into the statement.
        statement = f"INSERT OR IGNORE INTO genomes ({names}) VALUES ({marks})"  # noqa: S608
        connection.execute(statement, tuple(columns.values()))
    return connection.total_changes - before


def genomes(connection: sqlite3.Connection) -> list[Genome]:
    """List all of them by id, then in the order in which they were added."""
    return [_genome_of_row(row) for row in connection.execute(_ALL)]


def genomes_named(connection: sqlite3.Connection, genome_id: str) -> list[Genome]:
    """List what is said of a genome or contig of this id."""
    return [_genome_of_row(row) for row in connection.execute(_NAMED, (genome_id,))]


def _genome_of_row(row: sqlite3.Row) -> Genome:
    return Genome(
        id=row["genome_id"],
        tool=row["tool"],
        kind=cast("Literal['genome', 'contig']", row["kind"]),
        version=row["version"],
        lineage=row["lineage"],
        completeness=row["completeness"],
        contamination=row["contamination"],
        size=row["size"],
        n50=row["n50"],
        contigs=row["contigs"],
        genes=row["genes"],
        gc=row["gc"],
        closest_reference=row["closest_reference"],
        ani=row["ani"],
        note=row["note"],
        provenance=provenance(row),
    )
