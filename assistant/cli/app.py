"""The typer application: which commands there are, each in its own file."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import (
    annotate,
    ask,
    cohort,
    evaluate,
    fetch,
    hypothesize,
    knowledge,
    machine,
    report,
    review,
    search,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

app = typer.Typer(
    name="metalumen",
    help="Annotate uncharacterised genes of metagenomes: evidence first, a person decides last.",
    epilog="To begin: `metalumen demo` makes a knowledge base and a run to look at, "
    "`metalumen ui` opens them. `metalumen COMMAND -h` lists the options of a command.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the flag's value
    if wanted:
        typer.echo(version("metalumen"))
        raise typer.Exit


@app.callback()
def _program(
    *,
    show_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Hold the options that stand before a command."""


for _module in (
    knowledge,
    fetch,
    search,
    annotate,
    ask,
    hypothesize,
    review,
    report,
    cohort,
    evaluate,
    machine,
):
    _module.register(app)


def call(arguments: Sequence[str] | None) -> int:
    """Parse and run a command; return its exit code.

    Raises:
        BrokenPipeError: The reader of stdout has gone.
        KeyboardInterrupt: The person, or the system, ended the program.
    """
    try:
        app(args=list(arguments) if arguments is not None else None, prog_name="metalumen")
    except SystemExit as end:
        _raise_what_typer_hid(end)
        return end.code if isinstance(end.code, int) else 1
    return 0


def _raise_what_typer_hid(end: SystemExit) -> None:
    """Raise an interrupt or a closed pipe that typer turned into an exit without a word."""
    error: BaseException | None = end
    while error is not None:
        if isinstance(error, (BrokenPipeError, KeyboardInterrupt)):
            raise error
        error = error.__cause__ or error.__context__
