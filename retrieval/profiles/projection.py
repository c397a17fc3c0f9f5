"""From a composition to a unit vector: Hellinger transform, then a sparse signed projection.

The square roots of shares form a unit vector over all features that there are; the inner product
of two such vectors is the Bhattacharyya coefficient b, and sqrt(1 - b) the Hellinger distance. A
feature that is absent adds nothing, so a vector hangs on its own sample alone: no zero has to be
replaced, and neither other samples nor other features of the table move it. Each feature adds to
one place of each of eight blocks with a sign; places and signs come from its key (the sparser
Johnson-Lindenstrauss transform of Kane and Nelson, doi 10.1145/2559902).
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import numpy as np

from ingest.store import Space

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from retrieval.embedders.base import Vectors
    from retrieval.profiles.composition import Composition, Integers

SPACE: Final = "profile"
NAME: Final = "hellinger"
DIM: Final = 512
_BLOCKS: Final = 8
_WIDTH: Final = DIM // _BLOCKS
#: Changes when features are named or projected otherwise.
_VERSION: Final = "1"
#: SplitMix64 (Steele, Lea and Flood 2014, doi 10.1145/2660193.2660195).
_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_MIXERS: Final = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)


@cache
def revision() -> str:
    """Hash what vectors hang on besides the compositions: this method and the renamed taxa."""
    table = files("retrieval").joinpath("data/renamed_taxa.tsv").read_bytes()
    method = f"{NAME} {_VERSION} {DIM} {_BLOCKS}".encode()
    return hashlib.sha256(method + b"\0" + table).hexdigest()


def space() -> Space:
    """Describe the space as it is recorded in a knowledge base."""
    return Space(SPACE, NAME, NAME, revision(), DIM)


def vectors_of(compositions: list[Composition]) -> Vectors:
    """Project compositions; shape (n, 512), float32, unit norm."""
    made = np.zeros((len(compositions), DIM))
    for at, it in enumerate(compositions):
        places, signs = _places(it.keys)
        weights = signs * np.sqrt(it.shares)[:, None]
        made[at] = np.bincount(places.ravel(), weights.ravel(), minlength=DIM)
    norms = np.linalg.norm(made, axis=1, keepdims=True)
    # Signs that cancel out to nothing are not to be expected; a vector must have a direction.
    made[norms[:, 0] == 0, 0] = 1.0
    return (made / np.where(norms > 0, norms, 1.0)).astype(np.float32)


def _places(keys: Integers) -> tuple[Integers, NDArray[np.float64]]:
    """Return place and sign of each key in each block; both of shape (keys, blocks)."""
    with np.errstate(over="ignore"):
        steps = np.arange(1, _BLOCKS + 1, dtype=np.uint64) * _STEP
        mixed = keys.astype(np.uint64)[:, None] + steps[None]
        for shift, factor in _MIXERS:
            mixed = (mixed ^ (mixed >> shift)) * factor
        mixed = mixed ^ (mixed >> np.uint64(31))
    within = ((mixed >> np.uint64(8)) % np.uint64(_WIDTH)).astype(np.int64)
    places = within + np.arange(_BLOCKS, dtype=np.int64) * _WIDTH
    signs = np.where(mixed & np.uint64(1), 1.0, -1.0)
    return places, signs
