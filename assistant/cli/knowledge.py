"""Commands on a knowledge base: add, inspect, formats, info, remove, rebuild, compact."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import EXIT_USER_ERROR
from assistant.cli.console import counted, print_json, print_table, progress_bar, say
from assistant.cli.folders import recognised, with_folders
from assistant.cli.options import FormatName, Json, KnowledgeBasePath, Threads
from ingest.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.inspection import Inspection
    from retrieval.knowledge_base import AddReport

# Bad records named on the screen; the rest is counted.
BAD_RECORDS_SHOWN = 5

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files, or folders of files.")]


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    for command in (add, inspect, formats, info, remove, rebuild, compact):
        app.command()(command)


def add(
    kb: KnowledgeBasePath,
    files: Files,
    *,
    reader_name: FormatName = None,
    metadata: Annotated[
        Path | None, typer.Option("--metadata", help="Sample metadata that belongs to the tables.")
    ] = None,
    text_embedder: Annotated[
        str | None,
        typer.Option(
            help="For a new base: minilm, minilm:bf16, st:PATH, hashing; none: by words alone."
        ),
    ] = None,
    protein_embedder: Annotated[
        str | None, typer.Option(help="For a new base: kmer, esm:PATH_OR_NAME, hashing.")
    ] = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Add files to a knowledge base; it is made if absent. Each file is recognised by content."""
    from assistant.services import open_or_create_base
    from assistant.settings import load_settings
    from retrieval.upkeep import discard_unused, is_knowledge_base

    settings = load_settings(threads=threads)
    if not (files := recognised(files, reader_name)):
        raise UserError("no file of a known format was named", where="add", hint="See `formats`")
    is_new, had_folder = not is_knowledge_base(kb), kb.is_dir()
    reports: list[AddReport] = []
    # Each file is told when it is in: a later one may fail, and what was added stays.
    tell = reports.append if as_json else describe_added
    try:
        with (
            open_or_create_base(
                kb, settings, text_embedder=text_embedder, protein_embedder=protein_embedder
            ) as base,
            progress_bar("items") as tick,
        ):
            base.add(files, reader_name=reader_name, metadata=metadata, progress=tick, told=tell)
    except BaseException:
        if is_new:  # nothing was added, or what was stays
            discard_unused(kb, keeps_folder=had_folder)
        raise
    finally:
        if reports:
            print_json([dataclasses.asdict(report) for report in reports])


def describe_added(report: AddReport) -> None:
    """Say what a file brought."""
    if report.unchanged:
        typer.echo(f"{report.path_name}: already in the knowledge base, nothing changed")
        return
    named = ((number, name.replace("_", " ")) for name, number in report.added.items() if number)
    counts = ", ".join(counted(number, name) for number, name in named)
    nothing = "read, no record of it is new" if report.added else "read, nothing is in it"
    added = f"{counts} added" if counts else nothing
    typer.echo(f"{report.path_name} ({report.reader}): {added}")
    for warning in report.warnings:
        say(f"  warning: {warning}")
    for bad in report.bad[:BAD_RECORDS_SHOWN]:
        record = f", record {bad.record}" if bad.record else ""
        say(f"  left out: {bad.path_name}, line {bad.line}{record}: {bad.reason}")
    if len(report.bad) > BAD_RECORDS_SHOWN:
        more = counted(len(report.bad) - BAD_RECORDS_SHOWN, "records")
        say(f"  and {more} left out besides (add --json to see all)")


def inspect(files: Files, *, reader_name: FormatName = None, as_json: Json = False) -> None:
    """Say what is in a file: format, kind, counts, units, totals, warnings. Writes nothing."""
    files = with_folders(files)
    found = list(_inspections(files, reader_name))
    if not found:
        raise typer.Exit(EXIT_USER_ERROR)
    if as_json:
        content = [{**dataclasses.asdict(item), "warnings": list(item.warnings)} for item in found]
        print_json(content[0] if len(files) == 1 else content)
    else:
        _print_inspections(found)
    if len(found) < len(files):
        raise typer.Exit(EXIT_USER_ERROR)


