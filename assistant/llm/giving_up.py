"""Stop asking a server that is gone: a dead one must not cost its deadline once a gene.

When a server fails, it is looked after: one that comes back within a short while is asked again,
and nothing is lost. One that does not, or fails a few times in a row though it can be reached, is
asked no more; each later question fails at once, with the reason.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Protocol

from ingest.errors import BackendError, ServerDownError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.llm.base import Completion, LLMBackend, Message, Schema

MOST_FAILURES: Final = 3  # in a row
#: Seconds that are spent, in all, on waiting for a server to come back, and between two looks.
PATIENCE_SECONDS: Final = 20.0
LOOK_SECONDS: Final = 2.0
_HINT: Final = "Start it and annotate again with --force: answers are kept, the rest is asked"


class LookedAfter(Protocol):
    """A backend of a server that can be looked for."""

    def check_reachable(self) -> None:
        """Raise a UserError where nobody answers."""
        ...


class GivingUpBackend:
    """Ask ``backend`` until its server has failed for good."""

    def __init__(
        self,
        backend: LLMBackend,
        server: LookedAfter,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep all.

        Args:
            backend: Who is asked.
            server: How to find out whether its server is there; mostly the same object.
            sleep: Waits so many seconds.
            clock: Tells the time in seconds.
        """
        self.name, self.model = backend.name, backend.model
        self._backend, self._server = backend, server
        self._sleep, self._clock = sleep, clock
        self._failures = 0
        self._patience = PATIENCE_SECONDS
        self._reason = ""

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
            BackendError: The backend failed, or had failed for good before.
        """
        if self._reason:
            raise BackendError(self._reason, where=self.model, hint=_HINT)
        try:
            try:
                answer = self._backend.generate(messages, schema, max_tokens=max_tokens, seed=seed)
            except ServerDownError:
                if not self._was_away_and_is_back():
                    raise
                answer = self._backend.generate(messages, schema, max_tokens=max_tokens, seed=seed)
        except ServerDownError as error:
            self._count(error)
            raise
        except BackendError:  # it is there, and could not do with this prompt
            self._failures = 0
            raise
        self._failures = 0
        return answer

    def close(self) -> None:
        """Close the backend."""
        self._backend.close()

    def _was_away_and_is_back(self) -> bool:
        """Wait for a server that is away, as long as patience lasts; False where it was there."""
        if self._is_there():
            return False
        started = self._clock()
        is_back = False
        while not is_back and self._clock() - started < self._patience:
            self._sleep(LOOK_SECONDS)
            is_back = self._is_there()
        self._patience -= self._clock() - started
        if not is_back:
            self._failures = MOST_FAILURES
        return is_back

    def _is_there(self) -> bool:
        try:
            self._server.check_reachable()
        except UserError:
            return False
        return True

    def _count(self, error: ServerDownError) -> None:
        self._failures += 1
        if self._failures >= MOST_FAILURES:
            self._reason = f"not asked, as the server had failed for good before: {error.what}"
