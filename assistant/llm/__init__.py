"""Language-model backends, one file each, behind one protocol.

Spec strings: ``none`` | ``bundled`` | ``gguf:PATH`` | ``openai:BASE_URL#MODEL`` |
``ollama:MODEL`` | ``hf:PATH_OR_NAME`` | ``scripted:FILE.jsonl``.
The part after the first colon is handed to the factory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ingest.errors import UserError
from ingest.registry import Registry

if TYPE_CHECKING:
    from assistant.llm.base import LLMBackend


class BackendFactory(Protocol):
    """Build a backend from the part of its spec after the colon."""

    def __call__(self, argument: str, *, online: bool, threads: int) -> LLMBackend:
        """Return a ready backend, or raise a UserError that says what is missing."""
        ...


BACKENDS: Registry[BackendFactory] = Registry(
    "language-model backend",
    "metalumen.llm",
    {
        "bundled": "assistant.llm.bundled:bundled",
        "gguf": "assistant.llm.bundled:gguf",
        "openai": "assistant.llm.openai_compatible:openai_compatible",
        "ollama": "assistant.llm.openai_compatible:ollama",
        "hf": "assistant.llm.transformers_local:hf",
        "scripted": "assistant.llm.scripted:scripted",
    },
)

NO_LLM = "none"
BUNDLED = "bundled"
SCRIPTED = "scripted:"


def load_backend(spec: str, *, online: bool = False, threads: int = 1) -> LLMBackend | None:
    """Load the backend that ``spec`` names; ``none`` gives None.

    Raises:
        UserError: The name is unknown, weights are missing, or the address needs ``--online``.
    """
    if spec == NO_LLM:
        return None
    name, _, argument = spec.partition(":")
    if name not in BACKENDS.names():
        known = ", ".join((NO_LLM, *BACKENDS.names()))
        raise UserError(
            f"no language model is called {name!r}", where="--llm", hint=f"Known: {known}"
        )
    return BACKENDS.get(name)(argument, online=online, threads=threads)