def _inspections(files: list[Path], reader_name: str | None) -> Iterator[Inspection]:
    """Inspect each file; one that cannot be read is told and does not hide the others."""
    from ingest.inspection import inspect as look_into

    for path in files:
        try:
            yield look_into(path, reader_name)
        except UserError as error:
            if len(files) == 1:
                raise
            say(f"metalumen: {error}")


def _print_inspections(found: list[Inspection]) -> None:
    columns = ("file", "format", "kind", "records", "samples", "features", "unit", "total")
    print_table(
        columns,
        (
            (i.path, i.format, i.kind, i.records, i.samples, i.features, i.unit, _total(i.total))
            for i in found
        ),
    )
    for item in found:
        for warning in item.warnings:
            say(f"{item.path}: {warning}")


def _total(total: float | None) -> str:
    return "" if total is None else f"{total:.10g}"


def formats(*, as_json: Json = False) -> None:
    """List the formats that can be read."""
    from ingest.readers import READERS

    readers = [READERS.get(name)() for name in READERS.names()]
    if as_json:
        rows = [{"name": r.name, "kind": r.kind, "description": r.description} for r in readers]
        print_json(rows)
        return
    print_table(("name", "kind", "description"), ((r.name, r.kind, r.description) for r in readers))


def info(kb: KnowledgeBasePath, *, as_json: Json = False) -> None:
    """Say what is in a knowledge base."""
    from assistant.paper_states import paper_states, paper_years, states_told
    from retrieval.knowledge_base import KnowledgeBase

    with KnowledgeBase.open(kb) as base:
        found = base.info()
        states = paper_states(base.facts.connection)
        told = states_told(states, paper_years(base.facts.connection))
    if as_json:
        print_json(dataclasses.asdict(found) | {"papers": states})
        return
    if told:
        say(told)
    print_table(("what", "count"), ((name, f"{n:,}") for name, n in found.counts.items()))
    typer.echo("")
    print_table(
        ("space", "embedder", "dimension", "vectors"),
        ((s.name, s.embedder, s.dim, f"{s.vectors:,}") for s in found.spaces),
    )
    typer.echo("")
    print_table(("file", "format"), ((f.name, f.reader) for f in found.files))


def remove(
    kb: KnowledgeBasePath,
    references: Annotated[
        list[str], typer.Argument(metavar="REFERENCE...", help="PMID, PMCID, DOI; name of a file.")
    ],
    *,
    as_json: Json = False,
) -> None:
    """Remove papers or files, without rebuilding. Adding the file again brings them back."""
    from retrieval.removing import remove_records

    report = remove_records(kb, references)
    if as_json:
        print_json(dataclasses.asdict(report))
    else:
        for citation in report.removed:
            typer.echo(f"removed: {citation}")
    for reference in report.unknown:
        say(f"{reference}: no paper or table of this knowledge base is called so")
    if not report.removed:
        raise typer.Exit(EXIT_USER_ERROR)


def rebuild(
    kb: KnowledgeBasePath,
    *,
    text_embedder: Annotated[str | None, typer.Option(help="Change the text embedder.")] = None,
    protein_embedder: Annotated[
        str | None, typer.Option(help="Change the protein embedder.")
    ] = None,
    threads: Threads = None,
) -> None:
    """Make all vectors anew from the stored facts; also the way to change an embedder."""
    from assistant.services import rebuild_base
    from assistant.settings import load_settings

    with progress_bar("items") as tick:
        rebuild_base(
            kb,
            load_settings(threads=threads),
            text_embedder=text_embedder,
            protein_embedder=protein_embedder,
            progress=tick,
        )
    typer.echo(f"{kb}: all vectors were made anew")


def compact(kb: KnowledgeBasePath) -> None:
    """Merge the segments of each vector space into one."""
    from retrieval.knowledge_base import KnowledgeBase

    with KnowledgeBase.open(kb) as base:
        base.compact()
    typer.echo(f"{kb}: one segment a space")
