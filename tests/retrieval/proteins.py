"""Proteins made from residue frequencies, and relatives at a given share of changed residues."""

from __future__ import annotations

import random

RESIDUES = "ACDEFGHIKLMNPQRSTVWY"
# Percent of each residue in Swiss-Prot (release statistics), in the order of RESIDUES.
FREQUENCIES = (
    8.3, 1.4, 5.5, 6.7, 3.9, 7.1, 2.3, 5.9, 5.8, 9.7,
    2.4, 4.1, 4.7, 3.9, 5.5, 6.6, 5.4, 6.9, 1.1, 2.9,
)  # fmt: skip


def protein(length: int, seed: int) -> str:
    """Draw a protein that starts with methionine."""
    draw = random.Random(seed)
    return "M" + "".join(draw.choices(RESIDUES, FREQUENCIES, k=length - 1))


def relative(sequence: str, changed: float, seed: int) -> str:
    """Redraw a ``changed`` share of the residues; the length stays."""
    draw = random.Random(seed)
    new = draw.choices(RESIDUES, FREQUENCIES, k=len(sequence))
    return "".join(
        drawn if draw.random() < changed else kept
        for kept, drawn in zip(sequence, new, strict=True)
    )


BASES = tuple(protein(180 + 40 * n, seed=100 + n) for n in range(6))
