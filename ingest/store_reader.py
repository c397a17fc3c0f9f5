"""Ask the store for facts: records by id, in a fixed order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ingest.store import AddedFile
from ingest.store_annotations import annotations_of, annotations_on, annotations_with
from ingest.store_families import families, profiles, profiles_digest
from ingest.store_genomes import genomes, genomes_named
from ingest.store_lookup import StoreLookup
from ingest.store_rows import (
    Document,
    document_of_row,
    feature_of_row,
    gene_of_row,
    protein_of_row,
    publication_of_row,
    sample_of_row,
    to_json,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from ingest.records import (
        Annotation,
        Family,
        Feature,
        Gene,
        Genome,
        Protein,
        Publication,
        Sample,
    )

_GENES = {
    "named": "SELECT * FROM gene_facts WHERE gene_id = ? ORDER BY id",
    "called": (
        "SELECT * FROM gene_facts WHERE gene_id = ?1 OR (?1 != '' AND gene = ?1 COLLATE NOCASE)"
        " ORDER BY gene_id != ?1, id"
    ),
    "described": (
        "SELECT g.* FROM gene_facts AS g JOIN proteins AS p"
        " ON p.accession = g.gene_id AND p.sequence_id = g.sequence_id"
        " WHERE p.document_id = ? ORDER BY g.id"
    ),
    "untold": (
        "SELECT * FROM gene_facts WHERE sequence_id IS NULL AND product != ''"
        " AND INSTR(LOWER(product), LOWER(?1)) > 0 ORDER BY id"
    ),
    "with": "SELECT * FROM gene_facts WHERE sequence_sha256 = ? ORDER BY id",
    "on": 'SELECT * FROM gene_facts WHERE seqid = ? ORDER BY "start", "end", id',
}

#: What ``info`` counts, and how.
_COUNTS = {
    "files": "SELECT COUNT(*) FROM files",
    "genes": "SELECT COUNT(*) FROM genes",
    "proteins": "SELECT COUNT(*) FROM proteins",
    "annotations": "SELECT COUNT(*) FROM annotations",
    "genomes": "SELECT COUNT(DISTINCT genome_id) FROM genomes",
    "families": "SELECT COUNT(*) FROM families",
    "family_notes": "SELECT COUNT(*) FROM family_notes",
    "sequences": "SELECT COUNT(*) FROM sequences",
    "publications": "SELECT COUNT(*) FROM publications",
    "passages": "SELECT COUNT(*) FROM documents WHERE kind = 'passage'",
    "features": "SELECT COUNT(*) FROM features WHERE NOT special",
    "samples": (
        "SELECT COUNT(*) FROM (SELECT samp_name FROM samples"
        " UNION SELECT value FROM sample_lists, json_each(names))"
    ),
    "documents": "SELECT COUNT(*) FROM documents",
}


class StoreReader:
    """Read facts over one connection.

    Args:
        connection: A connection of a ``Store``.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Keep the connection."""
        self._connection = connection

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection itself, for searches with statements of their own."""
        return self._connection

    @property
    def lookup(self) -> StoreLookup:
        """Questions by what records say: a function, a name, a taxon."""
        return StoreLookup(self._connection)

    def counts(self) -> dict[str, int]:
        """Count the records of each type."""
        return {name: self._connection.execute(q).fetchone()[0] for name, q in _COUNTS.items()}

    def source_ids(self) -> frozenset[str]:
        """Return the ids that papers have in their own files."""
        rows = self._connection.execute("SELECT source_id FROM publications")
        return frozenset(row[0] for row in rows)

    def files(self) -> list[AddedFile]:
        """List the files that were added, in order."""
        rows = self._connection.execute("SELECT * FROM files ORDER BY id")
        return [
            AddedFile(
                path_name=row["path_name"],
                sha256=row["sha256"],
                reader=row["reader"],
                kind=row["kind"],
                role=row["role"],
                unit=row["unit"],
                added=json.loads(row["added"]),
                bad=row["bad"],
                origin=row["origin"],
            )
            for row in rows
        ]

    # genes and proteins

    def proteins_with(self, sequence_sha256: str) -> list[Protein]:
        """List reference entries with this sequence: reviewed ones first, then by accession."""
        query = (
            "SELECT * FROM protein_facts WHERE sequence_sha256 = ?"
            " ORDER BY reviewed DESC, accession, id"
        )
        return [protein_of_row(row) for row in self._connection.execute(query, (sequence_sha256,))]

    def sequences_of(self, accessions: Sequence[str]) -> dict[str, set[str]]:
        """Return the SHA-256s of the sequences of reference entries, by accession."""
        query = (
            "SELECT accession, sequence_sha256 FROM protein_facts"
            " WHERE accession IN (SELECT value FROM json_each(?))"
        )
        found: dict[str, set[str]] = {}
        for accession, sha256 in self._connection.execute(query, (to_json(accessions),)):
            found.setdefault(accession, set()).add(sha256)
        return found

    def genes_named(self, gene_id: str) -> list[Gene]:
        """List genes with this id, in the order in which they were added."""
        return self._genes("named", gene_id)

    def genes_called(self, name: str) -> list[Gene]:
        """List genes whose id is ``name``, then those whose gene symbol it is, in any case."""
        return self._genes("called", name)

    def genes_described_by(self, document_row: int) -> list[Gene]:
        """List genes whose reference entry has this description."""
        return self._genes("described", document_row)

    def genes_without_sequence(self, words: str) -> list[Gene]:
        """List genes without a sequence, hence without an entry, whose product has ``words``."""
        return self._genes("untold", words)

    def genes_with(self, sequence_sha256: str) -> list[Gene]:
        """List genes with this protein sequence, in the order in which they were added."""
        return self._genes("with", sequence_sha256)

    def genes_on(self, seqid: str) -> list[Gene]:
        """List genes of a contig by start."""
        return self._genes("on", seqid)

    def _genes(self, how: str, value: str | int) -> list[Gene]:
        rows = self._connection.execute(_GENES[how], (value,))
        return [gene_of_row(row) for row in rows]

    def annotations_of(self, gene_id: str) -> list[Annotation]:
        """List what annotation tools say of genes of this id."""
        return annotations_of(self._connection, gene_id)

    def annotations_with(self, sequence_md5: str) -> list[Annotation]:
        """List what annotation tools say of a protein of this MD5."""
        return annotations_with(self._connection, sequence_md5)

    def annotations_on(self, seqid: str) -> list[Annotation]:
        """List the annotations of a contig that have a place and no gene id."""
        return annotations_on(self._connection, seqid)

    def genomes(self) -> list[Genome]:
        """List what tools say of genomes and contigs, by id."""
        return genomes(self._connection)

    def genomes_named(self, genome_id: str) -> list[Genome]:
        """List what tools say of a genome or contig."""
        return genomes_named(self._connection, genome_id)

    def families(self) -> list[Family]:
        """List the families that have a profile, completed by the tables, by accession."""
        return families(self._connection)

    def profiles(self) -> Iterator[tuple[str, str]]:
        """Yield accession and profile text of each family, by accession."""
        return profiles(self._connection)

    def profiles_digest(self) -> str:
        """Hash what all profiles are; "" when there is none."""
        return profiles_digest(self._connection)

    def reference_sequences(self) -> Iterator[tuple[str, str]]:
        """Yield SHA-256 and residues of each distinct reference sequence, by SHA-256."""
        query = "SELECT sha256, residues FROM sequences WHERE role = 'protein' ORDER BY sha256"
        yield from map(tuple, self._connection.execute(query))

    def reference_residues(self) -> int:
        """Count the residues of all distinct reference sequences."""
        query = "SELECT TOTAL(LENGTH(residues)) FROM sequences WHERE role = 'protein'"
        return int(self._connection.execute(query).fetchone()[0])

    def sequence_hashes(self, rows: Sequence[int]) -> dict[int, str]:
        """Return the SHA-256 of sequences by row id."""
        query = "SELECT id, sha256 FROM sequences WHERE id IN (SELECT value FROM json_each(?))"
        return dict(tuple(row) for row in self._connection.execute(query, (to_json(rows),)))

    # papers

    def publication(self, publication_id: str) -> Publication | None:
        """Return a paper by its id, also by one that it had before an identifier was filled in."""
        found = self._publications([publication_id])
        return found[0] if found else None

    def publications_with_pmids(self, pmids: Sequence[str]) -> list[Publication]:
        """Return the stored papers among these PMIDs, in the order of ``pmids``."""
        found = {it.pmid: it for it in self._publications([f"pmid:{it}" for it in pmids])}
        return [found[pmid] for pmid in dict.fromkeys(pmids) if pmid in found]

    def _publications(self, keys: Sequence[str]) -> list[Publication]:
        query = (
            "SELECT * FROM publication_facts WHERE id IN (SELECT publication_id"
            " FROM publication_keys WHERE key IN (SELECT value FROM json_each(?))) ORDER BY id"
        )
        rows = self._connection.execute(query, (to_json(keys),))
        return [publication_of_row(row) for row in rows]

    def publications_at(self, rows: Sequence[int]) -> dict[int, Publication]:
        """Return papers by row id."""
        query = "SELECT * FROM publication_facts WHERE id IN (SELECT value FROM json_each(?))"
        found = self._connection.execute(query, (to_json(rows),))
        return {row["id"]: publication_of_row(row) for row in found}

    # cohorts

    def samples(self) -> list[Sample]:
        """Return the samples that have metadata, by name."""
        rows = self._connection.execute("SELECT * FROM sample_facts ORDER BY samp_name")
        return [sample_of_row(row) for row in rows]

    def features(self, kind: str | None = None) -> Iterator[Feature]:
        """Yield rows of metagenomic tables in the order in which they were added."""
        query = "SELECT * FROM feature_facts WHERE kind = ?1 OR ?1 IS NULL ORDER BY id"
        yield from self._features(query, kind)

    def features_with_id(self, feature_id: str) -> list[Feature]:
        """Return community rows (no strata) with this id."""
        query = "SELECT * FROM feature_facts WHERE feature_id = ? AND stratum = '' ORDER BY id"
        return list(self._features(query, feature_id))

    def summaries_of(self, feature_id: str) -> list[Document]:
        """Return what cohort analyses say of a feature, in the order in which they were added."""
        query = (
            "SELECT * FROM documents WHERE kind = 'feature' AND owner_id = ?"
            " AND section LIKE 'cohort %' ORDER BY id"
        )
        return [document_of_row(row) for row in self._connection.execute(query, (feature_id,))]

    def features_described_by(self, document_row: int) -> list[Feature]:
        """Return the rows that share a description: one for each table that has the feature."""
        query = "SELECT * FROM feature_facts WHERE document_id = ? ORDER BY id"
        return list(self._features(query, document_row))

    def _features(self, query: str, value: str | int | None) -> Iterator[Feature]:
        lists: dict[int, tuple[str, ...]] = {}
        for row in self._connection.execute(query, (value,)):
            number = row["sample_list_id"]
            if number not in lists:
                names = "SELECT names FROM sample_lists WHERE id = ?"
                text = self._connection.execute(names, (number,)).fetchone()[0]
                lists[number] = tuple(json.loads(text))
            yield feature_of_row(row, lists[number])

    # texts

    def documents_at(self, rows: Sequence[int]) -> dict[int, tuple[Document, int | None]]:
        """Return texts by row id, each with the row id of its paper, if it is of one."""
        query = "SELECT * FROM documents WHERE id IN (SELECT value FROM json_each(?))"
        found = self._connection.execute(query, (to_json(rows),))
        return {row["id"]: (document_of_row(row), row["publication_id"]) for row in found}

    def papers_of(self, rows: Sequence[int]) -> dict[int, int]:
        """Return the paper's row id of each passage, by the passage's row id."""
        query = (
            "SELECT id, publication_id FROM documents WHERE publication_id IS NOT NULL"
            " AND id IN (SELECT value FROM json_each(?))"
        )
        return dict(tuple(row) for row in self._connection.execute(query, (to_json(rows),)))

    def superseded(self, rows: Sequence[int]) -> dict[int, int]:
        """Return, for papers that a newer version or their article replaced, that one's row."""
        query = (
            "SELECT id, superseded_by FROM publications WHERE superseded_by IS NOT NULL"
            " AND id IN (SELECT value FROM json_each(?))"
        )
        return dict(tuple(row) for row in self._connection.execute(query, (to_json(rows),)))
