"""When two spellings of an id mean one gene: the few that are safe, and no other.

An id is compared as it is written. Only what databases and tools put around an identifier is
taken off: UniProt's and NCBI's ``sp|P00722|BGAL_ECOLI``, ``ref|WP_000000001.1|``, ``gnl|X|ID``
and ``lcl|ID``. Versions, suffixes, case and numbers are never changed: "c1_1" and "c1_10", or
"X.1" and "X.2", are different genes.
"""

from __future__ import annotations

import re
from typing import Final

#: NCBI's and UniProt's FASTA identifiers; the group holds the accession.
_WRAPPED: Final = re.compile(
    r"(?:sp|tr|ref|gb|emb|dbj|lcl)\|([^|\s]+)(?:\|[^|\s]*)?|gnl\|[^|\s]+\|([^|\s]+)"
)


def match_id(gene_id: str) -> str:
    """Return the id by which annotations are looked up.

    >>> match_id("sp|P00325|ADH1B_HUMAN"), match_id("lcl|k141_7_2"), match_id("k141_7_2")
    ('P00325', 'k141_7_2', 'k141_7_2')
    """
    wrapped = _WRAPPED.fullmatch(gene_id)
    return next(filter(None, wrapped.groups()), gene_id) if wrapped else gene_id
