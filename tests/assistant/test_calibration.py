from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import replace
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.calibration import (
    CURRENT,
    FEATURES,
    Curve,
    features,
    load_calibration,
    parse_calibration,
)
from assistant.votes import Vote, cast_votes, informative_words, strength
from ingest.errors import DamagedFileError
from retrieval.evidence.base import SharedColumns
from tests.assistant import cases

CONTENT = json.loads(
    resources.files("assistant").joinpath("data", CURRENT).read_text(encoding="utf-8")
)


def test_the_file_says_when_and_how_it_was_made():
    calibration = load_calibration()
    assert dt.date.fromisoformat(calibration.date) <= dt.date(2026, 12, 31)
    assert calibration.name == f"calibration_{calibration.date}"
    assert len(calibration.how_made) > 100
    assert CONTENT["n"]["enzyme_queries"] > 10_000
    assert "care_dev" in CONTENT["data"]["measured_on"]


def test_the_measured_error_is_that_of_the_development_set():
    measured = CONTENT["measured"]["all"]
    assert load_calibration().ece_dev == measured["ece_reported"]
    assert measured["n"] == 427 + 555 + 207
    # Recompute the error from the reliability table (Guo et al. 2017, equation 3).
    bins = measured["reliability"]
    total = sum(row["n"] for row in bins)
    error = sum(row["n"] * abs(row["mean"] - row["right"]) for row in bins) / total
    assert error == pytest.approx(measured["ece_reported"], abs=2e-3)


def test_each_tier_keeps_its_word_on_the_development_set():
    bars, tiers = CONTENT["bars"], CONTENT["measured"]["all"]["tiers"]
    assert all(tiers[name]["right"] >= bars[name] for name in ("high", "medium", "low"))


def test_confidence_beats_identity_on_the_development_set():
    measured = CONTENT["measured"]["all"]
    assert measured["mean_precision"] > measured["mean_precision_identity"]


def test_no_coefficient_is_negative():
    for curve in load_calibration().curves.values():
        assert min(curve.coefficients) >= 0


def test_a_curve_is_the_logistic_function():
    curve = Curve(-1.0, (2.0, 0.5))
    assert curve.probability((1.0, 2.0)) == pytest.approx(1 / (1 + math.exp(-2)))
    assert 0 < Curve(-1e9, ()).probability(()) < Curve(1e9, ()).probability(()) < 1


def test_a_file_for_other_features_is_refused():
    changed = {**CONTENT, "features": ["identity"]}
    with pytest.raises(ValueError, match="other features"):
        parse_calibration(json.dumps(changed))


def test_a_missing_file_says_what_to_do():
    with pytest.raises(DamagedFileError, match="Install the package again"):
        load_calibration("calibration_1999-01-01.json")


def by_name(*arguments):
    return dict(zip(FEATURES, features(*arguments), strict=True))


def test_features_by_hand():
    ours = Vote("e1", "alignment", "a", identity=0.5, coverage=0.8, weight=180, evalue=1e-99)
    theirs = Vote("e2", "alignment", "b", identity=0.4, coverage=0.9, weight=90, evalue=1e-40)
    values = by_name([ours], [theirs], "1.1.1.1", 2.0)
    assert values["coverage"] == 0.8
    assert values["identity_by_coverage"] == pytest.approx(0.4)
    assert values["log_evalue"] == pytest.approx(math.log(100))
    assert values["share"] == pytest.approx(180**2 / (180**2 + 90**2))
    assert values["share_of_closest"] == pytest.approx(180**6 / (180**6 + 90**6))
    assert values["lead"] == pytest.approx(1.5)
    assert values["log_sources"] == pytest.approx(math.log(2))
    # Nothing is known of the family: the identity stands for what is kept.
    assert (values["kept"], values["inside"], values["distinct"]) == (0.5, 0.5, 0.5)


def family(**changed):
    shared = SharedColumns("1.1.1.1", members=9, conserved=40, kept=30, inside=0.6)
    vote = Vote("e1", "alignment", "a", identity=0.5, coverage=1, weight=9)
    return replace(vote, shared_columns=(replace(shared, **changed),))


def test_a_changed_conserved_residue_lowers_and_a_near_other_function_too():
    values = by_name([family()], [], "1.1.1.1", 2.0)
    assert values["kept"] == pytest.approx(31 / 42)
    assert values["inside"] == pytest.approx(0.5 + 0.5 - 0.6)
    assert by_name([family(kept=40)], [], "1.1.1.1", 2.0)["kept"] > values["kept"]
    assert values["distinct"] == 0.5
    assert by_name([family(nearest_other=0.7)], [], "1.1.1.1", 2.0)["distinct"] < 0.5
    assert by_name([family(nearest_other=0.2)], [], "1.1.1.1", 2.0)["distinct"] > 0.5
    assert by_name([family()], [], "2.2.2.2", 2.0)["kept"] == 0.5


def test_a_source_counts_once_and_the_second_half():
    votes = [
        Vote("e1", "alignment", "a", weight=4.0),
        Vote("e2", "alignment", "a", weight=3.0),
        Vote("e3", "alignment", "b", weight=2.0),
    ]
    assert strength(votes, 2.0) == pytest.approx(4**2 + 2**2 / 2)


@given(st.lists(st.floats(1, 1000), min_size=1, max_size=6), st.floats(1, 1000), st.floats(1, 16))
def test_one_more_vote_never_weakens(weights, more, sharpness):
    votes = [Vote(f"e{n}", "alignment", f"s{n}", weight=w) for n, w in enumerate(weights)]
    extra = Vote("new", "alignment", "new", weight=more)
    assert strength([*votes, extra], sharpness) >= strength(votes, sharpness) * (1 - 1e-12)


def test_qualifiers_are_no_informative_words():
    assert informative_words("Putative β-lactamase family protein") == ("beta", "lactamase")
    assert informative_words("hypothetical protein") == ()


def test_uncharacterised_proteins_do_not_vote():
    assert cast_votes(cases.GENE, cases.UNCHARACTERISED) == ()
