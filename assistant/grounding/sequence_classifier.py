"""An entailment model from a local folder: any transformers model that classifies text pairs.

Labels are found by name (entailment, contradiction; supported, refuted). A model with two
classes and no such names is read as MiniCheck's are: the second class means "supported".
Weights are read from safetensors only, no code of the model is run, nothing is fetched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from assistant.grounding.entailment import Judgement
from ingest.errors import MissingDependencyError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_ENTAILS: Final = ("entail", "support", "true", "consistent")
_DENIES: Final = ("contradict", "refut", "false", "inconsistent")
_NEGATED: Final = ("not", "non")
_BATCH: Final = 16
_LONGEST: Final = 512  # word pieces of text and claim together


class SequenceClassifier:
    """Judge pairs of text and claim; deterministic, on the GPU when torch sees one."""

    def __init__(self, folder: Path) -> None:
        """Load the model in ``folder``.

        Raises:
            MissingDependencyError: torch or transformers is not installed.
            UserError: The folder holds no model that classifies pairs and loads safely.
        """
        self.name = folder.name
        self._tokenizer, self._model = _load(folder)
        self._entails, self._denies = _classes(self._model.config.id2label, folder)

    def judge(self, texts: Sequence[str], claim: str) -> Sequence[Judgement]:
        """Return one judgement a text, in order."""
        judged: list[Judgement] = []
        for start in range(0, len(texts), _BATCH):
            judged += self._judge_batch(list(texts[start : start + _BATCH]), claim)
        return judged

    def _judge_batch(self, texts: list[str], claim: str) -> list[Judgement]:
        import torch

        given = self._tokenizer(
            texts,
            [claim] * len(texts),
            truncation="only_first",
            max_length=self._room(),
            padding=True,
            return_tensors="pt",
        ).to(self._model.device)
        with torch.inference_mode():
            shares = torch.softmax(self._model(**given).logits.float(), dim=-1).tolist()
        return [
            Judgement(row[self._entails], row[self._denies] if self._denies is not None else 0.0)
            for row in shares
        ]

    def _room(self) -> int:
        positions = int(getattr(self._model.config, "max_position_embeddings", 0) or _LONGEST)
        return min(_LONGEST, positions - 2)


def _classes(labels: Mapping[int, str], folder: Path) -> tuple[int, int | None]:
    """Find which class entails and which contradicts."""
    named = {number: name.lower() for number, name in labels.items()}
    entails = _first(named, _ENTAILS)
    denies = _first(named, _DENIES)
    if entails is not None:
        return entails, denies
    if len(named) == 2 and denies is None:
        return 1, None
    what = f"its classes ({', '.join(labels.values())}) name no entailment"
    raise UserError(what, where=str(folder), hint="Name a model of natural-language inference")


def _first(named: Mapping[int, str], stems: Sequence[str]) -> int | None:
    for number, name in named.items():
        if any(stem in name for stem in stems) and not name.startswith(_NEGATED):
            return number
    return None


def _load(folder: Path) -> tuple[Any, Any]:
    if not (folder / "config.json").is_file():
        hint = "Name the folder of a model in transformers' format"
        raise UserError("no config.json there", where=str(folder), hint=hint)
    try:
        import torch
        from transformers import AutoModelForSequenceClassification, AutoTokenizer
    except ImportError as error:
        what = "torch and transformers are needed for an entailment model"
        raise MissingDependencyError(what, hint="pip install torch transformers") from error
    safe: dict[str, bool] = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, **safe)
        model, report = AutoModelForSequenceClassification.from_pretrained(
            folder, use_safetensors=True, output_loading_info=True, **safe
        )
    except Exception as error:  # the library raises many kinds for a bad folder
        what = f"transformers cannot load the model ({error})"
        raise UserError(what, where=str(folder)) from error
    if report["missing_keys"]:  # they would be filled at random
        what = f"the weights lack {len(report['missing_keys'])} tensors"
        raise UserError(what, where=str(folder), hint="Fetch the model again")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return tokenizer, model.to(device).eval()
