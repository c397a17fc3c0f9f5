"""The knowledge base's SQLite file: opening, transactions, and the lists that keep it whole.

Facts are written by ``store_writer`` and read by ``store_reader``. Reads and writes use two
connections, so that a reader never sees half of a file that is being added.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest import words
from ingest.errors import (
    DamagedFileError,
    KnowledgeBaseError,
    MetalumenError,
    SchemaMismatchError,
)
from ingest.schema import APPLICATION_ID, SCHEMA_VERSION, TABLES
from ingest.store_handles import FileHandle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FILE_NAME: Final = "kb.sqlite"
#: Seconds to wait for another writer before saying so.
_PATIENCE: Final = 5.0
#: KiB of pages that a writing connection keeps. SQLite takes no more than it uses. With its own
#: 2,000 KiB a large file's transaction writes the same scattered index pages to the log again
#: and again: half as much again for 30,000 papers, twenty times its size for 600,000.
_WRITER_PAGES: Final = 262_144
_PAUSE: Final = 0.02
#: Characters of a message of SQLite that are shown.
_SHOWN = 200
_DAMAGED_HINT: Final = (
    "Restore the folder from a backup, or add the source files to a new knowledge base"
)


@dataclass(frozen=True, slots=True)
class Space:
    """A vector space and its embedder; name, revision and dim are known once it was used."""

    space: str
    spec: str
    name: str = ""
    revision: str = ""
    dim: int = 0


@dataclass(frozen=True, slots=True)
class AddedFile:
    """A file that was added: what it is, and how many records of each type were new.

    ``origin`` is what the file says of how it was made: a UUID, versions, an action.
    """

    path_name: str
    sha256: str
    reader: str
    kind: str
    role: str
    unit: str
    added: dict[str, int]
    bad: int
    origin: str = ""


class Store:
    """Open ``kb.sqlite``.

    Raises:
        KnowledgeBaseError: It is not there.
        SchemaMismatchError: Another version made it.
        DamagedFileError: It is no database, or not one of ours.
    """

    def __init__(self, path: Path) -> None:
        """Open for reading; writing starts with ``transaction``."""
        self.path = path
        if not path.is_file():
            hint = "Make one with: metalumen add KB FILE"
            raise KnowledgeBaseError(
                "this is not a knowledge base", where=path.parent.name, hint=hint
            )
        self.read_only = not _is_writable(path)
        self._lock = threading.RLock()
        self._writer: sqlite3.Connection | None = None
        self._handle = FileHandle(path)
        try:
            with translated(path):
                self.connection = _connect(path, read_only=self.read_only)
            self._begin_reading()
        except BaseException:
            self._handle.close()
            raise

    def _begin_reading(self) -> None:
        try:
            with translated(self.path):
                self.connection.execute("PRAGMA query_only = ON")
                _check_identity(self.connection, self.path)
        except BaseException:
            self.connection.close()
            raise

    @classmethod
    def create(cls, path: Path, spaces: Sequence[Space]) -> Store:
        """Make an empty store; one that another process has just made is opened as it is."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with translated(path):
            connection = _connect(path, read_only=False)
            try:
                _lay_out(connection, spaces)
            finally:
                connection.close()
        return cls(path)

    @staticmethod
    def is_blank(path: Path) -> bool:
        """Tell whether there is no store: no file, or one whose making was cut short."""
        if not path.is_file():
            return True
        try:
            connection = _connect(path, read_only=not _is_writable(path))
            try:
                return not connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
            finally:
                connection.close()
        except (sqlite3.Error, UnicodeDecodeError):  # there is something, and it is damaged
            return False

    def close(self) -> None:
        """Close both connections; SQLite then folds its log into the file."""
        with self._lock:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            self.connection.close()
            self._handle.close()

    def sha256(self) -> str:
        """Hash ``kb.sqlite`` as it is now, without its log."""
        return self._handle.sha256()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the one write transaction: all of it is stored, or nothing.

        A transaction that changed something counts as a generation.

        Raises:
            KnowledgeBaseError: Another process is writing, or the folder is read-only.
            MetalumenError: The disk is full.
        """
        with self.exclusive() as connection:
            before = connection.total_changes
            yield connection
            if connection.total_changes == before:
                return
            connection.execute(
                "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'"
            )
            connection.execute("COMMIT")

    @contextmanager
    def exclusive(self) -> Iterator[sqlite3.Connection]:
        """Keep other writers out; what is not committed inside is rolled back at the end."""
        if self.read_only:
            hint = "Copy the folder to a place where you may write"
            raise KnowledgeBaseError(
                "the knowledge base is read-only", where=self.path.parent.name, hint=hint
            )
        with self._lock, translated(self.path):
            if self._writer is None:
                self._writer = _connect_writer(self.path)
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            finally:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")

    def fold_log(self) -> bool:
        """Bring all committed changes into ``kb.sqlite`` itself; False while others hinder it."""
        with self._lock, translated(self.path):
            if self._writer is None:
                self._writer = _connect_writer(self.path)
            busy, _, _ = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy and self.log_is_empty()

    def log_is_empty(self) -> bool:
        """Tell whether ``kb.sqlite`` alone holds everything."""
        log = self.path.with_name(f"{self.path.name}-wal")
        return not log.exists() or log.stat().st_size == 0

    def check_integrity(self) -> None:
        """Let SQLite check every page and index.

        Raises:
            DamagedFileError: Something is wrong.
        """
        with translated(self.path):
            answer = self.connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if answer != "ok":
            what = f"the database is damaged ({answer.splitlines()[0]})"
            raise DamagedFileError(what, where=self.path.name, hint=_DAMAGED_HINT)

    @property
    def generation(self) -> int:
        """Number of write transactions so far."""
        statement = "SELECT value FROM meta WHERE key = 'generation'"
        return int(self.connection.execute(statement).fetchone()[0])

    def spaces(self) -> dict[str, Space]:
        """Return the vector spaces by name."""
        rows = self.connection.execute("SELECT * FROM spaces ORDER BY space")
        return {row["space"]: Space(*row) for row in rows}


def _lay_out(connection: sqlite3.Connection, spaces: Sequence[Space]) -> None:
    """Make the tables of an empty store in one transaction, unless they are there."""
    _use_log(connection)
    try:
        connection.executescript(f"BEGIN IMMEDIATE;{TABLES}")
    except sqlite3.OperationalError as error:
        if "already exists" not in str(error):
            raise
        connection.execute("ROLLBACK")
        return
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    first = [("schema_version", str(SCHEMA_VERSION)), ("generation", "0")]
    connection.executemany("INSERT INTO meta VALUES (?, ?)", first)
    put_spaces(connection, spaces)
    connection.execute("COMMIT")


def _use_log(connection: sqlite3.Connection) -> None:
    """Switch to a write-ahead log; SQLite does not wait here for others who do the same."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return


