"""What an embedder is: text or protein sequences in, unit vectors out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turn documents and queries into vectors whose inner product is their similarity.

    ``name``, ``revision`` (digest of the weights) and ``dim`` go into the manifest of the
    knowledge base; vectors of two embedders that differ in any of them are never mixed.
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
