import pytest

from assistant.review.queue import concerns_of, in_order
from tests.assistant.sample_nasty import nasty
from tests.assistant.sample_records import (
    abstained,
    claimed,
    clear_enzyme,
    conflicting,
    sample_records,
    toxin,
)
from tests.assistant.sample_reports import review


def ids(records):
    return [record.gene.id for record in records]


def test_what_is_most_likely_wrong_comes_first():
    assert ids(in_order(sample_records(), {})) == [
        claimed().gene.id,
        conflicting().gene.id,
        nasty().gene.id,
        toxin().gene.id,
        clear_enzyme().gene.id,
        abstained().gene.id,
    ]


def test_order_does_not_depend_on_the_input():
    assert in_order(sample_records()[::-1], {}) == in_order(sample_records(), {})


def test_undecided_before_deferred_before_decided():
    reviews = {
        "GUT_00038": review("GUT_00038", "accepted", "hyp-00038"),
        "GUT_00031": review("GUT_00031", "deferred", "hyp-00031"),
    }
    assert ids(in_order(sample_records(), reviews))[-2:] == ["GUT_00031", "GUT_00038"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"state": "rejected"}, ["GUT_00052"]),
        ({"tier": "abstain"}, ["GUT_00020"]),
        ({"flag": "toxin"}, ["GUT_00052"]),
        ({"tier": "low", "flag": "partial"}, ["GUT_00031"]),
        ({"state": "accepted"}, []),
    ],
)
def test_filters(wanted, expected):
    reviews = {"GUT_00052": review("GUT_00052", "rejected", "hyp-00052")}
    assert ids(in_order(sample_records(), reviews, **wanted)) == expected


def test_concerns_are_told_worst_first():
    concerns = concerns_of(claimed().hypothesis)
    assert [words.split()[-1] for words in concerns] == ["evidence", "support"]
    assert concerns_of(clear_enzyme().hypothesis) == ()


def flagged(*flags):
    record = clear_enzyme()
    hypothesis = record.hypothesis.model_copy(update={"flags": flags})
    return record.model_copy(update={"hypothesis": hypothesis})


@pytest.mark.parametrize(
    ("flag", "code"),
    [
        ("conflicting_functions", "UNC"),
        ("context_disagrees", "NPI"),
        ("paralog_subfamily", "PLI"),
        ("repeated_often", "REP"),
        ("less_specific", "LSP"),
    ],
)
def test_flags_of_error_classes_are_concerns_that_name_the_class(flag, code):
    (concern,) = concerns_of(flagged(flag).hypothesis)
    assert code in concern
    assert concerns_of(flagged("already_known", "uncertain").hypothesis) == ()


def test_the_queue_can_be_cut_to_a_flag_or_a_class():
    records = [flagged("paralog_subfamily"), conflicting()]
    assert in_order(records, {}, flag="paralog_subfamily") == records[:1]
    assert in_order(records, {}, flag="PLI") == records[:1]
    assert in_order(records, {}, flag="UNC") == records[1:]
    assert in_order(records, {}, flag="REP") == []
