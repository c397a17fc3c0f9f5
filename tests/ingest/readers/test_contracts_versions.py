"""Readers of further outputs of metagenomic tools against the contract."""

from __future__ import annotations

from tests.contracts.reader import ReaderContract


class TestMetabatDepth(ReaderContract):
    name = "metabat_depth"
    sample = "metabat_depth.txt"
    ids = ("k141_1", "k141_2", "k141_3")
    breaks = ("3000\t1.5\t1\t", "3000\t1.5\t7\t")
    bad = (3, "k141_2")


class TestAnvioFunctions(ReaderContract):
    name = "anvio_functions"
    sample = "anvio_functions.txt"
    ids = ("1", "2", "3")
    breaks = ("receptor\t1e-5", "receptor\t-1")
    bad = (4, "3")
