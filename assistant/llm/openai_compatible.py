"""The backend ``openai:BASE_URL#MODEL``: any server that speaks OpenAI's chat completions.

vLLM, llama.cpp, LM Studio, Ollama (``http://127.0.0.1:11434/v1``) and others do. Evidence may
hold unpublished data, so the address must be on this machine or in a private network; any
other needs ``--online``. Host names other than ``localhost`` count as other: what a name
stands for can change. Proxies of the environment are not used, redirects are not followed.
The key is read from ``OPENAI_API_KEY`` and never written anywhere.
"""

from __future__ import annotations

import ipaddress
import os
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from assistant.llm.base import Completion
from ingest.errors import BackendError, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openai import APIStatusError, DefaultHttpxClient, OpenAI
    from openai.types.chat import ChatCompletion, ChatCompletionMessageParam
    from openai.types.chat.completion_create_params import ResponseFormat

    from assistant.llm.base import Message, Schema

TIMEOUT_SECONDS: Final = 300.0  # a 70B model on a busy server; a hung server is left after this
CONNECT_SECONDS: Final = 10.0
RETRIES: Final = 2  # on 429, 5xx and lost connections, with the SDK's growing pauses
#: Where Ollama serves OpenAI's protocol (its documentation, "OpenAI compatibility").
OLLAMA: Final = "http://127.0.0.1:11434/v1"
#: Forms of ``response_format``, strictest first; the last is none at all.
_FORMS: Final = ("json_schema", "json_object", "")
_REFUSALS: Final = frozenset({400, 404, 422, 500, 501})  # servers differ in how they refuse
_OF_FORMATS: Final = ("response_format", "json_schema", "json_object", "grammar", "schema")
_NO_KEY: Final = "none"  # local servers want some word there


class OpenAICompatibleBackend:
    """Ask a server over HTTP; safe to share between threads."""

    name = "openai"

    def __init__(
        self, base_url: str, model: str, *, timeout: float = TIMEOUT_SECONDS, retries: int = RETRIES
    ) -> None:
        """Prepare a client; nothing is sent yet."""
        self.model = model
        self._address = base_url
        self._form = 0
        self._client: OpenAI | None = _client(base_url, timeout, retries)

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
            BackendError: The server cannot be reached, is slow, refuses, or its answer is none.
        """
        from openai import OpenAIError

        if self._client is None:
            raise BackendError("the backend is closed", where=self._address)
        try:
            answer = self._answer(self._client, messages, schema, max_tokens, seed)
        # What a broken server sends surfaces as errors of the SDK's parser as well.
        except (OpenAIError, ValueError, TypeError, AttributeError) as error:
            what = f"the server failed: {type(error).__name__}: {_one_line(error)}"
            hint = "See that the server runs and knows the model"
            raise BackendError(what, where=self._address, hint=hint) from error
        return self._completion(answer)

    def _answer(
        self,
        client: OpenAI,
        messages: Sequence[Message],
        schema: Schema | None,
        max_tokens: int,
        seed: int,
    ) -> ChatCompletion:
        """Ask, with the schema in the strictest form that the server takes.

        A server that refuses a form is asked with the next one, from then on always. Without
        any, the prompt alone asks for JSON, and the caller checks what comes.
        """
        from openai import APIStatusError, omit

        while True:
            form = _FORMS[self._form] if schema else ""
            try:
                return client.chat.completions.create(
                    model=self.model,
                    messages=[_turn(message) for message in messages],
                    temperature=0.0,
                    seed=seed,
                    max_tokens=max_tokens,
                    response_format=_response_format(form, schema) if schema and form else omit,
                )
            except APIStatusError as error:
                if not form or not _refuses_form(error):
                    raise
                self._form += 1

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

    def _completion(self, answer: ChatCompletion) -> Completion:
        """Take the text out of the answer; the SDK does not check what servers send."""
        try:
            choice = answer.choices[0]
            text, finish = choice.message.content, choice.finish_reason
            model = answer.model if isinstance(answer.model, str) else self.model
        except (AttributeError, IndexError, TypeError) as error:
            raise BackendError("the server's answer has no text", where=self._address) from error
        if not isinstance(text, str) or not text.strip():
            raise BackendError("the server's answer is empty", where=self._address)
        return Completion(text, model, truncated=finish == "length", usage=_usage(answer))


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


def _client(base_url: str, timeout: float, retries: int) -> OpenAI:
    from openai import OpenAI, Timeout

    http_client, key = local_client(timeout)
    return OpenAI(
        base_url=base_url,
        api_key=key,
        timeout=Timeout(timeout, connect=min(CONNECT_SECONDS, timeout)),
        max_retries=retries,
        http_client=http_client,
    )


def local_client(timeout: float) -> tuple[DefaultHttpxClient, str]:
    """Make an HTTP client that uses no proxy and follows no redirect, and name the key to send."""
    from openai import DefaultHttpxClient, Timeout

    limits = Timeout(timeout, connect=min(CONNECT_SECONDS, timeout))
    client = DefaultHttpxClient(trust_env=False, follow_redirects=False, timeout=limits)
    return client, os.environ.get("OPENAI_API_KEY") or _NO_KEY


def _turn(message: Message) -> ChatCompletionMessageParam:
    if message.role == "system":
        return {"role": "system", "content": message.content}
    if message.role == "assistant":
        return {"role": "assistant", "content": message.content}
    return {"role": "user", "content": message.content}


def _refuses_form(error: APIStatusError) -> bool:
    """Tell whether a server does not know this response format, or cannot use the schema."""
    text = str(error).casefold()
    return error.status_code in _REFUSALS and any(word in text for word in _OF_FORMATS)


def _response_format(form: str, schema: Schema) -> ResponseFormat:
    if form == "json_object":
        return {"type": "json_object"}
    body = {"name": "answer", "strict": True, "schema": dict(schema)}
    return {"type": "json_schema", "json_schema": body}  # type: ignore[typeddict-item]  # the SDK wants literal keys


def _usage(answer: ChatCompletion) -> dict[str, int]:
    usage = answer.usage
    if usage is None:
        return {}
    return {"prompt_tokens": usage.prompt_tokens, "completion_tokens": usage.completion_tokens}


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
