"""The backend ``scripted``: replays answers from a file, for tests and demonstrations.

The file is JSON Lines, one answer a line:

    {"text": "..."}                              the next answer, given once
    {"match": "words of the prompt", "text": "..."}   given once, to a prompt that holds the words
    {"text": "...", "repeat": true}              given again and again
    {"error": "..."}                             fails with a BackendError, once

For each prompt the first line that fits and is not used up answers. When no line is left the
backend fails; it never starts over. ``text`` may be any JSON value: what is no string is
written as JSON. The seed and the schema are not looked at.
"""

from __future__ import annotations

import json
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from assistant.llm.base import Completion
from ingest.errors import BackendError, FormatError, InputError, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.llm.base import Message, Schema

_USED_UP: Final = "the script has no answer left for this prompt"


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: JsonValue = None
    match: str = ""
    repeat: bool = False
    error: str = ""

    @property
    def answer(self) -> str:
        return self.text if isinstance(self.text, str) else json.dumps(self.text)


class ScriptedBackend:
    """Give prepared answers in order; safe to share between threads."""

    name = "scripted"

    def __init__(self, lines: Sequence[_Line], model: str = "scripted") -> None:
        """Keep the lines; they are used up one by one."""
        self.model = model
        self._waiting = list(lines)
        self._lock = Lock()

    def generate(
        self,
        messages: Sequence[Message],
        schema: Schema | None = None,  # noqa: ARG002 - the script decides what it says
        *,
        max_tokens: int = 512,
        seed: int = 0,  # noqa: ARG002 - the script decides what it says
    ) -> Completion:
        """Return the first answer that fits.

        Raises:
            BackendError: No answer is left, or the line says ``error``.
        """
        prompt = "\n".join(message.content for message in messages)
        line = self._take(prompt)
        if line.error:
            raise BackendError(line.error, where=self.model)
        return _completion(line.answer, self.model, max_tokens)

    def close(self) -> None:
        """Drop what is left of the script."""
        with self._lock:
            self._waiting.clear()

    def _take(self, prompt: str) -> _Line:
        with self._lock:
            for place, line in enumerate(self._waiting):
                if line.match in prompt:
                    return line if line.repeat else self._waiting.pop(place)
        raise BackendError(_USED_UP, where=self.model, hint='Add a line, or "repeat": true')


def scripted(argument: str, *, online: bool, threads: int) -> ScriptedBackend:  # noqa: ARG001 - the factory's form
    """Read a script.

    Raises:
        UserError: The file is missing, or a line is not of the form above.
    """
    if not argument:
        raise UserError("scripted needs a file", where="--llm", hint="Use scripted:FILE.jsonl")
    path = Path(argument)
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = f"the script cannot be read: {error}"
        raise InputError(what, where=path.name) from error
    lines = [
        _parse(line, path.name, number)
        for number, line in enumerate(source.splitlines(), start=1)
        if line.strip()
    ]
    return ScriptedBackend(lines, model=f"scripted:{path.name}")


def _parse(line: str, path_name: str, number: int) -> _Line:
    try:
        return _Line.model_validate_json(line)
    except ValidationError as error:
        what = f"not an answer of a script: {error.errors()[0]['msg']}"
        raise FormatError(what, path_name=path_name, line=number) from error


def _completion(text: str, model: str, max_tokens: int) -> Completion:
    # Words stand in for tokens, so that a small limit cuts here as it does in a real model.
    words = text.split(" ")
    if len(words) <= max_tokens:
        return Completion(text, model)
    return Completion(" ".join(words[:max_tokens]), model, truncated=True)
