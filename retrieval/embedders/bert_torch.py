"""A BERT encoder in plain torch: of the libraries that are always installed, the fastest.

It leaves out transformers and sentence-transformers, which take four seconds to import.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from torch import Tensor

    from retrieval.embedders.base import Vectors
    from retrieval.embedders.bert_weights import BertWeights, Block

_PROJECTIONS = ("query", "key", "value")
_REST = (
    "attention.output.dense",
    "attention.output.LayerNorm",
    "intermediate.dense",
    "output.dense",
    "output.LayerNorm",
)


class TorchBert:
    """Compute in single precision, or with ``half`` matrix products in bfloat16.

    bfloat16 is twice as fast on a CPU that has instructions for it (AVX-512 BF16, AMX), and slow
    on any other.
    """

    def __init__(self, weights: BertWeights, *, half: bool = False) -> None:
        """Hand the weights to torch."""
        self._weights = weights
        self._half = half
        self._words = _tensor(weights.tensors["embeddings.word_embeddings.weight"])
        self._places = _tensor(weights.positions())
        self._first_norm = [_tensor(it) for it in weights.pair("embeddings.LayerNorm")]
        self._layers = [self._layer(f"encoder.layer.{it}") for it in range(weights.layers)]

    def _layer(self, name: str) -> list[tuple[Tensor, Tensor]]:
        parts = [self._weights.pair(f"{name}.attention.self.{it}") for it in _PROJECTIONS]
        projections = (np.concatenate(it) for it in zip(*parts, strict=True))
        rest = [self._weights.pair(f"{name}.{it}") for it in _REST]
        return [(_tensor(w), _tensor(b)) for w, b in [tuple(projections), *rest]]

    def __call__(self, blocks: Sequence[Block]) -> list[Vectors]:
        """Return the mean hidden state of each text; see ``Encoder``."""
        import torch

        with torch.inference_mode(), self._precision():
            return [self._means(torch.from_numpy(it)).float().numpy() for it in blocks]

    def _means(self, ids: Tensor) -> Tensor:
        from torch.nn.functional import gelu, linear

        x = self._words[ids] + self._places[: ids.shape[1]]
        x = self._normed(x, *self._first_norm)
        for projections, joined, first_norm, wide, narrow, second_norm in self._layers:
            x = self._normed(x + linear(self._attended(x, *projections), *joined), *first_norm)
            x = self._normed(x + linear(gelu(linear(x, *wide)), *narrow), *second_norm)
        return x.mean(dim=1)

    def _attended(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        from torch.nn.functional import linear, scaled_dot_product_attention

        texts, tokens, dim = x.shape
        split = linear(x, weight, bias).view(texts, tokens, 3, self._weights.heads, -1)
        attended = scaled_dot_product_attention(*split.permute(2, 0, 3, 1, 4))
        return attended.transpose(1, 2).reshape(texts, tokens, dim)

    def _normed(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        from torch.nn.functional import layer_norm

        return layer_norm(x, (self._weights.dim,), weight, bias, self._weights.epsilon)

    def _precision(self) -> AbstractContextManager[object]:
        import torch

        return torch.autocast("cpu", torch.bfloat16) if self._half else nullcontext()


def _tensor(array: Vectors) -> Tensor:
    import torch

    return torch.from_numpy(array)
