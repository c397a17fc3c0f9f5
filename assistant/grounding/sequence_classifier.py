"""Entailment models from a local folder, by transformers: classifiers of pairs, and T5 judges.

**Classifiers.** Classes are found by name, in any order (entailment / neutral / contradiction,
supports / refutes, consistent / inconsistent ...). One with two classes and no names is read as
MiniCheck's are: the second class means "supported", text and claim are one text with a separator
between. Only a class that says so (contradiction, refutes) counts as contradiction: "not
entailed", of a model with two classes, is not.

**T5 judges** answer "1" where the text entails the claim, else "0"; the probability of "1"
against "0" as the first word counts. They are asked in MiniCheck's words, ``predict:
TEXT</s>CLAIM``, or, where the folder is named after TRUE or NLI, in those of TRUE: ``premise:
TEXT hypothesis: CLAIM``.

Weights are read from safetensors only, no code of the model is run, nothing is fetched.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from assistant.grounding.entailment import Judgement
from ingest.errors import MissingDependencyError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from assistant.grounding.entailment import EntailmentModel

_ENTAILS: Final = (
    *("entail", "support", "true", "consistent", "factual", "faithful", "agree", "correct"),
    *("attributable", "grounded"),
)
#: What "not X" and its like begin with; such a class is not entailment.
_NOT: Final = re.compile(r"(?:not|non|no|un|in|dis)[\W_]*(?=[a-z])")
_CONTRADICTS: Final = ("contradict", "refut")
#: These mean contradiction only where a third class takes what is neither.
_DENIES: Final = ("false", "inconsistent", "disagree", "incorrect", "oppose", "deny", "denied")
_UNNAMED: Final = re.compile(r"label[\W_]*\d+")
_TWO_CLASSES: Final = 2
_BATCH: Final = 16
_LONGEST: Final = 512  # word pieces of text and claim together
#: github.com/Liyan06/MiniCheck, minicheck/inference.py: how flan-t5 is asked.
_ASKED_AS_MINICHECK: Final = "predict: {text}{end}{claim}"
#: huggingface.co/google/t5_xxl_true_nli_mixture: the model card.
_ASKED_AS_TRUE: Final = "premise: {text} hypothesis: {claim}"
_NAMED_AS_TRUE: Final = re.compile(r"(?<![a-z])(?:true|nli)(?![a-z])")


def load_entailment(folder: Path) -> EntailmentModel:
    """Load the model in ``folder``, whichever of the two kinds it is.

    Raises:
        MissingDependencyError: torch or transformers is not installed.
        UserError: The folder holds no such model, or none that loads safely.
    """
    kinds = _architectures(folder)
    if any(kind.endswith("ForConditionalGeneration") for kind in kinds):
        return T5Judge(folder)
    return SequenceClassifier(folder)


class SequenceClassifier:
    """Judge pairs of text and claim; deterministic, on the GPU when torch sees one."""

    def __init__(self, folder: Path) -> None:
        """Load the model in ``folder``.

        Raises:
            MissingDependencyError: torch or transformers is not installed.
            UserError: The folder holds no model that classifies pairs and loads safely.
        """
        self.name = folder.resolve().name
        self._tokenizer, self._model = _load(folder, "AutoModelForSequenceClassification")
        labels = self._model.config.id2label
        self._entails, self._denies = _classes(labels, folder)
        self._is_joined = _are_unnamed(labels) and self._tokenizer.sep_token is not None

    def judge(self, texts: Sequence[str], claim: str) -> Sequence[Judgement]:
        """Return one judgement a text, in order."""
        judged: list[Judgement] = []
        for start in range(0, len(texts), _BATCH):
            judged += self._judge_batch(list(texts[start : start + _BATCH]), claim)
        return judged

    def _judge_batch(self, texts: list[str], claim: str) -> list[Judgement]:
        import torch

        given = self._encoded(texts, claim).to(self._model.device)
        with torch.inference_mode():
            shares = torch.softmax(self._model(**given).logits.float(), dim=-1).tolist()
        return [
            Judgement(row[self._entails], row[self._denies] if self._denies is not None else 0.0)
            for row in shares
        ]

    def _encoded(self, texts: list[str], claim: str) -> Any:  # noqa: ANN401 - the library has no types
        options = {"padding": True, "return_tensors": "pt"}
        if self._is_joined:
            end = self._tokenizer.eos_token or self._tokenizer.sep_token
            given = self._tokenizer([f"{text}{end}{claim}" for text in texts], **options)
            if given["input_ids"].shape[1] <= self._room():
                return given
        return self._tokenizer(
            texts,
            [claim] * len(texts),
            truncation="only_first",
            max_length=self._room(),
            **options,
        )

    def _room(self) -> int:
        positions = int(getattr(self._model.config, "max_position_embeddings", 0) or _LONGEST)
        return min(_LONGEST, positions - 2)


class T5Judge:
    """Judge pairs by the first word of an encoder-decoder model; deterministic, as above."""

    def __init__(self, folder: Path) -> None:
        """Load the model in ``folder``.

        Raises:
            MissingDependencyError: torch or transformers is not installed.
            UserError: It cannot be loaded safely, or has no words for yes and no.
        """
        self.name = folder.resolve().name
        self._tokenizer, self._model = _load(folder, "AutoModelForSeq2SeqLM")
        is_true = _NAMED_AS_TRUE.search(self.name.lower())
        self._asked = _ASKED_AS_TRUE if is_true else _ASKED_AS_MINICHECK
        self._answers = [self._first_piece(word) for word in ("0", "1")]
        if len(set(self._answers)) == 1:
            what = "its tokenizer begins 0 and 1 with the same piece"
            raise UserError(what, where=str(folder), hint="Name a T5 model of MiniCheck's kind")

    def judge(self, texts: Sequence[str], claim: str) -> Sequence[Judgement]:
        """Return one judgement a text, in order; this kind finds no contradiction."""
        judged: list[Judgement] = []
        for start in range(0, len(texts), _BATCH):
            judged += self._judge_batch(texts[start : start + _BATCH], claim)
        return judged

    def _judge_batch(self, texts: Sequence[str], claim: str) -> list[Judgement]:
        import torch

        end = self._tokenizer.eos_token or " "
        given = self._tokenizer(
            [self._asked.format(text=text, end=end, claim=claim) for text in texts],
            padding=True,
            return_tensors="pt",
        ).to(self._model.device)
        start = self._model.config.decoder_start_token_id or 0
        begun = torch.full((len(texts), 1), start, device=self._model.device)
        with torch.inference_mode():
            logits = self._model(
                input_ids=given["input_ids"],
                attention_mask=given["attention_mask"],
                decoder_input_ids=begun,
            ).logits
        shares = torch.softmax(logits[:, 0, self._answers].float(), dim=-1)
        return [Judgement(float(share), 0.0) for share in shares[:, 1].tolist()]

    def _first_piece(self, word: str) -> int:
        pieces: list[int] = self._tokenizer(word, add_special_tokens=False)["input_ids"]
        return pieces[0] if pieces else -1


def _classes(labels: Mapping[int, str], folder: Path) -> tuple[int, int | None]:
    """Find which class entails and which contradicts."""
    if len(labels) == _TWO_CLASSES and _are_unnamed(labels):
        return max(labels), None
    denying = _CONTRADICTS if len(labels) == _TWO_CLASSES else (*_CONTRADICTS, *_DENIES)
    entails = [key for key, name in labels.items() if _means_entailed(name)]
    denies = [key for key, name in labels.items() if any(it in name.lower() for it in denying)]
    if len(entails) != 1 or len(denies) > 1:
        what = f"its classes ({', '.join(labels.values())}) name no single entailment"
        hint = "Name a model of natural-language inference"
        raise UserError(what, where=str(folder), hint=hint)
    return entails[0], denies[0] if denies else None


def _are_unnamed(labels: Mapping[int, str]) -> bool:
    return all(_UNNAMED.fullmatch(name.lower()) for name in labels.values())


def _means_entailed(name: str) -> bool:
    plain = name.strip().lower()
    return any(stem in plain for stem in _ENTAILS) and not _NOT.match(plain)


def _architectures(folder: Path) -> tuple[str, ...]:
    """Read what kind of model a folder holds.

    Raises:
        UserError: There is no configuration, or it is none.
    """
    hint = "Name the folder of a model in transformers' format"
    try:
        content = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError("no config.json there", where=str(folder), hint=hint) from error
    except ValueError as error:
        raise UserError("config.json is damaged", where=str(folder), hint=hint) from error
    names = content.get("architectures") if isinstance(content, dict) else None
    return tuple(str(name) for name in names) if isinstance(names, list) else ()


def _load(folder: Path, kind: str) -> tuple[Any, Any]:
    """Load tokenizer and model of a kind that transformers' Auto classes know."""
    _architectures(folder)
    try:
        import torch
        import transformers
    except ImportError as error:
        what = "torch and transformers are needed for an entailment model"
        raise MissingDependencyError(what, hint="pip install torch transformers") from error
    safe: dict[str, bool] = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **safe)
        model, report = getattr(transformers, kind).from_pretrained(
            folder, use_safetensors=True, output_loading_info=True, dtype=torch.float32, **safe
        )
    except Exception as error:  # the library raises many kinds for a bad folder
        what = f"transformers cannot load the model ({error})"
        raise UserError(what, where=str(folder)) from error
    if report["missing_keys"]:  # they would be filled at random
        what = f"the weights lack {len(report['missing_keys'])} tensors"
        raise UserError(what, where=str(folder), hint="Fetch the model again")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return tokenizer, model.to(device).eval()
