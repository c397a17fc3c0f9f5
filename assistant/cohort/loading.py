"""Tables and metadata of a cohort, from files or from a knowledge base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.errors import UserError
from ingest.files import read_records
from ingest.records import Feature, Sample
from retrieval.cohort.metadata import joined
from retrieval.cohort.table import table_of
from retrieval.upkeep import is_knowledge_base

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from retrieval.cohort.metadata import Metadata
    from retrieval.cohort.table import FeatureTable
    from retrieval.knowledge_base import KnowledgeBase

_METADATA_READER: Final = "sample_metadata"
#: Reads a table with a row per sample and a column per feature.
_WIDE_READER: Final = "sample_table"
#: Kinds of tables by how much of a cohort they describe; the first one at hand is taken.
_KINDS: Final = ("taxon", "pathway", "gene_family", "gene", "metabolite", "other")


@dataclass(frozen=True, slots=True)
class CohortFiles:
    """What a cohort is read from.

    ``source`` is a table's file or a knowledge base; ``table`` names one file of a base.
    ``taxonomy`` gives lineages of features that have none.
    """

    source: Path
    metadata: Path | None = None
    metabolites: Path | None = None
    taxonomy: Path | None = None
    table: str = ""
    reader_name: str | None = None
    rank: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Cohort:
    """A table with the metadata of its samples, and perhaps metabolites of the same samples."""

    table: FeatureTable
    metadata: Metadata
    metabolites: FeatureTable | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table that a knowledge base holds: one kind of features of one file."""

    path_name: str
    kind: str
    unit: str
    features: int

    @property
    def label(self) -> str:
        """Name it for a person."""
        unit = f", {self.unit}" if self.unit else ""
        return f"{self.path_name} ({self.kind.replace('_', ' ')}, {self.features:,} rows{unit})"


def load_cohort(files: CohortFiles, *, threads: int = 1) -> Cohort:
    """Read a cohort.

    Raises:
        UserError: A file cannot be used, holds no table, or no sample has metadata.
    """
    lineages = _lineages(files.taxonomy)
    if is_knowledge_base(files.source):
        return _from_base(files, lineages, threads)
    if files.metadata is None:
        hint = "Name the file with --metadata"
        raise UserError("a table alone says nothing of groups", where="cohort", hint=hint)
    rows, warnings = _features(files.source, files.reader_name)
    table = table_of(rows, rank=files.rank, lineages=lineages)
    samples, said = _samples(files.metadata)
    metabolites, told = _metabolites(files.metabolites)
    metadata = joined(samples, table.samples)
    return Cohort(table, metadata, metabolites, (*warnings, *said, *told))


def stored_tables(base: KnowledgeBase) -> list[StoredTable]:
    """List the tables of a knowledge base, those of taxa first, larger ones first."""
    counts: dict[tuple[str, str, str], int] = {}
    for row in base.facts.features():
        if row.values and not row.stratum and not row.special and row.kind in _KINDS:
            key = (row.provenance.path_name, row.kind, row.unit)
            counts[key] = counts.get(key, 0) + 1
    found = [StoredTable(*key, features=count) for key, count in counts.items()]
    return sorted(found, key=lambda it: (_KINDS.index(it.kind), -it.features, it.path_name))


def cohort_of(
    base: KnowledgeBase,
    chosen: StoredTable,
    *,
    rank: str = "",
    lineages: dict[str, str] | None = None,
    samples: Iterable[Sample] | None = None,
) -> Cohort:
    """Read one table of a knowledge base with the metadata stored there, or with ``samples``."""
    known = dict(lineages or {})
    rows = []
    for row in base.facts.features():
        if not row.values and row.lineage:
            known.setdefault(row.id, row.lineage)
        if (row.provenance.path_name, row.kind, row.unit) == (
            chosen.path_name, chosen.kind, chosen.unit,
        ):  # fmt: skip
            rows.append(row)
    table = table_of(rows, rank=rank, lineages=known)
    described = list(base.samples() if samples is None else samples)
    return Cohort(table, joined(described, table.samples), None)


def _from_base(files: CohortFiles, lineages: dict[str, str], threads: int) -> Cohort:
    from retrieval.knowledge_base import KnowledgeBase

    with KnowledgeBase.open(files.source, threads=threads) as base:
        tables = stored_tables(base)
        chosen = _chosen(tables, files.table)
        given = _samples(files.metadata) if files.metadata else (None, ())
        cohort = cohort_of(base, chosen, rank=files.rank, lineages=lineages, samples=given[0])
    metabolites, told = _metabolites(files.metabolites)
    others = [it.label for it in tables if it != chosen]
    said = [f"analysed: {chosen.label}; others: {'; '.join(others)} (--table)"] if others else []
    return Cohort(cohort.table, cohort.metadata, metabolites, (*said, *given[1], *told))


def _chosen(tables: list[StoredTable], name: str) -> StoredTable:
    found = [it for it in tables if not name or it.path_name == name]
    if not found:
        known = ", ".join(dict.fromkeys(it.path_name for it in tables)) or "none"
        what = f"the knowledge base has no table {name!r}" if name else "it holds no table"
        raise UserError(what, where="cohort", hint=f"Tables: {known}")
    return found[0]


def _features(path: Path, reader_name: str | None) -> tuple[list[Feature], list[str]]:
    opened = read_records(path, reader_name)
    if reader_name is None and opened.reader == _METADATA_READER:
        # A few columns of numbers look like metadata; here the user says that it is a table.
        opened = read_records(path, _WIDE_READER)
    rows = [row for row in opened.records if isinstance(row, Feature)]
    if not rows:
        what = f"it is read as {opened.reader} and holds no table of features"
        raise UserError(what, where=path.name, hint="Name the format with --format")
    return rows, opened.source.warnings


def _samples(path: Path) -> tuple[list[Sample], list[str]]:
    opened = read_records(path, _METADATA_READER)
    samples = [row for row in opened.records if isinstance(row, Sample)]
    return samples, opened.source.warnings


def _metabolites(path: Path | None) -> tuple[FeatureTable | None, list[str]]:
    if path is None:
        return None, []
    rows, warnings = _features(path, None)
    return table_of(rows), warnings


def _lineages(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    rows, _ = _features(path, None)
    return {row.id: row.lineage for row in rows if row.lineage}
