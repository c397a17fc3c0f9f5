"""The weights of a BERT encoder in safetensors, as arrays: what each library computes with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ingest.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.embedders.base import Vectors

    #: Token ids of texts that have equally many tokens; shape (texts, tokens), int64.
    Block = NDArray[np.int64]

# What the encoders compute; a configuration that says otherwise is another model.
_EXPECTED = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}


class Encoder(Protocol):
    """Compute the mean of the last hidden states of each text."""

    def __call__(self, blocks: Sequence[Block]) -> list[Vectors]:
        """Return one array of shape (texts, dim) per block, in order, not normalised."""
        ...


@dataclass(frozen=True, slots=True)
class BertWeights:
    """A BERT encoder: its tensors by their name in the file, and its shape."""

    tensors: Mapping[str, Vectors]
    layers: int
    heads: int
    dim: int
    epsilon: float

    def pair(self, name: str) -> tuple[Vectors, Vectors]:
        """Return the weight and the bias of a part."""
        return self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"]

    def positions(self) -> Vectors:
        """Return what is added to each token's own vector: its place, and being in a text."""
        places = self.tensors["embeddings.position_embeddings.weight"]
        whole: Vectors = places + self.tensors["embeddings.token_type_embeddings.weight"][0]
        return whole


def read_bert(folder: Path) -> BertWeights:
    """Read ``config.json`` and ``model.safetensors``.

    Raises:
        UserError: They cannot be read, or are of another architecture.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        config = json.loads((folder / "config.json").read_bytes())
        tensors = load_file(folder / "model.safetensors")
    except (OSError, ValueError, SafetensorError) as error:
        raise UserError(f"the model cannot be read ({error})", where=str(folder)) from error
    for key, wanted in _EXPECTED.items():
        if (found := config.get(key, wanted)) != wanted:
            what = f"the model has {key} {found!r}, not {wanted!r}"
            raise UserError(what, where=str(folder), hint=f"Try st:{folder}")
    return BertWeights(
        tensors=tensors,
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        dim=config["hidden_size"],
        epsilon=config["layer_norm_eps"],
    )
