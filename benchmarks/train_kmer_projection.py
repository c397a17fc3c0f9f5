r"""Make retrieval/embedders/weights/kmer_projection.safetensors.

    python -m benchmarks.kmer_pairs REFERENCE.tsv.xz ... --exclude DEV.tsv.xz -o PAIRS.npz
    python -m benchmarks.train_kmer_projection REFERENCE.tsv.xz ... --exclude DEV.tsv.xz \
        --pairs PAIRS.npz --date YYYY-MM-DD -o OUT

Two linear maps of word counts to 512 dimensions learn by contrast (``kmer_contrast.py``) that
proteins which DIAMOND aligns lie near each other: the first reads the short words and starts from
a whitened SVD; the second reads the two kinds of 4-mers over 15 classes and starts from the mean
vectors, under the first map, of the proteins that hold each word. The vectors of both, side by
side, are reduced by their principal components to 512 dimensions and turned by a random rotation,
which changes no cosine and spreads the numbers evenly; then each number is rounded to two bits.
Reduction and rounding together cost about one held-out query in a hundred.

Proteins of the dev file, and any with the same sequence, are dropped before anything is counted;
``HELD_OUT`` queries and their pairs are left out of the training and serve to choose the settings.

The file that ships came from an earlier form of this program: the same proteins, labels, words,
settings and order of steps; another draw of held-out queries, and a first stage that ran by the
clock and stopped at 336 steps. This form has been run on 4,000 proteins with few steps only. Sums
in another order give other bits, so expect a file of the same kind, not the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.kmer_contrast import Sampler, Stage, cut, train
from benchmarks.kmer_pairs import HELD_OUT, hold_out, load_pairs, read_excluded, read_proteins
from retrieval.embedders.kmer import PACKED, WEIGHTS, WORDS, word_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from benchmarks.kmer_pairs import Pairs

    Matrix = NDArray[np.float32]
    Kinds = Sequence[tuple[int, tuple[int, ...]]]

SEED = 20261121
DIMENSIONS = 512
SHORT, LONG = WORDS[:4], WORDS[4:]  # the words of the first and of the second map
SHORT_WEIGHT = 0.7  # of the first map's vectors beside those of the second, chosen on held-out
SHORT_STAGE = Stage(steps=336, pairs=768, rate=0.01)
LONG_STAGES = (
    Stage(steps=300, pairs=1024, rate=0.01),
    Stage(steps=120, pairs=1024, rate=0.006, crops=0.3, order=0.08, neighbours=True, seed=1),
)
SVD_PROTEINS = MERGE_PROTEINS = 20_000  # the whitened SVD and the components are fitted on
RIDGE = 0.05  # added to a covariance, in units of its mean eigenvalue
TOP = 200  # neighbours within which the best hit must be
PROTEINS_AT_ONCE = 4096
LEVELS = np.array([-3, -1, 1, 3], dtype=np.float32)  # even steps: 1 % above the best for a Gaussian
ROUNDS = 4  # of choosing codes and step in turn


def features(sequences: Sequence[str], words: Kinds) -> csr_array[np.float32]:
    """Count words and take square roots; shape (len(sequences), columns_of(words))."""
    from scipy.sparse import csr_array, vstack

    starts = range(0, len(sequences), PROTEINS_AT_ONCE)
    parts = [word_counts(sequences[start : start + PROTEINS_AT_ONCE], words) for start in starts]
    matrix = csr_array(vstack(parts, format="csr"))
    np.sqrt(matrix.data, out=matrix.data)
    return matrix


def inverse_document_frequency(matrix: csr_array[np.float32]) -> Matrix:
    """Return ln((1 + n) / (1 + df)) + 1 for each column."""
    frequency = np.bincount(matrix.indices, minlength=matrix.shape[1])
    weights = np.log((1 + matrix.shape[0]) / (1 + frequency)) + 1
    return np.asarray(weights, dtype=np.float32)


def weigh(matrix: csr_array[np.float32], idf: Matrix) -> csr_array[np.float32]:
    """Multiply columns by ``idf`` and scale rows to unit norm, in place."""
    matrix.data *= idf[matrix.indices]
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    norms[norms == 0] = 1
    matrix.data /= np.repeat(norms.astype(np.float32), np.diff(matrix.indptr))
    return matrix


def unit(rows: Matrix) -> Matrix:
    """Scale rows to unit norm; a row of zeros stays."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(norms == 0, 1, norms), dtype=np.float32)


