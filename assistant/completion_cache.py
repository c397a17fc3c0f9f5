"""Completions kept on disk: the same question to the same model is not asked twice.

A file is named by the SHA-256 of all that decides an answer: the model's identity, messages,
schema, length and seed. Failures are not kept, nor what a server cut short: it may have been set
up with too small a context. What lies there passes the same checks as what a model writes, so a
spoilt file costs a question and no more.

``models/`` holds the names of models that were loaded once: what is kept can then be used without
loading them again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant.llm import BUNDLED
from assistant.llm.base import Completion
from assistant.llm.bundled import bundled_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.llm.base import LLMBackend, Message, Schema

#: Raised when what a key is made of changes.
FORMAT: Final = 1


class CachedBackend:
    """Answer from a folder where the question was asked before, else by ``backend``."""

    def __init__(
        self, backend: LLMBackend, folder: Path, identity: str = "", *, keeps_cut: bool = False
    ) -> None:
        """Keep all; the folder is made when the first answer is kept.

        Args:
            backend: Who is asked.
            folder: Where answers lie.
            identity: What tells this model from another of the same name.
            keeps_cut: Keep answers that ran out of tokens, too: where the model runs in this
                process, the same question would run out again.
        """
        self._keeps_cut = keeps_cut
        self.name = backend.name
        self.model = backend.model
        self._backend = backend
        self._folder = folder
        self._identity = (backend.name, backend.model, identity)

    def generate(
        self,
        messages: Sequence[Message],
        schema: Schema | None = None,
        *,
        max_tokens: int = 512,
        seed: int = 0,
    ) -> Completion:
        """Return the kept answer, or the model's.

        Raises:
            BackendError: The backend was asked, and failed.
        """
        key = self._key(messages, schema, max_tokens, seed)
        path = self._folder / key[:2] / f"{key}.json"
        kept = _read(path)
        if kept is not None:
            return kept
        answer = self._backend.generate(messages, schema, max_tokens=max_tokens, seed=seed)
        if self._keeps_cut or not answer.truncated:
            _write(path, answer)
        return answer

    def close(self) -> None:
        """Close the backend."""
        self._backend.close()

    def _key(
        self, messages: Sequence[Message], schema: Schema | None, max_tokens: int, seed: int
    ) -> str:
        turns = [(turn.role, turn.content) for turn in messages]
        asked = [FORMAT, self._identity, turns, schema, max_tokens, seed]
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def identity_of(spec: str) -> str:
    """Tell a model of a file or folder from another under the same name: by sizes and times.

    Of a server the spec is all there is: what it serves under a name is its own affair.
    """
    _, _, argument = spec.partition(":")
    if spec == BUNDLED:
        path = bundled_weights()
    elif argument:
        path = Path(argument).expanduser()
    else:
        return spec
    if not path.exists():
        return spec
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    stamps = [(it.name, it.stat().st_size, it.stat().st_mtime_ns) for it in files if it.is_file()]
    return json.dumps([spec, stamps])


@dataclass(frozen=True, slots=True)
class KnownModel:
    """Names of a backend and its model, which could be loaded before."""

    name: str
    model: str


def known_model(folder: Path, identity: str) -> KnownModel | None:
    """Read the names of a model that was loaded before; None where it was not."""
    try:
        content = json.loads(_known_path(folder, identity).read_text(encoding="utf-8"))
        known = KnownModel(**content)
    except (OSError, ValueError, TypeError):
        return None
    return known if isinstance(known.name, str) and isinstance(known.model, str) else None


def keep_known(folder: Path, identity: str, known: KnownModel) -> None:
    """Note the names of a model that could be loaded."""
    _replace(_known_path(folder, identity), asdict(known))


def _known_path(folder: Path, identity: str) -> Path:
    return folder / "models" / f"{hashlib.sha256(identity.encode()).hexdigest()}.json"


def _read(path: Path) -> Completion | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        answer = Completion(**content)
    except (OSError, ValueError, TypeError):
        return None
    return answer if isinstance(answer.text, str) and isinstance(answer.model, str) else None


def _write(path: Path, answer: Completion) -> None:
    _replace(path, asdict(answer) | {"usage": dict(answer.usage)})


def _replace(path: Path, content: Mapping[str, object]) -> None:
    """Write under another name first; several processes may keep the same answer.

    Where nothing can be written (a base on a read-only disk, or a full one) nothing is kept: the
    answer itself is there, and no gene may fail for want of a cache.
    """
    text = json.dumps(content, ensure_ascii=False)
    part = path.with_name(f".{path.name}.{hashlib.sha256(text.encode()).hexdigest()[:8]}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
