"""Links that a report may carry: three public sites, built from checked identifiers only."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from ingest.vocab import IDENTIFIER_PATTERNS

_ACCESSION: Final = IDENTIFIER_PATTERNS["uniprot"]
_PMID: Final = re.compile(r"\d{1,8}")
# doi.org/doi-handbook 2.2: "10.", a registrant, a slash, then anything printable
_DOI: Final = re.compile(r"10\.\d{4,9}/[^\s<>\"'`{}|\\^]+")

ALLOWED_HOSTS: Final = ("doi.org", "pubmed.ncbi.nlm.nih.gov", "www.uniprot.org")


def link_of(reference: str) -> str:
    """Return the https address of a public identifier, or "" when there is none.

    >>> link_of("UniProtKB:P00722")
    'https://www.uniprot.org/uniprotkb/P00722/entry'
    >>> link_of("javascript:alert(1)")
    ''
    """
    database, _, identifier = reference.partition(":")
    name = database.lower()
    if name in {"uniprotkb", "uniprot"} and _ACCESSION.fullmatch(identifier):
        return f"https://www.uniprot.org/uniprotkb/{identifier}/entry"
    if name in {"pmid", "pubmed"} and _PMID.fullmatch(identifier):
        return f"https://pubmed.ncbi.nlm.nih.gov/{identifier}/"
    if name == "doi" and _DOI.fullmatch(identifier):
        return f"https://doi.org/{quote(identifier, safe='/:;()._-')}"
    return ""
