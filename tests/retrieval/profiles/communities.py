"""Two kinds of communities for tests of samples that are like another."""

from __future__ import annotations

import random

from tests.retrieval.bases import empty_base, written
from tests.retrieval.profiles.tables import metaphlan

NAMES = [f"Genus{letter} name{letter}" for letter in "abcdefghijklmnop"]
PATHWAYS = """# Pathway\tA0_Abundance\tA1_Abundance\tB0_Abundance
UNMAPPED\t90\t10\t10
UNINTEGRATED\t5\t5\t5
PWY-7221: guanosine\t10\t11\t1
PWY-7221: guanosine|g__X.s__Y\t10\t11\t1
PWY0-1586: peptidoglycan\t5\t5\t30
"""
METADATA = "sample_id\tdiet\tpatient_name\tage\nA1\tfibre\tAda Weber\t40\nB0\tmeat\tBo Li\t50\n"


def community(kind, number):
    """Two kinds of communities, with a little noise."""
    rng = random.Random(f"{kind}{number}")
    dominant = NAMES[:8] if kind == "A" else NAMES[8:]
    return {name: rng.uniform(5, 9) if name in dominant else rng.uniform(0, 0.2) for name in NAMES}


def cohort(kinds="AB", number=6, **more):
    return metaphlan({f"{k}{n}": community(k, n) for k in kinds for n in range(number)}, **more)


def two_communities(folder):
    """A base of four samples of each kind; return where it is."""
    files = written(folder / "in", taxa__tsv=cohort(number=4), pathways__tsv=PATHWAYS)
    (meta,) = written(folder / "meta", meta__tsv=METADATA)
    with empty_base(folder / "kb") as base:
        base.add(files, metadata=meta)
    return folder / "kb"
