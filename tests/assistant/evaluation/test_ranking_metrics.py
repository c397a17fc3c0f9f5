"""Figures of rankings against scikit-learn and definitions written out the slow way."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from assistant.evaluation.ranking_metrics import ndcg, per_query, recall, reciprocal_rank

NAMES = [f"d{n}" for n in range(30)]
grades = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 3), max_size=20)
rankings = st.permutations(NAMES)


@given(rankings, grades)
def test_ndcg_is_that_of_scikit_learn(ranking, judged):
    truth = np.array([[judged.get(name, 0) for name in NAMES]], dtype=float)
    scores = np.array([[-ranking.index(name) for name in NAMES]], dtype=float)
    expected = ndcg_score(truth, scores, k=10) if truth.any() else 0.0
    assert ndcg(ranking, judged) == pytest.approx(expected)


@given(rankings, grades, st.integers(1, 30))
def test_recall_and_reciprocal_rank_by_counting(ranking, judged, depth):
    relevant = [name for name in NAMES if judged.get(name, 0) > 0]
    places = [ranking.index(name) + 1 for name in relevant]
    expected = sum(place <= depth for place in places) / len(places) if places else 0.0
    assert recall(ranking, judged, depth) == pytest.approx(expected)
    first = min(places, default=math.inf)
    expected = 1 / first if first <= depth else 0.0
    assert reciprocal_rank(ranking, judged, depth) == pytest.approx(expected)


def test_ndcg_worked_out_by_hand():
    """DCG 1/log2(3) + 2/log2(4); ideal 2/log2(2) + 1/log2(3)."""
    expected = (1 / math.log2(3) + 2 / 2) / (2 + 1 / math.log2(3))
    assert ndcg(["a", "b", "c"], {"b": 1, "c": 2}) == pytest.approx(expected)


def test_a_relevant_document_that_was_not_found_lowers_the_ideal():
    assert ndcg(["a"], {"a": 1, "b": 1}) == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_negative_grades_are_not_relevant():
    assert ndcg(["a", "b"], {"a": -1, "b": 1}) == pytest.approx(1 / math.log2(3))
    assert reciprocal_rank(["a", "b"], {"a": -1, "b": 1}) == 0.5


def test_an_empty_ranking_scores_nothing():
    found = per_query([[], ["a"]], [{"a": 1}, {"a": 1}])
    assert {name: values.tolist() for name, values in found.items()} == {
        "nDCG@10": [0, 1],
        "Recall@100": [0, 1],
        "MRR@10": [0, 1],
    }
