"""Make retrieval/embedders/weights/kmer_projection.safetensors and measure what it recalls.

    python -m benchmarks.train_kmer_projection REFERENCE.tsv.xz ... --exclude DEV.tsv.xz -o OUT

The projection is a truncated SVD, whitened, then whitened again by the scatter of proteins around
the mean of their enzyme class (relevant component analysis, Bar-Hillel et al. 2005): directions in
which proteins of one function differ count less.

A TSV has a header line with the columns ``accession``, ``ec`` and ``sequence`` (``split`` too in
the dev file). Sequences of the dev file are dropped before anything is counted. The truth is the
best MMseqs2 hit of each dev protein among the references; a representation recalls it when it ranks
it within the first k by cosine. The same files and seed give the same numbers.
"""

from __future__ import annotations

import argparse
import csv
import lzma
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval.aligners.base import Limits
from retrieval.aligners.mmseqs import Mmseqs
from retrieval.embedders.kmer import COLUMNS, WEIGHTS, word_counts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Matrix = NDArray[np.float32]

SEED = 20261121
DIMENSIONS = 512
RIDGE = 0.5  # added to the scatter, in units of its mean eigenvalue
ITERATIONS = 4  # of the randomised SVD's power method
MAX_EVALUE = 1e-5  # of a hit that counts as truth
DEV_SPLITS = ("30", "30-50")  # CARE task 1, 982 proteins
BANDS = ((25.0, 40.0), (40.0, 60.0))  # percent identity of the best hit
TOPS = (50, 200, 1000)
QUERIES_AT_ONCE = 100
PROTEINS_AT_ONCE = 4096


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Read an xz-compressed TSV with a header line."""
    with lzma.open(path, "rt", encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)


def read_references(paths: Sequence[Path], excluded: set[str]) -> dict[str, str]:
    """Read distinct sequences and the EC numbers of each's first row, without the excluded."""
    proteins: dict[str, str] = {}
    for path in paths:
        for row in read_rows(path):
            if row["sequence"] not in excluded:
                proteins.setdefault(row["sequence"], row["ec"])
    return {sequence: ec for sequence, ec in proteins.items() if sequence}


def features(sequences: Sequence[str]) -> csr_array[np.float32]:
    """Count words and take square roots; shape (len(sequences), COLUMNS)."""
    from scipy.sparse import csr_array, vstack

    starts = range(0, len(sequences), PROTEINS_AT_ONCE)
    parts = [word_counts(sequences[start : start + PROTEINS_AT_ONCE]) for start in starts]
    matrix = csr_array(vstack(parts, format="csr"))
    np.sqrt(matrix.data, out=matrix.data)
    return matrix


def inverse_document_frequency(matrix: csr_array[np.float32]) -> Matrix:
    """Return ln((1 + n) / (1 + df)) + 1 for each column, rounded to float16 as it is stored."""
    frequency = np.bincount(matrix.indices, minlength=COLUMNS)
    weights = np.log((1 + matrix.shape[0]) / (1 + frequency)) + 1
    return weights.astype(np.float16).astype(np.float32)


def weigh(matrix: csr_array[np.float32], idf: Matrix) -> csr_array[np.float32]:
    """Multiply columns by ``idf`` and scale rows to unit norm, in place."""
    matrix.data *= idf[matrix.indices]
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    norms[norms == 0] = 1
    matrix.data /= np.repeat(norms.astype(np.float32), np.diff(matrix.indptr))
    return matrix


def whitened_svd(matrix: csr_array[np.float32], power: float) -> Matrix:
    """Return the right singular vectors divided by singular values ** power."""
    from sklearn.utils.extmath import randomized_svd

    _, values, vectors = randomized_svd(
        matrix, n_components=DIMENSIONS, n_iter=ITERATIONS, random_state=SEED
    )
    return np.ascontiguousarray((vectors / values[:, None] ** power).T, dtype=np.float32)


def class_whitening(rows: Matrix, labels: Sequence[str]) -> Matrix:
    """Return the inverse square root of the scatter of ``rows`` around their class means.

    A class of n proteins weighs as sqrt(n), so that large families do not drown the small.
    """
    _, members, sizes = np.unique(np.array(labels), return_inverse=True, return_counts=True)
    means = np.zeros((len(sizes), rows.shape[1]))
    np.add.at(means, members, rows)
    offsets = rows - (means / sizes[:, None])[members]
    weights = np.where(sizes > 1, 1 / np.sqrt(sizes), 0)[members]
    values, vectors = np.linalg.eigh((offsets * weights[:, None]).T @ offsets / weights.sum())
    damped = (values + RIDGE * values.mean()) ** -0.5
    return np.asarray((vectors * damped) @ vectors.T, dtype=np.float32)


def quantise(projection: Matrix) -> tuple[NDArray[np.int8], Matrix]:
    """Round each dimension to 255 steps; return the steps and the size of one."""
    scale = (np.abs(projection).max(axis=0) / 127).astype(np.float32)
    return np.round(projection / scale).astype(np.int8), scale


