"""The command fetch: literature from PubMed or Europe PMC into a knowledge base."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.console import print_json, progress_bar, say
from assistant.cli.knowledge import describe_added
from assistant.cli.options import Json, KnowledgeBasePath, Online, Threads
from ingest.errors import UserError

if TYPE_CHECKING:
    from ingest.fetching.base import Plan
    from retrieval.knowledge_base import AddReport

MOST: int = 1_000


def register(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command()(fetch)


def fetch(
    kb: KnowledgeBasePath,
    service: Annotated[str, typer.Argument(metavar="SERVICE", help="pubmed or europepmc.")],
    query: Annotated[str, typer.Argument(metavar="QUERY", help="In the service's own syntax.")],
    *,
    most: Annotated[int, typer.Option("--max", min=1, help="Records wanted at most.")] = MOST,
    online: Online = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Ask again for what was fetched before.")
    ] = False,
    email: Annotated[
        str | None, typer.Option(help="Your address: the services ask for it.")
    ] = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Fetch papers from PubMed or Europe PMC and add them; needs --online. Goes on if cut."""
    from assistant.fetching import fetch_into
    from assistant.settings import load_settings

    settings = load_settings(online=online, email=email, threads=threads)
    if not settings.online:
        hint = "Nothing is fetched unless you say so: add --online"
        raise UserError("fetch asks a server on the Internet", where=service, hint=hint)
    with progress_bar("papers") as tick:
        plan, reports = fetch_into(
            kb, service, query, settings=settings, most=most, anew=anew, progress=tick
        )
    if as_json:
        found = {"total": plan.total, "fetched": plan.fetched}
        print_json(found | {"added": [dataclasses.asdict(report) for report in reports]})
        return
    _tell(plan, reports)


def _tell(plan: Plan, reports: list[AddReport]) -> None:
    for report in reports:
        describe_added(report)
    say(f"{plan.fetched:,} of {plan.total:,} records fetched")
    if plan.fetched < plan.total:
        say("More were found: raise --max, or narrow the query")
