"""An embedder without a model, for tests and for checks of the machinery.

Signed feature hashing (Weinberger et al. 2009) of words, or of 3-mers where an item has no white
space. Its neighbours share letters, not meaning: real knowledge bases use a learned embedder.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from ingest.errors import UserError
from retrieval.embedders.base import to_unit_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.embedders.base import Vectors

_DIMENSIONS = 64
_WORD = re.compile(r"\w+")
_MER = 3


class HashingEmbedder:
    """Hash words or 3-mers into ``dim`` signed buckets; the same in every process."""

    name = "hashing"
    revision = "1"

    def __init__(self, dim: int = _DIMENSIONS) -> None:
        """Keep the number of buckets."""
        self.dim = dim

    def embed_documents(self, items: Sequence[str]) -> Vectors:
        """Embed ``items``; shape (len(items), dim), float32, unit norm."""
        vectors = np.zeros((len(items), self.dim), dtype=np.float32)
        for row, item in enumerate(items):
            for feature in _features(item):
                digest = blake2b(feature.encode(), digest_size=8).digest()
                code = int.from_bytes(digest, "little")
                vectors[row, (code >> 1) % self.dim] += 1.0 if code & 1 else -1.0
        return to_unit_rows(vectors)

    def embed_queries(self, items: Sequence[str]) -> Vectors:
        """Embed questions as documents are embedded."""
        return self.embed_documents(items)


def _features(item: str) -> Iterator[str]:
    text = item.strip().casefold()
    if any(letter.isspace() for letter in text):
        yield from _WORD.findall(text)
    else:
        yield from (text[start : start + _MER] for start in range(max(len(text) - _MER + 1, 1)))


def hashing(argument: str) -> HashingEmbedder:
    """Build the embedder; ``argument`` is the number of dimensions, 64 when empty.

    Raises:
        UserError: ``argument`` is not a number above 0.
    """
    if argument and not (argument.isdecimal() and int(argument)):
        what = f"the hashing embedder takes a number of dimensions, not {argument!r}"
        raise UserError(what, where=f"hashing:{argument}")
    return HashingEmbedder(int(argument or _DIMENSIONS))