def project(matrix: csr_array[np.float32], projection: Matrix) -> Matrix:
    """Project rows, some at a time."""
    starts = range(0, matrix.shape[0], PROTEINS_AT_ONCE)
    return np.vstack([matrix[start : start + PROTEINS_AT_ONCE] @ projection for start in starts])


def merge(counts: csr_array[np.float32], idf: Matrix, short: Matrix, long: Matrix) -> Matrix:
    """Join two maps into one of as many dimensions as either; idf is multiplied in.

    Args:
        counts: Square roots of the counts of all words, of proteins to measure on.
        idf: Weight of each word.
        short: The first map, shape (columns of SHORT, dimensions).
        long: The second, for the words that follow.
    """
    border, dim = short.shape
    wide = np.zeros((border + len(long), 2 * dim), dtype=np.float32)
    wide[:border, :dim] = short
    wide[border:, dim:] = long
    wide *= idf[:, None]
    rows = project(counts, wide)
    for part, weight in ((slice(0, dim), SHORT_WEIGHT), (slice(dim, None), 1.0)):
        scale = weight / np.median(np.linalg.norm(rows[:, part], axis=1))
        wide[:, part] *= scale
        rows[:, part] *= scale
    rows = unit(rows)
    _, vectors = np.linalg.eigh((rows.T @ rows).astype(np.float64))
    turned = vectors[:, ::-1][:, :dim] @ random_rotation(dim)
    return np.asarray(wide @ turned.astype(np.float32), dtype=np.float32)


def random_rotation(dim: int) -> NDArray[np.float64]:
    """Return an orthogonal matrix drawn with ``SEED``."""
    drawn = np.random.default_rng(SEED).standard_normal((dim, dim))
    return np.linalg.qr(drawn)[0]


def quantise(projection: Matrix) -> tuple[NDArray[np.uint8], Matrix]:
    """Round each number to one of ``LEVELS`` times the step of its row; return codes and steps.

    Codes have the shape of ``projection``. A step starts at the best one for a Gaussian row.
    """
    step = 0.498 * np.sqrt((projection**2).mean(axis=1))
    step[step == 0] = 1
    for _ in range(ROUNDS):
        codes = np.clip(np.floor(projection / (2 * step[:, None])) + 2, 0, 3).astype(np.uint8)
        rounded = LEVELS[codes]
        step = np.maximum((projection * rounded).sum(axis=1) / (rounded**2).sum(axis=1), 1e-8)
    return codes, step.astype(np.float32)


