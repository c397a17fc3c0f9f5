"""Figures of a handful of proteins, worked out by hand."""

import pytest

from assistant.evaluation.document import evaluate, parts
from assistant.evaluation.figures import ec_figures, tier_table
from assistant.evaluation.term_figures import term_rows
from ingest.errors import InputError
from tests.assistant.evaluation.made import candidate, hit, known, prediction

SURE = (0.95, 0.95, 0.95, 0.9)
DOUBT = (0.9, 0.9, 0.8, 0.4)


def four():
    """Right in full; right to level 3 and cut there; wrong, abstained; nothing found."""
    return [
        prediction(known("1.1.1.1"), [candidate("1.1.1.1", SURE)], [hit("1.1.1.1", pident=90)]),
        prediction(
            known("2.2.2.2"),
            [candidate("2.2.2.9", DOUBT, cut=3)],
            [hit("2.2.2.9", "2.2.2.2", pident=60)],
            "medium",
        ),
        prediction(
            known("3.3.3.3"),
            [candidate("4.4.4.4", (0.3, 0.2, 0.2, 0.1), cut=0)],
            [hit("4.4.4.4", pident=30)],
            "abstain",
        ),
        prediction(known("5.5.5.5")),
    ]


def values(predictions, view):
    found = ec_figures(predictions, draws=0, seed=0)[view]
    return {name: estimate.value for name, estimate in found.items()}


def test_top_one_and_any():
    forced, best = values(four(), "forced"), values(four(), "best_hit")
    assert (forced["top1_l4"], forced["top1_l3"], forced["any_l4"]) == (0.25, 0.5, 0.25)
    assert (best["top1_l4"], best["top1_l3"], best["any_l4"]) == (0.25, 0.5, 0.5)


def test_reported_is_judged_to_its_own_depth():
    reported = values(four(), "reported")
    assert reported["coverage"] == 0.5
    assert reported["coverage_l4"] == 0.25
    assert reported["micro_precision"] == 1.0
    assert reported["micro_recall"] == 0.25
    assert reported["right_as_named"] == 1.0
    assert reported["ece_as_named"] == pytest.approx((0.1 + 0.2) / 2)


def test_micro_precision_counts_every_ec_number_named():
    assert values(four(), "best_hit")["micro_precision"] == pytest.approx(2 / 4)
    assert values(four(), "forced")["micro_precision"] == pytest.approx(1 / 3)


def test_calibration_counts_answers_and_risk_counts_proteins():
    forced = values(four(), "forced")
    assert forced["ece_l4"] == pytest.approx((0.1 + 0.4 + 0.1) / 3)
    assert forced["brier_l4"] == pytest.approx((0.1**2 + 0.4**2 + 0.1**2) / 3)
    # By confidence: right, wrong, wrong, and last the one without an answer.
    assert forced["mean_precision_l4"] == pytest.approx((1 + 1 / 2 + 1 / 3 + 1 / 4) / 4)
    assert forced["aurc_l4"] == pytest.approx(1 - forced["mean_precision_l4"])


def test_gain_is_forced_less_best_hit():
    found = ec_figures(four(), draws=200, seed=0)
    assert found["gain"]["any_l4"].value == pytest.approx(-0.25)
    assert found["gain"]["any_l4"].low <= -0.25 <= found["gain"]["any_l4"].high


def test_one_that_is_no_enzyme_counts_against_precision_not_against_accuracy():
    wrong = prediction(known(none=True), [candidate("1.1.1.1", SURE)], [hit("1.1.1.1")])
    with_it, without = values([*four(), wrong], "forced"), values(four(), "forced")
    assert with_it["top1_l4"] == without["top1_l4"]
    assert with_it["mean_precision_l4"] == without["mean_precision_l4"]
    assert with_it["micro_precision"] == pytest.approx(1 / 4)
    assert with_it["false_enzymes"] == 1.0
    assert with_it["ece_l4"] > without["ece_l4"]
    assert without["false_enzymes"] is None


def test_a_truth_that_stops_at_level_three_is_not_judged_at_level_four():
    partly = prediction(known("1.1.1.-"), [candidate("1.1.1.1", SURE)], [hit("1.1.1.1")])
    found = values([partly], "forced")
    assert found["top1_l4"] is None
    assert found["ece_l4"] is None
    assert found["top1_l3"] == 1.0


def test_tiers():
    table = tier_table(four())
    assert {tier: row["n"] for tier, row in table.items()} == {
        "high": 1,
        "medium": 1,
        "low": 0,
        "abstain": 2,
    }
    assert table["high"]["right"] == 1.0
    assert table["medium"]["to_level_4"] == 0
    assert table["abstain"]["with_ec"] == 0


def test_the_same_seed_gives_the_same_document():
    def made(seed):
        return evaluate(four(), draws=50, seed=seed, about={}).document

    assert made(3) == made(3)
    assert made(3) != made(4)


def test_splits_come_after_all_in_order_of_appearance():
    proteins = [prediction(known("1.1.1.1", split=name)) for name in ("b", "a", "b")]
    assert [(name, len(group)) for name, group in parts(proteins).items()] == [
        ("all", 3),
        ("b", 2),
        ("a", 1),
    ]
    assert list(parts([prediction(known("1.1.1.1", split="b"))])) == ["all"]


def test_nothing_known_is_refused():
    with pytest.raises(InputError, match="states an EC number"):
        evaluate([prediction(known())], draws=0, seed=0, about={})


def test_terms_by_threshold():
    predictions = [
        prediction(
            known(go=("GO:1", "GO:2")),
            [
                candidate(probability=0.8, go=("GO:1", "GO:9")),
                candidate(probability=0.4, go=("GO:2", "GO:1")),
            ],
            [hit(go=("GO:1",))],
        ),
        prediction(known(go=("GO:3",))),
        prediction(known("1.1.1.1")),
    ]
    rows = {row["threshold"]: row for row in term_rows(predictions, "go")}
    assert (rows[0.3]["precision"], rows[0.3]["recall"]) == pytest.approx((2 / 3, 2 / 3))
    assert (rows[0.5]["precision"], rows[0.5]["recall"]) == pytest.approx((1 / 2, 1 / 3))
    assert (rows[0.9]["precision"], rows[0.9]["recall"]) == (None, 0.0)
    assert (rows[None]["precision"], rows[None]["coverage"]) == (1.0, 0.5)
    assert term_rows(predictions, "ko") == []


def test_terms_alone_can_be_evaluated():
    predictions = [prediction(known(ko=("K00001",)), [candidate(probability=0.9, ko=("K00001",))])]
    whole = evaluate(predictions, draws=10, seed=0, about={}).document["splits"]["all"]
    assert "figures" not in whole
    assert whole["terms"]["ko"][0]["precision"] == 1.0
