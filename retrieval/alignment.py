"""The local alignment of a query to a protein of the references, whoever made it.

Programs that search live in ``retrieval.aligners``; exact alignment of given pairs in
``retrieval.pairwise``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Up to this E-value chance alone would hardly give an alignment: BLAST's and HMMER's usual bar
#: for trusting a hit without looking at it.
SIGNIFICANT_EVALUE: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Alignment:
    """One local alignment of a query to a target protein.

    ``pident`` is in percent of the alignment's columns (0-100); ``qcov`` and ``scov`` are the
    aligned fractions of query and target (0-1); positions are 1-based and inclusive.

    ``cigar`` tells the columns from ``query_start`` on as run lengths, ``40M5I36M2D9M``: M sets a
    residue of the query against one of the target (alike or not), I a residue of the query
    against a gap, D a residue of the target against a gap. Empty when unknown.

    ``by_profile``: found by a profile of the query's first hits; its E-value and bit score
    are those of the profile, better than the two sequences alone would give.

    ``program`` made the alignment, by the name that people know it by.
    """

    query: str
    target: str
    pident: float
    qcov: float
    scov: float
    evalue: float
    bitscore: float
    length: int
    query_start: int
    query_end: int
    target_start: int
    target_end: int
    cigar: str = ""
    by_profile: bool = False
    program: str = ""


def best_first(hit: Alignment) -> tuple[float, float, str]:
    """Return the key that sorts hits by bit score, E-value and target."""
    return (-hit.bitscore, hit.evalue, hit.target)
