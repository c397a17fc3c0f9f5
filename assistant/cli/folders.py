"""Folders among the files of a call: all files in them, those of no known format told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.cli.console import counted, say
from ingest.errors import InputError, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

#: What tells a knowledge base or a run from a folder of files.
_OWN = ("kb.sqlite", "run.json")
_MOST_TOLD = 5


def with_folders(paths: Sequence[Path]) -> list[Path]:
    """Put the files of each folder in its place, sorted; hidden files and folders are left out.

    Raises:
        InputError: A folder holds no file, or is a knowledge base or a run.
    """
    return [file for path in paths for file in (_files(path) if path.is_dir() else [path])]


def recognised(paths: Sequence[Path], reader_name: str | None) -> list[Path]:
    """Put the files of each folder in its place, less those that no reader knows, which are told.

    A file that was named itself stays: it is an error if nothing reads it.
    """
    kept: list[Path] = []
    for path in paths:
        if not path.is_dir():
            kept.append(path)
            continue
        files = _files(path)
        known = [file for file in files if not _why_not(file, reader_name)]
        kept += known
        _tell([file for file in files if file not in known], path)
    return kept


def _files(folder: Path) -> list[Path]:
    if own := next((name for name in _OWN if (folder / name).exists()), ""):
        what = f"this is a {'knowledge base' if own == 'kb.sqlite' else 'run'}, no folder of files"
        raise InputError(
            what, where=str(folder), hint="Name a folder of papers, proteins or tables"
        )
    found = sorted(_walk(folder))
    if not found:
        raise InputError("there is no file in this folder", where=str(folder))
    return found


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path)
        elif path.is_file():
            yield path


def _why_not(file: Path, reader_name: str | None) -> str:
    from ingest.files import read_records

    try:
        read_records(file, reader_name)
    except UserError as error:
        return str(error)
    return ""


def _tell(left_out: Sequence[Path], folder: Path) -> None:
    if left_out:
        named = ", ".join(str(file.relative_to(folder)) for file in left_out[:_MOST_TOLD])
        more = " ..." if len(left_out) > _MOST_TOLD else ""
        files = counted(len(left_out), "files")
        say(f"{folder.name}: {files} of no known format left out: {named}{more}")
