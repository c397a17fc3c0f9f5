"""The command report: re-make any format from a run and its reviews."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.console import say
from assistant.cli.options import RunPath
from ingest.errors import UserError


def register(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command()(report)


def report(
    run: RunPath,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="File to write.")],
    format_name: Annotated[
        str | None, typer.Option("--format", metavar="NAME", help="Do not go by the suffix.")
    ] = None,
    include_drafts: Annotated[
        bool, typer.Option("--include-drafts", help="Also drafts that nobody has reviewed.")
    ] = False,
    one_file: Annotated[
        bool, typer.Option("--one-file", help="Also of a long HTML report: slow to open.")
    ] = False,
) -> None:
    """Write a report; the format follows the suffix (.html .md .tsv .jsonl .gff3)."""
    from assistant.report.html_pages import pages_folder
    from assistant.results import export
    from assistant.run_folder import RunFolder
    from assistant.services import load_report
    from assistant.settings import load_settings

    chosen = format_name or _format_of(output)
    content = load_report(RunFolder.open(run), load_settings(), include_drafts=include_drafts)
    pages = export(content, chosen, output, one_file=one_file)
    if chosen == "gff3" and not any(record.gene.location for record in content.records):
        say("No gene of this run has coordinates: the file has no features")
    if pages:
        say(f"An index with {pages} pages of genes in {pages_folder(output)}: keep them together")
    typer.echo(str(output))


def _format_of(output: Path) -> str:
    from assistant.report import EXPORTERS

    suffixes = {EXPORTERS.get(name).suffix: name for name in EXPORTERS.names()}
    if output.suffix not in suffixes:
        known = " ".join(sorted(suffixes))
        raise UserError(
            f"no report format for the suffix {output.suffix!r}",
            where=str(output),
            hint=f"Use one of {known}, or --format",
        )
    return suffixes[output.suffix]
