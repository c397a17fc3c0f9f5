"""Relatives: what all aligned proteins of one function show together about the gene's protein.

A single hit says how near one relative is. All of them say more: which columns every protein
of the function keeps and whether this protein keeps them too, how near the members are to each
other, and how near another function comes. Pure functions over alignments; no search here.

Everything is seen in the columns of the gene's protein: an insertion of a relative is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from retrieval.evidence.base import SharedColumns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Rows = NDArray[np.int8]

#: Relatives looked at, best first; more repeat what these say.
MOST_RELATIVES: Final = 60
#: Functions looked at, in the order of their best relative.
MOST_FUNCTIONS: Final = 12
#: A column is conserved when this share of the members aligned there has one residue ...
CONSERVED_SHARE: Final = 0.9
#: ... and at least this share of all members is aligned there.
ALIGNED_SHARE: Final = 0.6
#: Columns that two relatives must share before their identity is counted.
LEAST_COLUMNS: Final = 20
#: Another function's relative is compared where it covers this share of the closest member.
SHARED_COLUMNS: Final = 0.5
#: Changed residues that are named.
MOST_CHANGED: Final = 5

_AMINO_ACIDS: Final = "ACDEFGHIKLMNPQRSTVWY"
#: Residues that catalyse, bind metals and ligands or make turns: a change of one of these in a
#: conserved column is named first (frequencies in active sites: Bartlett et al. 2002, J. Mol.
#: Biol. 324:105).
_TELLING: Final = frozenset("HDECKRSYTNGWQ")
_CODES: Final = np.full(256, -1, dtype=np.int8)
_CODES[np.frombuffer(_AMINO_ACIDS.encode(), np.uint8)] = np.arange(20)
_RUN: Final = re.compile(r"(\d+)([MID])")


@dataclass(frozen=True, slots=True)
class Relative:
    """A protein aligned with the gene's protein; ``functions`` are its EC numbers, or its name.

    ``query_start`` and ``target_start`` are 1-based; ``cigar`` is that of an ``Alignment``.
    """

    sequence: str
    functions: tuple[str, ...]
    query_start: int
    target_start: int
    cigar: str


def shared_columns(query: str, relatives: Sequence[Relative]) -> Mapping[str, SharedColumns]:
    """Compare a protein with its relatives, function by function.

    Args:
        query: The gene's protein, one-letter code.
        relatives: Best first; only the first ``MOST_RELATIVES`` are looked at.
    """
    looked_at = relatives[:MOST_RELATIVES]
    if not looked_at:
        return {}
    rows = _aligned_rows(len(query), looked_at)
    own = _CODES[np.frombuffer(query.encode("ascii", "replace"), np.uint8)]
    members: dict[str, list[int]] = {}
    for place, relative in enumerate(looked_at):
        for function in relative.functions:
            members.setdefault(function, []).append(place)
    return {
        function: _facts(function, own, rows, places)
        for function, places in list(members.items())[:MOST_FUNCTIONS]
    }


def _aligned_rows(length: int, relatives: Sequence[Relative]) -> Rows:
    """Write each relative's residues into the columns of the query; shape (n, length), -1: none."""
    rows = np.full((len(relatives), length), -1, dtype=np.int8)
    for row, relative in zip(rows, relatives, strict=True):
        codes = _CODES[np.frombuffer(relative.sequence.encode("ascii", "replace"), np.uint8)]
        at, place = relative.query_start - 1, relative.target_start - 1
        for count, kind in _RUN.findall(relative.cigar):
            run = int(count)
            if kind == "M":
                row[at : at + run] = codes[place : place + run]
            at += run if kind != "D" else 0
            place += run if kind != "I" else 0
    return rows


def _facts(function: str, own: Rows, rows: Rows, places: list[int]) -> SharedColumns:
    typical, is_conserved = _conserved(rows[places])
    is_conserved &= own >= 0
    is_kept = is_conserved & (typical == own)
    closest = rows[places[0]]
    identities = _identities(closest, rows)
    is_member = np.zeros(len(rows), dtype=bool)
    is_member[places] = True
    inside = identities[is_member][1:]
    others = np.where(is_member | ~_covers(closest, rows), np.nan, identities)
    return SharedColumns(
        function=function,
        members=len(places),
        conserved=int(is_conserved.sum()),
        kept=int(is_kept.sum()),
        changed=_changed(own, typical, is_conserved & ~is_kept),
        inside=_rounded(np.nanmean(inside)) if np.isfinite(inside).any() else None,
        nearest_other=_rounded(np.nanmax(others)) if np.isfinite(others).any() else None,
    )


def _conserved(rows: Rows) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return the commonest residue of each column, and whether nearly all members have it."""
    length = rows.shape[1]
    keys = np.arange(length) * 21 + rows + 1
    counts = np.bincount(keys.ravel(), minlength=21 * length).reshape(length, 21)[:, 1:]
    aligned = counts.sum(axis=1)
    enough = aligned >= max(1.0, ALIGNED_SHARE * len(rows))
    return counts.argmax(axis=1), enough & (counts.max(axis=1) >= CONSERVED_SHARE * aligned)


def _identities(one: Rows, rows: Rows) -> NDArray[np.float64]:
    """Return the identity of a row to every row over the columns of both; NaN when too few."""
    both = (rows >= 0) & (one >= 0)
    columns = both.sum(axis=1)
    same = (both & (rows == one)).sum(axis=1)
    return np.where(columns >= LEAST_COLUMNS, same / np.maximum(columns, 1), np.nan)


def _covers(one: Rows, rows: Rows) -> NDArray[np.bool_]:
    shared = ((rows >= 0) & (one >= 0)).sum(axis=1)
    return np.asarray(shared >= SHARED_COLUMNS * (one >= 0).sum())


def _changed(
    own: Rows, typical: NDArray[np.intp], is_changed: NDArray[np.bool_]
) -> tuple[str, ...]:
    """Name changed residues, telling ones first, then by position."""
    named = [
        (_AMINO_ACIDS[typical[at]] not in _TELLING, int(at)) for at in np.flatnonzero(is_changed)
    ]
    return tuple(
        f"{_AMINO_ACIDS[typical[at]]}{at + 1}{_AMINO_ACIDS[own[at]]}"
        for _, at in sorted(named)[:MOST_CHANGED]
    )


def _rounded(value: np.floating) -> float:
    return round(float(value), 4)