def project(matrix: csr_array[np.float32], projection: Matrix) -> Matrix:
    """Project rows and scale them to unit norm."""
    starts = range(0, matrix.shape[0], PROTEINS_AT_ONCE)
    rows = np.vstack([matrix[start : start + PROTEINS_AT_ONCE] @ projection for start in starts])
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(norms == 0, 1, norms)


class Truth:
    """The best MMseqs2 hit of each dev protein, and how to score a ranking against it."""

    def __init__(self, queries: dict[str, str], references: dict[str, str], threads: int) -> None:
        """Align the dev proteins with all references."""
        proteins = [(str(number), sequence) for number, sequence in enumerate(references)]
        with tempfile.TemporaryDirectory() as folder:
            database = Mmseqs().build(proteins, Path(folder) / "alignment")
            limits = Limits(max_evalue=MAX_EVALUE)
            found = Mmseqs().search(queries, database, limits, threads=threads)
        self.names = [name for name, hits in found.items() if hits]
        self.target = np.array([int(found[name][0].target) for name in self.names])
        self.pident = np.array([found[name][0].pident for name in self.names])

    def report(self, label: str, similarity: Callable[[int, int], Matrix]) -> None:
        """Print the recall of a representation, given similarities of queries start to stop."""
        ranks: list[int] = []
        for start in range(0, len(self.names), QUERIES_AT_ONCE):
            scores = similarity(start, start + QUERIES_AT_ONCE)
            own = scores[np.arange(len(scores)), self.target[start : start + QUERIES_AT_ONCE]]
            ranks.extend((scores > own[:, None]).sum(axis=1))
        for low, high in BANDS:
            rank = np.array(ranks)[(self.pident >= low) & (self.pident < high)]
            shares = " / ".join(f"{(rank < top).mean():.3f}" for top in TOPS)
            print(f"{label:28s} {low:.0f}-{high:.0f} % (n={len(rank)}): {shares}", flush=True)


def save(path: Path, idf: Matrix, projection: Matrix, made: dict[str, str]) -> None:
    """Write the weights; ``made`` says how, and under which licence."""
    from safetensors.numpy import save_file

    steps, scale = quantise(projection)
    tensors = {"idf": idf.astype(np.float16), "projection": steps, "scale": scale}
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, metadata=made)


def describe(paths: Sequence[Path], count: int, power: float, date: str) -> dict[str, str]:
    """Say how the weights were made."""
    names = ", ".join(sorted(path.name for path in paths))
    return {
        "format": "metalumen k-mer projection 1",
        "made_by": "benchmarks/train_kmer_projection.py",
        "date": date,
        "method": f"sqrt counts x idf, L2 norm, randomised SVD to {DIMENSIONS} dimensions, "
        f"singular vectors divided by singular values ** {power}, int8",
        "classes": f"whitened by the scatter within EC numbers, ridge {RIDGE}",
        "training_set": f"{count} sequences drawn with seed {SEED} from {names}, "
        "without the sequences of the CARE dev set",
        "licence": "derived from UniProt, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0)",
    }


def draw_rows(available: int, wanted: int) -> NDArray[np.int64]:
    """Draw the rows to fit on, in rising order."""
    draw = np.random.default_rng(SEED).choice(available, min(wanted, available), replace=False)
    return np.sort(draw)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("references", nargs="+", type=Path)
    parser.add_argument("--exclude", type=Path, required=True, help="dev set, a TSV")
    parser.add_argument("-o", "--output", type=Path, default=WEIGHTS)
    parser.add_argument("--sequences", type=int, default=30_000, help="to fit the SVD on")
    parser.add_argument("--power", type=float, default=0.75, help="of the whitening, 0 to 1")
    parser.add_argument("--date", required=True, help="of the weights, YYYY-MM-DD")
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    """Fit, measure, write."""
    options = parse()
    dev = list(read_rows(options.exclude))
    references = read_references(options.references, {row["sequence"] for row in dev})
    queries = {row["accession"]: row["sequence"] for row in dev if row["split"] in DEV_SPLITS}
    truth = Truth(queries, references, options.threads)
    matrix = features(list(references))
    idf = inverse_document_frequency(matrix)
    matrix = weigh(matrix, idf)
    asked = weigh(features([queries[name] for name in truth.names]), idf)
    print(f"{len(queries)} queries, {len(truth.names)} with a hit, {len(references)} references")
    columns = matrix.T.tocsr()
    truth.report("sparse cosine", lambda start, stop: (asked[start:stop] @ columns).toarray())
    draw = draw_rows(matrix.shape[0], options.sequences)
    labels = list(references.values())
    svd = whitened_svd(matrix[draw], options.power)
    classes = class_whitening(project(matrix[draw], svd), [labels[row] for row in draw])
    projection = svd @ classes
    steps, scale = quantise(projection)
    for label, one in (
        ("whitened SVD, float32", svd),
        ("+ class whitening, float32", projection),
        ("+ class whitening, int8", steps * scale),
    ):
        stored, query = project(matrix, one), project(asked, one)
        truth.report(label, lambda start, stop, s=stored, q=query: q[start:stop] @ s.T)
    made = describe(options.references, len(draw), options.power, options.date)
    save(options.output, idf, projection, made)


if __name__ == "__main__":
    main()
