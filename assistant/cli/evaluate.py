"""The commands of eval: how often answers are right, and whether probabilities mean it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from assistant.cli.console import counted, print_json, print_table, progress_bar, say
from assistant.cli.evaluate_retrieval import retrieval
from assistant.cli.options import Entailment, Json, LlmSpec, Online, Threads
from ingest.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.evaluation.document import Evaluation

Source = Annotated[
    Path, typer.Argument(metavar="KB|RUN", help="Knowledge base, or finished run folder.")
]
Test = Annotated[
    Path,
    typer.Argument(
        metavar="TEST",
        help="Table with accession, ec, sequence (and split, go, ko); for a run no sequence.",
    ),
]
Truth = Annotated[
    Path | None, typer.Option(help="Table of true terms, if TEST holds only sequences.")
]
Block = Annotated[
    Path | None, typer.Option(help="Table of references to hide: split, query, accession.")
]
LeaveOutName = Annotated[
    str,
    typer.Option(
        "--leave-out", help="What a protein may not see of itself: identical | accession | none"
    ),
]
Folder = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FOLDER", help="Write tables, drawings and a page."),
]
Draws = Annotated[int, typer.Option("--bootstrap", min=0, help="Draws; 0 for no intervals.")]
DrawSeed = Annotated[int, typer.Option("--seed", min=0, help="Seed of the bootstrap.")]


def register(app: typer.Typer) -> None:
    """Add the group ``eval``."""
    group = typer.Typer(help="Measure answers against known functions.", no_args_is_help=True)
    told = "How often EC numbers (GO terms, KOs) are right, beside best hit."
    group.command("ec", help=told)(_evaluating(_print_ec, "reliability", "risk_coverage"))
    told = "Whether probabilities mean what they say: ECE, Brier, AURC, reliability, tiers."
    group.command("calibration", help=told)(_evaluating(_print_calibration))
    group.command("retrieval")(retrieval)
    group.command("grounding")(grounding)
    app.add_typer(group, name="eval")


def _evaluating(show: Callable[[Evaluation], None], *left_out: str) -> Callable[..., None]:
    """Make a command that shows a view of an evaluation; ``left_out`` is not in its JSON."""

    def command(
        source: Source,
        test: Test,
        *,
        truth: Truth = None,
        block: Block = None,
        leave_out: LeaveOutName = "identical",
        folder: Folder = None,
        draws: Draws = 1000,
        seed: DrawSeed = 0,
        threads: Threads = None,
        as_json: Json = False,
    ) -> None:
        hidden = {"truth": truth, "block": block, "leave_out": leave_out}
        options = {**hidden, "draws": draws, "seed": seed}
        evaluation = _evaluated(source, test, folder, threads, options)
        if as_json:
            print_json(_without(evaluation.document, left_out))
        else:
            show(evaluation)

    return command


def _print_ec(evaluation: Evaluation) -> None:
    from assistant.evaluation.wording import EC_ROWS

    _print_figures(evaluation, EC_ROWS)
    _print_terms(evaluation)


def _print_calibration(evaluation: Evaluation) -> None:
    from assistant.evaluation.wording import CALIBRATION_ROWS

    _print_figures(evaluation, CALIBRATION_ROWS)
    _print_reliability(evaluation)
    _print_tiers(evaluation)


def grounding(
    claims: Annotated[
        Path, typer.Argument(metavar="CLAIMS", help="Folder with corpus.jsonl and queries.jsonl.")
    ],
    *,
    split: Annotated[str, typer.Option(help="Only claims of this split; empty for all.")] = "",
    llm: LlmSpec = None,
    entailment: Entailment = None,
    questions: Annotated[int, typer.Option(min=1, help="Questions to the model.")] = 20,
    seeds: Annotated[int, typer.Option(min=1, help="Seeds to compare.")] = 2,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all choices.")] = 0,
    folder: Folder = None,
    threads: Threads = None,
    online: Online = None,
    as_json: Json = False,
) -> None:
    """How well claims are checked: labelled claims, a model's answers, planted orders."""
    from assistant.evaluation.grounding_run import GROUNDING_ROWS, figures_of, run_grounding
    from assistant.evaluation.model_answers import GroundingRequest
    from assistant.settings import load_settings

    settings = load_settings(llm=llm, entailment=entailment, threads=threads, online=online)
    request = GroundingRequest(questions, seeds, seed)
    with progress_bar("questions") as tick:
        document = run_grounding(
            claims, split, request, settings, lambda done, total: tick("asking", done, total)
        )
    if folder is not None:
        from assistant.evaluation.grounding_run import write_grounding

        say(f"Written: {write_grounding(folder, document)}")
    if as_json:
        print_json(document)
        return
    print_table(("part", "figure", "value"), figures_of(document, GROUNDING_ROWS))


