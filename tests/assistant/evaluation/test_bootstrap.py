import numpy as np
import pytest

from assistant.evaluation import bootstrap
from assistant.evaluation.bootstrap import Sampled, sample, weight_blocks
from assistant.evaluation.metrics import share

RIGHT = np.arange(100) % 4 != 0
EVERY = np.ones(100, dtype=bool)


def share_right(weights):
    return share(RIGHT, EVERY, weights)


def test_an_interval_of_a_share_is_that_of_the_binomial():
    found = sample({"x": share_right}, 100, draws=4000, seed=1)["x"].estimate()
    spread = 1.96 * np.sqrt(0.75 * 0.25 / 100)
    assert found.value == 0.75
    assert found.low == pytest.approx(0.75 - spread, abs=0.01)
    assert found.high == pytest.approx(0.75 + spread, abs=0.01)


def test_the_seed_decides_and_blocks_do_not(monkeypatch):
    def drawn():
        return sample({"x": share_right}, 100, draws=50, seed=7)["x"].drawn

    whole = drawn()
    assert (drawn() == whole).all()
    monkeypatch.setattr(bootstrap, "_BLOCK", 700)
    assert (drawn() == whole).all()
    assert (sample({"x": share_right}, 100, draws=50, seed=8)["x"].drawn != whole).any()


def test_each_draw_has_as_many_proteins_as_the_test():
    for block in weight_blocks(30, 12, 0):
        assert (block.sum(axis=1) == 30).all()


def test_a_paired_difference_is_narrower_than_two_intervals():
    other = RIGHT.copy()
    other[:4] = True  # one protein more is right
    figures = {"a": share_right, "b": lambda weights: share(other, EVERY, weights)}
    found = sample(figures, 100, draws=1000, seed=0)
    gain = found["b"].less(found["a"]).estimate()
    alone = found["a"].estimate()
    assert gain.value == pytest.approx(0.01)
    assert -0.001 <= gain.low < gain.high < 0.04
    assert gain.high - gain.low < (alone.high - alone.low) / 3


def test_the_interval_lies_about_the_figure():
    # Draws of a figure with a bias of its own all lie above it.
    found = Sampled(0.1, np.linspace(0.2, 0.4, 1001)).estimate()
    assert (found.low, found.high) == pytest.approx((0.005, 0.195), abs=1e-3)


def test_no_draws_no_interval_and_nothing_counted_no_value():
    assert sample({"x": share_right}, 100, draws=0, seed=0)["x"].estimate().low is None
    assert Sampled(float("nan"), np.array([1.0])).estimate().value is None
