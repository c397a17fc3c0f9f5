"""Write the records of one file into the store, in batches, inside one transaction.

Nothing is stored twice: equal sequences, texts and genes are one row; a protein with the same
accession and sequence, and a paper with the same identifier, fill each other's empty fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from ingest.records import (
    Annotation,
    BadRecord,
    CohortSummary,
    Contig,
    Family,
    FamilyNote,
    Feature,
    Gene,
    Genome,
    Notice,
    Protein,
    Publication,
    Sample,
    clean_sequence,
    protein_of,
)
from ingest.store_annotations import put_annotations, shared_ids_warning
from ingest.store_documents import put_documents, put_summaries
from ingest.store_entities import GenusWatch
from ingest.store_families import put_families, put_notes, replaced_warning
from ingest.store_genomes import put_genomes
from ingest.store_notices import deleted_rows, put_notices
from ingest.store_profiles import ProfileCounter
from ingest.store_publications import PublicationWriter, delete_publication
from ingest.store_rows import (
    feature_columns,
    filled,
    gene_columns,
    protein_columns,
    protein_of_row,
    summary_document,
    to_json,
)
from ingest.store_samples import describe_sample, join_warnings, make_parts, put_sample
from ingest.text_watch import TextWatch
from ingest.vocab import is_uncharacterized

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence

    from ingest.describer import Describer
    from ingest.records import Record
    from ingest.store import AddedFile
    from ingest.store_rows import Document, Value

#: Records held in memory before they are written.
_BATCH: Final = 1000


def start_file(connection: sqlite3.Connection, file: AddedFile) -> int | None:
    """Register a file and return its row id, or None when the very same was added before."""
    columns = (file.sha256, file.path_name, file.reader, file.kind, file.role, file.unit)
    known = "SELECT 1 FROM files WHERE sha256 = ? AND reader = ? AND role = ?"
    if connection.execute(known, (file.sha256, file.reader, file.role)).fetchone():
        return None
    cursor = connection.execute(
        "INSERT INTO files (sha256, path_name, reader, kind, role, unit, added, bad)"
        " VALUES (?, ?, ?, ?, ?, ?, '{}', 0)",
        columns,
    )
    return cast("int", cursor.lastrowid)


def finish_file(
    connection: sqlite3.Connection,
    file_id: int,
    *,
    added: Mapping[str, int],
    bad: int,
    unit: str,
    origin: str = "",
) -> None:
    """Note how many records of each type a file brought, and what it says of its origin."""
    statement = "UPDATE files SET added = ?, bad = ?, unit = ?, origin = ? WHERE id = ?"
    connection.execute(statement, (to_json(dict(added)), bad, unit, origin, file_id))


class FileWriter:
    """Take the records of one file; ``finish`` writes what is left and what follows from them.

    Args:
        connection: A connection within its write transaction.
        file_id: Row of the file.
        describer: Says what is searchable about each record.
    """

    def __init__(self, connection: sqlite3.Connection, file_id: int, describer: Describer) -> None:
        """Start with nothing taken."""
        self._connection = connection
        self._file_id = file_id
        self._describer = describer
        self._genera = GenusWatch(connection, describer.entities)
        self._publications = PublicationWriter(
            connection, file_id, describer.passages, self._genera.tagged
        )
        self._profiles = ProfileCounter()
        self._watched = TextWatch()
        self._waiting: dict[type, list[Record]] = {}
        self._sample_lists: dict[tuple[str, ...], int] = {}
        self._touched_samples: dict[str, None] = {}
        self._replaced_families: list[str] = []
        self._retracted = 0
        self.added: dict[str, int] = {}
        self.bad: list[BadRecord] = []
        self.warnings: list[str] = []
        self._write: dict[type, Callable[[list[Record]], None]] = {
            Gene: cast("Callable[[list[Record]], None]", self._write_genes),
            Protein: cast("Callable[[list[Record]], None]", self._write_proteins),
            Publication: cast("Callable[[list[Record]], None]", self._write_publications),
            Notice: cast("Callable[[list[Record]], None]", self._write_notices),
            Sample: cast("Callable[[list[Record]], None]", self._write_samples),
            Feature: cast("Callable[[list[Record]], None]", self._write_features),
            Family: cast("Callable[[list[Record]], None]", self._write_families),
            FamilyNote: cast("Callable[[list[Record]], None]", self._write_notes),
            Genome: cast("Callable[[list[Record]], None]", self._write_genomes),
            Annotation: cast("Callable[[list[Record]], None]", self._write_annotations),
            CohortSummary: cast("Callable[[list[Record]], None]", self._write_summaries),
        }

    def take(self, record: Record) -> None:
        """Take one record; contigs carry no facts of their own and are passed over."""
        if isinstance(record, BadRecord):
            self.bad.append(record)
        elif not isinstance(record, Contig):
            waiting = self._waiting.setdefault(type(record), [])
            waiting.append(self._watched.stored(record))
            if len(waiting) >= _BATCH:
                self._flush(type(record))

    def finish(self) -> None:
        """Write what waits, then the descriptions of the samples that changed."""
        for kind in list(self._waiting):
            self._flush(kind)
        self._flush(Protein)  # genes may have left some
        self._drop_withdrawn()
        self._genera.finish()
        if self._retracted:
            papers = "1 paper is" if self._retracted == 1 else f"{self._retracted} papers are"
            self.warnings.append(f"{papers} now marked as retracted")
        if revised := len(self._publications.revised):
            papers = "1 paper has" if revised == 1 else f"{revised:,} papers have"
            self.warnings.append(f"{papers} another text now: a newer or fuller record")
        self.warnings += self._watched.warnings()
        if warning := replaced_warning(self._replaced_families):
            self.warnings.append(warning)
        if self.added.get("annotations"):
            warning = shared_ids_warning(self._connection, self._file_id)
            self.warnings += [warning] if warning else []
        tables = (name for names in self._sample_lists for name in names)
        self.warnings += join_warnings(self._connection, self._touched_samples, tables)
        self._profiles.write(self._connection, self._file_id)
        self._touched_samples.update(dict.fromkeys(self._profiles.samples()))
        for samp_name in self._touched_samples:
            describe_sample(self._connection, self._describer, samp_name)

    def _flush(self, kind: type) -> None:
        waiting = self._waiting.pop(kind, [])
        if waiting:
            self._write[kind](waiting)

    def _count(self, name: str, number: int) -> None:
        self.added[name] = self.added.get(name, 0) + number

    # sequences and texts

    def _sequence_ids(self, sequences: Mapping[str, str], role: str) -> dict[str, int]:
        """Store sequences by SHA-256 and return their row ids; a reference outranks a gene."""
        hashes = to_json(list(sequences))
        self._connection.executemany(
            "INSERT OR IGNORE INTO sequences (sha256, residues, role) VALUES (?, ?, ?)",
            [(sha256, residues, role) for sha256, residues in sequences.items()],
        )
        if role == "protein":
            self._connection.execute(
                "UPDATE sequences SET role = 'protein' WHERE role != 'protein'"
                " AND sha256 IN (SELECT value FROM json_each(?))",
                (hashes,),
            )
        rows = self._connection.execute(
            "SELECT sha256, id FROM sequences WHERE sha256 IN (SELECT value FROM json_each(?))",
            (hashes,),
        )
        return {row["sha256"]: row["id"] for row in rows}

    def _document_id(self, document: Document | None) -> int | None:
        if document is None:
            return None
        put_documents(self._connection, [document])
        statement = "SELECT id FROM documents WHERE document_id = ?"
        row = self._connection.execute(statement, (document.id,)).fetchone()
        return cast("int", row[0])

    # genes and proteins

    def _write_genes(self, genes: list[Gene]) -> None:
        translated = [gene for gene in genes if clean_sequence(gene.translation)]
        sequences = {it.sequence_sha256: clean_sequence(it.translation) for it in translated}
        ids = self._sequence_ids(sequences, "gene")
        before = self._connection.total_changes
        for gene in genes:
            columns = gene_columns(gene)
            columns["sequence_id"] = ids.get(gene.sequence_sha256)
            columns |= {"file_id": self._file_id, "line": gene.provenance.line}
            self._insert("genes", columns)
        self._count("genes", self._connection.total_changes - before)
        for gene in translated:
            if not is_uncharacterized(gene.product):
                self.take(protein_of(gene))

    def _write_proteins(self, proteins: list[Protein]) -> None:
        sequences = {it.sequence_sha256: clean_sequence(it.sequence) for it in proteins}
        sequences = {sha256: residues for sha256, residues in sequences.items() if residues}
        ids = self._sequence_ids(sequences, "protein")
        stored = self._stored_proteins([protein.accession for protein in proteins])
        known = {key: protein_of_row(row) for key, row in stored.items()}
        merged = dict(known)
        for protein in proteins:
            self._genera.take(protein.taxon)
            key = (protein.accession, ids.get(protein.sequence_sha256))
            merged[key] = filled(merged[key], protein) if key in merged else protein
        for key, protein in merged.items():
            if key not in known:
                self._put_protein(protein, key[1])
            elif protein != known[key]:
                self._change_protein(stored[key], protein)
        self._count("proteins", len(merged) - len(known))

    def _stored_proteins(
        self, accessions: Sequence[str]
    ) -> dict[tuple[str, int | None], sqlite3.Row]:
        rows = self._connection.execute(
            "SELECT * FROM protein_facts WHERE accession IN (SELECT value FROM json_each(?))",
            (to_json(accessions),),
        )
        return {(row["accession"], row["sequence_id"]): row for row in rows}

    def _put_protein(self, protein: Protein, sequence_id: int | None) -> None:
        columns = protein_columns(protein) | {
            "sequence_id": sequence_id,
            "document_id": self._document_id(self._describer.protein(protein)),
            "file_id": self._file_id,
            "line": protein.provenance.line,
        }
        self._insert("proteins", columns)

    def _change_protein(self, row: sqlite3.Row, protein: Protein) -> None:
        """Store a protein that a later file has filled, and drop a description nobody has now."""
        columns = protein_columns(protein)
        columns["document_id"] = self._document_id(self._describer.protein(protein))
        setting = ", ".join(f"{name} = :{name}" for name in columns)
        statement = f"UPDATE proteins SET {setting} WHERE id = :id"  # noqa: S608 - our own names
        self._connection.execute(statement, columns | {"id": row["id"]})
        self._connection.execute(
            "DELETE FROM documents WHERE id = ?1"
            " AND NOT EXISTS (SELECT 1 FROM proteins WHERE document_id = ?1)",
            (row["document_id"],),
        )

    def _write_families(self, families: list[Family]) -> None:
        added, replaced = put_families(self._connection, self._file_id, families)
        self._count("families", added)
        self._replaced_families += replaced

    def _write_notes(self, notes: list[FamilyNote]) -> None:
        self._count("family_notes", put_notes(self._connection, self._file_id, notes))

    def _write_genomes(self, genomes: list[Genome]) -> None:
        self._count("genomes", put_genomes(self._connection, self._file_id, genomes))

    def _write_annotations(self, annotations: list[Annotation]) -> None:
        self._count("annotations", put_annotations(self._connection, self._file_id, annotations))

    # papers, samples, features

    def _write_publications(self, publications: list[Publication]) -> None:
        self._count("publications", sum(map(self._publications.put, publications)))

    def _write_notices(self, notices: list[Notice]) -> None:
        added, retracted = put_notices(self._connection, self._file_id, notices)
        self._count("notices", added)
        self._retracted += retracted

    def _drop_withdrawn(self) -> None:
        """Drop the papers whose records PubMed withdrew, of this file or of earlier ones."""
        rows = deleted_rows(self._connection) if "notices" in self.added else []
        for row_id in rows:
            delete_publication(self._connection, row_id)
        if number := len(rows) + self._publications.deleted:
            papers = "1 paper was" if number == 1 else f"{number} papers were"
            self.warnings.append(f"{papers} left out: PubMed has withdrawn their records")

    def _write_summaries(self, summaries: list[CohortSummary]) -> None:
        put_summaries(self._connection, [summary_document(it) for it in summaries])
        self._count("summaries", len(summaries))

    def _write_samples(self, samples: list[Sample]) -> None:
        make_parts(self._connection)
        for sample in samples:
            is_new, changes = put_sample(self._connection, self._file_id, sample)
            self.warnings += changes
            self._touched_samples[sample.samp_name] = None
            self._count("samples", int(is_new))

    def _write_features(self, features: list[Feature]) -> None:
        for feature in features:
            if feature.kind == "taxon":
                self._genera.take(feature.name or feature.id)
            names = tuple(name for name, _ in feature.values)
            # A profile may list thousands of taxa that no sample has: nobody searches for them.
            is_absent = bool(feature.values) and not any(value for _, value in feature.values)
            document = None if is_absent else self._describer.feature(feature)
            columns = feature_columns(feature) | {
                "sample_list_id": self._sample_list_id(names),
                "document_id": self._document_id(document),
                "file_id": self._file_id,
                "line": feature.provenance.line,
            }
            self._insert("features", columns)
            self._profiles.take(feature)
        self._count("features", len(features))

    def _sample_list_id(self, names: tuple[str, ...]) -> int:
        if names not in self._sample_lists:
            text = to_json(names)
            self._connection.execute(
                "INSERT OR IGNORE INTO sample_lists (names) VALUES (?)", (text,)
            )
            statement = "SELECT id FROM sample_lists WHERE names = ?"
            self._sample_lists[names] = self._connection.execute(statement, (text,)).fetchone()[0]
        return self._sample_lists[names]

    def _insert(self, table: str, columns: dict[str, Value]) -> None:
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        # Only our own table and column names are put into the statement.
        statement = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
        self._connection.execute(statement, tuple(columns.values()))
