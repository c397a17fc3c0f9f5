"""Measure the vector index at a size that no set at hand has: memory, seconds, recall.

    python -m benchmarks.million_references KB [--count 1000000] [--queries 1000] [-o TABLE.tsv]

The vectors are made, not real: each is a vector of the knowledge base's reference proteins with
noise, so that its cosine to the original lies between 0.5 and 0.95, as between relatives. They
are written in segments of 100,000, as adding files does, and searched in a process of their own.
Recall is against comparing all vectors in single precision.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.spent import spend
from benchmarks.tables import parser_of, write_table
from ingest.store_vectors import Segment, segments
from retrieval.threads import set_threads
from retrieval.upkeep import open_checked
from retrieval.vector_index import VectorIndex, write_segment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.embedders.base import Vectors

SPACE: Final = "sequence"
KIND: Final = "protein"
SEGMENT: Final = 100_000  # vectors of a segment, as adding files writes them
DEPTHS: Final = (10, 200)  # neighbours asked for
NEAREST, FARTHEST = 0.95, 0.5  # cosine of a made vector to its original
SEED: Final = 0
COLUMNS: Final = (
    "vectors", "raw float32 GB", "on disk GB", "built in s", "build peak GB", "search peak GB",
    "s for 1,000 queries, k=10", "recall@10", "s for 1,000 queries, k=200", "recall@200",
)  # fmt: skip


def real_vectors(knowledge_base: Path) -> Vectors:
    """Return the vectors of the reference proteins of a knowledge base."""
    with closing(open_checked(knowledge_base)) as store:
        listed = [it for it in segments(store.connection) if (it.space, it.kind) == (SPACE, KIND)]
    index = VectorIndex(knowledge_base / "vectors" / SPACE, SPACE)
    index.use(listed, {})
    return np.concatenate([index.vectors(segment)[1] for segment in listed])


def made_vectors(real: Vectors, count: int) -> Iterator[Vectors]:
    """Yield ``count`` vectors in blocks of ``SEGMENT``: real ones with noise, each row its own."""
    random = np.random.default_rng(SEED)
    for start in range(0, count, SEGMENT):
        size = min(SEGMENT, count - start)
        chosen = real[random.integers(0, len(real), size)]
        noise = random.standard_normal(chosen.shape, dtype=np.float32)
        noise -= np.sum(noise * chosen, axis=1, keepdims=True) * chosen
        noise /= np.linalg.norm(noise, axis=1, keepdims=True)
        cosine = random.uniform(FARTHEST, NEAREST, (size, 1)).astype(np.float32)
        vectors = cosine * chosen + np.sqrt(1 - cosine**2) * noise
        yield vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def build(real: Vectors, count: int, folder: Path) -> float:
    """Write the segments and a list of them below ``folder``; return the seconds it took."""
    seconds, listed = 0.0, []
    for number, vectors in enumerate(made_vectors(real, count)):
        ids = np.arange(len(vectors), dtype=np.int64) + number * SEGMENT
        began = time.monotonic()
        listed.append(write_segment(folder, SPACE, KIND, ids, vectors, among=count))
        seconds += time.monotonic() - began
    (folder / "segments.json").write_text(json.dumps([asdict(it) for it in listed]))
    return seconds


def search(folder: Path, queries: Vectors, threads: int) -> dict[str, object]:
    """Search at each depth; return seconds and ids."""
    set_threads(threads)
    index = VectorIndex(folder / SPACE, SPACE)
    listed = json.loads((folder / "segments.json").read_text())
    index.use([Segment(**it) for it in listed], {})
    index.search(queries[:1], 1, kinds=[KIND])  # loads the files
    found: dict[str, object] = {}
    for k in DEPTHS:
        began = time.monotonic()
        _, ids = index.search(queries, k, kinds=[KIND])
        found[str(k)] = {"seconds": time.monotonic() - began, "ids": ids.tolist()}
    return found


def exact(real: Vectors, count: int, queries: Vectors) -> np.ndarray:
    """Find the nearest made vectors in single precision; shape (len(queries), deepest)."""
    deepest = max(DEPTHS)
    scores = np.zeros((len(queries), 0), dtype=np.float32)
    ids = np.zeros((len(queries), 0), dtype=np.int64)
    for number, vectors in enumerate(made_vectors(real, count)):
        here = np.arange(len(vectors)) + number * SEGMENT
        scores = np.concatenate([scores, queries @ vectors.T], axis=1)
        ids = np.concatenate([ids, np.broadcast_to(here, (len(queries), len(here)))], axis=1)
        best = np.argpartition(-scores, deepest - 1, axis=1)[:, :deepest]
        scores = np.take_along_axis(scores, best, axis=1)
        ids = np.take_along_axis(ids, best, axis=1)
    return np.take_along_axis(ids, np.argsort(-scores, axis=1, kind="stable"), axis=1)


def recall(found: list[list[int]], truth: np.ndarray, k: int) -> float:
    """Return the share of the ``k`` truly nearest that were found."""
    pairs = zip(found, truth, strict=False)
    return float(np.mean([len(set(it[:k]) & set(best[:k].tolist())) / k for it, best in pairs]))


def measure(real: Vectors, count: int, asked: int, threads: int) -> list[str]:
    """Build and search ``count`` vectors; return the cells of a line."""
    random = np.random.default_rng(SEED + 1)
    queries = real[random.permutation(len(real))[:asked]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds = build(real, count, folder)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
        np.save(folder / "queries.npy", queries)
        # A process takes over the peak of the one that started it, so the peak is watched.
        searched = spend(
            [sys.executable, "-m", "benchmarks.million_references", name, str(threads)]
        )
        found = json.loads((folder / "found.json").read_text())
        disk = sum(path.stat().st_size for path in (folder / SPACE).iterdir()) / 1e9
    truth = exact(real, count, queries[:200])
    cells = [f"{count:,}", f"{count * real.shape[1] * 4 / 1e9:.2f}", f"{disk:.2f}"]
    cells += [f"{seconds:.0f}", f"{peak:.2f}", f"{searched.peak_gb:.2f}"]
    for k in DEPTHS:
        its = found[str(k)]
        cells += [f"{its['seconds'] * 1000 / asked:.1f}", f"{recall(its['ids'], truth, k):.3f}"]
    return cells


def main() -> None:
    """Measure each count and print the table; with a folder of segments, search it."""
    parser = parser_of(__doc__)
    parser.add_argument("kb", type=Path)
    parser.add_argument("threads", type=int, nargs="?", default=2)
    parser.add_argument("--count", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--queries", type=int, default=1000)
    given = parser.parse_args()
    if (given.kb / "queries.npy").is_file():
        found = search(given.kb, np.load(given.kb / "queries.npy"), given.threads)
        (given.kb / "found.json").write_text(json.dumps(found))
        return
    real = real_vectors(given.kb)
    lines = ["\t".join(COLUMNS)]
    lines += ["\t".join(measure(real, it, given.queries, given.threads)) for it in given.count]
    print("\n".join(lines))
    write_table(lines, given.output)


if __name__ == "__main__":
    main()
