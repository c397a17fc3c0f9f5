import pytest

from assistant.review.accepted import CURATOR_INFERENCE, accepted_annotation
from ingest.errors import ReviewError
from ingest.vocab import ECO_MANUAL
from tests.assistant.sample_records import abstained, clear_enzyme, conflicting
from tests.assistant.sample_reports import review


def test_the_draft_as_it_was():
    signed = accepted_annotation(clear_enzyme(), review("GUT_00012", "accepted", "hyp-00012"))
    assert signed.product == "beta-galactosidase"
    assert signed.ec_numbers == ("3.2.1.23",)
    assert signed.go_terms == ("GO:0004565",)
    assert signed.ko == ("K01190",)
    assert signed.eco == CURATOR_INFERENCE
    assert CURATOR_INFERENCE in ECO_MANUAL


def test_another_name_brings_no_terms_that_nobody_looked_at():
    changed = review(
        "GUT_00012", "accepted_with_changes", "hyp-00012", product="glycoside hydrolase"
    )
    signed = accepted_annotation(clear_enzyme(), changed)
    assert (signed.product, signed.ec_numbers) == ("glycoside hydrolase", ())
    assert (signed.go_terms, signed.ko) == ((), ())


def test_the_second_candidate_can_be_signed():
    second = conflicting().hypothesis.candidates[1]
    changed = review(
        "GUT_00031",
        "accepted_with_changes",
        "hyp-00031",
        product=second.product,
        ec_number=second.ec_number,
    )
    assert accepted_annotation(conflicting(), changed).ec_numbers == ("3.5.1.11",)


def test_accepting_an_abstention_signs_no_function():
    signed = accepted_annotation(abstained(), review("GUT_00020", "accepted", "hyp-00020"))
    assert (signed.product, signed.ec_numbers) == ("hypothetical protein", ())


@pytest.mark.parametrize("state", ["draft", "rejected", "deferred"])
def test_only_an_acceptance_makes_an_annotation(state):
    with pytest.raises(ReviewError, match="not accepted"):
        accepted_annotation(clear_enzyme(), review("GUT_00012", state, "hyp-00012"))


def test_no_draft_holds_a_manual_code():
    for record in (clear_enzyme(), conflicting()):
        codes = {item.eco for item in record.evidence}
        codes |= {candidate.eco for candidate in record.hypothesis.candidates}
        assert not codes & ECO_MANUAL
