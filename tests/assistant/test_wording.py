"""Names of candidates as readers see them."""

from __future__ import annotations

from assistant.arguing import alternatives_of
from assistant.claims import CandidateFunction, LevelProbability
from assistant.wording import shown_name

LEVELS = tuple(
    LevelProbability(ec_number=ec, probability=value)
    for ec, value in (("5.-.-.-", 0.27), ("5.3.-.-", 0.24), ("5.3.3.-", 0.2), ("5.3.3.10", 0.12))
)


def candidate(product, ec_number="", levels=()):
    return CandidateFunction(
        rank=1, product=product, ec_number=ec_number, ec_levels=levels, probability=0.27,
        tier="abstain",
    )  # fmt: skip


def test_a_number_whose_class_is_unlikely_is_named_and_not_called_a_hypothetical_protein():
    unnamed = candidate("hypothetical protein", levels=LEVELS)
    assert shown_name(unnamed) == "near EC 5.3.3.10, but not even that class is likely"
    first = candidate("lyase", "4.3.2.3")
    told = alternatives_of((first, unnamed, candidate("permease")))
    assert told[0] == "near EC 5.3.3.10, but not even that class is likely (probability 0.27)"
    assert told[1] == "permease (probability 0.27)"


def test_all_other_names_stay():
    for one in (candidate("lyase", "4.3.2.3", LEVELS), candidate("hypothetical protein")):
        assert shown_name(one) == one.product
