"""Stance by words: plain negations and turned directions are seen; figures on SciFact hold."""

from __future__ import annotations

import random

import pytest

from assistant.evaluation.labelled_claims import read_labelled
from assistant.grounding.polarity import DENIAL, DOWN, UP
from assistant.grounding.stance import stance_of

TEXT = (
    "Butyrate and the gut barrier",
    "Butyrate increased the expression of claudin-1 in Caco-2 cells. It did not change the "
    "viability of the cells. Deletion of the receptor abolished the response to butyrate.",
)


@pytest.mark.parametrize(
    ("fair", "turned"),
    [
        ("Butyrate raises claudin-1 expression.", "Butyrate lowers claudin-1 expression."),
        (
            "Butyrate raises claudin-1 expression.",
            "Butyrate does not raise the expression of claudin-1.",
        ),
        ("Butyrate leaves viability unchanged.", "Butyrate reduces the viability of the cells."),
        (
            "Deletion of the receptor prevents the response to butyrate.",
            "Deletion of the receptor enhances the response to butyrate.",
        ),
    ],
)
def test_a_turned_claim_scores_below_the_fair_one(fair, turned):
    assert stance_of(turned, TEXT).support < stance_of(fair, TEXT).support


def test_a_plain_negation_is_seen():
    assert stance_of("Butyrate does not increase claudin-1 expression.", TEXT).denies
    assert not stance_of("Butyrate increases claudin-1 expression.", TEXT).denies


def test_no_text_gives_no_share():
    assert stance_of("Butyrate increases claudin-1.", ("", "")).share == 0
    assert stance_of("", TEXT).share == 0


def test_no_word_raises_and_lowers():
    assert not UP & DOWN
    assert not UP & DENIAL


@pytest.fixture(scope="module")
def pairs(shared):
    labelled = read_labelled(shared / "literature" / "scifact")
    known = [one for one in labelled.pairs if one.label != "unknown"]
    return labelled, [one for one in known if one.split != "train"]


def rank_area(scores, labels):
    """The area under the ROC curve, as the share of pairs in the right order (slow, exact)."""
    wins = [
        (one > other) + 0.5 * (one == other)
        for one, good in zip(scores, labels, strict=True)
        if good
        for other, bad in zip(scores, labels, strict=True)
        if not bad
    ]
    return sum(wins) / len(wins)


def test_supports_and_contradicts_are_told_apart_on_claims_never_fitted(pairs):
    _, held_out = pairs
    scores = [stance_of(one.claim, (one.paper.title, one.paper.text)).support for one in held_out]
    assert len(held_out) == 209
    assert rank_area(scores, [one.label == "support" for one in held_out]) >= 0.75


def test_the_wrong_paper_shares_few_words(pairs):
    labelled, held_out = pairs
    chance = random.Random(5)
    right = [stance_of(one.claim, (one.paper.title, one.paper.text)).share for one in held_out]
    wrong = [
        stance_of(one.claim, (paper.title, paper.text)).share
        for one in held_out[:80]
        for paper in [chance.choice(labelled.papers)]
    ]
    assert sum(wrong) / len(wrong) < 0.5 * sum(right) / len(right)
