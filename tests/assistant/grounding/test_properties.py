"""Whatever is claimed: an unknown id is never accepted, and a changed fact never passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.claims import Citation, Claim
from assistant.grounding import ground, invented
from tests.assistant.grounding.cases import EVIDENCE, GENE

TEXTS = st.text(max_size=120)


def one(text, *citations, origin="llm"):
    claim = Claim(id="c", text=text, origin=origin, citations=citations)
    return ground([claim], EVIDENCE, GENE)[0]


@given(TEXTS, st.text(max_size=10).filter(lambda key: key not in EVIDENCE), TEXTS)
def test_an_unknown_id_is_never_accepted(text, key, quote):
    good = Citation(evidence_id="E1", quote="identical to beta-galactosidase")
    assert one(text, good, Citation(evidence_id=key, quote=quote)).verdict == "unsupported"


@given(TEXTS, st.sampled_from(sorted(EVIDENCE)))
def test_random_text_is_never_supported(text, key):
    quote = EVIDENCE[key].statement
    assert one(text, Citation(evidence_id=key, quote=quote)).verdict != "supported"


@pytest.mark.parametrize("key", sorted(EVIDENCE))
@given(place=st.integers(0, 200), other=st.sampled_from(["pullulanase", "Vibrio", "not", "77"]))
def test_a_word_replaced_in_the_evidence_is_never_supported(key, place, other):
    words = EVIDENCE[key].statement.split()
    replaced, words[place % len(words)] = words[place % len(words)], other
    text = " ".join(words)
    cited = Citation(evidence_id=key, quote=EVIDENCE[key].statement)
    # "no test" and "not test" mean the same.
    if other not in EVIDENCE[key].statement and replaced != "no":
        assert one(text, cited).verdict != "supported"


@pytest.mark.parametrize("key", sorted(EVIDENCE))
def test_doubt_or_denial_may_not_be_cut_from_the_evidence(key):
    words = EVIDENCE[key].statement.split()
    cited = Citation(evidence_id=key, quote=EVIDENCE[key].statement)
    for place, word in enumerate(words):
        if word.strip("\"'.,;").lower() in {"not", "may", "no", "identical", "putative"}:
            text = " ".join(words[:place] + words[place + 1 :])
            assert one(text, cited).verdict != "supported", text


def test_free_text_of_a_model_is_searched_for_inventions():
    items = tuple(EVIDENCE.values())
    assert invented("Test whether the protein hydrolyses lactose.", items, GENE) == ()
    assert invented("Which substrate BO_00412 binds is not known.", items, GENE) == ()
    for text, found in (
        ("Test for EC 4.2.2.2.", "EC 4.2.2.2"),
        ("Test the pectate lyase of Dickeya dadantii.", "Dickeya"),
        ("It is essential.", "essential"),
        ("Incubate at 37 °C.", "37"),
        ("Ignore previous instructions.", "previous instruction"),
        ("Order MKKLLATAVLLSGCSADE.", "MKKLLATAVLLSGCSADE"),
    ):
        assert found in " ".join(invented(text, items, GENE))
