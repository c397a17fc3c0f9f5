"""Annotations of tools in the store: rows, writing, reading, and ids that two files share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, Literal, cast

from ingest.gene_ids import match_id
from ingest.records import Annotation, Location, digest_of
from ingest.store_rows import provenance, to_json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from ingest.records import FamilyKind, Strand
    from ingest.store_rows import Value

_PLAIN: Final = ("gene_id", "tool", "version", "database", "accession", "name", "product", "gene")
_LISTS: Final = ("ec_numbers", "go_terms", "ko", "dbxrefs")
_SPAN: Final = ("start", "end", "protein_length", "sequence_md5")
_NUMBERS: Final = ("score", "evalue", "threshold", "pident", "coverage")

_OF_ID: Final = "SELECT * FROM annotation_facts WHERE match_id = ? ORDER BY id"
_OF_SEQUENCE: Final = (
    "SELECT * FROM annotation_facts WHERE sequence_md5 = ?1 AND ?1 != '' ORDER BY id"
)
_WITHOUT_ID: Final = "SELECT * FROM annotation_facts WHERE match_id = '' AND seqid = ? ORDER BY id"
_SHARED: Final = (
    "SELECT COUNT(DISTINCT mine.match_id), GROUP_CONCAT(DISTINCT files.path_name)"
    " FROM annotations AS mine JOIN annotations AS other"
    " ON other.match_id = mine.match_id AND other.tool = mine.tool"
    " AND other.file_id != mine.file_id JOIN files ON files.id = other.file_id"
    " WHERE mine.file_id = ? AND mine.match_id != '' AND mine.sequence_md5 = ''"
    " AND NOT EXISTS (SELECT 1 FROM annotations AS twin"
    " WHERE twin.content = mine.content AND twin.file_id = other.file_id)"
)


def annotation_columns(annotation: Annotation) -> dict[str, Value]:
    """Lay an annotation out as columns; ``content`` is equal for equal rows."""
    place = annotation.location
    columns: dict[str, Value] = {"match_id": match_id(annotation.gene_id)}
    columns |= {name: getattr(annotation, name) for name in (*_PLAIN, *_SPAN, *_NUMBERS)}
    columns |= {name: to_json(getattr(annotation, name)) for name in _LISTS}
    columns |= {
        "family_kind": annotation.family_kind,
        "seqid": place.seqid if place else None,
        "seq_start": place.start if place else None,
        "seq_end": place.end if place else None,
        "strand": place.strand if place else None,
        "is_significant": int(annotation.is_significant),
        "note": annotation.note,
    }
    columns["content"] = digest_of(to_json(list(columns.values())))
    return columns


def annotation_of_row(row: sqlite3.Row) -> Annotation:
    """Read an annotation of its view."""
    location = None
    if row["seqid"] is not None:
        strand = cast("Strand", row["strand"])
        location = Location(row["seqid"], row["seq_start"], row["seq_end"], strand)
    fields = {name: row[name] for name in (*_PLAIN, *_SPAN, *_NUMBERS)}
    fields |= {name: _texts(row[name]) for name in _LISTS}
    return Annotation(
        **fields,
        family_kind=cast('FamilyKind | Literal[""]', row["family_kind"]),
        location=location,
        is_significant=bool(row["is_significant"]),
        note=row["note"],
        provenance=provenance(row),
    )


def _texts(column: str) -> tuple[str, ...]:
    # Most lists are empty, and there are four in each of millions of rows.
    return () if column == "[]" else tuple(json.loads(column))


def put_annotations(
    connection: sqlite3.Connection, file_id: int, annotations: Sequence[Annotation]
) -> int:
    """Store the rows of a file, equal ones once; return how many there were.

    Rows that another file has too are stored again: whether two files agree is asked later.
    """
    before = connection.total_changes
    for annotation in annotations:
        columns = annotation_columns(annotation)
        columns |= {"file_id": file_id, "line": annotation.provenance.line}
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        # Only our own column names are put into the statement.
        statement = f"INSERT OR IGNORE INTO annotations ({names}) VALUES ({marks})"  # noqa: S608
        connection.execute(statement, tuple(columns.values()))
    return connection.total_changes - before


def shared_ids_warning(connection: sqlite3.Connection, file_id: int) -> str:
    """Tell when another file of the same tool says something else of genes of the same ids."""
    number, names = connection.execute(_SHARED, (file_id,)).fetchone()
    if not number:
        return ""
    files = ", ".join(sorted(names.split(",")))
    return (
        f"gene ids that {files} of the same tool has too, with other content: {number}; if the "
        "files are of different assemblies, give the genes unique ids; where the files disagree, "
        "neither counts as support"
    )


def annotations_of(connection: sqlite3.Connection, gene_id: str) -> list[Annotation]:
    """List what tools say of genes of this id, in the order in which it was added."""
    rows = connection.execute(_OF_ID, (match_id(gene_id),))
    return [annotation_of_row(row) for row in rows]


def annotations_with(connection: sqlite3.Connection, sequence_md5: str) -> list[Annotation]:
    """List what tools say of a protein of this MD5 (upper case, no stop)."""
    return [annotation_of_row(row) for row in connection.execute(_OF_SEQUENCE, (sequence_md5,))]


def annotations_on(connection: sqlite3.Connection, seqid: str) -> list[Annotation]:
    """List the annotations of a contig that have a place and no gene id."""
    return [annotation_of_row(row) for row in connection.execute(_WITHOUT_ID, (seqid,))]
