"""The protein embedder that ships: k-mer counts through a map learned on reference proteins.

Counts of 3-mers over the 20 residues, of three kinds of 4-mers over ten classes of residues and of
two kinds over fifteen (139,250 columns, contiguous and spaced) are damped by a square root,
weighted by inverse document frequency and projected to 512 dimensions. The map learned by contrast
that proteins which DIAMOND aligns lie near each other (``benchmarks/train_kmer_projection.py``);
its numbers are stored at two bits, as ``Projection`` says. Needs numpy and scipy only.

How often the best DIAMOND hit (E <= 1e-5) of 982 CARE dev proteins, which it never saw, is among
the 50 / 200 / 1,000 nearest of 95,014 references, as ``benchmarks/best_hit_recall.py`` prints it:

    identity of the hit         25-40 % (n=451)        40-60 % (n=347)
    short words, exact cosine   .268 / .452 / .665     .882 / .948 / .971
    short words, whitened SVD   .424 / .599 / .778     .839 / .951 / .965
    this file                   .619 / .765 / .871     .879 / .963 / .991
    MMseqs2, first 300          .967                   .997
    MMseqs2 or this file        .976 / .980 / .982     1.000 / 1.000 / 1.000

The references are those that it learned from, and close relatives of many dev proteins are among
them. On 1,000 reference proteins that were held out of its training, the 200 nearest hold the best
hit for .74 and .95. Half of what is missed shares a domain and no more.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
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

# Classes of residues that replace each other often (BLOSUM62 neighbours), by how many there are.
CLASSES = {
    20: tuple(STANDARD),
    15: ("A", "KR", "E", "D", "N", "Q", "C", "G", "H", "IV", "LM", "FY", "W", "P", "ST"),
    10: ("A", "KR", "EDNQ", "C", "G", "H", "ILVM", "FYW", "P", "ST"),
}

# (classes in the alphabet, offsets of the residues that make the word)
WORDS = (
    (20, (0, 1, 2)),
    (10, (0, 1, 2, 3)),
    (10, (0, 1, 3, 4)),
    (10, (0, 2, 3, 5)),
    (15, (0, 1, 3, 4)),
    (15, (0, 1, 2, 3)),
)
COLUMNS = 139_250  # ``columns_of(WORDS)``

#: Dimensions in one byte of ``codes``, two bits each, the first in the lowest bits.
PACKED = 4

_BROKEN = -(10**7)  # code of X and of the border between two proteins: makes any word negative
_BORDER = "\n" * max(offsets[-1] for _, offsets in WORDS)  # no spaced word steps over it
_BATCH_PROTEINS = 512
_BATCH_RESIDUES = 400_000  # about 20 MB of words at a time
_PASS_RESIDUES = 2_000_000  # of one product: about 100 MB of counts
_BLOCK = 128  # dimensions that are decoded at a time: at most 71 MB


def _codes(groups: Sequence[str]) -> NDArray[np.int32]:
    table = np.full(256, _BROKEN, dtype=np.int32)
    for code, group in enumerate(groups):
        table[list(group.encode())] = code
    return table


_ALPHABETS = {letters: _codes(groups) for letters, groups in CLASSES.items()}


def columns_of(words: Sequence[tuple[int, tuple[int, ...]]]) -> int:
    """Count the possible words of some kinds."""
    return sum(letters ** len(offsets) for letters, offsets in words)


def word_counts(
    sequences: Sequence[str], words: Sequence[tuple[int, tuple[int, ...]]] = WORDS
) -> csr_array[np.float32]:
    """Count the words of each protein; shape (len(sequences), columns_of(words)), sorted columns.

    Words that hold an unknown residue are not counted.
    """
    from scipy.sparse import csr_array

    cleaned = [clean_residues(sequence) for sequence in sequences]
    residues = np.frombuffer(_BORDER.join([*cleaned, ""]).encode(), dtype=np.uint8)
    lengths = np.array([len(sequence) + len(_BORDER) for sequence in cleaned], dtype=np.int64)
    rows = np.repeat(np.arange(len(cleaned), dtype=np.int64), lengths)
    columns = columns_of(words)
    keys = np.sort(np.concatenate(list(_word_keys(residues, rows * columns, words))))
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else keys
    counts = np.diff(np.append(first, len(keys))).astype(np.float32)
    row_of, column = np.divmod(keys[first], columns)
    starts = np.searchsorted(row_of, np.arange(len(cleaned) + 1))
    indices, starts = column.astype(np.int32), starts.astype(np.int32)
    return csr_array((counts, indices, starts), shape=(len(cleaned), columns))


def _word_keys(
    residues: NDArray[np.uint8],
    rows: NDArray[np.int64],
    words: Sequence[tuple[int, tuple[int, ...]]],
) -> Iterator[NDArray[np.int64]]:
    """Give row + column for every countable word, one kind of word at a time."""
    base = 0
    for letters, offsets in words:
        codes = _ALPHABETS[letters][residues]
        size = max(len(codes) - offsets[-1], 0)
        found = np.zeros(size, dtype=np.int64)
        for offset in offsets:
            found = found * letters + codes[offset : offset + size]
        valid = found >= 0
        yield rows[:size][valid] + (found[valid] + base)
        base += letters ** len(offsets)


@dataclass(frozen=True, slots=True)
class Projection:
    """A map from word counts to vectors, at two bits a number, as the weights file holds it.

    ``codes`` has shape (COLUMNS, dim / 4); ``scale`` (COLUMNS,) is the weight of a word times the
    step of its row; ``levels`` (4,) are the numbers that the codes 0 to 3 stand for.
    """

    codes: NDArray[np.uint8]
    scale: NDArray[np.float32]
    levels: NDArray[np.float32]

    @property
    def dim(self) -> int:
        """Number of dimensions of a vector."""
        return int(self.codes.shape[1]) * PACKED

    def apply(self, counts: csr_array[np.float32]) -> Vectors:
        """Project square roots of counts; shape (rows, dim).

        Rows are decoded as far as words occur, a block of dimensions at a time. The numbers of a
        protein are added in the order of its columns: they depend on no other protein.
        """
        weighted, used = self._weighted(counts)
        table = self._table()
        vectors = np.empty((counts.shape[0], self.dim), dtype=np.float32)
        for start in range(0, self.codes.shape[1], _BLOCK // PACKED):
            codes = self.codes[used, start : start + _BLOCK // PACKED]
            width = codes.shape[1] * PACKED
            block = table[codes].reshape(len(used), width)
            vectors[:, start * PACKED : start * PACKED + width] = weighted @ block
        return vectors

    def _weighted(
        self, counts: csr_array[np.float32]
    ) -> tuple[csr_array[np.float32], NDArray[np.int64]]:
        """Scale square roots of counts and leave out columns that are empty; return which stay."""
        from scipy.sparse import csr_array

        seen = np.zeros(COLUMNS, dtype=bool)
        seen[counts.indices] = True
        used = np.flatnonzero(seen)
        position = np.cumsum(seen, dtype=np.int32) - 1
        data = np.sqrt(counts.data) * self.scale[counts.indices]
        shape = (counts.shape[0], len(used))
        return csr_array((data, position[counts.indices], counts.indptr), shape=shape), used

    def _table(self) -> NDArray[np.float32]:
        """Decode every byte; shape (256, 4)."""
        shifts = 2 * np.arange(PACKED)
        table: NDArray[np.float32] = self.levels[(np.arange(256)[:, None] >> shifts) & 3]
        return table


class KmerEmbedder:
    """Embed proteins by their words, through the projection of one weights file."""

    name = "kmer"

    def __init__(self, weights: Path) -> None:
        """Read the projection in ``weights``.

        Raises:
            InputError: The file is missing, damaged, or made for other words.
        """
        self._projection = read_projection(weights)
        self.revision = _digest(weights)
        self.dim = self._projection.dim

    def embed_documents(self, items: Sequence[str]) -> Vectors:
        """Embed proteins; shape (len(items), dim), float32, unit norm, order kept.

        A protein without a countable word gets the constant of ``to_unit_rows``.
        """
        vectors = np.zeros((len(items), self.dim), dtype=np.float32)
        for start, stop in _runs(items, len(items), _PASS_RESIDUES):
            vectors[start:stop] = self._projection.apply(_counts(items[start:stop]))
        return to_unit_rows(vectors)

    def embed_queries(self, items: Sequence[str]) -> Vectors:
        """Embed queries as documents are embedded."""
        return self.embed_documents(items)


def _counts(items: Sequence[str]) -> csr_array[np.float32]:
    """Count words in small batches, whose sorting stays in the processor's cache."""
    from scipy.sparse import csr_array, vstack

    runs = _runs(items, _BATCH_PROTEINS, _BATCH_RESIDUES)
    return csr_array(vstack([word_counts(items[start:stop]) for start, stop in runs], "csr"))


