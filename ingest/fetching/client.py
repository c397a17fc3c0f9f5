"""One careful HTTP client: few hosts, a slow pace, retries, no redirect to elsewhere.

Requests go to the hosts of the allow-list by HTTPS, or to this machine; proxies of the
environment are used, as a laboratory may need one. An answer is read whole and must be as long
as the server said.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TYPE_CHECKING, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from ingest.errors import FetchError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from http.client import HTTPMessage
    from typing import IO

#: Hosts that literature is fetched from.
HOSTS: Final = frozenset({"eutils.ncbi.nlm.nih.gov", "www.ebi.ac.uk"})
_THIS_MACHINE: Final = frozenset({"127.0.0.1", "::1", "localhost"})
#: NCBI allows three requests a second without a key (NBK25497); the same is kind to others.
PACE_SECONDS: Final = 0.37
TIMEOUT_SECONDS: Final = 60.0
TRIES: Final = 5
FIRST_PAUSE_SECONDS: Final = 2.0
LONGEST_PAUSE_SECONDS: Final = 120.0
#: 200 records of PubMed are about 4 MiB.
LARGEST_ANSWER_BYTES: Final = 256 * 1024 * 1024
_TOO_MANY: Final = 429


class BrokenAnswerError(Exception):
    """An answer that is cut short or not what was asked for; worth another try."""


@dataclass(slots=True)
class Client:
    """Send requests at a pace; ``clock`` and ``sleep`` are given in tests."""

    pace: float = PACE_SECONDS
    tries: int = TRIES
    timeout: float = TIMEOUT_SECONDS
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _last: float = field(default=float("-inf"), init=False)

    def get(self, address: str, fields: Mapping[str, str], check: Callable[[bytes], None]) -> bytes:
        """Return the answer of a form sent to ``address``, once ``check`` finds it whole.

        Raises:
            UserError: The address is not allowed, or the service refuses the request.
            FetchError: The service cannot be reached, or gives no whole answer.
        """
        require_allowed(address)
        problem = ""
        for attempt in range(self.tries):
            if attempt:
                self.sleep(min(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1), LONGEST_PAUSE_SECONDS))
            self._keep_pace()
            try:
                content = self._send(address, fields)
                check(content)
            except HTTPError as error:
                problem = _refusal(error, address)
                self._wait_as_told(error)
            except (URLError, TimeoutError, HTTPException, OSError, BrokenAnswerError) as error:
                problem = str(getattr(error, "reason", error)) or type(error).__name__
            else:
                return content
        hint = "What was fetched is kept: run the same command again to go on"
        what = f"no whole answer after {self.tries} tries ({problem})"
        raise FetchError(what, where=urlsplit(address).netloc, hint=hint)

    def _keep_pace(self) -> None:
        wait = self._last + self.pace - self.clock()
        if wait > 0:
            self.sleep(wait)
        self._last = self.clock()

    def _send(self, address: str, fields: Mapping[str, str]) -> bytes:
        request = Request(address, data=urlencode(fields).encode(), method="POST")  # noqa: S310 - require_allowed looked at it
        request.add_header("User-Agent", "metalumen (literature for annotation)")
        with build_opener(_StayHere()).open(request, timeout=self.timeout) as answer:
            content: bytes = answer.read(LARGEST_ANSWER_BYTES + 1)
        if len(content) > LARGEST_ANSWER_BYTES:
            raise BrokenAnswerError("the answer is larger than any page of records")
        return content

    def _wait_as_told(self, error: HTTPError) -> None:
        """Wait as the server asks, in seconds, in place of a part of the next pause."""
        told = error.headers.get("Retry-After", "") if error.headers else ""
        if told.isdecimal():
            self.sleep(min(float(told), LONGEST_PAUSE_SECONDS))


def require_allowed(address: str) -> None:
    """Refuse an address that is neither of the allow-list, by HTTPS, nor of this machine.

    Raises:
        UserError: It is another host, or not encrypted.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    if host in _THIS_MACHINE and parts.scheme in {"http", "https"}:
        return
    if host in HOSTS and parts.scheme == "https":
        return
    hint = f"Literature is fetched by https from {', '.join(sorted(HOSTS))} only"
    raise UserError("this address is not allowed", where=f"{parts.scheme}://{host}", hint=hint)


def _refusal(error: HTTPError, address: str) -> str:
    """Say what a status means; raise where another try cannot help.

    Raises:
        UserError: The service refuses the request as it is.
    """
    with error:
        status = error.code
    if status == _TOO_MANY or status >= 500:
        return f"HTTP {status}"
    hint = "Check the query; see the service's help for its syntax"
    what = f"the service refuses the request (HTTP {status})"
    raise UserError(what, where=urlsplit(address).netloc, hint=hint)


class _StayHere(HTTPRedirectHandler):
    """Follow no redirect: an answer from elsewhere was not asked for."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        del req, fp, code, msg, headers, newurl
