"""Which language models can be reached from here, and how fast the chosen one writes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from assistant.llm import load_backend
from assistant.llm.base import Message
from assistant.llm.openai_compatible import OLLAMA, OpenAICompatibleBackend, models_at
from ingest.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.settings import Settings

#: Servers of language models, at the ports that they use unless told otherwise.
SERVERS: Final[Mapping[str, str]] = {
    "Ollama": OLLAMA,
    "vLLM": "http://127.0.0.1:8000/v1",
    "llama.cpp": "http://127.0.0.1:8080/v1",
    "LM Studio": "http://127.0.0.1:1234/v1",
}
_MOST_NAMED: Final = 5
_TOKENS: Final = 64  # enough to be timed, and about a second for a small model
_QUESTION: Final = "Name gut bacteria and say in plain sentences what each of them is known for."


def describe_server(address: str) -> str:
    """Say which models a server on this machine offers; that there is none is no fault."""
    models = models_at(address)
    if models is None:
        return f"nothing answers at {address}"
    if not models:
        return f"answers at {address}; it lists no models"
    more = f" and {len(models) - _MOST_NAMED} more" if len(models) > _MOST_NAMED else ""
    return f"openai:{address}#MODEL with {', '.join(models[:_MOST_NAMED])}{more}"


def measure_speed(settings: Settings) -> str:
    """Ask the model of the settings for a short text; say how fast it came.

    Raises:
        UserError: There is no such model or server.
        BackendError: It does not answer.
    """
    began = time.monotonic()
    backend = load_backend(settings.llm, online=settings.online, threads=settings.threads)
    if backend is None:
        raise UserError("no language model is set", where="--llm")
    try:
        if isinstance(backend, OpenAICompatibleBackend):
            backend.wait_at_most(settings.llm_timeout)
            backend.check_reachable()
        loaded = time.monotonic()
        answer = backend.generate([Message("user", _QUESTION)], max_tokens=_TOKENS)
        return _told(answer.model, answer.usage, loaded - began, time.monotonic() - loaded)
    finally:
        backend.close()


def _told(model: str, usage: Mapping[str, int], loading: float, writing: float) -> str:
    written = usage.get("completion_tokens", 0)
    if not written:
        return f"{model} answers in {writing:.1f} s; it does not count its tokens"
    rate = written / max(writing, 1e-3)
    return f"{model}: {rate:.0f} tokens/s ({written} tokens), ready after {loading:.1f} s"