def _runs(items: Sequence[str], proteins: int, most: int) -> Iterator[tuple[int, int]]:
    """Cut ``items`` into runs of bounded size; one longer protein is a run by itself."""
    start = residues = 0
    for position, item in enumerate(items):
        full = residues + len(item) > most or position - start == proteins
        if full and position > start:
            yield start, position
            start, residues = position, 0
        residues += len(item)
    if start < len(items):
        yield start, len(items)


def read_projection(weights: Path) -> Projection:
    """Read ``codes``, ``scale`` and ``levels``, the tensors of a weights file.

    Raises:
        InputError: The file is missing, damaged, or made for other words.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        tensors = load_file(weights)
        codes, levels = tensors["codes"], tensors["levels"].astype(np.float32)
        scale = tensors["scale"].astype(np.float32)
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        what = f"the k-mer projection cannot be read ({error})"
        raise InputError(what, where=str(weights), hint="Install metalumen again") from error
    fits = codes.ndim == 2 and codes.dtype == np.uint8 and len(codes) == COLUMNS
    if not fits or scale.shape != (COLUMNS,) or levels.shape != (4,):
        what = f"the k-mer projection has codes of shape {codes.shape}, not ({COLUMNS}, bytes)"
        raise InputError(what, where=str(weights), hint="Install metalumen again")
    if not (np.isfinite(scale).all() and np.isfinite(levels).all()):
        raise InputError("the k-mer projection holds numbers that are none", where=str(weights))
    return Projection(codes, scale, levels)


def _digest(weights: Path) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 of the file."""
    return hashlib.sha256(weights.read_bytes()).hexdigest()[:16]


def bundled_kmer(argument: str) -> KmerEmbedder:
    """Load the projection that ships, or the weights file named by ``argument``.

    Raises:
        InputError: The file cannot be used.
    """
    return KmerEmbedder(Path(argument).expanduser() if argument else WEIGHTS)