def put_spaces(connection: sqlite3.Connection, spaces: Sequence[Space]) -> None:
    """Record the embedders of spaces, inside a transaction."""
    rows = [(it.space, it.spec, it.name, it.revision, it.dim) for it in spaces]
    connection.executemany("INSERT OR REPLACE INTO spaces VALUES (?, ?, ?, ?, ?)", rows)


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    # A read-only folder cannot hold SQLite's log; nobody else can write there either.
    name = f"{path.resolve().as_uri()}?immutable=1" if read_only else path.resolve().as_uri()
    connection = sqlite3.connect(
        name, uri=True, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    words.register(connection)
    try:
        # A power cut must not take back what was reported as added.
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def _connect_writer(path: Path) -> sqlite3.Connection:
    connection = _connect(path, read_only=False)
    connection.execute(f"PRAGMA cache_size = -{_WRITER_PAGES}")
    return connection


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _check_identity(connection: sqlite3.Connection, path: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION_ID:
        what = "this SQLite file was not made by Metalumen"
        raise DamagedFileError(what, where=path.name, hint=_DAMAGED_HINT)
    if version != SCHEMA_VERSION:
        what = (
            f"the knowledge base has schema version {version}, this program reads {SCHEMA_VERSION}"
        )
        newer = version > SCHEMA_VERSION
        hint = (
            "Update Metalumen"
            if newer
            else "Add the source files to a new knowledge base, or use the version that made it"
        )
        raise SchemaMismatchError(what, where=path.parent.name, hint=hint)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours, with what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _operational(error, path) from error
    # A damaged schema can make an error message that is no text.
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        what = f"the database is damaged ({_one_line(error)})"
        raise DamagedFileError(what, where=path.name, hint=_DAMAGED_HINT) from error


def _operational(error: sqlite3.OperationalError, path: Path) -> MetalumenError:
    text = _one_line(error)
    if "locked" in text or "busy" in text:
        hint = "Wait until it has ended, then run the command again"
        what = "another process is writing to this knowledge base"
        return KnowledgeBaseError(what, where=path.parent.name, hint=hint)
    if "full" in text or "disk I/O" in text:
        hint = "Free some space; nothing of the unfinished file was stored"
        return MetalumenError(f"the disk refused to write ({text})", where=path.name, hint=hint)
    if "malformed" in text or "no such table" in text:
        what = f"the database is damaged ({text})"
        return DamagedFileError(what, where=path.name, hint=_DAMAGED_HINT)
    return MetalumenError(f"the database failed ({text})", where=path.name)


def _one_line(error: Exception) -> str:
    """Shorten a message: of a damaged schema, SQLite quotes whole statements."""
    return " ".join(str(error).split())[:_SHOWN]
