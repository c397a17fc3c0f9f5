"""What the commands print: data on stdout, progress and messages on stderr."""

from __future__ import annotations

import json
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.progress import Task, TaskID

    Tick = Callable[[str, int, int], None]

# One line a minute keeps the log of a cluster job short.
LOG_INTERVAL_SECONDS = 60.0
FIRST_TELLING_ITEMS = 20

messages = Console(stderr=True, highlight=False)


def say(message: str) -> None:
    """Print a message for the person, on stderr."""
    messages.print(message, markup=False, soft_wrap=True)


def print_json(content: object) -> None:
    """Print machine-readable output on stdout."""
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2))


def counted(number: int, noun: str) -> str:
    """Write a number with its noun in the right number; plural nouns come in."""
    singular = {"genes": "gene", "proteins": "protein", "publications": "publication"}
    singular |= {"samples": "sample", "features": "feature", "records": "record"}
    singular |= {"notices": "notice", "annotations": "annotation", "genomes": "genome"}
    singular |= {"families": "family", "summaries": "summary", "passages": "passage"}
    singular |= {"files": "file"}
    return f"{number:,} {singular.get(noun, noun) if number == 1 else noun}"


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table on stdout: drawn for a terminal, tab-separated for a pipe."""
    if not sys.stdout.isatty():
        typer.echo("\t".join(columns))
        for row in rows:
            typer.echo("\t".join(" ".join(str(cell).split()) for cell in row))
        return
    table = Table(*columns, header_style="bold", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    Console(highlight=False).print(table)


class _RateColumn(ProgressColumn):
    """Items a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


@contextmanager
def progress_bar(unit: str) -> Iterator[Tick]:
    """Show progress with rate and ETA; the tick takes (stage, done, total)."""
    if not messages.is_terminal:
        yield _log_ticks(unit)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        _RateColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=messages, transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def tick(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=total or None)
            progress.update(tasks[stage], completed=done, total=total or None)

        yield tick


def _minutes(seconds: float) -> str:
    """Write how long something takes, to the minute.

    >>> _minutes(10), _minutes(90)
    ('less than a minute', 'about 2 min')
    """
    return "less than a minute" if seconds < 45 else f"about {seconds / 60:.0f} min"


def _log_ticks(unit: str) -> Tick:
    """Make a tick that writes one line a minute."""
    last = {"at": time.monotonic()}
    # Each stage has its own rate: when it began, and what was done by then (a resumed run).
    began: dict[str, tuple[float, int]] = {}

    def tick(stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        since, before = began.setdefault(stage, (now, done))
        if now - last["at"] < LOG_INTERVAL_SECONDS:
            return
        last["at"] = now
        rate = (done - before) / (now - since) if now > since else 0.0
        # Items come in batches: a rate from the first few of them would frighten for nothing.
        is_telling = rate > 0 and done - before >= FIRST_TELLING_ITEMS
        speed = f", {rate:.1f}/s" if is_telling else ""
        left = f", {_minutes((total - done) / rate)} left" if speed and total else ""
        say(f"{stage}: {done:,} of {f'{total:,}' if total else '?'} {unit}{speed}{left}")

    return tick
