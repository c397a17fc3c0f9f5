"""What a draft says is not known."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from assistant.claims import CandidateFunction
from assistant.unknowns import unknowns_of
from ingest.records import Gene

GENE = Gene("g1", "MKV")


@dataclass
class Ranked:
    candidates: tuple
    tier: str = "low"
    flags: tuple = ()


def told(ec_number):
    one = CandidateFunction(
        rank=1, product="transporter", ec_number=ec_number, probability=0.6, tier="low"
    )
    return " ".join(unknowns_of(GENE, (), Ranked((one,))))


@pytest.mark.parametrize(
    ("ec_number", "is_withdrawn"), [("3.6.3.-", True), ("3.6.3.17", True), ("3.6.1.3", False)]
)
def test_a_number_of_the_withdrawn_class_of_transporters_is_told(ec_number, is_withdrawn):
    assert (f"the references give {ec_number}, but all of EC 3.6.3" in told(ec_number)) == (
        is_withdrawn
    )
