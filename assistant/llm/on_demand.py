"""A model that is loaded when it is first asked: a run whose answers are all kept loads nothing."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from ingest.errors import BackendError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.llm.base import Completion, LLMBackend, Message, Schema


class OnDemandBackend:
    """Load a backend at the first question and pass all questions on to it."""

    def __init__(self, load: Callable[[], LLMBackend], name: str, model: str) -> None:
        """Keep all; nothing is loaded yet.

        Args:
            load: Makes the backend.
            name: Name that the backend will have.
            model: Name that its model will have.
        """
        self.name, self.model = name, model
        self._load = load
        self._lock = Lock()
        self._loaded: LLMBackend | None = None
        self._fault = ""

    def generate(
        self,
        messages: Sequence[Message],
        schema: Schema | None = None,
        *,
        max_tokens: int = 512,
        seed: int = 0,
    ) -> Completion:
        """Return the model's answer.

        Raises:
            BackendError: The model cannot be loaded any more, is closed, or failed.
        """
        return self._ready().generate(messages, schema, max_tokens=max_tokens, seed=seed)

    def close(self) -> None:
        """Close the backend, if it was loaded; a second call does nothing."""
        with self._lock:
            self._fault = self._fault or "the model is closed"
            if self._loaded is not None:
                self._loaded.close()

    def _ready(self) -> LLMBackend:
        with self._lock:
            if self._loaded is None and not self._fault:
                try:
                    self._loaded = self._load()
                except UserError as error:
                    self._fault = str(error)
            if self._loaded is None:
                raise BackendError(self._fault, where=self.model)
            return self._loaded