def pack(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Put four codes in a byte, the first in the lowest bits; shape (rows, columns / 4)."""
    grouped = codes.reshape(len(codes), -1, PACKED)
    shifts = 2 * np.arange(PACKED)
    return np.asarray((grouped << shifts).sum(axis=2), dtype=np.uint8)


def save(path: Path, projection: Matrix, made: dict[str, str]) -> None:
    """Write the weights; ``made`` says how, and under which licence."""
    from safetensors.numpy import save_file

    codes, step = quantise(projection / np.abs(projection).mean())
    tensors: dict[str, NDArray[Any]] = {
        "codes": pack(codes),
        "scale": step.astype(np.float16),
        "levels": LEVELS,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, metadata=made)


def describe(paths: Sequence[Path], proteins: int, date: str) -> dict[str, str]:
    """Say how the weights were made."""
    names = ", ".join(sorted(path.name for path in paths))
    return {
        "format": "metalumen k-mer projection 2",
        "made_by": "benchmarks/train_kmer_projection.py",
        "date": date,
        "method": "square roots of counts x idf through two linear maps, contrastively trained, "
        f"merged to {DIMENSIONS} dimensions; idf is in scale",
        "layout": "codes: two bits a number, four in a byte, lowest first; number = levels[code] "
        "* scale[row]; rows are the words of retrieval/embedders/kmer.py in their order",
        "training_set": f"{proteins} sequences from {names}, without those of the CARE dev set; "
        "labels: DIAMOND alignments between them",
        "licence": "derived from UniProt, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0)",
    }


def whitened_svd(matrix: csr_array[np.float32]) -> Matrix:
    """Return the right singular vectors of some rows, divided by their singular values."""
    from sklearn.utils.extmath import randomized_svd

    some = np.random.default_rng(0).permutation(matrix.shape[0])[:SVD_PROTEINS]
    _, values, vectors = randomized_svd(
        matrix[np.sort(some)], n_components=DIMENSIONS, n_iter=4, random_state=SEED
    )
    return np.ascontiguousarray((vectors / values[:, None]).T, dtype=np.float32)


def means_of_holders(matrix: csr_array[np.float32], vectors: Matrix) -> Matrix:
    """Give each word the mean vector of the proteins that hold it, then whiten the result."""
    columns = matrix.T.tocsr()
    total = np.asarray(columns.sum(axis=1), dtype=np.float32).ravel()
    weights = (columns @ vectors) / (total[:, None] + np.float32(1))
    rows = project(matrix, weights)
    values, axes = np.linalg.eigh((rows.T @ rows / len(rows)).astype(np.float64))
    damped = (axes / np.sqrt(values + RIDGE * values.mean())) @ axes.T
    return np.asarray(weights @ damped, dtype=np.float32)


def recall(label: str, matrix: csr_array[np.float32], weights: Matrix, best: Pairs) -> None:
    """Print how many held-out queries have their best hit among the 200 nearest."""
    near = unit(project(matrix, weights))
    scores = near[best.query] @ near.T
    positions = np.arange(len(scores))
    own = scores[positions, best.target].copy()
    scores[positions, best.query] = -1
    found = (scores > own[:, None]).sum(axis=1) < TOP
    for low, high, _ in HELD_OUT:
        band = (best.pident >= low) & (best.pident < high)
        print(f"{label}: {low:.0f}-{high:.0f} % (n={band.sum()}): {found[band].mean():.3f}")


def train_short(
    sequences: Sequence[str], kept: Pairs, best: Pairs
) -> tuple[Matrix, Matrix, Matrix]:
    """Train the map of short words; return it, their idf and the vectors of all proteins."""
    matrix = features(sequences, SHORT)
    idf = inverse_document_frequency(matrix)
    matrix = weigh(matrix, idf)
    sampler = Sampler(kept, len(sequences), np.random.default_rng(0))
    weights = train(matrix, whitened_svd(matrix), sampler, SHORT_STAGE)
    recall("short words", matrix, weights, best)
    return weights, idf, unit(project(matrix, weights))


def train_long(
    sequences: Sequence[str], vectors: Matrix, kept: Pairs, best: Pairs
) -> tuple[Matrix, Matrix]:
    """Train the map of the other words in two stages; return it and their idf."""
    matrix = features(sequences, LONG)
    idf = inverse_document_frequency(matrix)
    matrix = weigh(matrix, idf)
    weights = means_of_holders(matrix, vectors)
    rng = np.random.default_rng(1)

    def crop(rows: NDArray[np.int64]) -> csr_array[np.float32]:
        return weigh(features([cut(sequences[row], rng) for row in rows], LONG), idf)

    for stage in LONG_STAGES:
        sampler = Sampler(kept, len(sequences), np.random.default_rng(stage.seed))
        weights = train(matrix, weights, sampler, stage, crop)
        recall("4-mers over 15 classes", matrix, weights, best)
    return weights, idf


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("references", nargs="+", type=Path)
    parser.add_argument("--exclude", type=Path, required=True, help="dev set, a TSV")
    parser.add_argument("--pairs", type=Path, required=True, help="made by benchmarks.kmer_pairs")
    parser.add_argument("--date", required=True, help="of the weights, YYYY-MM-DD")
    parser.add_argument("-o", "--output", type=Path, default=WEIGHTS)
    return parser.parse_args()


def main() -> None:
    """Train both maps, merge, write."""
    options = parse()
    sequences = read_proteins(options.references, read_excluded(options.exclude))
    kept, best = hold_out(load_pairs(options.pairs, sequences))
    short, short_idf, vectors = train_short(sequences, kept, best)
    long, long_idf = train_long(sequences, vectors, kept, best)
    some = np.sort(np.random.default_rng(SEED).permutation(len(sequences))[:MERGE_PROTEINS])
    counts = features([sequences[row] for row in some], WORDS)
    merged = merge(counts, np.concatenate([short_idf, long_idf]), short, long)
    made = describe(options.references, len(sequences), options.date)
    save(options.output, merged, made)


if __name__ == "__main__":
    main()
