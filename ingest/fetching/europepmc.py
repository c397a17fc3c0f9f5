"""Europe PMC's REST service: pages of records as JSON, each with the mark of the next.

    search  query=...&resultType=core&format=json&cursorMark=*&pageSize=100
    ->  {"hitCount": 2, "nextCursorMark": "AoE...", "resultList": {"result": [{"pmid": "1", ...}]}}

See europepmc.org/RestfulWebService. Titles, abstracts and identifiers come; full texts do not.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from ingest.errors import UserError
from ingest.fetching.base import Plan
from ingest.fetching.client import BrokenAnswerError

if TYPE_CHECKING:
    from ingest.fetching.client import Client

PAGE_RECORDS: Final = 100
_START: Final = "*"


class EuropePmc:
    """Records of Europe PMC as its JSON."""

    name = "europepmc"
    suffix = ".json"
    address: ClassVar[str] = "https://www.ebi.ac.uk/europepmc/webservices/rest"

    def __init__(self, address: str, *, email: str = "", api_key: str = "") -> None:
        """Keep the address; Europe PMC takes an e-mail address and no key."""
        del api_key
        self._address = address.rstrip("/")
        self._named = {"email": email} if email else {}

    def begin(self, client: Client, query: str, most: int) -> Plan:
        """Ask how many records there are."""
        total = _answer(self._ask(client, query, _START, 1)).get("hitCount")
        if not isinstance(total, int):
            raise UserError(f"Europe PMC does not understand the query: {query}", where=self.name)
        return Plan(total=total, wanted=min(total, most), cursor=_START)

    def page(self, client: Client, query: str, plan: Plan) -> tuple[bytes, Plan]:
        """Fetch the next records; what goes beyond the number wanted is left off."""
        size = min(PAGE_RECORDS, plan.wanted - plan.fetched)
        content = self._ask(client, query, plan.cursor, size)
        answer = _answer(content)
        records = _records(answer)[:size]
        mark = str(answer.get("nextCursorMark", ""))
        ends = not records or not mark or mark == plan.cursor
        fetched = plan.fetched + len(records)
        wanted = fetched if ends else plan.wanted
        return content, replace(plan, fetched=fetched, wanted=wanted, cursor=mark)

    def _ask(self, client: Client, query: str, cursor: str, size: int) -> bytes:
        fields = {"query": query, "format": "json", "resultType": "core"}
        fields |= {"cursorMark": cursor, "pageSize": str(size)}
        return client.get(f"{self._address}/searchPOST", fields | self._named, _check)


def _check(content: bytes) -> None:
    _answer(content)


def _answer(content: bytes) -> dict[str, object]:
    """Read an answer.

    Raises:
        BrokenAnswerError: It is no JSON object.
    """
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BrokenAnswerError("the answer is cut short") from error
    if not isinstance(answer, dict):
        raise BrokenAnswerError("the answer is no object")
    return answer


def _records(answer: dict[str, object]) -> list[object]:
    listed = answer.get("resultList")
    records = listed.get("result") if isinstance(listed, dict) else None
    return records if isinstance(records, list) else []
