"""What a language-model backend is: a prompt and a JSON schema in, text out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# A JSON value; schemas are JSON objects.
Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"
Schema: TypeAlias = "Mapping[str, Json]"


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model answered. ``truncated`` is set when it ran out of tokens."""

    text: str
    model: str
    truncated: bool = False
    usage: Mapping[str, int] = field(default_factory=dict)


class LLMBackend(Protocol):
    """Answer a conversation.

    With a schema the answer is decoded under it (or checked by the caller where the server
    cannot). Temperature is 0; the same input and seed give the same text where the engine
    allows it. Failure of any sort raises ``BackendError``.
    """

    name: str
    model: str

    def generate(
        self,
        messages: Sequence[Message],
        schema: Schema | None = None,
        *,
        max_tokens: int = 512,
        seed: int = 0,
    ) -> Completion:
        """Return the model's answer."""
        ...

    def close(self) -> None:
        """Free the model or the connection."""
        ...
