"""Keep the folder of a knowledge base sound: check, settle, sweep, rebuild, compact.

The store commits first, then the manifest follows it. A manifest that is behind (the process
was killed in between) is derived anew; one that is ahead, or that agrees and names another
hash, means damage.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np

from ingest.errors import (
    DamagedFileError,
    KnowledgeBaseError,
    MetalumenError,
    SchemaMismatchError,
)
from ingest.store import FILE_NAME, Space, Store, put_spaces, translated
from ingest.store_compositions import forget_all as forget_compositions
from ingest.store_documents import index_words
from ingest.store_entities import stored_genera, tag_all
from ingest.store_vectors import (
    EMBEDDED,
    SPACES,
    forget_all,
    forget_part,
    put_segment,
    segments,
    tombstones,
)
from retrieval import manifest as manifests
from retrieval.durable import TEMPORARY
from retrieval.manifest import MANIFEST, VECTORS
from retrieval.profiles.filling import fill
from retrieval.spaces import SpaceEmbedder, embed_waiting
from retrieval.tagging import Tagger
from retrieval.vector_index import write_segment

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from pathlib import Path

    from retrieval.manifest import Manifest
    from retrieval.spaces import Progress
    from retrieval.vector_index import VectorIndex

_FACTS_DAMAGED = "Restore the folder from a backup, or add the source files to a new knowledge base"


def is_knowledge_base(path: Path) -> bool:
    """Tell whether the folder is a knowledge base, sound or not."""
    return (path / MANIFEST).exists() or not Store.is_blank(path / FILE_NAME)


def check_free(path: Path) -> None:
    """Refuse to make a knowledge base where something else is.

    Raises:
        KnowledgeBaseError: The path is a file, or a folder that holds something.
    """
    if path.exists() and not path.is_dir():
        hint = "Name a folder that does not exist yet"
        raise KnowledgeBaseError("this is a file, not a knowledge base", where=path.name, hint=hint)
    own = (FILE_NAME, ".")  # what is left of a making that was cut short
    if path.is_dir() and any(not it.name.startswith(own) for it in path.iterdir()):
        hint = "Name a folder that does not exist yet, or an existing knowledge base"
        what = "this folder holds other files and is not a knowledge base"
        raise KnowledgeBaseError(what, where=path.name, hint=hint)


def open_checked(path: Path) -> Store:
    """Open the store of a knowledge base after checking its files against the manifest.

    Raises:
        KnowledgeBaseError: The folder is not a knowledge base.
        SchemaMismatchError: Another schema version made it.
        DamagedFileError: A file is damaged; says which, and what to run.
    """
    if not is_knowledge_base(path):
        what = "this is not a knowledge base" if path.exists() else "no such knowledge base"
        raise KnowledgeBaseError(what, where=path.name, hint="Make one: metalumen add KB FILE")
    manifest = manifests.read(path)
    if not (path / FILE_NAME).exists():
        raise DamagedFileError("the file is missing", where=FILE_NAME, hint=_FACTS_DAMAGED)
    store = _opened(path, manifest)
    try:
        with translated(path / FILE_NAME):
            _check(path, store, manifest)
    except BaseException:
        store.close()
        raise
    return store


def check_everything(path: Path) -> None:
    """Check every byte of a knowledge base: the database's pages and the vectors' hashes.

    Raises:
        KnowledgeBaseError, SchemaMismatchError, DamagedFileError: As ``open_checked``.
    """
    store = open_checked(path)
    try:
        store.check_integrity()
        manifest = manifests.read(path)
        if manifest is not None:
            manifests.check_sizes(path, manifest)
            manifests.check_hashes(path, manifest)
    finally:
        store.close()


def discard_unused(path: Path, *, keeps_folder: bool) -> None:
    """Delete a knowledge base that nothing was ever added to; leave any other as it is.

    One that another process is adding to is left as well.

    Args:
        path: Its folder.
        keeps_folder: The folder was there before the base, and stays.
    """
    try:
        with contextlib.closing(open_checked(path)) as store, store.exclusive():
            if store.generation:
                return
            for name in (MANIFEST, FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"):
                (path / name).unlink(missing_ok=True)
    except MetalumenError:
        return
    if not keeps_folder:
        with contextlib.suppress(OSError):  # something else was put there meanwhile
            path.rmdir()


def _opened(path: Path, manifest: Manifest | None) -> Store:
    try:
        return Store(path / FILE_NAME)
    except SchemaMismatchError as error:
        if manifest is None:
            raise
        # The manifest is sound and of our version: the number in the database was changed.
        raise _changed() from error


def _changed() -> DamagedFileError:
    what = "the database is not what was written: the file was changed or cut short"
    return DamagedFileError(what, where=FILE_NAME, hint=_FACTS_DAMAGED)


def _check(path: Path, store: Store, manifest: Manifest | None) -> None:
    if manifest is None or manifest.generation < store.generation:
        store.check_integrity()
        settle(path, store)
        return
    _check_facts(store, manifest)
    manifests.check_sizes(path, manifest)


def _check_facts(store: Store, manifest: Manifest) -> None:
    """Compare ``kb.sqlite`` with the manifest's hash.

    Raises:
        DamagedFileError: It is older than the manifest, or another file.
    """
    entry = manifest.entry(FILE_NAME)
    if manifest.generation > store.generation:
        what = f"the database is older (change {store.generation}) than the manifest"
        raise DamagedFileError(what, where=FILE_NAME, hint=_FACTS_DAMAGED)
    if entry is not None and store.sha256() == entry.sha256:
        return
    if store.generation != manifest.generation:  # another process finished a change meanwhile
        return
    raise _changed()


def settle(path: Path, store: Store) -> bool:
    """Fold the log into ``kb.sqlite``, delete files that nothing lists, write the manifest.

    The store alone decides, so False is no loss: another process is writing and will do it, or
    the disk is full, and it is left for the next opening.
    """
    if store.read_only:
        return False
    try:
        return store.fold_log() and _tidied(path, store)
    except DamagedFileError:
        raise
    except (MetalumenError, OSError):
        return False


def _tidied(path: Path, store: Store) -> bool:
    with store.exclusive() as connection:
        # Whoever wrote between folding and locking tidies up after that.
        if store.log_is_empty():
            sweep(path, connection)
            manifests.write(path, manifests.derive(path, store))
    return True


def sweep(path: Path, connection: sqlite3.Connection) -> None:
    """Delete vector files that the store does not list: leftovers of a crash, or replaced ones.

    The caller holds the write transaction, so no other process is writing any.
    """
    listed = {(it.space, it.file_name) for it in segments(connection)}
    for space in SPACES:
        for file in (path / VECTORS / space).glob("*"):
            if (space, file.name) not in listed:
                file.unlink(missing_ok=True)
    for leftover in path.glob(f"{TEMPORARY}*"):
        leftover.unlink(missing_ok=True)


def rebuild(path: Path, specs: Mapping[str, str], progress: Progress | None) -> None:
    """Embed everything anew, with other embedders for the spaces in ``specs``.

    Raises:
        DamagedFileError: ``kb.sqlite`` is damaged: the facts are needed.
    """
    store = Store(path / FILE_NAME)
    try:
        _check_facts_alone(path, store)
        with store.transaction() as connection:
            forget_all(connection)
            forget_compositions(connection)
            index_words(connection)
            tag_all(connection, Tagger(stored_genera(connection)))
            for space in (it for it in store.spaces().values() if it.space in EMBEDDED):
                fresh = Space(space.space, specs.get(space.space, space.spec))
                put_spaces(connection, [fresh])
                embed_waiting(connection, SpaceEmbedder(fresh), path / VECTORS, progress)
            fill(connection, path / VECTORS, progress)
        settle(path, store)
    finally:
        store.close()


def _check_facts_alone(path: Path, store: Store) -> None:
    """Check the facts as far as can be without trusting the manifest."""
    store.check_integrity()
    try:
        manifest = manifests.read(path)
    except MetalumenError:
        return
    if manifest is not None and manifest.generation >= store.generation:
        _check_facts(store, manifest)


def compact(path: Path, store: Store, indexes: Mapping[str, VectorIndex]) -> None:
    """Write the vectors of each part of a space that has several files, or dead vectors, as one."""
    with store.transaction() as connection:
        listed = segments(connection)
        for space, index in indexes.items():
            dead = tombstones(connection, space)
            index.use(listed, {k: np.array(v, dtype=np.int64) for k, v in dead.items()})
            for kind in SPACES[space]:
                parts = [it for it in listed if (it.space, it.kind) == (space, kind)]
                if len(parts) < 2 and kind not in dead:
                    continue
                _merge(connection, path, index, space, kind)
    settle(path, store)


def _merge(
    connection: sqlite3.Connection, path: Path, index: VectorIndex, space: str, kind: str
) -> None:
    parts = [it for it in segments(connection) if (it.space, it.kind) == (space, kind)]
    loaded = [index.vectors(part) for part in parts]
    ids = np.concatenate([its_ids for its_ids, _ in loaded])
    vectors = np.concatenate([its_vectors for _, its_vectors in loaded])
    forget_part(connection, space, kind)
    if len(ids):
        order = np.argsort(ids, kind="stable")
        put_segment(
            connection, write_segment(path / VECTORS, space, kind, ids[order], vectors[order])
        )
