"""Read the bytes of an SQLite file without taking SQLite's locks away.

Under POSIX, closing any handle of a file drops all locks that the process has on it, those of
SQLite's connections included; another process could then delete the log beneath them
(sqlite.org/howtocorrupt.html, section 2.2). So one handle per file is shared by all stores of
the process, and closed only after the last of them has closed its connections.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import FileIO
    from pathlib import Path


@dataclass(slots=True)
class _Shared:
    handle: FileIO
    holders: int


# Locks belong to the process, so this table does too.
_shared: dict[tuple[int, int], _Shared] = {}
_lock = threading.Lock()


class FileHandle:
    """Hold a file open for reading until ``close``; to be opened before its first connection."""

    def __init__(self, path: Path) -> None:
        """Share the process's handle of the file, or open it."""
        with _lock:
            status = path.stat()
            self._key = (status.st_dev, status.st_ino)
            if self._key not in _shared:
                # Unbuffered: a buffer would give the bytes of an earlier reading.
                _shared[self._key] = _Shared(path.open("rb", buffering=0), 0)
            _shared[self._key].holders += 1
        self._closed = False

    def sha256(self) -> str:
        """Hash the file as it is now."""
        with _lock:
            handle = _shared[self._key].handle
            handle.seek(0)
            return hashlib.file_digest(handle, "sha256").hexdigest()

    def close(self) -> None:
        """Give the handle up; the last holder closes it."""
        with _lock:
            if self._closed:
                return
            self._closed = True
            shared = _shared[self._key]
            shared.holders -= 1
            if not shared.holders:
                shared.handle.close()
                del _shared[self._key]
