"""Where what is derived from a knowledge base lies: beside it, or elsewhere if it is read-only."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

_ONE_DAY: Final = 86_400.0  # seconds


class CacheFolder:
    """A folder of sets of files, each set in a folder of its own, named by what it holds.

    Args:
        path: The folder; it is made when it is first written to.
        kept: Sets that are kept: runs that started before the last change still use theirs.
    """

    def __init__(self, path: Path, *, kept: int) -> None:
        """Make nothing yet."""
        self._path = path
        self._kept = kept
        self._temporary: tempfile.TemporaryDirectory[str] | None = None

    def writable(self) -> Path:
        """Return the folder, or a temporary one where it cannot be written."""
        with contextlib.suppress(OSError):
            self._path.mkdir(parents=True, exist_ok=True)
        if os.access(self._path, os.W_OK):
            return self._path
        if self._temporary is None:
            self._temporary = tempfile.TemporaryDirectory(prefix=f"metalumen-{self._path.name}-")
        return Path(self._temporary.name)

    def fresh(self, target: Path) -> Path:
        """Name a folder of this process to make a set in: two processes may make the same."""
        return target.with_name(f".{target.name}.{os.getpid()}")

    def drop_old(self, newest: Path) -> None:
        """Delete all but the last sets, and what processes left that were killed while writing."""
        sets = sorted(newest.parent.glob("[0-9a-f]*"), key=lambda path: path.stat().st_mtime_ns)
        now = newest.stat().st_mtime
        left = [path for path in newest.parent.glob(".*") if path.stat().st_mtime < now - _ONE_DAY]
        for path in (*sets[: -self._kept], *left):
            shutil.rmtree(path, ignore_errors=True)

    def close(self) -> None:
        """Delete the temporary folder."""
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None
