"""What a literature service is: it answers a query in pages, each a file that a reader knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ingest.fetching.client import Client


@dataclass(frozen=True, slots=True)
class Plan:
    """How far a download is, so that it can go on: written beside its pages.

    ``total`` is what the service has, ``wanted`` what is fetched of it. ``ids`` are all record
    ids where the service gives them first; ``cursor`` is where the next page starts.
    """

    total: int
    wanted: int
    fetched: int = 0
    cursor: str = ""
    ids: tuple[str, ...] = field(default=())

    @property
    def is_done(self) -> bool:
        """Tell whether all that was wanted is there."""
        return self.fetched >= self.wanted


class LiteratureService(Protocol):
    """One service; it makes requests through the client and keeps no state of its own."""

    name: str
    #: Suffix of a page's file.
    suffix: str

    def begin(self, client: Client, query: str, most: int) -> Plan:
        """Ask how much there is for a query; ``most`` records are wanted at most."""
        ...

    def page(self, client: Client, query: str, plan: Plan) -> tuple[bytes, Plan]:
        """Fetch the next page; return its content and the plan after it.

        Raises:
            BrokenAnswerError: The answer is cut short or is none of the service's.
        """
        ...


class ServiceFactory(Protocol):
    """Make a service, for its own address or for one on this machine (a test, a mirror)."""

    #: The service's own address.
    address: str

    def __call__(self, address: str, *, email: str = "", api_key: str = "") -> LiteratureService:
        """Make the service."""
        ...
