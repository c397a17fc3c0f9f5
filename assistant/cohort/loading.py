"""Tables and metadata of a cohort, from files or from a knowledge base."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from assistant.cohort.reading import ReadTable, read_metadata, read_table
from assistant.cohort.stored import (
    StoredTable,
    choose_table,
    other_tables,
    stored_files,
    stored_tables,
)
from ingest.errors import UserError
from ingest.wide_tables import is_number
from retrieval.cohort.joining import TableFile, join_files
from retrieval.cohort.metadata import joined
from retrieval.cohort.sample_names import match_names
from retrieval.cohort.spelling import by_best_column, match_spellings
from retrieval.cohort.table import table_of
from retrieval.cohort.units import with_unit
from retrieval.upkeep import is_knowledge_base

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from ingest.records import Sample
    from retrieval.cohort.metadata import Metadata
    from retrieval.cohort.table import FeatureTable
    from retrieval.knowledge_base import KnowledgeBase

__all__ = ["Cohort", "CohortFiles", "StoredTable", "cohort_of", "load_cohort", "stored_tables"]

#: Warnings of readers that are told one by one.
_MOST_WARNINGS: Final = 10


@dataclass(frozen=True, slots=True)
class CohortFiles:
    """What a cohort is read from.

    ``sources`` are the files of one table, or one knowledge base; ``table`` names a file or a
    group of files of a base. ``taxonomy`` gives lineages of features that have none.
    """

    sources: tuple[Path, ...]
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


def load_cohort(files: CohortFiles, *, threads: int = 1) -> Cohort:
    """Read a cohort.

    Raises:
        UserError: A file cannot be used, holds no table, files cannot be joined, or no sample has
            metadata.
    """
    lineages = _lineages(files.taxonomy)
    if bases := [path for path in files.sources if is_knowledge_base(path)]:
        if len(files.sources) > 1:
            hint = "Name one knowledge base, or files"
            raise UserError("a knowledge base stands alone", where=bases[0].name, hint=hint)
        return _from_base(files, lineages, threads)
    if files.metadata is None:
        hint = "Name the file with --metadata"
        raise UserError("a table alone says nothing of groups", where="cohort", hint=hint)
    samples, said = read_metadata(files.metadata)
    known = _possible_names(samples)
    read = [read_table(path, files.reader_name, known) for path in files.sources]
    warnings = _read_warnings(read)
    tables = [
        TableFile(name, it.reader, it.rows)
        for name, it in zip(_names(files.sources), read, strict=True)
    ]
    table, metadata = _described(tables, files.rank, lineages, samples)
    metabolites, told = _metabolites(files.metabolites, metadata.samples)
    return Cohort(table, metadata, metabolites, (*warnings, *said, *told))


def cohort_of(
    base: KnowledgeBase,
    chosen: StoredTable,
    *,
    rank: str = "",
    lineages: dict[str, str] | None = None,
    samples: Iterable[Sample] | None = None,
) -> Cohort:
    """Read one table of a knowledge base with the metadata stored there, or with ``samples``.

    Raises:
        UserError: The files of a group cannot be joined, or no sample has metadata.
    """
    tables, known = stored_files(base, chosen)
    described = list(base.samples() if samples is None else samples)
    table, metadata = _described(tables, rank, {**known, **(lineages or {})}, described)
    return Cohort(table, metadata, None)


def _described(
    files: Sequence[TableFile], rank: str, lineages: Mapping[str, str], samples: Sequence[Sample]
) -> tuple[FeatureTable, Metadata]:
    """Make one table of the files, with the metadata of its samples."""
    if len(files) == 1:
        table = with_unit(table_of(files[0].rows, rank=rank, lineages=lineages))
        return _joined(table, samples)
    all_of = join_files(files)
    table = table_of(all_of.rows, rank=rank, lineages=lineages)
    others = [name for name in table.samples if name not in all_of.single]
    names, notes = match_names(all_of.single, others, [it.samp_name for it in samples])
    called = tuple(names.get(name, name) for name in table.samples)
    notes = [*all_of.notes, *notes, *table.notes]
    table = replace(table, samples=called, sources=all_of.names, notes=tuple(notes))
    return _joined(with_unit(table), samples)


def _joined(table: FeatureTable, samples: Sequence[Sample]) -> tuple[FeatureTable, Metadata]:
    """Join a table with metadata that may spell or name its samples otherwise."""
    samples, said = by_best_column(samples, table.samples)
    table = _spelled(table, [it.samp_name for it in samples]).noted(*said)
    return table, joined(samples, table.samples)


def _spelled(table: FeatureTable, ids: Iterable[str], what: str = "samples") -> FeatureTable:
    """Give the samples of a table the names that the metadata have for them."""
    names, said = match_spellings(table.samples, ids, what=what)
    called = tuple(names.get(name, name) for name in table.samples)
    return replace(table, samples=called).noted(*said)


def _possible_names(samples: Sequence[Sample]) -> set[str]:
    """All that may name a sample: the metadata's own names, and what else they hold."""
    values = (value for it in samples for _, value in it.attributes)
    return {*(it.samp_name for it in samples), *(it for it in values if not is_number(it))}


def _from_base(files: CohortFiles, lineages: dict[str, str], threads: int) -> Cohort:
    from retrieval.knowledge_base import KnowledgeBase

    with KnowledgeBase.open(files.sources[0], threads=threads) as base:
        tables = stored_tables(base)
        chosen = choose_table(tables, files.table)
        given = read_metadata(files.metadata) if files.metadata else (None, [])
        cohort = cohort_of(base, chosen, rank=files.rank, lineages=lineages, samples=given[0])
    metabolites, told = _metabolites(files.metabolites, cohort.metadata.samples)
    others = [it.label for it in other_tables(tables, chosen)]
    said = [f"analysed: {chosen.label}; others: {'; '.join(others)} (--table)"] if others else []
    return Cohort(cohort.table, cohort.metadata, metabolites, (*said, *given[1], *told))


def _read_warnings(read: Sequence[ReadTable]) -> list[str]:
    """What readers warn of; of many files, each text once, and not more than a few."""
    if len(read) == 1:
        return read[0].warnings
    by_text: dict[str, list[str]] = {}
    for it in read:
        for text in it.warnings:
            by_text.setdefault(text, []).append(it.rows[0].provenance.path_name)
    told = [
        f"{names[0]}{f' and {len(names) - 1} more files' if len(names) > 1 else ''}: {text}"
        for text, names in by_text.items()
    ]
    rest = len(told) - _MOST_WARNINGS
    return [*told[:_MOST_WARNINGS], *([f"{rest:,} more warnings of files"] if rest > 0 else [])]


def _names(paths: Sequence[Path]) -> list[str]:
    """Name files by their base names, with the folder where two have the same."""
    counts = Counter(path.name for path in paths)
    return [path.name if counts[path.name] == 1 else str(path) for path in paths]


def _metabolites(
    path: Path | None, samples: Sequence[str]
) -> tuple[FeatureTable | None, list[str]]:
    if path is None:
        return None, []
    read = read_table(path, None, set(samples))
    return _spelled(table_of(read.rows), samples, f"samples of {path.name}"), read.warnings


def _lineages(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    rows = read_table(path).rows
    return {row.id: row.lineage for row in rows if row.lineage}
