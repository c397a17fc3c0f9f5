"""One evaluation from files to figures: what the commands call."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from assistant.calibration import load_calibration
from assistant.evaluation.document import evaluate
from assistant.evaluation.holding_out import BlockList, hold_out, read_block_list
from assistant.evaluation.predicting import predict_from_run, predict_held_out
from assistant.evaluation.truth import read_known, with_sequences
from assistant.inputs import read_query_genes
from assistant.run_folder import RUN_INFO, WORK, RunFolder
from assistant.services import open_base
from ingest.errors import UserError
from ingest.files import sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant.evaluation.document import Evaluation
    from assistant.evaluation.holding_out import HoldOut, LeaveOut
    from assistant.evaluation.truth import KnownSet
    from assistant.settings import Settings

#: Names shown of those that a warning counts.
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """What a user asks to be evaluated.

    ``source`` is a knowledge base or a finished run; ``test`` the proteins with their true terms;
    or sequences only, with the terms in ``truth``.
    """

    source: Path
    test: Path
    truth: Path | None = None
    block: Path | None = None
    leave_out: LeaveOut = "identical"
    draws: int = 1000
    seed: int = 0


def run_evaluation(
    request: EvaluationRequest,
    settings: Settings,
    tick: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Answer for the test proteins and compare with the truth.

    Raises:
        UserError: An input cannot be used as asked.
    """
    if is_run(request.source):
        return _evaluate_run(request)
    return _evaluate_base(request, settings, tick)


def is_run(path: Path) -> bool:
    """Tell whether a folder is a run, finished or not, rather than a knowledge base."""
    return (path / RUN_INFO).is_file() or (path / WORK).is_dir()


def _evaluate_base(
    request: EvaluationRequest, settings: Settings, tick: Callable[[int, int], None] | None
) -> Evaluation:
    known = _read_test(request)
    block = read_block_list(request.block, known.proteins) if request.block else BlockList()
    calibration = load_calibration()
    with open_base(request.source, settings) as base:
        held = hold_out(known.proteins, block, request.leave_out, base.facts.sequences_of)
        predictions = predict_held_out(known.proteins, held.hidden, base, calibration, tick)
        digest = base.digest
    about = _about(request) | {
        "source": f"knowledge base {request.source.name}",
        "knowledge_base_sha256": digest,
        "calibration": calibration.name,
        "leave_out": request.leave_out,
        "block": request.block.name if request.block else "",
    }
    warnings = (*_told(known.left_out), *_unknown(held))
    draws, seed = request.draws, request.seed
    return evaluate(predictions, draws=draws, seed=seed, about=about, warnings=warnings)


def _evaluate_run(request: EvaluationRequest) -> Evaluation:
    if request.block or request.leave_out != "identical" or request.truth:
        what = "a run is finished: nothing can be left out of it any more"
        hint = "Leave out --block, --leave-out and --truth, or name a knowledge base"
        raise UserError(what, where=str(request.source), hint=hint)
    run = RunFolder.open(request.source)
    known = read_known(request.test, with_sequences=False)
    predictions, absent = predict_from_run(known.proteins, run.records())
    about = _about(request) | {
        "source": f"run {request.source.name}",
        "knowledge_base_sha256": run.info().knowledge_base_sha256,
        "calibration": run.info().calibration,
        "leave_out": "as the run was made",
        "block": "",
    }
    missing = [f"{name}: not in the run" for name in absent]
    warnings = (*_told(known.left_out), *_told(missing))
    draws, seed = request.draws, request.seed
    return evaluate(predictions, draws=draws, seed=seed, about=about, warnings=warnings)


def _read_test(request: EvaluationRequest) -> KnownSet:
    if request.truth is None:
        return read_known(request.test)
    known = read_known(request.truth, with_sequences=False)
    genes = read_query_genes([request.test]).genes
    return with_sequences(known, {gene.id: gene.translation for gene in genes}, request.test.name)


def _about(request: EvaluationRequest) -> dict[str, Any]:
    files = {"test": request.test, "truth": request.truth, "block_list": request.block}
    digests = {f"{name}_sha256": sha256_of(path) for name, path in files.items() if path}
    return {"test": request.test.name, **digests, "software_version": version("metalumen")}


def _unknown(held: HoldOut) -> tuple[str, ...]:
    if not held.unknown:
        return ()
    shown = ", ".join(held.unknown[:_SHOWN])
    more = "" if len(held.unknown) <= _SHOWN else " ..."
    return (
        f"{len(held.unknown):,} blocked accessions are not in the knowledge base ({shown}{more}): "
        "right if their file was not added, else check how they are written",
    )


def _told(left_out: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Count what was left out, and show the first few."""
    if not left_out:
        return ()
    shown = "; ".join(left_out[:_SHOWN])
    return (f"{len(left_out):,} proteins of the test are left out: {shown}",)
