"""Faults of servers: which pass, how long to wait, and which mean that nobody should ask again."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from assistant.llm.server_answers import EmptyAnswerError, NoAnswerError
from ingest.errors import BackendError, ServerDownError

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST_PAUSE: Final = 0.5  # seconds; doubled at each attempt
LONGEST_PAUSE: Final = 8.0
_PASSING: Final = frozenset({408, 409, 425, 429})  # and all of 5xx but "not implemented"
_NOT_IMPLEMENTED: Final = 501
_SERVER_ERRORS: Final = 500
#: A prompt that is too long or a schema that cannot be used: another prompt may do.
_OF_THE_PROMPT: Final = frozenset({400, 413, 422})
_SHOWN: Final = 200  # characters of a server's message
_HINT: Final = "See that the server runs and knows the model"
_SLOW: Final = "See that the server runs; METALUMEN_LLM_TIMEOUT sets how long it may be silent"


class TooSlowError(Exception):
    """A server has not finished within the time that an answer may take."""


def is_passing(error: Exception) -> bool:
    """Tell whether the same question may be answered a moment later; silence is no such fault."""
    from openai import APIConnectionError, APIStatusError, APITimeoutError

    if isinstance(error, APIStatusError):
        code = error.status_code
        return code in _PASSING or (code >= _SERVER_ERRORS and code != _NOT_IMPLEMENTED)
    if isinstance(error, APITimeoutError | TooSlowError) or _is_timeout(error):
        return False
    return isinstance(error, APIConnectionError | NoAnswerError) or _is_of_transport(error)


def pause_before(attempt: int, error: Exception) -> float:
    """Return the seconds to wait: what the server asks for, else longer each time.

    Args:
        attempt: Number of the attempt that failed, from 0.
        error: What it failed with.
    """
    response = getattr(error, "response", None)
    asked = _retry_after(response.headers) if response is not None else None
    return min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE) if asked is None else asked


def as_backend_error(error: Exception, address: str) -> BackendError:
    """Say what went wrong, and whether other prompts would fare as badly."""
    from openai import APIStatusError

    told = " ".join(str(error).split())[:_SHOWN]
    if isinstance(error, EmptyAnswerError):
        return BackendError(told, where=address)
    if isinstance(error, NoAnswerError | TooSlowError):
        what = told
    else:
        what = f"the server failed: {type(error).__name__}: {told}"
    if isinstance(error, APIStatusError) and error.status_code in _OF_THE_PROMPT:
        return BackendError(what, where=address, hint=_HINT)
    is_slow = isinstance(error, TooSlowError) or _is_timeout(error)
    return ServerDownError(what, where=address, hint=_SLOW if is_slow else _HINT)


def _is_timeout(error: BaseException) -> bool:
    return "Timeout" in type(error).__name__


def _is_of_transport(error: Exception) -> bool:
    """Tell an error of the HTTP library, whose package differs between versions of the SDK."""
    return type(error).__module__.split(".")[0].startswith("http")


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Read how long a server asks to wait (RFC 9110, section 10.2.3): seconds or a date."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.fromtimestamp(time.time(), UTC)).total_seconds())
