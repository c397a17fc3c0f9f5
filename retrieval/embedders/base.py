"""What an embedder is: text or protein sequences in, unit vectors out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


#: What the name of an embedder ends with that computes in bfloat16.
HALF = "bf16"


class Embedder(Protocol):
    """Turn documents and queries into vectors whose inner product is their similarity.

    ``name``, ``revision`` (digest of the weights) and ``dim`` go into the manifest of the
    knowledge base; vectors of two embedders that differ in any of them are never mixed. The
    precision, with which a name may end, is no such difference.
    """

    name: str
    revision: str
    dim: int

    def embed_documents(self, items: Sequence[str]) -> Vectors:
        """Embed what is stored; shape (len(items), dim), float32, unit norm, order kept."""
        ...

    def embed_queries(self, items: Sequence[str]) -> Vectors:
        """Embed what is asked; same shape and norm as ``embed_documents``."""
        ...


def model_of(name: str) -> str:
    """Return the name of an embedder's model: the name without the precision it computes in."""
    return name.removesuffix(f" {HALF}")


def to_unit_rows(vectors: Vectors) -> Vectors:
    """Divide each row by its norm, in place; a row of zeros becomes the first basis vector.

    An item without any feature (an empty text, a protein of unknown residues) has no direction.
    The constant keeps the promise of unit norm, is equal for all such items and nearly
    orthogonal to any learned vector.
    """
    norms = (vectors.astype("float64") ** 2).sum(axis=1) ** 0.5
    empty = norms == 0
    vectors[empty, 0] = 1.0
    norms[empty] = 1.0
    vectors /= norms[:, None].astype("float32")
    return vectors
