"""Fetch literature and add it: the download lies in the knowledge base's cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.services import open_or_create_base
from ingest.fetching import SERVICES
from ingest.fetching.client import Client, require_allowed
from ingest.fetching.downloads import download

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant.settings import Settings
    from ingest.fetching.base import Plan
    from retrieval.knowledge_base import AddReport


def fetch_into(
    kb: Path,
    service: str,
    query: str,
    *,
    settings: Settings,
    most: int,
    anew: bool,
    progress: Callable[[str, int, int], None],
) -> tuple[Plan, list[AddReport]]:
    """Fetch the records of a query and add them to the knowledge base, which is made if absent.

    Raises:
        UserError: The service is unknown, or refuses the query.
        FetchError: The service cannot be reached; the next call goes on.
    """
    factory = SERVICES.get(service)
    address = settings.service_address or factory.address
    require_allowed(address)
    asked = factory(address, email=settings.email, api_key=settings.ncbi_api_key)
    reports: list[AddReport] = []
    with open_or_create_base(kb, settings) as base:
        pages, plan = download(
            asked, query, most=most, cache=kb / "cache" / "literature", client=Client(),
            anew=anew, progress=progress,
        )  # fmt: skip
        base.add(pages, progress=progress, told=reports.append)
    return plan, reports
