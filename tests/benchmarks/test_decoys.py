import random
from collections import Counter

from benchmarks.decoys import random_orfs, row_of, shuffled


def test_shuffling_keeps_the_residues():
    proteins = ["MKVLAAGHW" * 10, "MCCDEFYYW" * 12]
    decoys = shuffled(proteins, random.Random(0))
    assert [Counter(decoy) for decoy in decoys] == [Counter(protein) for protein in proteins]
    assert decoys != proteins
    assert decoys == shuffled(proteins, random.Random(0))


def test_random_orfs_begin_with_m_and_have_no_stop():
    decoys = random_orfs([50, 300], random.Random(0))
    assert [len(decoy) for decoy in decoys] == [50, 300]
    assert all(decoy.startswith("M") and "*" not in decoy for decoy in decoys)


def test_a_row_gives_the_share_above_low():
    row = row_of("shuffled", Counter(high=1, medium=1, low=3, abstain=195))
    assert row.split("\t") == ["shuffled", "200", "1", "1", "3", "195", "1.0%"]
