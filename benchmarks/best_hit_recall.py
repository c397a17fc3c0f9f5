r"""Measure how often searches find the best DIAMOND hit of a protein, by band of identity.

    python -m benchmarks.best_hit_recall REFERENCE.tsv.xz ... --dev DEV.tsv.xz \
        [--before OLD.safetensors] [--threads N]

Queries are the dev proteins of splits 30 and 30-50; references the distinct sequences of all files
without those of the dev file. The truth is the best hit (by bit score) of ``diamond blastp
--very-sensitive`` with an E-value of at most 1e-5. Compared are the embedder that ships, two
baselines (the exact cosine of all 38,000 short words, and a whitened SVD of them, the first
weights file that shipped), alignment as ``metalumen annotate`` runs it, and both together.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.kmer_pairs import read_excluded, read_proteins, read_rows
from benchmarks.train_kmer_projection import (
    SHORT,
    features,
    inverse_document_frequency,
    unit,
    weigh,
)
from retrieval.aligners.base import Limits
from retrieval.aligners.diamond import Diamond
from retrieval.aligners.mmseqs import Mmseqs
from retrieval.embedders import load_embedder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from retrieval.aligners.base import Aligner

    Matrix = NDArray[np.float32]
    Ranks = NDArray[np.int64]

TRUTH = Limits(max_hits=25, max_evalue=1e-5)
SPLITS = ("30", "30-50")  # CARE task 1, 982 proteins
BANDS = ((25.0, 40.0), (40.0, 60.0))  # percent identity of the best hit
TOPS = (50, 200, 1000)
QUERIES_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Truth:
    """Queries with a hit, the position of the best hit of each, and its identity."""

    queries: list[str]
    target: Ranks
    pident: NDArray[np.float64]

    def report(self, label: str, ranks: Ranks, tops: Sequence[int] = TOPS) -> None:
        """Print the share of queries whose best hit is among the first k."""
        shares = []
        for low, high in BANDS:
            rank = ranks[(self.pident >= low) & (self.pident < high)]
            shares.append(" / ".join(f"{(rank < top).mean():.3f}" for top in tops))
        print(f"{label:34s} {' | '.join(shares)}", flush=True)


def find_truth(queries: Sequence[str], database: Path, threads: int) -> Truth:
    """Align the queries with all references; those without a hit are left out."""
    asked = {str(number): sequence for number, sequence in enumerate(queries)}
    found = Diamond().search(asked, database, TRUTH, threads=threads)
    best = [(queries[int(name)], hits[0]) for name, hits in found.items() if hits]
    return Truth(
        [sequence for sequence, _ in best],
        np.array([int(hit.target) for _, hit in best]),
        np.array([hit.pident for _, hit in best]),
    )


def ranks_by(truth: Truth, similarity: Callable[[int, int], Matrix]) -> Ranks:
    """Count the references nearer than the best hit, given similarities of some queries."""
    ranks: list[int] = []
    for start in range(0, len(truth.queries), QUERIES_AT_ONCE):
        scores = similarity(start, start + QUERIES_AT_ONCE)
        own = scores[np.arange(len(scores)), truth.target[start : start + QUERIES_AT_ONCE]]
        ranks.extend((scores > own[:, None]).sum(axis=1))
    return np.array(ranks)


def ranks_embedded(truth: Truth, references: Sequence[str], spec: str) -> Ranks:
    """Rank by the cosine of an embedder."""
    embedder = load_embedder(spec)
    started = time.process_time()
    stored = embedder.embed_documents(references)
    print(f"{len(references)} proteins embedded in {time.process_time() - started:.0f} CPU s")
    asked = embedder.embed_queries(truth.queries)
    return ranks_by(truth, lambda start, stop: asked[start:stop] @ stored.T)


def ranks_aligned(truth: Truth, aligner: Aligner, database: Path, threads: int) -> Ranks:
    """Give 0 where alignment lists the best hit, else a rank beyond any."""
    asked = {str(number): sequence for number, sequence in enumerate(truth.queries)}
    found = aligner.search(asked, database, threads=threads)
    listed = [{int(hit.target) for hit in found[name]} for name in asked]
    missed = [best not in hits for best, hits in zip(truth.target, listed, strict=True)]
    return np.where(missed, np.iinfo(np.int64).max, 0)


def report_baselines(truth: Truth, references: Sequence[str], before: Path | None) -> None:
    """Print the exact cosine of short words, and their whitened SVD where its file is given."""
    from safetensors.numpy import load_file

    stored, asked = features(references, SHORT), features(truth.queries, SHORT)
    idf = inverse_document_frequency(stored)
    stored, asked = weigh(stored, idf), weigh(asked, idf)
    columns = stored.T.tocsr()
    exact = ranks_by(truth, lambda start, stop: (asked[start:stop] @ columns).toarray())
    truth.report("short words, exact cosine", exact)
    if before is not None:
        tensors = load_file(before)
        matrix = tensors["projection"] * tensors["scale"].astype(np.float32)
        matrix *= (tensors["idf"].astype(np.float32) / idf)[:, None]
        near, query = unit(stored @ matrix), unit(asked @ matrix)
        whitened = ranks_by(truth, lambda start, stop: query[start:stop] @ near.T)
        truth.report("short words, whitened SVD", whitened)


def report_all(truth: Truth, references: Sequence[str], folder: Path, threads: int) -> None:
    """Print the embedder, alignment, and both together."""
    near = ranks_embedded(truth, references, "kmer")
    truth.report("kmer, exact search", near)
    proteins = [(str(number), sequence) for number, sequence in enumerate(references)]
    database = Mmseqs().build(proteins, folder / "mmseqs")
    aligned = ranks_aligned(truth, Mmseqs(), database, threads)
    truth.report(f"MMseqs2, first {Limits().max_hits}", aligned, (1,))
    tops = (10, *TOPS)
    truth.report(f"MMseqs2 and kmer, top {tops}", np.minimum(near, aligned), tops)


def main() -> None:
    """Read, search, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("references", nargs="+", type=Path)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--before", type=Path, help="weights file of the first format")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    references = read_proteins(options.references, read_excluded(options.dev))
    rows = [row for row in read_rows(options.dev) if row["split"] in SPLITS]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        proteins = [(str(number), sequence) for number, sequence in enumerate(references)]
        database = Diamond().build(proteins, folder / "diamond")
        truth = find_truth([row["sequence"] for row in rows], database, options.threads)
        sizes = [int(((truth.pident >= a) & (truth.pident < b)).sum()) for a, b in BANDS]
        print(f"{len(rows)} queries, {len(truth.queries)} with a hit, {len(references)} references")
        print(f"share within the first {TOPS}: 25-40 % (n={sizes[0]}) | 40-60 % (n={sizes[1]})")
        report_all(truth, references, folder, options.threads)
        report_baselines(truth, references, options.before)


if __name__ == "__main__":
    main()
