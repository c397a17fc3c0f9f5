"""A conversation: questions with their answers, in order; kept as a file of JSON lines.

    {"schema_version": "1", "question": "...", "answer": {...}}

One line a turn. A line is added when an answer is there, so a kill loses one turn at most.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.chat.answers import Answer
from assistant.chat.following import Before
from ingest.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SCHEMA_VERSION: Final = "1"


class Turn(BaseModel):
    """One question and what was answered."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: str = SCHEMA_VERSION
    question: str
    answer: Answer


def before(answers: Iterable[Answer]) -> tuple[Before, ...]:
    """Say what earlier answers were about, for a question that follows; declined ones are not."""
    return tuple(
        Before(answer.searched, (*answer.subjects, *answer.carried))
        for answer in answers
        if answer.searched
    )


def read_conversation(path: Path) -> tuple[Turn, ...]:
    """Read the turns of a file; one that is not there yet has none.

    A last line that a kill cut short is left out.

    Raises:
        InputError: The file cannot be read, or a line is no turn.
    """
    if not path.exists():
        return ()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the conversation cannot be read: {error}", where=path.name) from error
    turns = []
    for number, line in enumerate(lines, start=1):
        try:
            turns.append(Turn.model_validate_json(line))
        except ValidationError as error:
            if number == len(lines) and not line.endswith("}"):
                break
            what = f"line {number} is not a turn of a conversation"
            hint = "Name another file, or take the line out"
            raise InputError(what, where=path.name, hint=hint) from error
    return tuple(turns)


def add_turn(path: Path, answer: Answer) -> None:
    """Write an answer behind the turns of a file.

    Raises:
        InputError: The file cannot be written.
    """
    line = Turn(question=answer.question, answer=answer).model_dump_json() + "\n"
    try:
        with path.open("ab+") as handle:
            handle.write(_gap(handle.tell(), path) + line.encode())
            handle.flush()
            os.fsync(handle.fileno())
    except OSError as error:
        what = f"the conversation cannot be kept: {error.strerror}"
        raise InputError(what, where=path.name) from error


def _gap(size: int, path: Path) -> bytes:
    """End a line that was cut short, so that this turn has a line of its own."""
    if not size:
        return b""
    with path.open("rb") as handle:
        handle.seek(-1, os.SEEK_END)
        return b"" if handle.read(1) == b"\n" else b"\n"
