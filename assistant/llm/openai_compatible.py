"""The backend ``openai:BASE_URL#MODEL``: any server that speaks OpenAI's chat completions.

vLLM, llama.cpp, LM Studio, Ollama (``http://127.0.0.1:11434/v1``) and others do. Evidence may
hold unpublished data, so the address must be on this machine or in a private network; any
other needs ``--online``. Host names other than ``localhost`` count as other: what a name
stands for can change. Proxies of the environment are not used, redirects are not followed.
The key is read from ``OPENAI_API_KEY`` and never written anywhere.

Answers are streamed where the server can, so that silence is told from slowness: a server may be
silent for a while, and take some such whiles for a whole answer. Faults that pass (429, 5xx, a
lost connection, a cut answer) are tried again within that time; silence is not.
"""

from __future__ import annotations

import ipaddress
import os
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from assistant.llm.base import Completion
from assistant.llm.server_answers import is_complete, read_answer
from assistant.llm.server_faults import (
    TooSlowError,
    as_backend_error,
    is_passing,
    pause_before,
)
from ingest.errors import BackendError, UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openai import APIStatusError, DefaultHttpxClient, OpenAI, Timeout
    from openai.types.chat import ChatCompletionMessageParam
    from openai.types.chat.completion_create_params import (
        CompletionCreateParamsNonStreaming,
        ResponseFormat,
    )

    from assistant.llm.base import Message, Schema
    from assistant.llm.server_answers import ServerAnswer

#: How long a server may be silent: 1,200 tokens of prompt at 10 a second, or a model to load.
TIMEOUT_SECONDS: Final = 120.0
#: A whole answer, with all attempts, may take so many times that: 512 tokens at 2 a second.
WHOLE_ANSWER: Final = 3
CONNECT_SECONDS: Final = 10.0
RETRIES: Final = 2  # on 429, 5xx, lost connections and cut answers
#: Bytes after which an answer is no longer read: events of 512 tokens are about 0.2 MB.
LONGEST_ANSWER: Final = 8_000_000
_STREAMED: Final = {"stream": True, "stream_options": {"include_usage": True}}
#: Where Ollama serves OpenAI's protocol (its documentation, "OpenAI compatibility").
OLLAMA: Final = "http://127.0.0.1:11434/v1"
#: Forms of ``response_format``, strictest first; the last is none at all.
_FORMS: Final = ("json_schema", "json_object", "")
_REFUSALS: Final = frozenset({400, 404, 422, 500, 501})  # servers differ in how they refuse
_OF_FORMATS: Final = ("response_format", "json_schema", "json_object", "grammar", "schema")
_OF_STREAMS: Final = ("stream",)
_TAIL: Final = 64  # bytes in which the end of a stream is looked for
_NO_KEY: Final = "none"  # local servers want some word there


