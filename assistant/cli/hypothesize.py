"""The command hypothesize: hypotheses on a gene, a cluster, a pathway, a taxon or a row."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.console import print_json
from assistant.cli.options import Json, KnowledgeBasePath


def register(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command()(hypothesize)


def hypothesize(
    kb: KnowledgeBasePath,
    subject: Annotated[
        str,
        typer.Argument(help="Gene; contig:start-end or genes with commas; pathway; taxon; row."),
    ],
    *,
    run: Annotated[Path | None, typer.Option(help="Run whose genes may be named.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help=".md, .html or .jsonl")
    ] = None,
    as_json: Json = False,
) -> None:
    """Draft hypotheses with predictions and tests, ranked by parts that are shown."""
    from assistant.hypothesizing.writing import as_markdown, write_record
    from assistant.services import draft_hypotheses
    from assistant.settings import load_settings

    record = draft_hypotheses(kb, subject, load_settings(), run=run)
    if out:
        write_record(record, out)
        count = len(record.hypotheses)
        word = "hypothesis" if count == 1 else "hypotheses"
        typer.echo(f"{count} {word} on {record.subject.name}: {out}", err=True)
    if as_json:
        print_json(record.model_dump(mode="json"))
    elif not out:
        typer.echo(as_markdown(record))