def _evaluated(
    source: Path, test: Path, folder: Path | None, threads: int | None, options: dict[str, Any]
) -> Evaluation:
    """Evaluate, tell what was left out, and write the folder if one is wanted."""
    from assistant.evaluation.evaluating import EvaluationRequest, run_evaluation
    from assistant.evaluation.holding_out import LeaveOut
    from assistant.settings import load_settings

    choices = get_args(LeaveOut)
    if options["leave_out"] not in choices:
        what = f"--leave-out {options['leave_out']!r} is none of {', '.join(choices)}"
        raise UserError(what, where="eval", hint="Name one of them")
    settings = load_settings(threads=threads)
    request = EvaluationRequest(source, test, **options)
    with progress_bar("proteins") as tick:
        evaluation = run_evaluation(
            request, settings, lambda done, total: tick("evaluating", done, total)
        )
    for warning in evaluation.document["warnings"]:
        say(f"warning: {warning}")
    if folder is not None:
        from assistant.evaluation.folder import PAGE, write_folder

        write_folder(folder, evaluation)
        say(f"Written: {folder / PAGE}")
    return evaluation


def _print_figures(evaluation: Evaluation, wanted: dict[str, str]) -> None:
    from assistant.evaluation.wording import COLUMNS, table_rows

    whole = evaluation.document["splits"]["all"]
    enzymes, others = whole["enzymes"], whole["non_enzymes"]
    about = f"{enzymes:,} enzymes" + (f", {others:,} known not to be enzymes" if others else "")
    say(f"{counted(whole['n'], 'proteins')}: {about}; 95 % intervals in brackets")
    if rows := table_rows(evaluation.document, wanted):
        print_table(("split", "figure", *COLUMNS.values()), rows)


def _print_terms(evaluation: Evaluation) -> None:
    from assistant.evaluation.wording import share_text

    columns = ("split", "terms", "from probability", "precision", "recall", "coverage", "proteins")
    rows = []
    for name, split in evaluation.document["splits"].items():
        for kind, found in split["terms"].items():
            for row in found:
                bar = "best hit" if row["threshold"] is None else row["threshold"]
                shares = (share_text(row[key]) for key in ("precision", "recall", "coverage"))
                rows.append((name, kind, bar, *shares, row["n"]))
    if rows:
        typer.echo()
        print_table(columns, rows)


def _print_reliability(evaluation: Evaluation) -> None:
    from assistant.evaluation.wording import COLUMNS, share_text

    columns = ("answer", "level", "from", "to", "proteins", "mean probability", "share right")
    rows = []
    for view, by_level in evaluation.document["splits"]["all"].get("reliability", {}).items():
        for level, bins in by_level.items():
            for one in bins:
                edges = (f"{one['low']:.1f}", f"{one['high']:.1f}", one["n"])
                means = (share_text(one["mean_probability"]), share_text(one["share_right"]))
                rows.append((COLUMNS[view], level.replace("_", " "), *edges, *means))
    if rows:
        typer.echo()
        print_table(columns, rows)


def _print_tiers(evaluation: Evaluation) -> None:
    from assistant.evaluation.wording import share_text

    columns = ("split", "tier", "proteins", "non-enzymes", "with EC", "to level 4", "share right")
    typer.echo()
    print_table(
        columns,
        (
            (
                name,
                tier,
                *(one[key] for key in ("n", "non_enzymes", "with_ec", "to_level_4")),
                share_text(one["right"]),
            )
            for name, split in evaluation.document["splits"].items()
            for tier, one in split["tiers"].items()
        ),
    )


def _without(document: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    splits = {
        name: {key: value for key, value in split.items() if key not in keys}
        for name, split in document["splits"].items()
    }
    return document | {"splits": splits}
