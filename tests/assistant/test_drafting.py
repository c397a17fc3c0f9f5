from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.calibration import load_calibration
from assistant.claims import Hypothesis
from assistant.drafting import draft_by_rule
from assistant.ranking import rank
from assistant.wording import probability_text, with_article
from tests.assistant import cases

CALIBRATION = load_calibration()


def drafted(evidence):
    evidence = tuple(evidence)
    return draft_by_rule(cases.GENE, evidence, rank(cases.GENE, evidence, CALIBRATION))


@pytest.mark.parametrize("name", cases.ALL)
def test_a_draft_is_whole_and_cautious(name):
    draft = drafted(cases.ALL[name])
    assert Hypothesis.model_validate_json(draft.model_dump_json()) == draft
    assert draft.state == "draft"
    assert draft.statement.endswith(".")
    assert cases.GENE.id in draft.statement
    assert draft.unknowns
    assert draft.experiments
    if draft.tier == "abstain":
        assert draft.statement.startswith("No function is proposed")
        assert draft.abstain_reason
        assert draft.probability == 0
        assert draft.leading is None
    else:
        assert " may encode " in draft.statement
        assert not re.search(r"\b(?:encodes|is a|is an)\b", draft.statement)


@pytest.mark.parametrize("name", cases.ALL)
def test_every_claim_cites_evidence_that_holds_its_words(name):
    evidence = {item.id: item for item in cases.ALL[name]}
    for claim in drafted(cases.ALL[name]).claims:
        assert claim.origin == "rule"
        assert claim.verdict == "unchecked"
        assert claim.citations
        cited = [evidence[citation.evidence_id] for citation in claim.citations]
        text = " ".join(f"{item.statement} {item.terms.ec_numbers}" for item in cited)
        for number in re.findall(r"\d+\.\d+\.\d+\.(?:\d+|-)", claim.text):
            assert number.rstrip("-") in text
        for citation, item in zip(claim.citations, cited, strict=True):
            assert citation.quote in (item.quote, "")


@pytest.mark.parametrize("name", cases.ALL)
def test_claims_have_their_own_ids_and_experiments_point_to_them(name):
    draft = drafted(cases.ALL[name])
    ids = [claim.id for claim in draft.claims]
    assert len(set(ids)) == len(ids)
    for experiment in draft.experiments:
        assert set(experiment.claim_ids) <= set(ids)
        assert bool(experiment.claim_ids) == (draft.tier != "abstain")


def test_the_statement_says_how_specific_and_what_else():
    statement = drafted(cases.CLOSE).statement
    assert "2.7.1.-" in statement
    assert "It may instead be a glycerol kinase (EC 2.7.1.30)" in statement or (
        "It may instead be a xylulose kinase (EC 2.7.1.17)" in statement
    )


def test_both_functions_of_a_bifunctional_protein_are_named():
    draft = drafted(cases.BIFUNCTIONAL)
    assert "(EC 2.7.7.23 and EC 2.3.1.157)" in draft.statement
    assert "instead" not in draft.statement


def test_unknowns_name_what_was_not_looked_at():
    unknowns = " ".join(drafted(cases.CLOSE).unknowns)
    for words in ("substrate", "40 %", "coordinates", "Abundance", "Literature", "Structure"):
        assert words in unknowns


@settings(max_examples=20, deadline=None)
@given(st.permutations(cases.CLOSE))
def test_the_id_and_the_words_do_not_depend_on_the_order_of_evidence(evidence):
    one, other = drafted(evidence), drafted(cases.CLOSE)
    assert (one.id, one.statement, one.claims) == (other.id, other.statement, other.claims)


def test_the_id_depends_on_the_evidence():
    assert drafted(cases.CLEAR).id != drafted(cases.CLEAR[:2]).id
    assert re.fullmatch(r"hyp-[0-9a-f]{16}", drafted(()).id)


@pytest.mark.parametrize(
    ("noun", "expected"),
    [
        ("oxidoreductase", "an oxidoreductase"),
        ("kinase", "a kinase"),
        ("urease", "a urease"),
        ("uracil permease", "a uracil permease"),
        ("NADH oxidase", "an NADH oxidase"),
        ("DNA gyrase", "a DNA gyrase"),
        ("ABC transporter", "an ABC transporter"),
        ("UDP-glucose epimerase", "a UDP-glucose epimerase"),
        ("ATP-binding protein", "an ATP-binding protein"),
        ("L-lactate dehydrogenase", "an L-lactate dehydrogenase"),
    ],
)
def test_articles(noun, expected):
    assert with_article(noun) == expected


def test_probabilities_are_never_certain():
    assert probability_text(1.0) == "above 0.99"
    assert probability_text(0.0) == "below 0.01"
