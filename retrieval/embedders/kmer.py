"""The protein embedder that ships: k-mer counts through a learned, whitened projection.

Counts of 3-mers over the 20 residues and of one contiguous and two spaced 4-mers over ten
residue classes (38,000 columns) are damped by a square root, weighted by inverse document
frequency and projected to 512 dimensions by a truncated SVD, divided by a power of its singular
values and whitened by the scatter within enzyme classes. Needs numpy and scipy only.

How often the best MMseqs2 hit of a CARE dev protein (E <= 1e-5, 88,930 references) is among the
50 / 200 / 1,000 nearest, as ``benchmarks/train_kmer_projection.py`` prints it:

    identity of the hit        25-40 % (n=360)       40-60 % (n=246)
    all columns, cosine        .169 / .347 / .547    .907 / .955 / .976
    whitened SVD               .350 / .525 / .672    .882 / .959 / .984
    this file (int8)           .378 / .561 / .719    .870 / .963 / .972

So a distant relative is missed more often than not at 50 neighbours: alignment stays the main
evidence, this finds what to align when there is no alignment index.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.errors import InputError
from retrieval.embedders.base import to_unit_rows
from retrieval.residues import STANDARD, clean_residues

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from retrieval.embedders.base import Vectors

WEIGHTS = Path(__file__).parent / "weights" / "kmer_projection.safetensors"

# Ten classes of residues that replace each other often (BLOSUM62 neighbours).
CLASSES = ("A", "KR", "EDNQ", "C", "G", "H", "ILVM", "FYW", "P", "ST")

# (letters in the alphabet, offsets of the residues that make the word)
WORDS = ((20, (0, 1, 2)), (10, (0, 1, 2, 3)), (10, (0, 1, 3, 4)), (10, (0, 2, 3, 5)))
COLUMNS = sum(letters ** len(offsets) for letters, offsets in WORDS)  # 38,000

_BROKEN = -(10**7)  # code of X and of the border between two proteins: makes any word negative
_BORDER = "\n" * max(offsets[-1] for _, offsets in WORDS)  # no spaced word steps over it
_BATCH_PROTEINS = 512
_BATCH_RESIDUES = 400_000  # about 20 MB of words at a time


def _codes(groups: Sequence[str]) -> NDArray[np.int32]:
    table = np.full(256, _BROKEN, dtype=np.int32)
    for code, group in enumerate(groups):
        table[list(group.encode())] = code
    return table


_ALPHABETS = {20: _codes(tuple(STANDARD)), 10: _codes(CLASSES)}


def word_counts(sequences: Sequence[str]) -> csr_array[np.float32]:
    """Count the words of each protein; shape (len(sequences), 38000), sorted columns.

    Words that hold an unknown residue are not counted.
    """
    from scipy.sparse import csr_array

    cleaned = [clean_residues(sequence) for sequence in sequences]
    residues = np.frombuffer(_BORDER.join([*cleaned, ""]).encode(), dtype=np.uint8)
    lengths = np.array([len(sequence) + len(_BORDER) for sequence in cleaned], dtype=np.int64)
    rows = np.repeat(np.arange(len(cleaned), dtype=np.int64), lengths)
    keys = np.sort(np.concatenate(list(_word_keys(residues, rows))))
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else keys
    counts = np.diff(np.append(first, len(keys))).astype(np.float32)
    row_of, column = np.divmod(keys[first], COLUMNS)
    starts = np.searchsorted(row_of, np.arange(len(cleaned) + 1))
    indices, starts = column.astype(np.int32), starts.astype(np.int32)
    return csr_array((counts, indices, starts), shape=(len(cleaned), COLUMNS))


def _word_keys(residues: NDArray[np.uint8], rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Give row * COLUMNS + column for every countable word, one kind of word at a time."""
    base = 0
    for letters, offsets in WORDS:
        codes = _ALPHABETS[letters][residues]
        size = max(len(codes) - offsets[-1], 0)
        words = np.zeros(size, dtype=np.int64)
        for offset in offsets:
            words = words * letters + codes[offset : offset + size]
        valid = words >= 0
        yield rows[:size][valid] * COLUMNS + (words[valid] + base)
        base += letters ** len(offsets)


class KmerEmbedder:
    """Embed proteins by their words, through the projection of one weights file."""

    name = "kmer"

    def __init__(self, weights: Path) -> None:
        """Read the projection in ``weights``.

        Raises:
            InputError: The file is missing, damaged, or made for other words.
        """
        projection = _read_projection(weights)
        self.revision = _digest(weights)
        self.dim = projection.shape[1]
        self._projection = projection

    def embed_documents(self, items: Sequence[str]) -> Vectors:
        """Embed proteins; shape (len(items), dim), float32, unit norm, order kept.

        A protein without a countable word gets the constant of ``to_unit_rows``.
        """
        vectors = np.zeros((len(items), self.dim), dtype=np.float32)
        for start, stop in _batches(items):
            counts = word_counts(items[start:stop])
            np.sqrt(counts.data, out=counts.data)
            vectors[start:stop] = counts @ self._projection
        return to_unit_rows(vectors)

    def embed_queries(self, items: Sequence[str]) -> Vectors:
        """Embed queries as documents are embedded."""
        return self.embed_documents(items)


def _batches(items: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Cut ``items`` into runs of bounded size; one longer protein is a run by itself."""
    start = residues = 0
    for position, item in enumerate(items):
        full = residues + len(item) > _BATCH_RESIDUES or position - start == _BATCH_PROTEINS
        if full and position > start:
            yield start, position
            start, residues = position, 0
        residues += len(item)
    if start < len(items):
        yield start, len(items)


def _read_projection(weights: Path) -> Vectors:
    """Return idf x projection x scale as one float32 matrix of shape (38000, dim)."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        tensors = load_file(weights)
        idf = tensors["idf"].astype(np.float32)
        matrix = tensors["projection"].astype(np.float32)
        matrix *= tensors["scale"].astype(np.float32)
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        what = f"the k-mer projection cannot be read ({error})"
        raise InputError(what, where=str(weights), hint="Install metalumen again") from error
    if matrix.ndim != 2 or matrix.shape[0] != COLUMNS or idf.shape != (COLUMNS,):
        what = f"the k-mer projection has shape {matrix.shape}, not ({COLUMNS}, dimensions)"
        raise InputError(what, where=str(weights))
    matrix *= idf[:, None]
    return matrix


def _digest(weights: Path) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of the file."""
    return hashlib.sha256(weights.read_bytes()).hexdigest()[:16]


def bundled_kmer(argument: str) -> KmerEmbedder:
    """Load the projection that ships, or the weights file named by ``argument``.

    Raises:
        InputError: The file cannot be used.
    """
    return KmerEmbedder(Path(argument).expanduser() if argument else WEIGHTS)
