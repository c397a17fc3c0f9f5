"""The command annotate: genes in, a run folder out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import EXIT_SOME_FAILED
from assistant.cli.console import counted, print_table, progress_bar, say
from assistant.cli.options import (
    Aligner,
    Entailment,
    FormatName,
    KnowledgeBasePath,
    LlmSpec,
    Online,
    Seed,
    Threads,
)

if TYPE_CHECKING:
    from assistant.batch import Batch
    from assistant.results import Outcome

# Seconds a gene and core: a guide for --dry-run, measured against 108,672 references
# (benchmarks/annotate_speed.py).
SECONDS_PER_GENE = 0.04
SECONDS_PER_GENE_WITH_LLM = 6.0


def register(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command()(annotate)


def annotate(
    kb: KnowledgeBasePath,
    genes: Annotated[
        list[Path], typer.Argument(metavar="GENES...", help="FASTA, GFF3 or GenBank files.")
    ],
    *,
    run: Annotated[Path, typer.Option("--output", "-o", metavar="RUN", help="Run folder.")],
    reader_name: FormatName = None,
    llm: LlmSpec = None,
    entailment: Entailment = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a killed run.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a run.")] = False,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Processes; by default one a thread, and one with a model."),
    ] = None,
    threads: Threads = None,
    aligner: Aligner = None,
    seed: Seed = None,
    online: Online = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")
    ] = False,
) -> None:
    """Annotate genes: gather evidence, rank, draft, check. Every draft awaits a person."""
    from assistant.services import AnnotationRequest, annotate_files, plan_batch, worker_count
    from assistant.settings import load_settings

    settings = load_settings(
        llm=llm, entailment=entailment, threads=threads, aligner=aligner, seed=seed, online=online
    )
    request = AnnotationRequest(tuple(genes), run, resume, force, workers, reader_name)
    if dry_run:
        batch = plan_batch(kb, request, settings)
        for warning in batch.query.warnings:
            _warn(warning)
        _print_plan(batch, worker_count(request, settings, batch), with_llm=settings.llm != "none")
        return
    with progress_bar("genes") as tick:
        outcome = annotate_files(kb, request, settings, tick, warn=_warn)
    _print_outcome(outcome, run)
    if outcome.failed or outcome.llm_failed:
        raise typer.Exit(EXIT_SOME_FAILED)


def _warn(warning: str) -> None:
    say(f"warning: {warning}")


def _print_plan(batch: Batch, workers: int, *, with_llm: bool) -> None:
    genes = batch.query.genes
    distinct = len({gene.sequence_sha256 for gene in genes})
    each = SECONDS_PER_GENE_WITH_LLM if with_llm else SECONDS_PER_GENE
    minutes = len(genes) * each / workers / 60
    rows = (
        ("genes", f"{len(genes):,}"),
        ("distinct proteins", f"{distinct:,}"),
        ("records that cannot be annotated", f"{len(batch.query.failed):,}"),
        ("shards", f"{batch.shard_count:,}"),
        ("time, roughly", f"{minutes:.0f} min" if minutes >= 1 else "under a minute"),
    )
    print_table(("what", "how much"), rows)


def _print_outcome(outcome: Outcome, run: Path) -> None:
    drafted = outcome.annotated - outcome.abstained
    say(
        f"{counted(outcome.annotated, 'genes')} annotated: {drafted:,} with a draft, "
        f"{outcome.abstained:,} abstained; {outcome.failed:,} failed"
    )
    if outcome.llm_statements:
        share = f"{outcome.llm_supported:,} of {outcome.llm_statements:,}"
        say(f"Statements of the language model that survived the check: {share}")
    if outcome.llm_failed:
        failed = counted(outcome.llm_failed, "genes")
        say(f"For {failed} the language model failed; the rule-made part stands")
        if outcome.llm_reason:
            say(f"First reason: {outcome.llm_reason}")
        say("Once that is mended, --force asks for these genes only: all other answers are kept")
    if outcome.failed:
        say(f"Reasons: {run / 'failed.tsv'}")
    typer.echo(str(run / "report.html"))
