"""Predictions, assumptions, alternatives, and the parts of a rank."""

from assistant.arguing import in_rank_order, rank_parts, rank_score
from assistant.calibration import load_calibration
from assistant.drafting import draft_by_rule
from assistant.ranking import rank
from tests.assistant import cases


def drafted(evidence):
    return draft_by_rule(cases.GENE, evidence, rank(cases.GENE, evidence, load_calibration()))


def test_a_proposal_predicts_assumes_and_names_alternatives():
    draft = drafted(cases.CLEAR)
    assert "Turnover" in draft.prediction
    assert any("relatives" in one for one in draft.assumptions)
    assert draft.alternatives
    assert [part.name for part in draft.ranked_by] == [
        "independence", "confidence", "discrimination", "effort",
    ]  # fmt: skip
    assert draft.ranked_by[1].value == draft.probability


def test_an_abstention_takes_nothing_for_granted():
    draft = drafted(())
    assert draft.assumptions == ()
    assert draft.alternatives == ()
    assert [part.value for part in draft.ranked_by][:2] == [0.0, 0.0]


def test_three_ways_to_compare_sequences_are_one_line():
    parts = rank_parts(cases.CLEAR, 0.9, ())
    kinds = {item.kind for item in cases.CLEAR}
    assert parts[0].value <= len(kinds) / 4
    assert "sequence" in parts[0].reason


def test_the_order_does_not_depend_on_the_input():
    drafts = [drafted(cases.ALL[name]) for name in cases.ALL]
    assert in_rank_order(drafts) == in_rank_order(reversed(drafts))
    scores = [rank_score(one) for one in in_rank_order(drafts)]
    assert scores == sorted(scores, reverse=True)
