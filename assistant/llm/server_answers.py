"""Answers of OpenAI-compatible servers: whole JSON or a stream of events, read strictly.

A whole answer is ``{"choices": [{"message": {"content": "..."}, "finish_reason": "stop"}]}``.
A stream is lines ``data: {"choices": [{"delta": {"content": "..."}}]}``, the last one
``data: [DONE]``; other lines are comments. A stream without an end was cut off.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_DATA: Final = "data:"
_DONE: Final = "[DONE]"
#: How the text of a stream may begin: with an event or a comment.
_OF_STREAMS: Final = (_DATA, "event:", "id:", "retry:", ":", "error:")
_SHOWN: Final = 200  # characters of a server's message


class NoAnswerError(ValueError):
    """What a server sent is no whole answer."""


class EmptyAnswerError(ValueError):
    """The server works, and the model said nothing: another prompt may do."""


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """The text of an answer and how it ended; ``finish`` is empty where the server is silent."""

    text: str
    model: str = ""
    finish: str = ""
    usage: Mapping[str, int] = field(default_factory=dict)


def is_complete(body: bytes) -> bool:
    """Tell whether a stream has said that it ends, so that no more need be waited for.

    >>> is_complete(b"data: [DONE]  "), is_complete(b"data: {")
    (True, False)
    """
    return body.rstrip().endswith(f"{_DATA} {_DONE}".encode())


def read_answer(body: bytes) -> ServerAnswer:
    """Read what a server sent, whole or as a stream.

    Raises:
        NoAnswerError: It is cut off, no JSON, or an error.
        EmptyAnswerError: It has no text.
    """
    text = body.decode("utf-8", errors="replace").lstrip("\ufeff \r\n\t")
    is_stream = text.startswith(_OF_STREAMS)
    try:
        return _joined(text.splitlines()) if is_stream else _whole(json.loads(text))
    except json.JSONDecodeError as error:
        raise NoAnswerError(f"the answer is no JSON: {_shown(text)}") from error
    except RecursionError as error:
        raise NoAnswerError("the answer is nested too deeply") from error


def _whole(content: Any) -> ServerAnswer:  # noqa: ANN401 - whatever a server sends
    choice = _choice(content)
    if choice is None:
        raise NoAnswerError("the server's answer has no text")
    message = choice.get("message")
    text = message.get("content") if isinstance(message, dict) else None
    finish = _word(choice.get("finish_reason"))
    if not isinstance(text, str):
        text = ""
    return _checked(ServerAnswer(text, _word(content.get("model")), finish, _usage(content)))


def _joined(lines: Iterable[str]) -> ServerAnswer:
    parts: list[str] = []
    model, finish, is_over = "", "", False
    usage: Mapping[str, int] = {}
    for content in _events(lines):
        if content is None:
            is_over = True
            break
        model = model or _word(content.get("model") if isinstance(content, dict) else "")
        usage = _usage(content) or usage
        choice = _choice(content) or {}
        delta = choice.get("delta")
        piece = delta.get("content") if isinstance(delta, dict) else None
        parts += [piece] if isinstance(piece, str) else []
        finish = _word(choice.get("finish_reason")) or finish
    if not is_over and not finish:
        raise NoAnswerError("the answer was cut off before its end")
    return _checked(ServerAnswer("".join(parts), model, finish, usage))


def _events(lines: Iterable[str]) -> Iterator[Any]:
    """Yield the content of each event, None for the last one."""
    for line in lines:
        if line.startswith("error:"):
            raise NoAnswerError(f"the server reports: {_shown(line[6:])}")
        if not line.startswith(_DATA):
            continue
        data = line[len(_DATA) :].strip()
        yield None if data == _DONE else json.loads(data)


def _choice(content: Any) -> dict[str, Any] | None:  # noqa: ANN401 - whatever a server sends
    if not isinstance(content, dict):
        raise NoAnswerError("the server's answer is no object")
    if content.get("error"):
        error = content["error"]
        told = error.get("message") if isinstance(error, dict) else error
        raise NoAnswerError(f"the server reports: {_shown(str(told))}")
    choices = content.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, dict) else None


def _checked(answer: ServerAnswer) -> ServerAnswer:
    """Refuse an empty answer; one that ran out of tokens before its first word is cut short."""
    if not answer.text.strip() and answer.finish != "length":
        raise EmptyAnswerError("the server's answer is empty")
    return answer


def _usage(content: Any) -> dict[str, int]:  # noqa: ANN401 - whatever a server sends
    usage = content.get("usage") if isinstance(content, dict) else None
    names = ("prompt_tokens", "completion_tokens")
    found = {name: usage.get(name) for name in names} if isinstance(usage, dict) else {}
    return {name: value for name, value in found.items() if isinstance(value, int)}


def _word(value: Any) -> str:  # noqa: ANN401 - whatever a server sends
    return value if isinstance(value, str) else ""


def _shown(text: str) -> str:
    return " ".join(text.split())[:_SHOWN]
