"""Downloads: the pages of a query as files in a cache, with a plan to go on from.

A folder per service, query and number wanted holds ``plan.json`` and ``page-0000000.xml``
and so on, named by the records before it.
A page is written under another name and moved, then the plan; a download that is cut leaves
whole pages. A finished download is not asked for again unless ``anew`` is set.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from ingest.errors import UserError
from ingest.fetching.base import Plan
from ingest.records import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ingest.fetching.base import LiteratureService
    from ingest.fetching.client import Client

_PLAN: Final = "plan.json"


def download(
    service: LiteratureService,
    query: str,
    *,
    most: int,
    cache: Path,
    client: Client,
    anew: bool = False,
    progress: Callable[[str, int, int], None] = lambda _stage, _done, _total: None,
) -> tuple[list[Path], Plan]:
    """Fetch the records of a query; return the files, in order, and how much there is.

    Args:
        service: Where to ask.
        query: In the service's own syntax.
        most: Records wanted at most.
        cache: Folder of all downloads.
        client: Sends the requests.
        anew: Ask again for what is there.
        progress: Told (stage, done, total).

    Raises:
        UserError: The query is empty, or the service refuses it.
        FetchError: The service cannot be reached; whole pages are kept.
    """
    if not query.strip():
        raise UserError("the query is empty", where=service.name)
    folder = cache / f"{service.name}-{digest_of(service.name, query, str(most))}"
    if anew and folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    plan = _kept(folder) or service.begin(client, query, most)
    _keep(folder, plan)
    while not plan.is_done:
        progress(service.name, plan.fetched, plan.wanted)
        place = folder / f"page-{plan.fetched:07d}{service.suffix}"  # written again if cut here
        content, plan = service.page(client, query, plan)
        _write(place, content)
        _keep(folder, plan)
    progress(service.name, plan.fetched, plan.wanted)
    return _pages(folder, service.suffix), plan


def _pages(folder: Path, suffix: str) -> list[Path]:
    return sorted(folder.glob(f"page-*{suffix}"))


def _kept(folder: Path) -> Plan | None:
    """Read the plan of an earlier download; None where there is none, or a broken one."""
    try:
        values = json.loads((folder / _PLAN).read_text(encoding="utf-8"))
        return Plan(**{**values, "ids": tuple(values["ids"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _keep(folder: Path, plan: Plan) -> None:
    _write(folder / _PLAN, json.dumps(asdict(plan)).encode())


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
