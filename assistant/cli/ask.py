"""The command ask: a question, an answer with its sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.console import print_json
from assistant.cli.options import (
    Entailment,
    Json,
    KnowledgeBasePath,
    LlmSpec,
    Online,
    Seed,
    Threads,
)

if TYPE_CHECKING:
    from assistant.chat import Answer


def register(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command()(ask)


def ask(
    kb: KnowledgeBasePath,
    question: Annotated[str, typer.Argument(help="The question; @GENE names a gene of the run.")],
    *,
    run: Annotated[Path | None, typer.Option(help="Also draw on this run.")] = None,
    llm: LlmSpec = None,
    entailment: Entailment = None,
    seed: Seed = None,
    threads: Threads = None,
    online: Online = None,
    as_json: Json = False,
) -> None:
    """Answer a question from the knowledge base, each sentence with its source."""
    from assistant.services import open_chat
    from assistant.settings import load_settings

    settings = load_settings(
        llm=llm, entailment=entailment, seed=seed, threads=threads, online=online
    )
    with open_chat(kb, settings, run=run) as chat:
        answer = chat.ask(question)
    if as_json:
        print_json(answer.model_dump(mode="json"))
        return
    _print_answer(answer)


def _print_answer(answer: Answer) -> None:
    for sentence in answer.sentences:
        marks = "".join(f"[{key}]" for key in sentence.keys)
        typer.echo(f"{sentence.text} {marks}")
    if answer.note:
        typer.echo(answer.note)
    if answer.rejected:
        typer.echo("\nNot supported by the sources (shown so that you can judge):")
        for sentence in answer.rejected:
            typer.echo(f"  - {sentence.text} ({sentence.verdict})")
    if answer.sources:
        typer.echo("\nSources")
    for source in answer.sources:
        title = source.title.rstrip(". ")
        typer.echo(f"[{source.key}] {title}. {source.reference} ({source.why})")
