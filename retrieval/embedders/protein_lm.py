"""Protein language models of the transformers library: ESM-2 and its kin.

A protein's vector is the mean of its residues' last hidden states, special tokens left out.
Proteins longer than the model's window are read in overlapping windows; a residue that several
windows hold gets the mean of its states.

Equal proteins are read once, and batches are made by length and residues, so the same proteins in
another order give the same vectors. On a GPU the model runs at half precision; a protein whose
states overflow there is read again at single precision, and a batch that does not fit is halved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ingest.errors import MissingDependencyError, UserError
from retrieval.embedders.base import to_unit_rows
from retrieval.model_files import model_folder, model_name, quiet_loading, weights_revision
from retrieval.residues import clean_residues

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Any

    import torch
    from numpy.typing import NDArray

    from retrieval.embedders.base import Vectors

# ESM-2 was trained on crops of 1,022 residues (Lin et al. 2023); longer windows cost memory that
# grows with their square.
_LONGEST_WINDOW = 1022
# Learned positions start behind the padding index (2 are lost), two more hold special tokens.
_RESERVED_POSITIONS = 4
_OVERLAP = 4  # one part in four of a window is shared with the next
_CPU_BUDGET, _CUDA_BUDGET = 4_096, 65_536  # residues, padding included, in one batch
_POOLER = "pooler."  # a head that mean pooling does not use, absent from many checkpoints


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one protein; ``weights`` say how much each residue adds to the mean."""

    row: int
    residues: str
    weights: NDArray[np.float32]


