"""Drugs in questions: what is known, and which genes of the run may do it."""

from assistant.chat.drug_sources import drug_sources
from tests.assistant.sample_records import sample_records

QUESTION = "Which genes may cut lactulose?"


def test_what_is_known_is_told_with_its_citation():
    first = next(iter(drug_sources(QUESTION, ())))
    assert (first.kind, first.reference) == ("drug", "Drug:lactulose")
    assert "Sahota et al. 1982" in first.text


def test_drafts_that_are_such_an_enzyme_are_named_as_drafts():
    found = [source for source in drug_sources(QUESTION, sample_records()) if source.kind == "gene"]
    assert [source.reference for source in found] == ["gene:GUT_00012"]
    assert "nothing was tested" in found[0].text


def test_a_question_without_a_drug_gets_nothing():
    assert list(drug_sources("Which genes bind heme?", sample_records())) == []
