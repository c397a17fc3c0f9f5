"""Learners and their cross-validation: the home of scikit-learn's models.

Samples of one subject never stand on both sides of a split; what a learner chooses (features,
penalties) it chooses inside the training part alone.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

import numpy as np

if TYPE_CHECKING:
    from retrieval.cohort.table import Floats, Indices

Learner: TypeAlias = Literal["linear", "forest", "network"]
LEARNERS: Final[tuple[Learner, ...]] = get_args(Learner)
LEARNER_NAMES: Final = {
    "linear": "elastic net",
    "forest": "random forest",
    "network": "neural network (one hidden layer)",
}
FOLDS: Final = 5
_INNER_FOLDS: Final = 3
_BOOTSTRAPS: Final = 500
#: The linear model and the network see at most so many features, chosen within the training part.
_MOST_FEATURES: Final = 200


@dataclass(frozen=True, slots=True)
class Setup:
    """How to fit: which learner, its seed, threads, and the trees of a forest."""

    learner: Learner
    seed: int = 0
    threads: int = 1
    trees: int = 200


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One outcome of some samples.

    ``metric`` is "AUC" (``y`` holds 0 and 1) or "R2" (numbers). ``units`` is the subject of each
    sample, ``rows`` the samples' places in the table.
    """

    name: str
    metric: str
    y: Floats
    units: Indices
    rows: Indices

    def part(self, at: Indices) -> Task:
        """Return the task of some of its samples."""
        return Task(self.name, self.metric, self.y[at], self.units[at], self.rows[at])

    def with_outcome(self, y: Floats) -> Task:
        """Return the task with other outcomes."""
        return Task(self.name, self.metric, y, self.units, self.rows)


def folds(task: Task, seed: int) -> list[tuple[Indices, Indices]]:
    """Split into training and test parts by subject, classes in proportion."""
    from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

    if task.metric == "R2":
        by_subject = GroupKFold(FOLDS, shuffle=True, random_state=seed)
        return list(by_subject.split(task.y, task.y, task.units))
    by_class = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        # A class with fewer subjects than folds is told where results are judged.
        warnings.simplefilter("ignore", UserWarning)
        return list(by_class.split(task.y, task.y.astype(int), task.units))


def predicted(x: Floats, task: Task, setup: Setup) -> tuple[Floats, Floats]:
    """Return out-of-fold predictions, and the mean outcome of each sample's training part."""
    predictions, means = np.zeros(len(x)), np.zeros(len(x))
    for train, test in folds(task, setup.seed):
        model = fitted(x[train], task.part(train), setup)
        predictions[test] = _scores(model, x[test], task.metric)
        means[test] = task.y[train].mean()
    return predictions, means


def fitted(x: Floats, task: Task, setup: Setup) -> Any:  # noqa: ANN401 - scikit-learn publishes no types
    """Fit a learner to all samples of a task."""
    is_class = task.metric == "AUC"
    model = _forest(setup, is_class=is_class)
    if setup.learner != "forest":
        model = _tuned(setup, is_class=is_class, features=x.shape[1])
    target = task.y.astype(int) if is_class else task.y
    known = {} if setup.learner == "forest" else {"groups": task.units}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # A penalty path that has not settled, a constant feature: the score tells what it is worth.
        warnings.simplefilter("ignore")
        model.fit(x, target, **known)
    return model


def _forest(setup: Setup, *, is_class: bool) -> Any:  # noqa: ANN401 - scikit-learn publishes no types
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    if is_class:
        return RandomForestClassifier(setup.trees, random_state=setup.seed, n_jobs=setup.threads)
    return RandomForestRegressor(
        setup.trees, max_features=0.33, random_state=setup.seed, n_jobs=setup.threads
    )


def _tuned(setup: Setup, *, is_class: bool, features: int) -> Any:  # noqa: ANN401 - scikit-learn publishes no types
    """Make a learner that chooses features and penalty by inner folds of the training part."""
    from sklearn.feature_selection import SelectKBest, f_classif, f_regression
    from sklearn.model_selection import GridSearchCV, GroupKFold, StratifiedGroupKFold
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    make = _elastic_net if setup.learner == "linear" else _network
    model, grid = make(setup.seed, is_class=is_class)
    choose = SelectKBest(f_classif if is_class else f_regression, k=min(_MOST_FEATURES, features))
    steps = [("choose", choose), ("scale", StandardScaler()), ("model", model)]
    inner = (StratifiedGroupKFold if is_class else GroupKFold)(_INNER_FOLDS)
    scoring = "roc_auc" if is_class else "neg_mean_squared_error"
    # An inner part without one of the classes scores as badly as can be.
    worst = 0.0 if is_class else -1e30
    return GridSearchCV(Pipeline(steps), grid, cv=inner, scoring=scoring, error_score=worst)


def _elastic_net(seed: int, *, is_class: bool) -> tuple[Any, dict[str, list[float]]]:
    from sklearn.linear_model import ElasticNet, LogisticRegression

    if not is_class:
        model = ElasticNet(l1_ratio=0.5, max_iter=2000, tol=1e-3, random_state=seed)
        return model, {"model__alpha": [0.03, 0.1, 0.3]}
    model = LogisticRegression(
        solver="saga", l1_ratio=0.5, max_iter=300, tol=1e-2, class_weight="balanced",
        random_state=seed,
    )  # fmt: skip
    return model, {"model__C": [0.03, 0.3]}


def _network(seed: int, *, is_class: bool) -> tuple[Any, dict[str, list[float]]]:
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    made = MLPClassifier if is_class else MLPRegressor
    model = made(hidden_layer_sizes=(8,), solver="lbfgs", max_iter=100, random_state=seed)
    return model, {"model__alpha": [1.0, 30.0]}


def _scores(model: Any, x: Floats, metric: str) -> Floats:  # noqa: ANN401 - scikit-learn publishes no types
    if metric != "AUC":
        return np.asarray(model.predict(x), dtype=float)
    made = model.predict_proba(x)
    # A training part with one class only knows no other.
    return np.asarray(made[:, 1] if made.shape[1] > 1 else np.full(len(x), 0.5), dtype=float)


def metric_of(metric: str, y: Floats, predictions: Floats, means: Floats) -> float:
    """Return AUC, or R² against the mean of the training part; NaN with one class only."""
    if metric == "R2":
        total = float(((y - means) ** 2).sum())
        return 1 - float(((y - predictions) ** 2).sum()) / total if total > 0 else float("nan")
    from scipy import stats

    ones = int(y.sum())
    zeros = len(y) - ones
    if not ones or not zeros:
        return float("nan")
    ranks = stats.rankdata(predictions)
    return float((ranks[y == 1].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def bootstrap_interval(
    task: Task, predictions: Floats, means: Floats, seed: int
) -> tuple[float, float]:
    """Return the 95 % interval of the metric by bootstrap over subjects."""
    rng = np.random.default_rng(seed)
    members = members_of(task.units)
    single = len(members) == len(task.units)
    values = []
    for _ in range(_BOOTSTRAPS):
        drawn = rng.integers(0, len(members), len(members))
        at = drawn if single else np.concatenate([members[it] for it in drawn])
        values.append(metric_of(task.metric, task.y[at], predictions[at], means[at]))
    known = np.array([it for it in values if np.isfinite(it)] or [0.0])
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)


def members_of(units: Indices) -> list[Indices]:
    """List the places of each subject's samples."""
    return [np.flatnonzero(units == one) for one in np.unique(units)]
