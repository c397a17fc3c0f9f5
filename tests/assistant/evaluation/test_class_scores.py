"""Against scikit-learn, as CLEAN's own get_eval_metrics calls it, and by hand."""

import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from assistant.evaluation.class_scores import Classes

ONES = np.ones((1, 4))


def by_scikit_learn(truth, named):
    classes = sorted({ec for one in truth for ec in one})
    true = np.array([[ec in one for ec in classes] for one in truth], dtype=int)
    given = np.array([[ec in one for ec in classes] for one in named], dtype=int)
    scores = np.array([[one.get(ec, 0.0) for ec in classes] for one in named])
    how = {"average": "weighted", "zero_division": 0}
    return (
        sklearn_metrics.precision_score(true, given, **how),
        sklearn_metrics.recall_score(true, given, **how),
        sklearn_metrics.f1_score(true, given, **how),
        sklearn_metrics.roc_auc_score(true, scores, average="weighted"),
        sklearn_metrics.accuracy_score(true, given),
    )


def ours(classes, weights):
    figures = [getattr(classes, name)(weights)[0] for name in ("precision", "recall", "f1", "auc")]
    return *figures, np.average(classes.exact_in_classes, weights=weights[0])


def made_up(seed, n=60):
    """Proteins with one to three of a dozen classes; answers right, wrong, foreign or none."""
    random = np.random.default_rng(seed)
    names = np.array([f"1.1.1.{k}" for k in range(12)])
    truth, named = [], []
    for _ in range(n):
        true = random.choice(names, random.integers(1, 4), replace=False)
        pool = [*true, *random.choice(names, 2), "9.9.9.9"]
        given = random.choice(pool, random.integers(0, 4))
        truth.append(tuple(true.tolist()))
        named.append({str(ec): round(float(random.random()), 1) for ec in given})
    return truth, named


@pytest.mark.parametrize("seed", range(5))
def test_like_scikit_learn(seed):
    truth, named = made_up(seed)
    expected = by_scikit_learn(truth, named)
    assert ours(Classes.of(truth, named), np.ones((1, 60))) == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(3))
def test_a_draw_is_like_scikit_learn_on_the_repeated_rows(seed):
    truth, named = made_up(seed)
    places = np.random.default_rng(seed).integers(0, 60, 60)
    weights = np.bincount(places, minlength=60)[None, :].astype(float)
    expected = by_scikit_learn([truth[n] for n in places], [named[n] for n in places])
    assert ours(Classes.of(truth, named), weights) == pytest.approx(expected)


def test_by_hand():
    truth = [("a",), ("a",), ("b",), ("c",)]
    named = [{"a": 1.0}, {"b": 1.0}, {"b": 1.0}, {"x": 1.0}]
    classes = Classes.of(truth, named)
    # a: 1 of 1 right, 1 of 2 found; b: 1 of 2, 1 of 1; c: none named; x is no class.
    assert classes.precision(ONES)[0] == pytest.approx((2 * 1 + 1 * 0.5 + 1 * 0) / 4)
    assert classes.recall(ONES)[0] == pytest.approx((2 * 0.5 + 1 * 1 + 1 * 0) / 4)
    assert classes.f1(ONES)[0] == pytest.approx((2 * 2 / 3 + 1 * 2 / 3 + 0) / 4)
    # a: pairs (2 pos x 2 neg): 2 won, 2 tied; b: 1 x 3: 2 won, 1 tied; c: 3 ties.
    assert classes.auc(ONES)[0] == pytest.approx((2 * 3 / 4 + 1 * 2.5 / 3 + 1 * 0.5) / 4)
    assert classes.exact.tolist() == [True, False, True, False]


def test_a_foreign_class_breaks_the_exact_set_but_not_cleans():
    classes = Classes.of([("a",), ("b",)], [{"a": 1.0, "x": 1.0}, {"b": 1.0}])
    assert classes.exact.tolist() == [False, True]
    assert classes.exact_in_classes.tolist() == [True, True]
    assert classes.precision(np.ones((1, 2)))[0] == 1.0


def test_no_curve_without_a_negative():
    assert np.isnan(Classes.of([("a",)], [{"a": 1.0}]).auc(np.ones((1, 1)))[0])


def test_no_class_at_all():
    classes = Classes.of([(), ()], [{"a": 1.0}, {}])
    assert np.isnan(classes.f1(np.ones((1, 2)))[0])
