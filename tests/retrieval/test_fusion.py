"""Fusion against cases worked out by hand, and laws that hold for any lists."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.fusion import by_ranks, convex, reciprocal_rank

COSINES = st.dictionaries(st.integers(0, 30), st.floats(-1, 1), max_size=12)
BM25 = st.dictionaries(st.integers(0, 30), st.floats(0, 60), max_size=12)


def test_convex_by_hand():
    # dense max .5, min .2; lexical max 4.
    # 2: .8 * 1.2/1.5 + .2 * 4/4 = .64 + .2;  1: .8 * 1;  3: .8 * 1.2/1.5 + .2 * 2/4
    fused = convex({1: 0.5, 2: 0.2}, {2: 4.0, 3: 2.0}, weight=0.8)
    assert [(it.id, it.dense, it.lexical) for it in fused] == [
        (2, 0.2, 4.0),
        (1, 0.5, None),
        (3, None, 2.0),
    ]
    assert [it.score for it in fused] == pytest.approx([0.84, 0.8, 0.74])


def test_synonyms_count_as_words_at_their_part():
    fused = convex({}, {1: 4.0, 2: 1.0}, {2: 10.0})
    assert [(it.id, it.lexical, it.expansion) for it in fused] == [(2, 1.0, 10.0), (1, 4.0, None)]
    assert [it.score for it in fused] == pytest.approx([1.0, 4.0 / (1 + 0.4 * 10)])


def test_ranks_by_hand():
    fused = by_ranks({1: 0.9, 2: 0.1}, {2: 7.0})
    assert [it.id for it in fused] == [2, 1]
    assert [it.score for it in fused] == pytest.approx([(1 / 62 + 1 / 61) * 61 / 2, 0.5])


def test_one_list_stands_alone():
    assert [(it.id, it.score) for it in convex({}, {7: 3.0, 8: 6.0})] == [(8, 1.0), (7, 0.5)]
    assert [(it.id, it.score) for it in convex({7: 0.0, 8: 1.0}, {})] == [(8, 1.0), (7, 0.5)]
    assert convex({}, {}) == []


@given(COSINES, BM25)
@example({0: 0.0}, {1: 5e-324})
@example({0: -1.0}, {0: 0.0})
def test_convex_laws(dense, lexical):
    fused = convex(dense, lexical)
    assert {it.id for it in fused} == dense.keys() | lexical.keys()
    assert all(-1e-9 <= it.score <= 1 + 1e-9 for it in fused)
    assert [(-it.score, it.id) for it in fused] == sorted((-it.score, it.id) for it in fused)
    backwards = convex(dict(reversed(dense.items())), dict(reversed(lexical.items())))
    assert fused == backwards


@given(COSINES, BM25)
def test_an_item_better_in_both_lists_is_never_behind(dense, lexical):
    rank = {it.id: n for n, it in enumerate(convex(dense, lexical))}
    both = sorted(dense.keys() & lexical.keys())
    for one in both:
        for other in both:
            if dense[one] > dense[other] + 1e-9 and lexical[one] > lexical[other] + 1e-9:
                assert rank[one] < rank[other]


def test_reciprocal_rank_by_hand():
    fused = reciprocal_rank([[1, 2, 3], [3, 1]])
    assert fused == [
        (1, pytest.approx(1 / 61 + 1 / 62)),
        (3, pytest.approx(1 / 63 + 1 / 61)),
        (2, pytest.approx(1 / 62)),
    ]


@given(st.lists(st.lists(st.integers(0, 20), unique=True), max_size=4))
def test_reciprocal_rank_laws(rankings):
    fused = reciprocal_rank(rankings)
    assert {item for item, _ in fused} == {item for ranking in rankings for item in ranking}
    assert fused == sorted(fused, key=lambda it: (-it[1], it[0]))