class OpenAICompatibleBackend:
    """Ask a server over HTTP; safe to share between threads."""

    name = "openai"

    def __init__(
        self, base_url: str, model: str, *, timeout: float = TIMEOUT_SECONDS, retries: int = RETRIES
    ) -> None:
        """Prepare a client; nothing is sent yet.

        Args:
            base_url: Where the server's API begins, mostly ending in ``/v1``.
            model: The name that the server knows the model by.
            timeout: Seconds that the server may be silent.
            retries: Further attempts after a fault that passes.
        """
        self.model = model
        self._address = base_url
        self._form = 0
        self._streams = True
        self._timeout, self._retries = timeout, retries
        self._client: OpenAI | None = _client(base_url, timeout)

    def wait_at_most(self, seconds: float) -> None:
        """Set how long the server may be silent."""
        self._timeout = seconds
        if self._client is not None:
            self._client = self._client.with_options(timeout=_limits(seconds))

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
            ServerDownError: The server cannot be reached, is slow, or sends no answers.
            BackendError: It refuses this prompt, or the answer is empty.
        """
        request: CompletionCreateParamsNonStreaming = {
            "model": self.model,
            "messages": [_turn(message) for message in messages],
            "temperature": 0.0,
            "seed": seed,
            "max_tokens": max_tokens,
        }
        deadline = time.monotonic() + WHOLE_ANSWER * self._timeout
        for attempt in range(self._retries + 1):
            if self._client is None:
                raise BackendError("the backend is closed", where=self._address)
            try:
                return self._completion(self._answer(self._client, request, schema, deadline))
            # Whatever the SDK, the HTTP library or a broken answer raises is the server's fault.
            except Exception as error:
                pause = pause_before(attempt, error)
                is_last = attempt == self._retries or time.monotonic() + pause > deadline
                if is_last or not is_passing(error):
                    raise as_backend_error(error, self._address) from error
                time.sleep(pause)
        raise BackendError("no attempt was made", where=self._address)

    def _answer(
        self,
        client: OpenAI,
        request: CompletionCreateParamsNonStreaming,
        schema: Schema | None,
        deadline: float,
    ) -> ServerAnswer:
        """Ask, with the schema in the strictest form that the server takes.

        A server that refuses a form, or to stream, is asked without from then on. Without any
        form, the prompt alone asks for JSON, and the caller checks what comes.
        """
        from openai import APIStatusError

        while True:
            form = _FORMS[self._form] if schema else ""
            if schema and form:
                request["response_format"] = _response_format(form, schema)
            else:
                request.pop("response_format", None)
            try:
                return self._read(client, request, deadline)
            except APIStatusError as error:
                if self._streams and _refuses(error, _OF_STREAMS):
                    self._streams = False
                elif form and _refuses(error, _OF_FORMATS):
                    self._form += 1
                else:
                    raise

    def _read(
        self, client: OpenAI, request: CompletionCreateParamsNonStreaming, deadline: float
    ) -> ServerAnswer:
        """Send a request and read its answer as it comes.

        Raises:
            TooSlowError: It was not over in time.
        """
        streamed = _STREAMED if self._streams else None
        asked = client.chat.completions.with_streaming_response
        # Not all servers stream when asked to, so what comes is read here and not by the SDK.
        with asked.create(**request, extra_body=streamed) as response:
            return read_answer(self._body(response.iter_bytes(), deadline))

    def _body(self, pieces: Iterable[bytes], deadline: float) -> bytes:
        body = bytearray()
        for piece in pieces:
            body += piece
            if is_complete(bytes(body[-_TAIL:])) or len(body) > LONGEST_ANSWER:
                break
            if time.monotonic() > deadline:
                seconds = WHOLE_ANSWER * self._timeout
                raise TooSlowError(f"the answer was not over after {seconds:.0f} seconds")
        return bytes(body)

    def check_reachable(self) -> None:
        """Find out that no server is there before many genes wait for it, one after another.

        Raises:
            UserError: Nothing answers at the address. A server that answers anything at all
                passes: not all of them list their models.
        """
        from openai import APIConnectionError, OpenAIError

        if self._client is None:
            return
        try:
            self._client.with_options(max_retries=0, timeout=CONNECT_SECONDS).models.list()
        except APIConnectionError as error:
            what = "no language-model server answers there"
            hint = "Start it, check the address, or use --llm none"
            raise UserError(what, where=self._address, hint=hint) from error
        except (OpenAIError, ValueError, TypeError, AttributeError):
            return

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _completion(self, answer: ServerAnswer) -> Completion:
        model, is_cut = answer.model or self.model, answer.finish == "length"
        return Completion(answer.text, model, truncated=is_cut, usage=answer.usage)


def openai_compatible(argument: str, *, online: bool, threads: int) -> OpenAICompatibleBackend:  # noqa: ARG001 - the factory's form
    """Build a backend from ``BASE_URL#MODEL``.

    Raises:
        UserError: A part is missing, or the address is not local and ``online`` is not set.
    """
    base_url, _, model = argument.partition("#")
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not model:
        hint = "Use openai:http://127.0.0.1:8080/v1#MODEL"
        raise UserError("the address or the model is missing", where="--llm", hint=hint)
    if parts.username or parts.password:
        hint = "Set OPENAI_API_KEY instead"
        raise UserError("the address holds a password", where="--llm", hint=hint)
    if not online and not is_local(parts.hostname):
        what = f"{parts.hostname} is not on this machine or in a private network"
        hint = "Evidence would leave it; add --online if that is allowed"
        raise UserError(what, where="--llm", hint=hint)
    return OpenAICompatibleBackend(base_url, model)


def ollama(argument: str, *, online: bool, threads: int) -> OpenAICompatibleBackend:
    """Build a backend for a model of the Ollama server on this machine.

    Raises:
        UserError: No model is named.
    """
    if not argument:
        raise UserError("ollama needs a model", where="--llm", hint="Use ollama:MODEL")
    return openai_compatible(f"{OLLAMA}#{argument}", online=online, threads=threads)


def models_at(base_url: str, seconds: float = 1.0) -> tuple[str, ...] | None:
    """List the models of a server; None where nothing answers within ``seconds``.

    A server that answers, but not with a list of models, has none to name.
    """
    from openai import APIConnectionError, OpenAIError

    client = _client(base_url, seconds)
    try:
        return tuple(sorted(str(model.id) for model in client.models.list()))
    except APIConnectionError:
        return None
    except (OpenAIError, ValueError, TypeError, AttributeError):
        return ()
    finally:
        client.close()


def is_local(host: str) -> bool:
    """Tell whether a host is this machine or a private address, without asking any name server.

    >>> [is_local(host) for host in ("localhost", "127.0.0.1", "::1", "10.1.2.3")]
    [True, True, True, True]
    >>> [is_local(host) for host in ("8.8.8.8", "gpu.example.org", "169.254.169.254", "127.1")]
    [False, False, False, False]
    """
    if host.lower() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    # 169.254.x.x serves secrets to machines in clouds; 0.0.0.0 and test ranges are no servers.
    is_special = address.is_link_local or address.is_unspecified or address.is_multicast
    return address.is_loopback or (_is_private_network(address) and not is_special)


_PRIVATE_NETWORKS: Final = tuple(
    # RFC 1918 and RFC 4193
    ipaddress.ip_network(network)
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)


def _is_private_network(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(address in network for network in _PRIVATE_NETWORKS)


def _client(base_url: str, timeout: float) -> OpenAI:
    from openai import OpenAI

    http_client, key = local_client(timeout)
    return OpenAI(
        base_url=base_url,
        api_key=key,
        timeout=_limits(timeout),
        max_retries=0,  # attempts are counted here, within one limit of time
        http_client=http_client,
    )


def _limits(timeout: float) -> Timeout:
    from openai import Timeout

    return Timeout(timeout, connect=min(CONNECT_SECONDS, timeout))


def local_client(timeout: float) -> tuple[DefaultHttpxClient, str]:
    """Make an HTTP client that uses no proxy and follows no redirect, and name the key to send."""
    from openai import DefaultHttpxClient

    client = DefaultHttpxClient(trust_env=False, follow_redirects=False, timeout=_limits(timeout))
    return client, os.environ.get("OPENAI_API_KEY") or _NO_KEY


def _turn(message: Message) -> ChatCompletionMessageParam:
    if message.role == "system":
        return {"role": "system", "content": message.content}
    if message.role == "assistant":
        return {"role": "assistant", "content": message.content}
    return {"role": "user", "content": message.content}


def _refuses(error: APIStatusError, names: Sequence[str]) -> bool:
    """Tell whether a server does not know one of these fields, or cannot use it."""
    # The SDK's message has the text of "error" only; others (FastAPI) tell it under "detail".
    text = f"{error} {error.body}".casefold()
    return error.status_code in _REFUSALS and any(name in text for name in names)


def _response_format(form: str, schema: Schema) -> ResponseFormat:
    if form == "json_object":
        return {"type": "json_object"}
    body = {"name": "answer", "strict": True, "schema": dict(schema)}
    return {"type": "json_schema", "json_schema": body}  # type: ignore[typeddict-item]  # the SDK wants literal keys
