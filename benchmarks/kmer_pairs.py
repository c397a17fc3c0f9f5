"""Find related reference proteins with DIAMOND: the labels that the k-mer projection learns from.

    python -m benchmarks.kmer_pairs REFERENCE.tsv.xz ... --exclude DEV.tsv.xz -o pairs.npz

A TSV has a header line with the columns ``accession``, ``ec`` and ``sequence``. Distinct sequences
of the files in their order are the proteins; those of the dev file are dropped before anything
else. All proteins of the first file (of the most distinct families) and ``QUERIES`` of the others,
drawn with ``SEED``, are searched in all. Some 10 minutes on one core, 30,000 queries.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import lzma
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval.aligners.base import Limits
from retrieval.aligners.diamond import Diamond

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

SEED = 1
QUERIES = 24_000
HELD_OUT = ((25.0, 40.0, 600), (40.0, 60.0, 400))  # identity of the best hit, queries
LIMITS = Limits(max_hits=300, max_evalue=1e-5)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Alignments between proteins, by their positions; sorted by query, none with itself."""

    query: NDArray[np.int64]
    target: NDArray[np.int64]
    pident: NDArray[np.float32]
    bitscore: NDArray[np.float32]


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Read an xz-compressed TSV with a header line."""
    with lzma.open(path, "rt", encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)


def read_proteins(paths: Sequence[Path], excluded: set[str]) -> list[str]:
    """Read the distinct sequences of the files, in their order, without the excluded."""
    sequences = dict.fromkeys(row["sequence"] for path in paths for row in read_rows(path))
    return [sequence for sequence in sequences if sequence and sequence not in excluded]


def read_excluded(path: Path) -> set[str]:
    """Read the sequences that must not be learned from."""
    return {row["sequence"] for row in read_rows(path)}


def digest(sequences: Sequence[str]) -> str:
    """Return the SHA-256 of the sequences in their order."""
    return hashlib.sha256("\n".join(sequences).encode()).hexdigest()


def draw_queries(first: int, available: int) -> list[int]:
    """Choose the proteins to search with: the ``first`` ones, and some of the others."""
    others = np.random.default_rng(SEED).permutation(np.arange(first, available))
    return [*range(first), *others[:QUERIES].tolist()]


def find_pairs(sequences: Sequence[str], queries: Sequence[int], threads: int) -> Pairs:
    """Align the proteins at ``queries`` with all of them."""
    rows: list[tuple[int, int, float, float]] = []
    asked = {str(position): sequences[position] for position in queries}
    with tempfile.TemporaryDirectory() as folder:
        proteins = ((str(position), sequence) for position, sequence in enumerate(sequences))
        database = Diamond().build(proteins, Path(folder) / "alignment")
        for name, hits in Diamond().search_each(asked, database, LIMITS, threads=threads):
            others = (hit for hit in hits if hit.target != name)
            rows.extend((int(name), int(hit.target), hit.pident, hit.bitscore) for hit in others)
    rows.sort(key=lambda row: (row[0], -row[3], row[1]))
    query, target, pident, bitscore = zip(*rows, strict=True)
    return Pairs(
        np.array(query, dtype=np.int64),
        np.array(target, dtype=np.int64),
        np.array(pident, dtype=np.float32),
        np.array(bitscore, dtype=np.float32),
    )


def load_pairs(path: Path, sequences: Sequence[str]) -> Pairs:
    """Load pairs that were found among these very sequences.

    Raises:
        ValueError: They were found among others.
    """
    with np.load(path) as stored:
        if str(stored["digest"]) != digest(sequences):
            raise ValueError(f"{path} was made of other proteins: run benchmarks.kmer_pairs again")
        return Pairs(*(stored[name] for name in ("query", "target", "pident", "bitscore")))


def hold_out(pairs: Pairs) -> tuple[Pairs, Pairs]:
    """Set queries aside by the identity of their best hit.

    Returns the pairs that hold none of them, and the best pair of each of them.
    """
    _, start = np.unique(pairs.query, return_index=True)
    rng, chosen = np.random.default_rng(SEED), []
    for low, high, number in HELD_OUT:
        band = start[(pairs.pident[start] >= low) & (pairs.pident[start] < high)]
        chosen.append(np.sort(rng.permutation(band)[:number]))
    best = np.concatenate(chosen)
    aside = pairs.query[best]
    kept = ~(np.isin(pairs.query, aside) | np.isin(pairs.target, aside))
    return pick(pairs, np.flatnonzero(kept)), pick(pairs, best)


def pick(pairs: Pairs, rows: NDArray[np.int64]) -> Pairs:
    """Take some of the pairs."""
    return Pairs(pairs.query[rows], pairs.target[rows], pairs.pident[rows], pairs.bitscore[rows])


def main() -> None:
    """Read, search, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("references", nargs="+", type=Path)
    parser.add_argument("--exclude", type=Path, required=True, help="dev set, a TSV")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    sequences = read_proteins(options.references, read_excluded(options.exclude))
    first = len(read_proteins(options.references[:1], read_excluded(options.exclude)))
    queries = draw_queries(first, len(sequences))
    pairs = find_pairs(sequences, queries, options.threads)
    np.savez(
        options.output,
        digest=digest(sequences),
        query=pairs.query,
        target=pairs.target,
        pident=pairs.pident,
        bitscore=pairs.bitscore,
    )
    print(f"{len(sequences)} proteins, {len(queries)} queries, {len(pairs.query)} pairs")


if __name__ == "__main__":
    main()
