"""The ledger of finished shards: what lets a killed batch go on without losing or repeating.

A shard's file is written and synced first, then its row is committed here. A shard without a
row, or whose file does not match its row, is done again: from its journal, where it has one.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from typing import TYPE_CHECKING

from assistant.atomic import replacing, sweep_leftovers
from ingest.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

_SCHEMA = """
CREATE TABLE IF NOT EXISTS plan (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS shards (number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL);
"""


class Ledger:
    """Finished shards of one batch, in a folder of its own.

    Args:
        folder: The work folder; made when absent.
    """

    def __init__(self, folder: Path) -> None:
        """Open or make the ledger; sweep what a kill left behind."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = _locked(folder)
        sweep_leftovers(folder)
        try:
            self._connection = sqlite3.connect(folder / "ledger.sqlite")
            self._connection.executescript(_SCHEMA)
        except sqlite3.DatabaseError as error:
            self._lock.close()
            raise _unusable(folder, error) from error

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()
        self._lock.close()

    def bind(self, plan_digest: str) -> None:
        """Tie the ledger to a plan (input, parameters, models), or check that it is the same.

        Raises:
            RunError: The ledger belongs to another plan: mixing the two would mislead.
        """
        row = self._connection.execute("SELECT value FROM plan WHERE key='digest'").fetchone()
        if row is None:
            with self._connection:
                self._connection.execute("INSERT INTO plan VALUES ('digest', ?)", (plan_digest,))
        elif row[0] != plan_digest:
            raise RunError(
                "the unfinished run has another input, knowledge base, model or setting",
                where=str(self._folder.parent),
                hint="Give the same arguments to resume it, or --force to start again",
            )

    def is_done(self, number: int) -> bool:
        """Tell whether a shard is finished and its file whole."""
        row = self._connection.execute(
            "SELECT sha256 FROM shards WHERE number=?", (number,)
        ).fetchone()
        path = self._path(number)
        return row is not None and path.is_file() and _digest(path) == row[0]

    def write(self, number: int, lines: Sequence[str]) -> None:
        """Store a shard's lines, then commit its row."""
        with replacing(self._path(number)) as handle:
            for line in lines:
                handle.write(line.encode() + b"\n")
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO shards VALUES (?, ?)", (number, _digest(self._path(number)))
            )
        for suffix in (".journal", ".searched"):
            self._path(number).with_suffix(suffix).unlink(missing_ok=True)

    def lines(self, count: int) -> Iterator[str]:
        """Read the lines of shards 0 to ``count`` - 1 in order."""
        for number in range(count):
            with self._path(number).open(encoding="utf-8") as handle:
                for line in handle:
                    yield line.rstrip("\n")

    def _path(self, number: int) -> Path:
        return self._folder / f"shard-{number:06d}.jsonl"


class Journal:
    """The finished lines of a shard that is not finished, each safe as soon as it is there.

    Args:
        path: The file; it is made with the first line, and removed when the shard is done.
    """

    def __init__(self, path: Path) -> None:
        """Drop the last line if a kill cut it short."""
        self._path = path
        if path.is_file():
            whole, _, cut = path.read_bytes().rpartition(b"\n")
            if cut:
                with replacing(path) as handle:
                    handle.write(whole + b"\n" if whole else b"")

    def lines(self) -> list[str]:
        """Read the lines that are there."""
        if not self._path.is_file():
            return []
        return self._path.read_text(encoding="utf-8").split("\n")[:-1]

    def append(self, line: str) -> None:
        """Add a line and bring it to disk."""
        with self._path.open("ab") as handle:
            handle.write(line.encode() + b"\n")
            handle.flush()
            os.fsync(handle.fileno())


def _locked(folder: Path) -> sqlite3.Connection:
    """Keep other processes out; the system lets go of the lock however this process ends.

    Raises:
        RunError: Another process has it.
    """
    lock = sqlite3.connect(folder / "lock.sqlite", timeout=0, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        if "locked" not in str(error):
            raise _unusable(folder, error) from error
        raise RunError(
            "another process is working on this run",
            where=str(folder.parent),
            hint="Wait for it, or name another -o",
        ) from error
    return lock


def _unusable(folder: Path, error: sqlite3.Error) -> RunError:
    return RunError(
        f"the ledger cannot be used ({error})",
        where=str(folder),
        hint="Check the free space and the permissions; a damaged one is replaced by --force",
    )


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
