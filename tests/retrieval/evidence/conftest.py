"""Made-up proteins with a known share of identical residues."""

from __future__ import annotations

import random

import pytest

RESIDUES = "ACDEFGHIKLMNPQRSTVWY"


class Proteins:
    """Random proteins of equal composition, and copies with a known identity."""

    def random(self, seed, length=200):
        return "".join(random.Random(seed).choices(RESIDUES, k=length))

    def mutated(self, sequence, percent_identical, seed=1):
        chance = random.Random(seed)
        changed = chance.sample(
            range(len(sequence)), round(len(sequence) * (1 - percent_identical / 100))
        )
        letters = list(sequence)
        for place in changed:
            letters[place] = chance.choice(RESIDUES.replace(letters[place], ""))
        return "".join(letters)


@pytest.fixture(scope="session")
def made():
    return Proteins()
