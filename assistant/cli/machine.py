"""Commands about the program itself: doctor, ui, demo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.console import print_json, print_table, progress_bar, say
from assistant.cli.options import Json, LlmSpec, Online, Threads

DEMO_FOLDER = Path("demo")


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    for command in (doctor, ui, demo):
        app.command()(command)


def doctor(
    kb: Annotated[Path | None, typer.Argument(metavar="[KB]", help="Also check this base.")] = None,
    *,
    llm: LlmSpec = None,
    online: Online = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Check the installation, language models, and a knowledge base against its manifest."""
    from assistant.doctor import examine
    from assistant.settings import load_settings

    checks = examine(kb, load_settings(llm=llm, online=online, threads=threads))
    if as_json:
        print_json([{"name": c.name, "ok": c.ok, "detail": c.detail} for c in checks])
    else:
        rows = (("ok" if c.ok else "PROBLEM", c.name, c.detail) for c in checks)
        print_table(("state", "what", "detail"), rows)
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def ui(
    *,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = 8501,
    kb: Annotated[Path | None, typer.Option(help="Knowledge base to open with.")] = None,
    run: Annotated[Path | None, typer.Option(help="Run to open with.")] = None,
    llm: LlmSpec = None,
) -> None:
    """Open the pages in a browser: chat, genes, review, reports, knowledge base."""
    from assistant.ui.server import serve

    raise typer.Exit(serve(port=port, knowledge_base=kb, run=run, llm=llm))


def demo(
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to make.")] = DEMO_FOLDER,
    llm: LlmSpec = "bundled",
    threads: Threads = None,
) -> None:
    """Build the starter knowledge base, annotate real genes, and say how many came out right."""
    from assistant.demo import run_demo
    from assistant.settings import load_settings

    settings = load_settings(llm=llm, threads=threads)
    with progress_bar("items") as tick:
        result = run_demo(output, settings, say=say, progress=tick)
    print_table(
        ("gene", "withheld name", "verdict", "draft", "tier"),
        ((v.gene_id, v.withheld_name, v.verdict, v.draft, v.tier) for v in result.verdicts),
    )
    typer.echo("")
    for line in result.summary:
        typer.echo(line)
