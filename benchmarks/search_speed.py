"""Measure searches side by side: our sequence evidence, DIAMOND, MMseqs2 and BLAST+.

    python -m benchmarks.search_speed KB QUERIES.faa[.xz] [--threads 2] [--blast 200] [-o TABLE.tsv]

Every search runs against the reference proteins of the knowledge base KB, one after the other, in
processes of their own. What is not installed is skipped. BLAST+ takes its time, so it searches
``--blast`` of the queries, evenly chosen, and its figures are scaled up (0 leaves it out).

"sequence evidence" is what ``metalumen annotate`` does before it weighs anything: alignment of
all proteins, embedding and search of all proteins, exact alignment of their neighbours.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant.inputs import read_query_genes
from benchmarks.spent import Spent, spend
from benchmarks.tables import parser_of, write_table
from ingest.errors import MissingDependencyError
from ingest.records import clean_sequence
from retrieval.aligners.mmseqs import PROGRAM as MMSEQS
from retrieval.evidence.base import Evidence, Surroundings
from retrieval.evidence.embedding_neighbours import EmbeddingNeighbours
from retrieval.evidence.similarity import Similarity
from retrieval.knowledge_base import KnowledgeBase
from retrieval.searched import file_of, read_searched, search_all
from retrieval.threads import set_threads

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ingest.records import Gene

OURS: Final = "sequence evidence"
DIAMOND: Final = "DIAMOND blastp --very-sensitive"
MOST_HITS: Final = "300"
COLUMNS: Final = ("search", "queries", "seconds", "CPU seconds", "peak GB", "times DIAMOND")


@dataclass(frozen=True, slots=True)
class Rival:
    """A program: how it makes its database, and how it searches it."""

    name: str
    program: str
    make: tuple[str, ...]
    search: tuple[str, ...]


def rivals(threads: int) -> list[Rival]:
    """List the programs that are installed; ``{}`` in an argument is the folder of the files."""
    count = str(threads)
    found = [
        Rival(
            DIAMOND,
            "diamond",
            ("makedb", "--in", "{}/references.faa", "--db", "{}/diamond", "--quiet"),
            (
                *("blastp", "--very-sensitive", "--quiet", "--threads", count),
                *("--query", "{}/queries.faa", "--db", "{}/diamond", "--out", "{}/diamond.tsv"),
            ),
        ),
        Rival(
            "MMseqs2 easy-search -s 5.7",
            _mmseqs(),
            ("createdb", "{}/references.faa", "{}/mmseqs"),
            (
                *("easy-search", "{}/queries.faa", "{}/mmseqs", "{}/mmseqs.tsv", "{}/work"),
                *("-s", "5.7", "--threads", count, "-v", "1"),
            ),
        ),
        Rival(
            "BLAST+ blastp",
            "blastp",
            (),
            (
                *("-query", "{}/queries.faa", "-db", "{}/blast", "-out", "{}/blast.tsv"),
                *("-outfmt", "6", "-max_target_seqs", MOST_HITS, "-num_threads", count),
            ),
        ),
    ]
    return [rival for rival in found if shutil.which(rival.program)]


def _mmseqs() -> str:
    try:
        return str(MMSEQS.find())
    except MissingDependencyError:
        return "mmseqs"


def measure(rival: Rival, folder: Path) -> Spent:
    """Search with one program; making the database is not counted."""
    if rival.make:
        spend(_filled((rival.program, *rival.make), folder))
    else:
        made = ("makeblastdb", "-dbtype", "prot", "-in", "{}/references.faa", "-out", "{}/blast")
        spend(_filled(made, folder))
    return spend(_filled((rival.program, *rival.search), folder))


def _filled(command: Iterable[str], folder: Path) -> list[str]:
    return [part.replace("{}", str(folder)) for part in command]


def gather_sequence_evidence(knowledge_base: Path, queries: Path, threads: int) -> int:
    """Do what ``annotate`` does for its two searches; return the number of items found."""
    set_threads(threads)
    genes = read_query_genes((queries,)).genes
    sequences = {gene.sequence_sha256: clean_sequence(gene.translation) for gene in genes}
    sequences = {name: text for name, text in sorted(sequences.items()) if text}
    with (
        KnowledgeBase.open(knowledge_base, threads=threads) as base,
        tempfile.TemporaryDirectory() as folder,
    ):
        kept = Path(folder) / "searched"
        kept.write_bytes(file_of(search_all(base, sequences).values()))
        base.use_searched(read_searched(kept))
        found: dict[str, tuple[Evidence, ...]] = {}
        for source in (Similarity(), EmbeddingNeighbours()):
            for gene_id, items in source.gather(genes, base, found, Surroundings()).items():
                found[gene_id] = (*found.get(gene_id, ()), *items)
    return sum(map(len, found.values()))


def write_fasta(sequences: Iterable[tuple[str, str]], path: Path) -> int:
    """Write sequences and count them."""
    count = 0
    with path.open("w", encoding="ascii") as handle:
        for name, sequence in sequences:
            handle.write(f">{name}\n{sequence}\n")
            count += 1
    return count


def _measure_rival(rival: Rival, genes: Sequence[Gene], folder: Path, most: int) -> Spent:
    """Measure a program on all queries, or on ``most`` of them, scaled up."""
    step = max(1, len(genes) // most) if most else 1
    chosen = genes[::step]
    write_fasta(
        ((str(n), clean_sequence(gene.translation)) for n, gene in enumerate(chosen)),
        folder / "queries.faa",
    )
    spent, factor = measure(rival, folder), len(genes) / len(chosen)
    return replace(spent, seconds=spent.seconds * factor, cpu_seconds=spent.cpu_seconds * factor)


def table(spent: dict[str, Spent], queries: int) -> list[str]:
    """Lay figures out as lines of a TSV, DIAMOND's time as the unit where it was measured."""
    unit = spent[DIAMOND].seconds if DIAMOND in spent else 0.0
    lines = ["\t".join(COLUMNS)]
    for name, it in spent.items():
        ratio = f"{it.seconds / unit:.2f}" if unit else ""
        lines.append("\t".join((name, str(queries), *it.cells, ratio)))
    return lines


def main() -> None:
    """Measure and print the table."""
    parser = parser_of(__doc__)
    parser.add_argument("kb", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--blast", type=int, default=0)
    parser.add_argument("--only-ours", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only_ours:
        print(gather_sequence_evidence(given.kb, given.queries, given.threads))
        return
    genes = read_query_genes((given.queries,)).genes
    spent: dict[str, Spent] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with KnowledgeBase.open(given.kb) as base:
            write_fasta(base.facts.reference_sequences(), folder / "references.faa")
        ours = [sys.executable, "-m", "benchmarks.search_speed", str(given.kb), str(given.queries)]
        spent[OURS] = spend([*ours, "--threads", str(given.threads), "--only-ours"])
        for rival in rivals(given.threads):
            if rival.program != "blastp":
                spent[rival.name] = _measure_rival(rival, genes, folder, 0)
            elif given.blast:
                label = f"{rival.name} (scaled up from {given.blast} queries)"
                spent[label] = _measure_rival(rival, genes, folder, given.blast)
    lines = table(spent, len(genes))
    print("\n".join(lines))
    write_table(lines, given.output)


if __name__ == "__main__":
    main()
