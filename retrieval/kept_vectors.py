"""Vectors of questions kept on disk: a question that was embedded before needs no model.

Used by batches, which ask the same questions again; what people ask is not kept.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrieval.embedders.base import Vectors
    from retrieval.kept_answers import KeptAnswers

_SINGLE: Final = np.dtype("<f4")  # little-endian on every machine


def embed_unless_kept(
    items: Sequence[str], embed: Callable[[Sequence[str]], Vectors], dim: int, kept: KeptAnswers
) -> Vectors:
    """Embed the items whose vectors are not kept, once each, and keep theirs.

    Returns:
        Shape (len(items), dim), float32, in the order of the items.
    """
    names = {
        item: hashlib.sha256(item.encode("utf-8", "surrogatepass")).hexdigest() for item in items
    }
    vectors = {name: _read(text, dim) for name, text in kept.known(names.values()).items()}
    rest = [item for item, name in names.items() if vectors.get(name) is None]
    if rest:
        fresh = dict(zip((names[item] for item in rest), embed(rest), strict=True))
        kept.keep({name: vector.astype(_SINGLE).tobytes().hex() for name, vector in fresh.items()})
        vectors |= fresh
    rows = [vectors[names[item]] for item in items]
    return np.array(rows, dtype=np.float32).reshape(len(items), dim)


def _read(text: str, dim: int) -> Vectors | None:
    try:
        vector = np.frombuffer(bytes.fromhex(text), dtype=_SINGLE)
    except ValueError:
        return None
    return vector if vector.shape == (dim,) and np.isfinite(vector).all() else None
