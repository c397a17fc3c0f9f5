"""Papers that a text names by PMID, PMCID or DOI, and what the knowledge base holds of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.paper_identity import key_of_reference
from ingest.paper_ids import normal_doi, normal_pmcid, normal_pmid
from ingest.store_rows import publication_of_row

if TYPE_CHECKING:
    import sqlite3

    from ingest.records import Publication

_BY_KEY: Final = (
    "SELECT * FROM publication_facts WHERE id IN"
    " (SELECT publication_id FROM publication_keys WHERE key = ?) ORDER BY id"
)
_PUBMED: Final = r"https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/"
_NAMED: Final = re.compile(
    rf"(?<![\w.])(?:(?:PMID|PubMed)\s*(?:ID)?[\s:#]*|{_PUBMED})(?P<pmid>[1-9]\d{{0,7}})\b/?"
    r"|(?<![\w.])(?:PMCID[\s:]*)?(?P<pmcid>PMC\d{3,9})\b"
    r"|(?:https?://[^\s/]*doi[^\s/]*/|\bdoi\s*:?\s*)?(?P<doi>\b10\.\d{4,9}/[^\s\"<>]+)",
    re.IGNORECASE,
)
#: A question that is a number of seven or eight digits and nothing else is a PMID.
_BARE_PMID: Final = re.compile(r"\d{7,8}")


def paper_references(text: str) -> tuple[str, ...]:
    """List the papers that a text names: ``PMID:1``, ``PMCID:PMC1``, ``DOI:10.1/x``.

    >>> paper_references("What does PMID 34020283 say, and https://doi.org/10.1016/j.x.1?")
    ('PMID:34020283', 'DOI:10.1016/j.x.1')
    >>> paper_references("34020283"), paper_references("3.2.1.23 in 34020283 cells")
    (('PMID:34020283',), ())
    """
    if _BARE_PMID.fullmatch(text.strip()):
        return (f"PMID:{normal_pmid(text)}",)
    return tuple(dict.fromkeys(_reference(found) for found in _NAMED.finditer(text)))


def without_references(text: str) -> str:
    """Take the names of papers out of a text: what is left is what is asked of them."""
    is_bare = bool(_BARE_PMID.fullmatch(text.strip()))
    return "" if is_bare else " ".join(_NAMED.sub(" ", text).split())


def paper_held(reference: str, connection: sqlite3.Connection) -> Publication | None:
    """Return the paper of a reference; None where the knowledge base has none."""
    row = connection.execute(_BY_KEY, (key_of_reference(reference),)).fetchone()
    return publication_of_row(row) if row else None


def short_citation(paper: Publication) -> str:
    """Write first author, year and journal: ``Jiang P et al. 2021, Gut``; what is not known is out.

    >>> from ingest.records import Publication
    >>> short_citation(Publication("1", "T", authors=("Jiang P", "Li X"), year="2021"))
    'Jiang P et al. 2021'
    """
    authors = paper.authors[:1]
    if len(paper.authors) > 1:
        authors = (f"{paper.authors[0].rstrip('.')} et al.",)
    written = " ".join(part for part in (*authors, paper.year) if part)
    return ", ".join(part for part in (written, paper.journal) if part)


def _reference(found: re.Match[str]) -> str:
    if pmid := found["pmid"]:
        return f"PMID:{normal_pmid(pmid)}"
    if pmcid := found["pmcid"]:
        return f"PMCID:{normal_pmcid(pmcid)}"
    return f"DOI:{normal_doi(found['doi'].rstrip('?!'))}"