def windows(row: int, residues: str, size: int) -> Iterator[Window]:
    """Cut a protein into windows of at most ``size`` residues whose weights sum to 1."""
    last = max(len(residues) - size, 0)
    step = max(size - size // _OVERLAP, 1)
    starts = [*range(0, last, step), last]
    cover = np.zeros(len(residues), dtype=np.float32)
    for start in starts:
        cover[start : start + size] += 1
    share = np.float32(1) / (cover * len(residues))
    for start in starts:
        yield Window(row, residues[start : start + size], share[start : start + size])


def batches(jobs: Sequence[Window], budget: int) -> Iterator[list[Window]]:
    """Group windows, longest first, so that no padded batch holds more than ``budget``.

    Ties are broken by the residues: the order of the proteins does not change a batch.
    """
    batch: list[Window] = []
    for job in sorted(jobs, key=lambda job: (-len(job.residues), job.residues, job.row)):
        if batch and len(batch[0].residues) * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(job)
    if batch:
        yield batch


class ProteinLanguageModel:
    """Embed proteins with a transformers model, on the GPU when torch sees one."""

    def __init__(self, folder: Path, name: str) -> None:
        """Load the model in ``folder``.

        Raises:
            MissingDependencyError: torch or transformers is not installed.
            UserError: The folder does not hold a whole model that can be loaded safely.
        """
        try:
            import torch
        except ImportError as error:
            raise MissingDependencyError(
                "torch is not installed", hint="Install it with: pip install torch"
            ) from error
        self.name = name
        self.revision = weights_revision(folder)
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._budget = _CUDA_BUDGET if self._device == "cuda" else _CPU_BUDGET
        self._tokenizer, model = _load(folder)
        self._model = model.to(self._device, _precision(self._device)).eval()
        self.dim = int(model.config.hidden_size)
        positions = int(getattr(model.config, "max_position_embeddings", 0) or 0)
        room = positions - _RESERVED_POSITIONS
        self._window = min(room, _LONGEST_WINDOW) if room > 0 else _LONGEST_WINDOW

    def embed_documents(self, items: Sequence[str]) -> Vectors:
        """Embed proteins; shape (len(items), dim), float32, unit norm, order kept.

        A protein without residues gets the constant of ``to_unit_rows``.
        """
        cleaned = [clean_residues(item) for item in items]
        rows = {text: row for row, text in enumerate(sorted(set(cleaned)))}
        jobs = [job for text, row in rows.items() for job in windows(row, text, self._window)]
        vectors = np.zeros((len(rows), self.dim), dtype=np.float32)
        for batch in batches([job for job in jobs if job.residues], self._budget):
            np.add.at(vectors, [job.row for job in batch], self._means(batch))
        return to_unit_rows(vectors)[[rows[text] for text in cleaned]]

    def embed_queries(self, items: Sequence[str]) -> Vectors:
        """Embed queries as documents are embedded."""
        return self.embed_documents(items)

    def _means(self, batch: Sequence[Window]) -> NDArray[np.float32]:
        """Give the weighted sum of each window, in halves where the device lacks memory."""
        import torch

        try:
            means = self._weighted_means(batch)
        except torch.OutOfMemoryError as error:
            if len(batch) == 1:
                what = f"no memory for a window of {len(batch[0].residues)} residues"
                hint = "Choose a smaller model, or hide the GPU: CUDA_VISIBLE_DEVICES="
                raise UserError(what, where=self.name, hint=hint) from error
            half = len(batch) // 2
            return np.concatenate([self._means(batch[:half]), self._means(batch[half:])])
        overflown = np.flatnonzero(~np.isfinite(means).all(axis=1)).tolist()
        if overflown:
            means[overflown] = self._at_single_precision([batch[row] for row in overflown])
        return means

    def _at_single_precision(self, batch: Sequence[Window]) -> NDArray[np.float32]:
        """Read windows again with the model at float32.

        Raises:
            UserError: There are no numbers at this precision either.
        """
        precision = self._model.dtype
        self._model.float()
        try:
            means = self._weighted_means(batch)
        finally:
            self._model.to(precision)  # lossless: the weights were at this precision before
        if not np.isfinite(means).all():
            what = "the model gives no numbers for a protein"
            raise UserError(what, where=self.name, hint="Fetch the model again")
        return means

    def _weighted_means(self, batch: Sequence[Window]) -> NDArray[np.float32]:
        """Sum the residue states of each window by weight; shape (len(batch), dim)."""
        import torch

        # Spaces between residues: ESM's tokenizer drops them, those of BERT and T5 need them.
        tokens = self._tokenizer(
            [" ".join(job.residues) for job in batch],
            padding=True,
            return_special_tokens_mask=True,
            return_tensors="pt",
        )
        weights = _token_weights(batch, tokens.pop("special_tokens_mask"), self.name)
        inputs = {key: tokens[key].to(self._device) for key in ("input_ids", "attention_mask")}
        with torch.inference_mode():
            states = self._model(**inputs).last_hidden_state.float()
            sums = torch.einsum("bl,bld->bd", weights.to(self._device), states)
        means: NDArray[np.float32] = sums.cpu().numpy()
        return means


def _token_weights(batch: Sequence[Window], special: torch.Tensor, name: str) -> torch.Tensor:
    """Place each residue's weight at its token; special tokens and padding weigh nothing.

    Raises:
        UserError: The tokenizer does not give one token per residue.
    """
    import torch

    is_residue = special == 0
    lengths = torch.tensor([len(job.residues) for job in batch])
    if not torch.equal(is_residue.sum(dim=1), lengths):
        raise UserError(
            "the model's tokenizer does not give one token per residue",
            where=name,
            hint="Choose a protein language model that reads single residues, such as ESM-2",
        )
    weights = torch.zeros(special.shape)
    weights[is_residue] = torch.from_numpy(np.concatenate([job.weights for job in batch]))
    return weights


def _precision(device: str) -> torch.dtype:
    """Choose float32 on the CPU; half precision on the GPU, bfloat16 where the GPU has it."""
    import torch

    if device == "cpu":
        return torch.float32
    return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16


def _load(folder: Path) -> tuple[Any, Any]:
    """Load tokenizer and model; of an encoder-decoder such as ProtT5 the encoder alone."""
    try:
        from transformers import AutoConfig, AutoModel, AutoModelForTextEncoding, AutoTokenizer
    except ImportError as error:
        raise MissingDependencyError(
            "transformers is not installed", hint="Install it with: pip install transformers"
        ) from error
    quiet_loading()
    safe = {"local_files_only": True, "trust_remote_code": False}
    try:
        config = AutoConfig.from_pretrained(folder, **safe)
        kind = AutoModelForTextEncoding if config.is_encoder_decoder else AutoModel
        tokenizer = AutoTokenizer.from_pretrained(folder, **safe)
        model, report = kind.from_pretrained(
            folder, use_safetensors=True, output_loading_info=True, **safe
        )
    except Exception as error:  # the library raises many kinds for a bad folder
        what = f"transformers cannot load the model ({error})"
        raise UserError(what, where=str(folder)) from error
    missing = sorted(key for key in report["missing_keys"] if _POOLER not in f"{key}.")
    if missing:  # transformers fills them at random: the vectors would mean nothing
        what = f"the weights lack {len(missing)} tensors, the first is {missing[0]}"
        raise UserError(what, where=str(folder), hint="Fetch the model again")
    return tokenizer, model


def protein_language_model(path_or_id: str) -> ProteinLanguageModel:
    """Load a protein language model from a folder, or from the local cache by its id.

    Raises:
        UserError: The model is not on this machine, or its weights are not safetensors.
    """
    return ProteinLanguageModel(model_folder(path_or_id), model_name(path_or_id))
