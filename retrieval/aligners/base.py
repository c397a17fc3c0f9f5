"""What an aligner is, and the part that all of them share: numbered files in, a table out.

A database is a folder: the program's own files, ``ids.jsonl`` (one id a line, in the order of the
proteins) and ``database.json`` (counts). Ids never reach the program: it sees numbers, so an odd
id cannot break its files.
"""

from __future__ import annotations

import json
import tempfile
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ingest.errors import DamagedFileError
from retrieval.alignment import Alignment, best_first
from retrieval.hits import MAX_ALIGNMENTS, MAX_EVALUE
from retrieval.residues import clean_residues

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

# Both programs seed with spaced words that span some 11 residues; below this a hit by chance is
# likelier than one that reaches an E-value of 1e-3 (11 identities score about 30 bits).
SHORTEST_QUERY = 14

_IDS = "ids.jsonl"
_COUNTS = "database.json"
_PROTEINS = "proteins"


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a search goes.

    ``max_hits`` alignments a query at most, none with an E-value above ``max_evalue``.
    """

    max_hits: int = MAX_ALIGNMENTS
    max_evalue: float = MAX_EVALUE


class Aligner(Protocol):
    """Search many queries in many proteins by local alignment."""

    name: str
    #: The name that people know the program by.
    title: str

    def version(self) -> str:
        """Return the program's version; refuse when it is not installed."""
        ...

    def parameters(self) -> str:
        """Say with which options the program searches, for the record."""
        ...

    def settings(self, limits: Limits = Limits()) -> str:
        """Tell all that decides an answer besides the proteins; answers are kept under it."""
        ...

    def build(self, proteins: Iterable[tuple[str, str]], folder: Path) -> Path:
        """Make the database of ``(id, sequence)`` pairs in ``folder``."""
        ...

    def search(
        self,
        queries: Mapping[str, str],
        database: Path,
        limits: Limits = Limits(),
        *,
        threads: int = 1,
    ) -> dict[str, list[Alignment]]:
        """Align every query in one run; every query id is a key of the answer.

        Alignments come best first. The answer for a query depends neither on the other queries
        nor on ``threads``.
        """
        ...

    def search_each(
        self,
        queries: Mapping[str, str],
        database: Path,
        limits: Limits = Limits(),
        *,
        threads: int = 1,
    ) -> Iterator[tuple[str, list[Alignment]]]:
        """Search as ``search`` does; yield queries that find something, one at a time."""
        ...


class TableAligner(ABC):
    """An aligner whose program reads FASTA and writes a table with the columns of ``_alignment``.

    A subclass names its files and runs the program; numbers, ids and order are kept here.
    """

    name: str
    title: str

    @abstractmethod
    def version(self) -> str:
        """Return the program's version; refuse when it is not installed."""

    @abstractmethod
    def parameters(self) -> str:
        """Say with which options the program searches, for the record."""

    def settings(self, limits: Limits = Limits()) -> str:
        """Tell all that decides an answer besides the proteins; answers are kept under it."""
        asked = f"{limits.max_hits} {limits.max_evalue} {SHORTEST_QUERY} {' '.join(COLUMNS)}"
        return f"{self.name} {self.version()} {self.parameters()} {asked}"

    def build(self, proteins: Iterable[tuple[str, str]], folder: Path) -> Path:
        """Make the database of ``(id, sequence)`` pairs in ``folder``; return ``folder``.

        The folder is filled under another name and renamed at the end, so it is there whole or
        not at all; one that stood there before is replaced. Proteins without residues are left
        out.

        Raises:
            MissingDependencyError: The program is not installed.
            MetalumenError: It failed; the message carries its last lines.
        """
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as temporary:
            fresh = Path(temporary) / "fresh"
            fresh.mkdir()
            fasta = Path(temporary) / "proteins.fasta"
            counts = _write_numbered(proteins, fasta, fresh / _IDS)
            if counts["sequences"]:
                self._build(fasta, fresh / _PROTEINS)
            (fresh / _COUNTS).write_text(json.dumps(counts) + "\n", encoding="utf-8")
            if folder.exists():
                folder.rename(Path(temporary) / "replaced")
            fresh.rename(folder)
        return folder

    def search(
        self,
        queries: Mapping[str, str],
        database: Path,
        limits: Limits = Limits(),
        *,
        threads: int = 1,
    ) -> dict[str, list[Alignment]]:
        """Align every query to the proteins of ``database`` in one run.

        Every query id is a key of the answer; its alignments come best first (bit score, then
        E-value, then target id). Queries shorter than ``SHORTEST_QUERY`` residues find nothing.
        The answer for a query does not depend on the other queries or on ``threads``.

        Raises:
            DamagedFileError: ``database`` is not one.
            MissingDependencyError: The program is not installed.
            MetalumenError: It failed; the message carries its last lines.
        """
        found = dict(self.search_each(queries, database, limits, threads=threads))
        return {name: found.get(name, []) for name in queries}

    def search_each(
        self,
        queries: Mapping[str, str],
        database: Path,
        limits: Limits = Limits(),
        *,
        threads: int = 1,
    ) -> Iterator[tuple[str, list[Alignment]]]:
        """Search as ``search`` does; yield queries that find something, one at a time.

        For many queries: only the alignments of one are in memory.
        """
        return self._answers(queries, database, limits, threads, self._search)

    def _answers(
        self,
        queries: Mapping[str, str],
        database: Path,
        limits: Limits,
        threads: int,
        run: Callable[[Path, Path, Limits, int], Path],
    ) -> Iterator[tuple[str, list[Alignment]]]:
        residues = database_residues(database)
        numbered = _numbered(queries)
        if not numbered or not residues:
            return
        targets = _target_names(database)
        with tempfile.TemporaryDirectory(prefix=f"metalumen-{self.name}-") as temporary:
            fasta = Path(temporary) / "queries.fasta"
            texts = (f">{n}\n{text}\n" for n, (_, text) in enumerate(numbered))
            fasta.write_text("".join(texts), "ascii")
            table = run(fasta, database / _PROTEINS, limits, threads)
            with table.open(encoding="ascii") as lines:
                for number, rows in groupby(map(_columns, lines), key=itemgetter(0)):
                    name = numbered[int(number)][0]
                    hits = [_alignment(name, targets[int(row[1])], row) for row in rows]
                    hits = [replace(hit, program=self.title) for hit in hits]
                    yield name, sorted(hits, key=best_first)[: limits.max_hits]

    @abstractmethod
    def _build(self, fasta: Path, target: Path) -> None:
        """Make the program's own database of ``fasta`` under the name ``target``."""

    @abstractmethod
    def _search(self, fasta: Path, target: Path, limits: Limits, threads: int) -> Path:
        """Search and return the table, made beside ``fasta``; columns are those of ``COLUMNS``."""


