"""Embedders: text (sentence-transformers) and protein (k-mer projection, transformers).

A spec string names one: ``minilm``, ``kmer``, ``hashing``, ``st:PATH_OR_NAME``,
``esm:PATH_OR_NAME``. The part after the first colon is handed to the factory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ingest.registry import Registry

if TYPE_CHECKING:
    from retrieval.embedders.base import Embedder


class EmbedderFactory(Protocol):
    """Build an embedder from the part of its spec after the colon."""

    def __call__(self, argument: str) -> Embedder:
        """Return a ready embedder, or raise a UserError that says what is missing."""
        ...


EMBEDDERS: Registry[EmbedderFactory] = Registry(
    "embedder",
    "metalumen.embedders",
    {
        "minilm": "retrieval.embedders.minilm:bundled_minilm",
        "st": "retrieval.embedders.sentence_transformer:sentence_transformer",
        "kmer": "retrieval.embedders.kmer:bundled_kmer",
        "esm": "retrieval.embedders.protein_lm:protein_language_model",
        "hashing": "retrieval.embedders.hashing:hashing",
    },
)

DEFAULT_TEXT = "minilm"
DEFAULT_PROTEIN = "kmer"

# Ways to compute the same weights, whose vectors agree to a cosine of 0.9999.
_EQUAL = frozenset({"minilm", "minilm:torch", "minilm:openvino", "minilm:bf16"})


def load_embedder(spec: str) -> Embedder:
    """Load the embedder that ``spec`` names.

    Raises:
        UserError: The name is unknown or its weights are not at hand.
    """
    name, _, argument = spec.partition(":")
    return EMBEDDERS.get(name)(argument)


def have_equal_vectors(spec: str, other: str) -> bool:
    """Tell whether two specs make vectors that may stand in one base and be compared."""
    return spec == other or {spec, other} <= _EQUAL
