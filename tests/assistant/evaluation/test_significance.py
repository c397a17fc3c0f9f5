"""Paired tests against all sign patterns, and against published corrections."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.significance import holm, randomisation_p


def exact_p(one, other):
    """Go through all 2^n sign patterns."""
    differences = one - other
    sums = [abs(np.dot(signs, differences)) for signs in product((-1, 1), repeat=len(one))]
    return np.mean([total >= abs(differences.sum()) - 1e-9 for total in sums])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_p_is_near_that_of_all_sign_patterns(seed):
    random = np.random.default_rng(seed)
    one, other = random.random(10), random.random(10) * 0.8
    drawn = randomisation_p(one, other, draws=20_000, seed=0)
    assert drawn == pytest.approx(exact_p(one, other), abs=0.015)


def test_equal_settings_do_not_differ():
    values = np.array([0.1, 0.9, 0.5])
    assert randomisation_p(values, values, draws=100, seed=0) == 1.0


def test_a_clear_difference_is_found_and_p_is_never_zero():
    one, other = np.full(200, 0.8), np.full(200, 0.5)
    assert randomisation_p(one, other, draws=999, seed=0) == pytest.approx(0.001)


def test_the_same_seed_gives_the_same_p():
    random = np.random.default_rng(0)
    one, other = random.random(50), random.random(50)
    assert randomisation_p(one, other, draws=500, seed=7) == randomisation_p(
        one, other, draws=500, seed=7
    )


def test_holm_on_a_published_example():
    """The p-values of Wikipedia's worked example of the Holm-Bonferroni method."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_lies_between_the_raw_value_and_bonferroni(p_values):
    for raw, corrected in zip(p_values, holm(p_values), strict=True):
        assert raw <= corrected <= min(1.0, raw * len(p_values))
