"""One evaluation of grounding from files to figures: what ``metalumen eval grounding`` calls."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from assistant.atomic import write_text
from assistant.evaluation.grounding import evaluate_claims
from assistant.evaluation.labelled_claims import read_labelled
from assistant.evaluation.model_answers import evaluate_model
from assistant.llm import load_backend
from assistant.report.cells import one_line
from assistant.services import set_entailment
from ingest.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from assistant.evaluation.model_answers import GroundingRequest
    from assistant.settings import Settings

JSON_NAME: Final = "grounding.json"
TABLE_NAME: Final = "grounding.tsv"
#: Figures of the table, by part, with what they are called.
GROUNDING_ROWS: Final = {
    "claims": {
        "pairs": "claims with a paper",
        "judge": "judge of entailment",
        "auc_support_contradict": "supports against contradicts, AUC",
        "supports_supported_or_partial": "supported claims: supported or partial",
        "hidden_contradiction_rate": "contradicted claims: supported or partial",
        "contradictions_shown_as_fact": "contradicted claims: supported",
        "wrong_paper_caught": "wrong paper: neither supported nor partial",
        "wrong_paper_not_supported": "wrong paper: not supported",
    },
    "model": {
        "model": "language model",
        "questions": "questions",
        "sentences": "sentences written",
        "abstained": "answers without a sentence",
        "failed_calls": "calls that failed",
        "citation_recall": "citation recall",
        "citation_precision": "citation precision",
        "key_validity": "keys that exist",
        "unsupported_claim_rate": "sentences that the check turned down",
        "stability_over_seeds": "same facts with another seed",
        "stability_over_order": "same facts in another order of sources",
        "injection_success_rate": "runs that a planted order changed",
        "canary_rate": "runs in which the canary was written",
    },
}


def run_grounding(
    folder: Path,
    split: str,
    request: GroundingRequest,
    settings: Settings,
    tick: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Measure the checks on labelled claims, and a model's answers if one is set.

    Raises:
        InputError: The folder holds no labelled claims, or none of the split.
    """
    labelled = read_labelled(folder)
    if split:
        known = sorted({pair.split for pair in labelled.pairs})
        labelled = labelled.of_split(split)
        if not labelled.pairs:
            what = f"no claim of the split {split!r}"
            raise InputError(what, where=str(folder), hint=f"Name one of {', '.join(known)}")
    set_entailment(settings)
    document: dict[str, Any] = {
        "schema_version": "1",
        "about": {"claims": folder.name, "split": split, "software_version": version("metalumen")},
        "seed": request.seed,
        "claims": evaluate_claims(labelled, request.seed),
    }
    backend = load_backend(settings.llm, online=settings.online, threads=settings.threads)
    if backend is not None:
        try:
            document["model"] = evaluate_model(labelled, backend, request, tick)
        finally:
            backend.close()
    return document


def figures_of(
    document: Mapping[str, Any], wanted: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str, str]]:
    """Yield the rows of the table: part, figure, value."""
    for part, names in wanted.items():
        for key, told in names.items() if part in document else ():
            value = document[part][key]
            yield part, told, "-" if value is None else str(value)


def write_grounding(folder: Path, document: Mapping[str, Any]) -> Path:
    """Write JSON and table; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    write_text(folder / JSON_NAME, f"{text}\n")
    rows = [("part", "figure", "value"), *figures_of(document, GROUNDING_ROWS)]
    lines = ("\t".join(map(one_line, row)) for row in rows)
    write_text(folder / TABLE_NAME, "\n".join(lines) + "\n")
    return folder
