"""A hand-made pair whose alignment is plain to see, and a slow reader of CIGAR strings."""

from __future__ import annotations

import re

TARGET = (
    "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVGDGTQDNLSGAEKAVQVKVKALPDAQFEVVHSLAKWKRQTL"
    "GQHDFSAGEGLYTHMKALRPDEDRLSPLHSVYVDQWDWE"
)
# Against the target: five residues more after residue 40, one changed (61), four less (81-84).
# Neither edge of a gap repeats its neighbours, so the place of each gap is the only best one.
QUERY = f"{TARGET[:40]}PWPWP{TARGET[40:60]}W{TARGET[61:80]}{TARGET[84:]}"
CIGAR = "40M5I40M4D36M"


def columns(query: str, target: str, cigar: str, query_start: int, target_start: int) -> str:
    """Write the alignment as three lines: query, ``|`` where the two agree, target."""
    above, below = [], []
    i, j = query_start - 1, target_start - 1
    for length, kind in re.findall(r"(\d+)([MID])", cigar):
        for _ in range(int(length)):
            above.append("-" if kind == "D" else query[i])
            below.append("-" if kind == "I" else target[j])
            i += kind != "D"
            j += kind != "I"
    agree = "".join("|" if a == b else " " for a, b in zip(above, below, strict=True))
    return f"{''.join(above)}\n{agree}\n{''.join(below)}"


def check_cigar(hit, query: str, target: str) -> None:
    """Check that the CIGAR of a hit tells the columns that its other numbers count."""
    above, agree, below = columns(
        query, target, hit.cigar, hit.query_start, hit.target_start
    ).split("\n")
    assert len(above) == hit.length
    assert above.replace("-", "") == query[hit.query_start - 1 : hit.query_end]
    assert below.replace("-", "") == target[hit.target_start - 1 : hit.target_end]
    # MMseqs2 cuts the fraction after its third decimal.
    assert abs(100 * agree.count("|") / hit.length - hit.pident) < 0.1
