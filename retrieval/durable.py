"""Files that are there whole or not at all, also after a power cut."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Prefix of files that are being written; a left-over one may be deleted.
TEMPORARY: Final = ".writing-"


def sha256_of(path: Path) -> str:
    """Hash a file's bytes.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@contextmanager
def being_written(folder: Path) -> Iterator[Path]:
    """Give a temporary path in ``folder``; what is still there at the end is deleted."""
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f"{TEMPORARY}{os.getpid()}"
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def put_in_place(temporary: Path, target: Path) -> None:
    """Bring a written file to disk, give it its name, and bring the name to disk."""
    with temporary.open("rb+") as handle:
        os.fsync(handle.fileno())
    temporary.replace(target)
    sync_folder(target.parent)


def write_text(target: Path, text: str) -> None:
    """Replace ``target`` by ``text``: a reader sees the old file or the new one."""
    with being_written(target.parent) as temporary:
        temporary.write_text(text, encoding="utf-8")
        put_in_place(temporary, target)


def sync_folder(folder: Path) -> None:
    """Bring a folder's entries to disk, where the system can (Windows cannot)."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
