"""Rerank the best texts with a cross-encoder from a folder: it reads question and text together.

None ships, since none is small enough to be worth its time on a laptop; a folder of any
sentence-transformers cross-encoder does (MedCPT-Cross-Encoder, ms-marco-MiniLM, bge-reranker).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from ingest.errors import MissingDependencyError, UserError
from retrieval.model_files import quiet_loading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.fusion import Fused

#: Texts that are reranked: about a second for a 6-layer model on two cores.
DEPTH: Final = 50
_BATCH: Final = 16


class Reranker(Protocol):
    """Say how well each text answers a question."""

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Score texts from 0 to 1, in order."""
        ...


class CrossEncoderReranker:
    """A cross-encoder of the sentence-transformers library; texts past its limit are cut."""

    def __init__(self, folder: Path) -> None:
        """Load the model in ``folder``.

        Raises:
            MissingDependencyError: sentence-transformers is not installed.
            UserError: The folder does not hold a model that can be loaded safely.
        """
        try:
            from sentence_transformers import CrossEncoder
        except ImportError as error:
            hint = "Install it with: pip install sentence-transformers"
            raise MissingDependencyError(
                "sentence-transformers is not installed", hint=hint
            ) from error
        if not list(folder.glob("*.safetensors")):
            what = "this is no folder of a cross-encoder with safetensors weights"
            raise UserError(what, where=folder.name, hint="Name the folder of a downloaded model")
        quiet_loading()
        try:
            self._model = CrossEncoder(
                str(folder),
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            what = f"sentence-transformers cannot load the cross-encoder ({error})"
            raise UserError(what, where=folder.name) from error

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Score texts from 0 to 1, in order."""
        import torch

        pairs = [(query, text) for text in texts]
        logits = self._model.predict(
            pairs, batch_size=_BATCH, activation_fn=torch.nn.Identity(), show_progress_bar=False
        )
        values = np.asarray(logits, dtype=np.float64).reshape(len(pairs), -1)[:, -1]
        return [float(value) for value in 1 / (1 + np.exp(-np.clip(values, -50, 50)))]


@lru_cache(maxsize=1)
def load_reranker(folder: str) -> Reranker:
    """Load a cross-encoder once for all questions.

    Raises:
        UserError: The folder does not hold one.
    """
    return CrossEncoderReranker(Path(folder))


def reordered(fused: Sequence[Fused], scores: Mapping[int, float]) -> list[Fused]:
    """Put the texts that have a reranker's score first, by it; the rest keeps its order.

    The scores of the first lie in the upper half of 0..1, those of the rest in the lower.
    """
    first = [
        it._replace(score=0.5 + scores[it.id] / 2, rerank=scores[it.id])
        for it in fused
        if it.id in scores
    ]
    rest = [it._replace(score=it.score / 2) for it in fused if it.id not in scores]
    return [*sorted(first, key=lambda it: (-it.score, it.id)), *rest]
