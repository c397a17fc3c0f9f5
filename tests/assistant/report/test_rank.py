"""What readers are told of the rank of a draft."""

import pytest

from assistant.claims import RankPart
from assistant.report.html import gene_section
from assistant.report.view import gene_view, rank_words
from assistant.report.words import OUTDONE
from tests.assistant.sample_records import sample_records

PARTS = (
    RankPart(name="independence", value=0.5, reason="2 independent lines: sequence, literature"),
    RankPart(name="confidence", value=0.0, reason="not calibrated"),
    RankPart(name="discrimination", value=0.5, reason="a test"),
)


def rank_of(*, abstained):
    record = next(r for r in sample_records() if (r.hypothesis.leading is None) is abstained)
    hypothesis = record.hypothesis.model_copy(update={"ranked_by": PARTS})
    return gene_view(record.model_copy(update={"hypothesis": hypothesis}), None).rank


def test_the_rank_of_a_gene_without_a_proposal_speaks_of_no_confidence_of_zero():
    told = rank_of(abstained=True)
    assert told.startswith("No function is proposed")
    assert "How far a test tells it from others 0.50 (a test)" in told
    assert "0.00" not in told
    assert "calibrated" not in told


def test_the_rank_of_a_draft_has_all_parts():
    told = rank_of(abstained=False)
    assert "Independence of the evidence 0.50 (2 independent lines" in told
    assert "No calibrated confidence, counted as 0" in told


def test_a_draft_without_parts_has_no_rank():
    assert gene_view(sample_records()[0], None).rank == ""


@pytest.mark.parametrize(("value", "expected"), [(0.9, "0.90"), (0.0, "counted as 0")])
def test_a_confidence_is_a_number_only_where_there_is_one(value, expected):
    part = RankPart(name="confidence", value=value, reason="probability 0.90")
    assert expected in rank_words(part)


@pytest.mark.parametrize(
    ("ec_number", "value", "expected"), [("3.2.-.-", 0.99, True), ("3.2.1.31", 0.99, False)]
)
def test_a_more_probable_rival_that_says_less_is_explained(ec_number, value, expected):
    record = sample_records()[0]
    leading = record.hypothesis.leading
    rival = leading.model_copy(update={"ec_number": ec_number, "probability": value})
    hypothesis = record.hypothesis.model_copy(update={"candidates": (leading, rival)})
    section = gene_section(record.model_copy(update={"hypothesis": hypothesis}), ())
    assert (OUTDONE in section) is expected


def test_evidence_that_is_not_there_is_not_announced():
    record = sample_records()[0]
    leading = record.hypothesis.leading.model_copy(update={"supporting": (), "contradicting": ()})
    hypothesis = record.hypothesis.model_copy(update={"candidates": (leading,)})
    section = gene_section(record.model_copy(update={"hypothesis": hypothesis}), ())
    assert "for: " not in section
    assert "against: " not in section
