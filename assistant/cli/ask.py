"""The command ask: a question, an answer with its sources."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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
from ingest.errors import UserError


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
    conversation: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.jsonl",
            help="Go on with this conversation, and keep it there.",
        ),
    ] = None,
    agent: Annotated[
        bool, typer.Option("--agent", help="Let the model of --llm look for sources with tools.")
    ] = False,
    promote: Annotated[
        bool, typer.Option("--promote", help="Put the answer into the review queue of --run.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Answer a question from the knowledge base, each sentence with its source."""
    from assistant.chat.conversation import add_turn, read_conversation
    from assistant.chat.rendering import answer_text
    from assistant.services import open_chat, promote_answer
    from assistant.settings import load_settings

    settings = load_settings(
        llm=llm, entailment=entailment, seed=seed, threads=threads, online=online
    )
    if promote and run is None:
        raise UserError("a draft needs a run", where="--promote", hint="Name it with --run")
    turns = read_conversation(conversation) if conversation else ()
    with open_chat(kb, settings, run=run, with_agent=agent) as chat:
        answer = chat.ask(question, earlier=[turn.answer for turn in turns])
    if conversation:
        add_turn(conversation, answer)
    if as_json:
        print_json(answer.model_dump(mode="json"))
    else:
        typer.echo(answer_text(answer))
    if promote and run is not None:
        draft = promote_answer(answer, run)
        typer.echo(f"In the review queue as {draft.gene.id}", err=True)
