"""How long a literature search takes, everything included, and how large its index is.

    python benchmarks/literature_search.py --kb KB --queries QUERIES.jsonl
    python benchmarks/literature_search.py --passages 10000 --texts CORPUS.jsonl.gz \
        --queries QUERIES.jsonl

With ``--passages`` a knowledge base of that many made-up passages is built first: the words of
real texts in random order, each as often as there, and RANDOM unit vectors in place of embeddings.
That tells time and memory, and nothing about quality. Questions are embedded by the real model.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval import spaces
from retrieval.embedders import load_embedder
from retrieval.knowledge_base import KnowledgeBase
from retrieval.threads import set_threads

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.embedders.base import Vectors

WORDS_OF_AN_ABSTRACT = 90  # within one passage, so that papers and passages are as many


class RandomDocuments:
    """Random vectors for documents, the real model for questions."""

    def __init__(self) -> None:
        """Load the real model."""
        self._real = load_embedder("minilm")
        self._random = np.random.default_rng(0)
        self.name, self.revision, self.dim = "random", "random", self._real.dim

    def embed_documents(self, items: Sequence[str]) -> Vectors:
        """Draw vectors."""
        drawn = self._random.standard_normal((len(items), self.dim)).astype(np.float32)
        return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)

    def embed_queries(self, items: Sequence[str]) -> Vectors:
        """Embed questions."""
        return self._real.embed_queries(items)


def words_of(texts: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return the words of real texts as they are written, and their shares added up."""
    counts: Counter[str] = Counter()
    with gzip.open(texts, "rt", encoding="utf-8") as handle:
        for line in handle:
            record = json.loads(line)
            counts.update(f"{record['title']} {record['text']}".split())
    shares = np.cumsum(np.array(list(counts.values()), dtype=np.float64))
    return np.array(list(counts)), shares / shares[-1]


def write_corpus(path: Path, count: int, texts: Path) -> None:
    """Write papers of one passage each, of the words of real texts."""
    random = np.random.default_rng(1)
    words, shares = words_of(texts)
    with path.open("w", encoding="utf-8") as handle:
        for number in range(count):
            drawn = words[np.searchsorted(shares, random.random(WORDS_OF_AN_ABSTRACT))]
            title, text = " ".join(drawn[:12]), " ".join(drawn[12:])
            handle.write(json.dumps({"_id": f"d{number}", "title": title, "text": text}) + "\n")


@contextmanager
def base_of(arguments: argparse.Namespace) -> Iterator[KnowledgeBase]:
    """Open the base that is named, or build one."""
    if arguments.kb is not None:
        with KnowledgeBase.open(arguments.kb) as base:
            yield base
        return
    made = RandomDocuments()
    spaces.load_embedder = lambda spec: made if spec == "minilm" else load_embedder(spec)
    with tempfile.TemporaryDirectory() as folder:
        corpus, kb = Path(folder) / "corpus.jsonl", Path(folder) / "kb"
        write_corpus(corpus, arguments.passages, arguments.texts)
        start = time.perf_counter()
        with KnowledgeBase.create(kb) as base:
            base.add([corpus])
            size = sum(it.stat().st_size for it in kb.rglob("*") if it.is_file()) / 2**20
            print(f"built in {time.perf_counter() - start:.1f} s, {size:.0f} MiB on disk")
            yield base


def timed(base: KnowledgeBase, queries: Sequence[str]) -> list[float]:
    """Search each question alone, as a user does; seconds."""
    seconds = []
    for query in queries:
        start = time.perf_counter()
        base.search(query, 10, "literature")
        seconds.append(time.perf_counter() - start)
    return seconds


def main() -> None:
    """Print the percentiles."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--kb", type=Path)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--texts", type=Path, help='gzipped lines with "title" and "text"')
    parser.add_argument("--queries", type=Path, required=True, help='lines with "text"')
    parser.add_argument("--most", type=int, default=200, help="questions asked")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    if not arguments.kb and not arguments.texts:
        parser.error("name a knowledge base by --kb, or texts whose words it is made of by --texts")
    set_threads(arguments.threads)
    lines = arguments.queries.read_text(encoding="utf-8").splitlines()
    queries = [json.loads(line)["text"] for line in lines[: arguments.most]]
    with base_of(arguments) as base:
        timed(base, queries[:3])  # loads the model and the index
        seconds = np.array(timed(base, queries)) * 1000
        passages = base.facts.counts()["passages"]
    p50, p95 = np.percentile(seconds, [50, 95])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    print(f"{passages:,} passages, {len(queries)} questions, {arguments.threads} threads:")
    print(f"p50 {p50:.1f} ms, p95 {p95:.1f} ms; peak memory {memory:.0f} MiB")


if __name__ == "__main__":
    main()
