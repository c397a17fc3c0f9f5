"""PubMed by NCBI's E-utilities: the ids of a query first, then the records, 200 at a time.

    esearch.fcgi  db=pubmed&term=...&retmode=json  ->  {"esearchresult": {"count", "idlist"}}
    efetch.fcgi   db=pubmed&id=1,2,3&retmode=xml   ->  <PubmedArticleSet>...</PubmedArticleSet>

Since all ids are known before the first record is fetched, a download that was cut goes on where
it stopped. ``Bio.Entrez`` knows the same service, but one address, no time limit and no
resuming, so the requests are made here. See NCBI Bookshelf NBK25499 and NBK25497.
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

PAGE_RECORDS: Final = 200
#: PubMed gives at most so many ids for a query (NBK25499, retstart).
MOST_IDS: Final = 9_999


class PubMed:
    """Records of PubMed as its XML."""

    name = "pubmed"
    suffix = ".xml"
    address: ClassVar[str] = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"

    def __init__(self, address: str, *, email: str = "", api_key: str = "") -> None:
        """Keep the address; ``email`` and ``api_key`` are what NCBI asks its users for."""
        self._address = address.rstrip("/")
        named = {"tool": "metalumen", "email": email, "api_key": api_key}
        self._named = {name: value for name, value in named.items() if value}

    def begin(self, client: Client, query: str, most: int) -> Plan:
        """Ask for the ids, best match first; ``total`` may be more than PubMed gives."""
        most = min(most, MOST_IDS)
        fields = {"db": "pubmed", "term": query, "retmode": "json", "retmax": str(most)}
        fields["sort"] = "relevance"
        answer = client.get(f"{self._address}/esearch.fcgi", fields | self._named, _check)
        result = _found(answer)
        ids = tuple(str(pmid) for pmid in _list(result.get("idlist")))[:most]
        fault = result.get("ERROR") or result.get("errorlist")
        if fault and not ids:
            what = f"PubMed does not understand the query: {json.dumps(fault)}"
            raise UserError(what, where=self.name)
        return Plan(total=int(str(result["count"])), wanted=len(ids), ids=ids)

    def page(self, client: Client, query: str, plan: Plan) -> tuple[bytes, Plan]:
        """Fetch the next 200 records by their ids."""
        del query
        ids = plan.ids[plan.fetched : plan.fetched + PAGE_RECORDS]
        fields = {"db": "pubmed", "id": ",".join(ids), "retmode": "xml"}
        content = client.get(f"{self._address}/efetch.fcgi", fields | self._named, _whole_set)
        return content, replace(plan, fetched=plan.fetched + len(ids))


def _check(content: bytes) -> None:
    result = _found(content)
    if "ERROR" not in result and not str(result.get("count", "")).isdecimal():
        raise BrokenAnswerError("the answer is no search result")


def _found(content: bytes) -> dict[str, object]:
    """Read the answer of a search.

    Raises:
        BrokenAnswerError: It is no search result.
    """
    try:
        result = json.loads(content)["esearchresult"]
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenAnswerError("the answer is no search result") from error
    if not isinstance(result, dict):
        raise BrokenAnswerError("the answer is no search result")
    return result


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _whole_set(content: bytes) -> None:
    """Look for both ends of a set of records: a cut stream has one.

    Raises:
        BrokenAnswerError: An end is missing.
    """
    is_whole = b"<PubmedArticleSet" in content[:4096] and content.rstrip().endswith(
        b"</PubmedArticleSet>"
    )
    if not is_whole:
        raise BrokenAnswerError("the records are cut short")
