"""Answers of searches kept on disk: the same protein is not searched for twice.

One small file a protein, ``<folder>/<set>/<ab>/<SHA-256 of the protein>``. A set is named by all
that decides an answer besides the protein, so that after any change of the references or of a
program the old answers are simply not found. First line: the SHA-256 of set, protein and answer;
then the answer, packed by zlib. A file that is cut, changed or of another set does not match it,
counts as none, and is written anew. Nothing here may stop a search: where the disk is full or may
not be written, nothing is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import zlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ingest.store_rows import to_json
from ingest.store_vectors import segments, tombstones
from retrieval.turns import in_turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from threading import RLock

    from ingest.store import Store
    from retrieval.alignment_cache import AlignmentCache
    from retrieval.family_cache import FamilyCache
    from retrieval.spaces import SpaceEmbedder
    from retrieval.vector_index import VectorIndex

_CACHE: Final = "cache"
#: Sets that are kept: the references before the last changes, and other aligners.
_KEPT: Final = 3
#: Answers of one of the 256 sub-folders of a set: 102,400 in all, of some 5 kB each.
_MOST: Final = 400
#: Bytes of an answer when unpacked; 150 alignments take 30 kB.
_LONGEST: Final = 1 << 24
#: Libraries that make vectors or compare them, and HMMER.
_LIBRARIES: Final = (
    *("faiss-cpu", "faiss-gpu", "numpy", "openvino"),
    *("pyhmmer", "sentence-transformers", "torch", "transformers"),
)


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    """The answers of one set.

    Args:
        folder: Where sets lie.
        state: All that decides an answer besides the protein.
    """

    folder: Path
    state: str

    @property
    def _set(self) -> Path:
        return self.folder / hashlib.sha256(self.state.encode()).hexdigest()[:16]

    def known(self, sequences: Iterable[str]) -> dict[str, str]:
        """Return the answers that are kept, by the SHA-256 of the protein."""
        found = {}
        for sha256 in sequences:
            answer = self._read(sha256)
            if answer is not None:
                found[sha256] = answer
        if found:
            with contextlib.suppress(OSError):
                os.utime(self._set)  # it is in use: others are dropped before it
        return found

    def keep(self, answers: Mapping[str, str]) -> None:
        """Keep answers by the SHA-256 of the protein; the oldest make room."""
        is_new = not self._set.is_dir()
        with contextlib.suppress(OSError):
            for sha256, answer in answers.items():
                self._write(sha256, answer)
        for folder in {self._path(sha256).parent for sha256 in answers}:
            _drop_oldest(folder)
        if is_new:
            _drop_old_sets(self.folder)

    def _path(self, sha256: str) -> Path:
        return self._set / sha256[:2] / sha256

    def _read(self, sha256: str) -> str | None:
        try:
            digest, _, packed = self._path(sha256).read_bytes().partition(b"\n")
            answer = zlib.decompressobj().decompress(packed, _LONGEST).decode()
        except (OSError, ValueError, zlib.error):
            return None
        return answer if digest == self._digest(sha256, answer) else None

    def _write(self, sha256: str, answer: str) -> None:
        """Write under another name first; several processes may keep the same answer."""
        path = self._path(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{sha256}.{os.getpid()}")
        packed = zlib.compress(answer.encode(), 1)
        try:
            part.write_bytes(self._digest(sha256, answer) + b"\n" + packed)
            part.replace(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def _digest(self, sha256: str, answer: str) -> bytes:
        return hashlib.sha256("\n".join((self.state, sha256, answer)).encode()).hexdigest().encode()


class KeepsAnswers(ABC):
    """The part of a knowledge base that keeps answers; whoever inherits sets what is named here."""

    path: Path
    _store: Store
    _aligner: AlignmentCache
    _families: FamilyCache
    _embedders: Mapping[str, SpaceEmbedder]
    _indexes: Mapping[str, VectorIndex]
    _turn: RLock

    @abstractmethod
    def _refresh(self) -> None:
        """Look whether another process changed the base."""

    @in_turn
    def kept_answers(self, asked: str) -> KeptAnswers:
        """Give what is kept of searches of these very references.

        Args:
            asked: What is searched for, and how answers are written down.

        Raises:
            DamagedFileError: The vectors on disk are not those that were written.
            MissingDependencyError: The aligner's program is not installed.
        """
        self._refresh()
        self._indexes["sequence"].check()
        state = [*makers(), asked, self._aligner.settings(), _vectors(self._store)]
        state.append(_references(self._store))
        return KeptAnswers(self.path / _CACHE / "searches", to_json(state))

    def keep_searches(self) -> None:
        """Keep vectors of questions and matches of families: for batches, which ask again."""
        self._embedders["text"].keep_in(self.path / _CACHE / "questions")
        self._families.keep_in(self.path / _CACHE / "matches")


def _references(store: Store) -> str:
    """Hash which protein sequences are searched, and the numbers that break ties."""
    query = "SELECT id, sha256 FROM sequences WHERE role = 'protein' ORDER BY id"
    digest = hashlib.sha256()
    for number, sha256 in store.connection.execute(query):
        digest.update(f"{number} {sha256}\n".encode())
    return digest.hexdigest()


def _vectors(store: Store) -> list[object]:
    """Tell what the embedding space of proteins holds, and what made it."""
    space = store.spaces()["sequence"]
    files = [it.sha256 for it in segments(store.connection) if it.space == space.space]
    dead = tombstones(store.connection, space.space)
    return [space.name, space.revision, space.dim, files, dead]


@cache
def makers() -> tuple[str, ...]:
    """Tell all that finds answers besides programs and files: our own code, and libraries.

    The code goes in by its bytes: no change of it can be forgotten, and no version of it meets
    answers of another.
    """
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    found = [digest.hexdigest()]
    for name in _LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    return tuple(found)


def _drop_oldest(folder: Path) -> None:
    """Keep a sub-folder within its bound; what a killed process left is the oldest, too."""
    with contextlib.suppress(OSError):
        if len(paths := list(folder.iterdir())) <= _MOST:
            return
        aged = sorted((path.stat().st_mtime_ns, path) for path in paths)
        for _, path in aged[:-_MOST]:
            path.unlink(missing_ok=True)


def _drop_old_sets(folder: Path) -> None:
    with contextlib.suppress(OSError):
        kept = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        for path in kept[:-_KEPT]:
            shutil.rmtree(path, ignore_errors=True)
