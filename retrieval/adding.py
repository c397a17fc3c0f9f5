"""Add one file to a knowledge base: facts, texts and vectors in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ingest.files import read_records
from ingest.records import BadRecord, Contig, Family
from ingest.store import AddedFile
from ingest.store_writer import FileWriter, finish_file, start_file
from retrieval.documents import RecordDescriber
from retrieval.manifest import VECTORS
from retrieval.profiles.filling import fill
from retrieval.spaces import embed_waiting
from retrieval.upkeep import sweep

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ingest.files import OpenedFile
    from ingest.readers.base import Kind
    from ingest.records import Record
    from ingest.store import Store
    from retrieval.spaces import Progress, SpaceEmbedder

#: Records between two reports of progress.
_TICK: Final = 1000
_METADATA_READER: Final = "sample_metadata"
#: The vector spaces that a kind of file certainly fills.
_SPACES_OF: Final[dict[Kind, tuple[str, ...]]] = {
    "genes": ("sequence",),
    "contigs": ("sequence",),
    "proteins": ("sequence", "text"),
    "annotations": (),
    "genomes": (),
    "families": (),
    "literature": ("text",),
    "abundance": ("text",),
    "metadata": ("text",),
}


@dataclass(frozen=True, slots=True)
class AddReport:
    """What adding a file did: new records by type, records left out, what the user should know."""

    path_name: str
    reader: str
    kind: str
    added: dict[str, int] = field(default_factory=dict)
    unchanged: bool = False
    bad: list[BadRecord] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Target:
    """The knowledge base that files are added to."""

    store: Store
    embedders: Mapping[str, SpaceEmbedder]
    folder: Path


def recognised(
    files: Sequence[Path], reader_name: str | None, metadata: Path | None
) -> list[tuple[str, OpenedFile]]:
    """Recognise all files, so that a wrong one is told before anything is added."""
    opened = [("data", read_records(path, reader_name)) for path in files]
    if metadata is not None:
        opened.append(("metadata", read_records(metadata, _METADATA_READER)))
    return opened


def add_file(target: Target, role: str, file: OpenedFile, progress: Progress | None) -> AddReport:
    """Add one file: after a crash at any point it is there wholly or not at all."""
    source = file.source
    described = AddedFile(
        path_name=source.path_name,
        sha256=source.sha256,
        reader=file.reader,
        kind=file.kind,
        role=role,
        unit="",
        added={},
        bad=0,
    )
    with target.store.transaction() as connection:
        file_id = start_file(connection, described)
        if file_id is None:
            return AddReport(source.path_name, file.reader, file.kind, unchanged=True)
        for space in _SPACES_OF[file.kind]:
            if not target.embedders[space].is_off:
                target.embedders[space].get()  # missing weights are told before the file is read
        sweep(target.folder, connection)
        writer = FileWriter(connection, file_id, RecordDescriber())
        records = _with_profiles_checked(_with_genes_called(file))
        for record in _told(records, source.path_name, progress):
            writer.take(record)
        writer.finish()
        added, bad = writer.added, writer.bad
        finish_file(
            connection,
            file_id,
            added=added,
            bad=len(bad),
            unit=source.unit,
            origin=source.origin,
        )
        for embedder in target.embedders.values():
            embed_waiting(connection, embedder, target.folder / VECTORS, progress)
        fill(connection, target.folder / VECTORS, progress)
    warnings = [*source.warnings, *writer.warnings]
    return AddReport(
        source.path_name, file.reader, file.kind, added=added, bad=bad, warnings=warnings
    )


def _with_genes_called(file: OpenedFile) -> Iterator[Record]:
    """Give the file's records; genes are called on contigs only where a file has nothing else."""
    for record in file.records:
        yield record
        if isinstance(record, Contig) and file.kind == "contigs":
            from ingest.gene_calling import genes_of

            yield from genes_of(record)


def _with_profiles_checked(records: Iterator[Record]) -> Iterator[Record]:
    """Give the records; a profile that HMMER cannot use is bad, and better known now than later."""
    for record in records:
        if isinstance(record, Family):
            from retrieval.families import fault_of

            if fault := fault_of(record.profile):
                place = record.provenance
                yield BadRecord(place.path_name, place.line, record.accession, fault)
                continue
        yield record


def _told(records: Iterator[Record], name: str, progress: Progress | None) -> Iterator[Record]:
    number = 0
    for number, record in enumerate(records, start=1):
        yield record
        if progress is not None and number % _TICK == 0:
            progress(f"reading {name}", number, 0)
    if progress is not None:
        progress(f"reading {name}", number, number)
