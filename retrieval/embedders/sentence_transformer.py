"""Text embedders of the sentence-transformers library.

Documents and queries get the prompts that the model itself names for them, if it names any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ingest.errors import MissingDependencyError, UserError
from retrieval.embedders.base import to_unit_rows
from retrieval.model_files import model_folder, model_name, quiet_loading, weights_revision

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from retrieval.embedders.base import Vectors

_BATCH = 8  # items; on a CPU a sixth faster than 32, whose middle layers overflow the cache


class SentenceTransformerEmbedder:
    """Embed texts with a sentence-transformers model; texts past its length limit are cut."""

    def __init__(self, folder: Path, name: str) -> None:
        """Load the model in ``folder``.

        Raises:
            MissingDependencyError: sentence-transformers is not installed.
            UserError: The folder does not hold a model that can be loaded safely.
        """
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise MissingDependencyError(
                "sentence-transformers is not installed",
                hint="Install it with: pip install sentence-transformers",
            ) from error
        _refuse_pickles(folder)
        quiet_loading()
        self.name = name
        self.revision = weights_revision(folder)
        try:
            self._model = SentenceTransformer(
                str(folder),
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            what = f"sentence-transformers cannot load the model ({error})"
            raise UserError(what, where=str(folder)) from error
        self._model.eval()
        self.dim = int(self._model.get_embedding_dimension() or 0)

    def embed_documents(self, items: Sequence[str]) -> Vectors:
        """Embed ``items``; shape (len(items), dim), float32, unit norm, order kept."""
        return self._embed(self._model.encode_document, items)

    def embed_queries(self, items: Sequence[str]) -> Vectors:
        """Embed questions, with the model's prompt for them; same shape as documents."""
        return self._embed(self._model.encode_query, items)

    def _embed(self, encode: Callable[..., Vectors], items: Sequence[str]) -> Vectors:
        if not items:
            return np.zeros((0, self.dim), dtype=np.float32)
        # encode() sorts by length before it makes batches, and restores the order.
        vectors = encode(
            list(items), batch_size=_BATCH, normalize_embeddings=False, show_progress_bar=False
        )
        return to_unit_rows(np.array(vectors, dtype=np.float32))


def _refuse_pickles(folder: Path) -> None:
    """Refuse a model with a part that has pickled weights only; the library would open them."""
    for pickled in sorted(folder.rglob("pytorch_model.bin")):
        if not list(pickled.parent.glob("*.safetensors")):
            raise UserError(
                "a part of the model has pickled weights only, which can run code",
                where=str(pickled),
                hint="Convert it to safetensors",
            )


def sentence_transformer(path_or_name: str) -> SentenceTransformerEmbedder:
    """Load any sentence-transformers model, from a folder or from the local cache by name.

    Raises:
        UserError: The model is not on this machine, or its weights are not safetensors.
    """
    return SentenceTransformerEmbedder(model_folder(path_or_name), model_name(path_or_name))
