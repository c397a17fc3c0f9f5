"""By hand, and against slow versions that follow the definition word by word."""

import itertools

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss

from assistant.evaluation import metrics

P = np.array([0.05, 0.15, 0.15, 0.95, 0.95, 1.0])
RIGHT = np.array([False, False, True, True, True, False])
ALL = np.ones(6, dtype=bool)
ONES = np.ones((1, 6))


def slow_ece(probability, right, bins):
    total = 0.0
    for number in set(bins):
        inside = [n for n, at in enumerate(bins) if at == number]
        mean = sum(probability[n] for n in inside) / len(inside)
        hit = sum(right[n] for n in inside) / len(inside)
        total += len(inside) / len(bins) * abs(mean - hit)
    return total


def slow_mean_precision(confidence, right):
    """The mean over all orders that confidence allows."""
    means = []
    for order in itertools.permutations(range(len(right))):
        if all(confidence[a] >= confidence[b] for a, b in itertools.pairwise(order)):
            hits = np.cumsum([right[n] for n in order])
            means.append(np.mean(hits / np.arange(1, len(right) + 1)))
    return np.mean(means)


def test_ece_by_hand():
    bins = metrics.equal_width_bins(P)
    assert bins.tolist() == [0, 1, 1, 9, 9, 9]
    expected = (1 * 0.05 + 2 * abs(0.15 - 0.5) + 3 * abs(2.9 / 3 - 2 / 3)) / 6
    assert metrics.calibration_error(P, RIGHT, ALL, bins, ONES)[0] == pytest.approx(expected)


def test_ece_like_the_slow_version_under_weights():
    random = np.random.default_rng(3)
    probability, right = random.random(200), random.random(200) < 0.4
    bins = metrics.equal_width_bins(probability)
    places = random.integers(0, 200, 200)
    weights = np.bincount(places, minlength=200)[None, :].astype(float)
    found = metrics.calibration_error(probability, right, np.ones(200, bool), bins, weights)[0]
    assert found == pytest.approx(slow_ece(probability[places], right[places], bins[places]))


def test_those_not_counted_change_nothing():
    more = np.append(P, 0.5)
    counted, right = np.append(ALL, False), np.append(RIGHT, True)
    bins = metrics.equal_width_bins(more)
    found = metrics.calibration_error(more, right, counted, bins, np.ones((1, 7)))[0]
    plain = metrics.calibration_error(P, RIGHT, ALL, metrics.equal_width_bins(P), ONES)[0]
    assert found == pytest.approx(plain)
    assert metrics.brier(more, right, counted, np.ones((1, 7)))[0] == pytest.approx(
        metrics.brier(P, RIGHT, ALL, ONES)[0]
    )


def test_bins_of_like_size():
    random = np.random.default_rng(5)
    probability = random.random(1000)
    sizes = np.bincount(metrics.equal_mass_bins(probability, np.ones(1000, bool)))
    assert sizes.tolist() == [100] * 10


def test_equal_probabilities_share_a_bin():
    probability = np.array([0.2] * 50 + [0.8] * 3)
    bins = metrics.equal_mass_bins(probability, np.ones(53, bool))
    assert len(set(bins[:50])) == 1
    assert bins[0] != bins[-1]


def test_brier_by_scikit_learn():
    assert metrics.brier(P, RIGHT, ALL, ONES)[0] == pytest.approx(brier_score_loss(RIGHT, P))


@pytest.mark.parametrize("seed", range(4))
def test_mean_precision_is_the_mean_over_all_orders_of_ties(seed):
    random = np.random.default_rng(seed)
    confidence, right = random.integers(0, 3, 6) / 2.0, random.random(6) < 0.5
    found = metrics.mean_precision(confidence, right, ONES)[0]
    assert found == pytest.approx(slow_mean_precision(confidence, right))


def test_mean_precision_of_a_draw_is_that_of_the_repeated_rows():
    random = np.random.default_rng(9)
    confidence, right = random.integers(0, 20, 80) / 20.0, random.random(80) < 0.5
    places = random.integers(0, 80, 80)
    weights = np.bincount(places, minlength=80)[None, :].astype(float)
    found = metrics.mean_precision(confidence, right, weights)[0]
    again = metrics.mean_precision(confidence[places], right[places], np.ones((1, 80)))[0]
    assert found == pytest.approx(again)


def test_mean_precision_does_not_depend_on_the_order_of_rows():
    turned = slice(None, None, -1)
    found = metrics.mean_precision(P[turned], RIGHT[turned], ONES)[0]
    assert found == pytest.approx(metrics.mean_precision(P, RIGHT, ONES)[0])


def test_a_perfect_and_a_perfectly_wrong_order():
    right = np.array([True, True, False, False])
    confidence = np.array([0.9, 0.8, 0.2, 0.1])
    best = metrics.mean_precision(confidence, right, np.ones((1, 4)))[0]
    worst = metrics.mean_precision(1 - confidence, right, np.ones((1, 4)))[0]
    assert best == pytest.approx((1 + 1 + 2 / 3 + 1 / 2) / 4)
    assert worst == pytest.approx((0 + 0 + 1 / 3 + 1 / 2) / 4)


def test_risk_coverage_steps_where_confidence_falls():
    points = metrics.risk_coverage(P, RIGHT)
    assert [bar for *_, bar in points] == [1.0, 0.95, 0.15, 0.05]
    assert [coverage for coverage, *_ in points] == pytest.approx([1 / 6, 3 / 6, 5 / 6, 1])
    assert [risk for _, risk, _ in points] == pytest.approx([1, 1 / 3, 2 / 5, 3 / 6])


def test_reliability_describes_each_bin_that_holds_any():
    bins = metrics.reliability(P, RIGHT, ALL)
    assert [(one.low, one.n, one.share_right) for one in bins] == [
        (0.0, 1, 0.0),
        (0.1, 2, 0.5),
        (0.9, 3, pytest.approx(2 / 3)),
    ]
    assert sum(one.n * abs(one.mean_probability - one.share_right) for one in bins) / 6 == (
        pytest.approx(slow_ece(P, RIGHT, metrics.equal_width_bins(P)))
    )


def test_nothing_to_count_is_nan_not_zero():
    nobody = np.zeros(6, dtype=bool)
    assert np.isnan(metrics.share(RIGHT, nobody, ONES)[0])
    assert np.isnan(metrics.brier(P, RIGHT, nobody, ONES)[0])
    bins = metrics.equal_mass_bins(P, nobody)
    assert np.isnan(metrics.calibration_error(P, RIGHT, nobody, bins, ONES)[0])
    assert np.isnan(metrics.mean_precision(P[:0], RIGHT[:0], np.ones((1, 0)))[0])
    assert metrics.risk_coverage(P[:0], RIGHT[:0]) == []
