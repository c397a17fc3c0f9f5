"""``manifest.json``: what a knowledge base holds and what each of its files must hash to.

It is derived from the store after each change, and checked before anything else is opened. It
carries its own SHA-256, so that damage to it is told from damage to what it describes.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ingest.errors import DamagedFileError, SchemaMismatchError
from ingest.schema import SCHEMA_VERSION
from ingest.store import FILE_NAME, Space
from ingest.store_reader import StoreReader
from ingest.store_vectors import segments
from retrieval.durable import sha256_of, write_text

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.store import Store

MANIFEST: Final = "manifest.json"
VECTORS: Final = "vectors"
_REBUILD: Final = "Run: metalumen rebuild KB"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of the knowledge base: path inside the folder, hash and size in bytes."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of ``manifest.json``; ``generation`` counts the changes of the store."""

    schema_version: int
    generation: int
    spaces: tuple[Space, ...]
    counts: dict[str, int]
    files: tuple[FileEntry, ...]

    def entry(self, path: str) -> FileEntry | None:
        """Return the entry of a file, if it is listed."""
        return next((it for it in self.files if it.path == path), None)


def derive(folder: Path, store: Store) -> Manifest:
    """Describe the knowledge base as it is; the hash of ``kb.sqlite`` is computed.

    The caller keeps writers out, so that the store and its file agree.
    """
    database = folder / FILE_NAME
    entries = [FileEntry(FILE_NAME, store.sha256(), database.stat().st_size)]
    for segment in segments(store.connection):
        name = f"{VECTORS}/{segment.space}/{segment.file_name}"
        size = (folder / name).stat().st_size
        entries.append(FileEntry(name, segment.sha256, size))
    return Manifest(
        schema_version=SCHEMA_VERSION,
        generation=store.generation,
        spaces=tuple(store.spaces().values()),
        counts=StoreReader(store.connection).counts(),
        files=tuple(entries),
    )


def write(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step."""
    content = {
        "schema_version": manifest.schema_version,
        "generation": manifest.generation,
        "spaces": {
            it.space: {"spec": it.spec, "name": it.name, "revision": it.revision, "dim": it.dim}
            for it in manifest.spaces
        },
        "counts": manifest.counts,
        "files": {it.path: {"sha256": it.sha256, "size": it.size} for it in manifest.files},
    }
    content["sha256"] = _digest(content)
    write_text(folder / MANIFEST, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def read(folder: Path) -> Manifest | None:
    """Read the manifest; None when there is none.

    Raises:
        DamagedFileError: It cannot be read, or was changed.
        SchemaMismatchError: Another version of the schema made it.
    """
    path = folder / MANIFEST
    if not path.exists():
        return None
    try:
        content = json.loads(path.read_bytes().decode())
        recorded = content.pop("sha256")
        intact = recorded == _digest(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged("it cannot be read") from error
    if not intact:
        raise _damaged("it is not what was written")
    if content["schema_version"] != SCHEMA_VERSION:
        what = (
            f"it has schema version {content['schema_version']},"
            f" this program reads version {SCHEMA_VERSION}"
        )
        hint = "Use the version of Metalumen that made it, or add the files to a new one"
        raise SchemaMismatchError(what, where=folder.name, hint=hint)
    return Manifest(
        schema_version=content["schema_version"],
        generation=content["generation"],
        spaces=tuple(Space(name, **entry) for name, entry in content["spaces"].items()),
        counts=content["counts"],
        files=tuple(FileEntry(path, **entry) for path, entry in content["files"].items()),
    )


def check_sizes(folder: Path, manifest: Manifest) -> None:
    """Check that each file of vectors is there and has its size; hashes are checked at loading.

    Raises:
        DamagedFileError: One is missing, cut short or grown.
    """
    for entry in manifest.files:
        if entry.path == FILE_NAME:
            continue
        try:
            size = (folder / entry.path).stat().st_size
        except OSError as error:
            raise DamagedFileError(
                "the file is missing", where=entry.path, hint=_REBUILD
            ) from error
        if size != entry.size:
            what = f"the file has {size} bytes instead of {entry.size}"
            raise DamagedFileError(what, where=entry.path, hint=_REBUILD)


def check_hashes(folder: Path, manifest: Manifest) -> None:
    """Read each file of vectors and compare it with its hash; takes as long as reading them.

    Raises:
        DamagedFileError: One is not what was written.
    """
    for entry in manifest.files:
        if entry.path != FILE_NAME and sha256_of(folder / entry.path) != entry.sha256:
            what = "the file is not what was written"
            raise DamagedFileError(what, where=entry.path, hint=_REBUILD)


def _damaged(what: str) -> DamagedFileError:
    return DamagedFileError(f"the manifest is damaged: {what}", where=MANIFEST, hint=_REBUILD)


def _digest(content: dict[str, object]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