def _write_numbered(proteins: Iterable[tuple[str, str]], fasta: Path, ids: Path) -> dict[str, int]:
    """Write proteins as FASTA under the numbers 0, 1, 2 ... and their ids in the same order."""
    sequences = residues = 0
    with (
        fasta.open("w", encoding="ascii") as sequence_file,
        ids.open("w", encoding="utf-8") as names,
    ):
        for name, sequence in proteins:
            cleaned = clean_residues(sequence)
            if not cleaned:
                continue
            sequence_file.write(f">{sequences}\n{cleaned}\n")
            names.write(json.dumps(name) + "\n")
            sequences += 1
            residues += len(cleaned)
    return {"sequences": sequences, "residues": residues}


def database_residues(database: Path) -> int:
    """Return how many residues ``database`` holds; E-values are counted against it.

    Raises:
        DamagedFileError: ``database`` is not one.
    """
    try:
        counts = json.loads((database / _COUNTS).read_text(encoding="utf-8"))
        return int(counts["residues"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedFileError(
            "the alignment database is missing or damaged",
            where=str(database / _COUNTS),
            hint="Rebuild it with: metalumen rebuild KB",
        ) from error


def is_database(folder: Path) -> bool:
    """Tell whether a folder holds a database that says what is in it."""
    try:
        database_residues(folder)
    except DamagedFileError:
        return False
    return True


def _numbered(queries: Mapping[str, str]) -> list[tuple[str, str]]:
    cleaned = ((name, clean_residues(sequence)) for name, sequence in queries.items())
    return [(name, text) for name, text in cleaned if len(text) >= SHORTEST_QUERY]


def _target_names(database: Path) -> list[str]:
    with (database / _IDS).open(encoding="utf-8") as names:
        return [str(json.loads(line)) for line in names]


def _columns(line: str) -> list[str]:
    return line.rstrip("\n").split("\t")


#: Columns of the table after the numbers of query and target.
COLUMNS = (
    "identical residues", "columns", "query start", "query end", "target start", "target end",
    "query length", "target length", "E-value", "bits", "CIGAR",
)  # fmt: skip


def _alignment(query: str, target: str, row: Sequence[str]) -> Alignment:
    """Read the columns of the table; shares are computed, for programs round them."""
    identical, length, query_start, query_end, target_start, target_end, qlen, slen = map(
        int, row[2:10]
    )
    return Alignment(
        query=query,
        target=target,
        pident=100 * identical / length,
        qcov=(query_end - query_start + 1) / qlen,
        scov=(target_end - target_start + 1) / slen,
        evalue=float(row[10]),
        bitscore=float(row[11]),
        length=length,
        query_start=query_start,
        query_end=query_end,
        target_start=target_start,
        target_end=target_end,
        cigar=row[12],
    )
