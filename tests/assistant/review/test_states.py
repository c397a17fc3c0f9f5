import pytest

from assistant.review.states import (
    REASON_CODES,
    Decision,
    checked_decision,
    is_orcid,
    standing_state,
)
from ingest.errors import ReviewError
from tests.assistant.sample_records import clear_enzyme
from tests.assistant.sample_reports import review

ALL = ("draft", "accepted", "accepted_with_changes", "rejected", "deferred")


def decision(state, **values):
    filled = {"reviewer": "Ada Weber", "reason": "Seen", "product": "X", "ec_number": "1.1.1.1"}
    return Decision(state=state, **(filled | values))


@pytest.mark.parametrize("current", ALL)
@pytest.mark.parametrize("wanted", ALL)
def test_any_decision_may_follow_any_state_but_taking_back_nothing(current, wanted):
    if (current, wanted) == ("draft", "draft"):
        with pytest.raises(ReviewError, match="no decision to take back"):
            checked_decision(decision(wanted), current, gene_id="g")
    else:
        assert checked_decision(decision(wanted), current, gene_id="g").state == wanted


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"state": "accepted", "reviewer": " \t"}, "named person"),
        ({"state": "rejected", "reason": ""}, "needs a reason"),
        ({"state": "rejected", "reason_code": "bad_mood"}, "over_specific"),
        ({"state": "rejected", "reason_code": "other", "reason": " "}, "needs words"),
        ({"state": "accepted_with_changes", "product": "", "ec_number": ""}, "needs a change"),
        ({"state": "accepted_with_changes", "ec_number": "3.2.1.23;9.9"}, "'9.9' is not an EC"),
        ({"state": "accepted", "orcid": "0000-0002-1825-0098"}, "not an ORCID"),
    ],
)
def test_what_is_not_allowed_is_said(values, message):
    with pytest.raises(ReviewError, match=message) as caught:
        checked_decision(decision(**values), "draft", gene_id="GUT_1")
    assert "GUT_1" in str(caught.value)


@pytest.mark.parametrize("code", REASON_CODES)
def test_every_reason_of_the_list_is_enough(code):
    given = decision("rejected", reason_code=code, reason="x" if code == "other" else "")
    assert checked_decision(given, "draft", gene_id="g").reason_code == code


def test_fields_are_tidied():
    given = decision("accepted_with_changes", product=" a\n\tb\x00 ", ec_number="EC 3.2.1; 1.1.1.1")
    tidy = checked_decision(given, "draft", gene_id="g")
    assert (tidy.product, tidy.ec_number) == ("a b", "3.2.1.-;1.1.1.1")


def test_a_plain_acceptance_takes_no_other_name():
    assert checked_decision(decision("accepted"), "draft", gene_id="g").product == ""


@pytest.mark.parametrize(
    "text", ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"]
)
def test_orcid_of_the_documentation(text):
    assert is_orcid(text)


@pytest.mark.parametrize("text", ["", "0000-0002-1825-009X", "0000000218250097", "abc"])
def test_not_an_orcid(text):
    assert not is_orcid(text)


@pytest.mark.parametrize(
    ("state", "product", "expected"),
    [
        ("accepted", "beta-galactosidase", "accepted"),
        ("accepted", "", "draft"),
        ("rejected", "", "draft"),
        ("deferred", "", "draft"),
    ],
)
def test_a_decision_on_an_earlier_draft_does_not_judge_this_one(state, product, expected):
    earlier = review("GUT_00012", state, "hyp-of-last-week", product=product)
    assert standing_state(clear_enzyme(), earlier) == expected
