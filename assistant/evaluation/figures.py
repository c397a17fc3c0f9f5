"""From predictions to figures: a table of named figures with intervals for each view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.evaluation.answers import VIEWS
from assistant.evaluation.bootstrap import sample
from assistant.evaluation.class_scores import Classes
from assistant.evaluation.correctness import LEVELS, is_right, truth_reaches, verdict
from assistant.evaluation.metrics import (
    as_bools,
    as_floats,
    brier,
    calibration_error,
    equal_mass_bins,
    equal_width_bins,
    mean_precision,
    share,
    total_ratio,
)
from ingest.vocab import ec_level

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from assistant.evaluation.answers import Prediction
    from assistant.evaluation.bootstrap import Estimate, Figure
    from assistant.evaluation.metrics import Bools, Floats

#: The column of what the leading candidate has more than best hit, protein by protein.
GAIN: Final = "gain"


@dataclass(frozen=True, slots=True)
class Stated:
    """What one view states at one EC level, as columns over proteins.

    ``counted`` tells which proteins are given an EC number down to the level and can be judged.
    """

    probability: Floats
    right: Bools
    counted: Bools


def ec_figures(
    predictions: Sequence[Prediction], *, draws: int, seed: int
) -> dict[str, dict[str, Estimate]]:
    """Compute all figures of each view, and of ``gain``: forced less best hit, paired.

    A gain is positive where forced has more of the figure, be that better or worse. Proteins of
    which it is not said whether they are enzymes must be left out before.
    """
    by_view = {view: view_figures(predictions, view) for view in VIEWS}
    flat = {(view, name): it for view, its in by_view.items() for name, it in its.items()}
    found = sample(flat, len(predictions), draws=draws, seed=seed)
    answer = {
        view: {name: found[view, name].estimate() for name in its} for view, its in by_view.items()
    }
    answer[GAIN] = {
        name: found["forced", name].less(found["best_hit", name]).estimate()
        for name in by_view["forced"]
    }
    return answer


def view_figures(predictions: Sequence[Prediction], view: str) -> dict[str, Figure]:
    """List the figures of one view, each a function of how often each protein counts."""
    figures: dict[str, Figure] = {}
    figures |= _accuracies(predictions, view)
    figures |= _class_figures(predictions, view)
    figures |= _named_figures(predictions, view)
    figures |= _calibration_figures(predictions, view)
    return figures | _ranking_figures(predictions, view)


def _accuracies(predictions: Sequence[Prediction], view: str) -> dict[str, Figure]:
    """Top-1 accuracy: of the first EC number named, and of any of those named."""
    figures: dict[str, Figure] = {}
    for level in reversed(LEVELS):
        counted = as_bools([truth_reaches(one.known.ec_numbers, level) for one in predictions])
        for how, most in (("top1", 1), ("any", None)):
            right = as_bools([_any_right(one, view, level, most) for one in predictions])
            figures[f"{how}_l{level}"] = _share(right, counted)
    return figures


def _any_right(one: Prediction, view: str, level: int, most: int | None) -> bool:
    named = one.views[view].ec_numbers[:most]
    return any(is_right(ec, one.known.ec_numbers, level) for ec in named)


def _class_figures(predictions: Sequence[Prediction], view: str) -> dict[str, Figure]:
    truth = [one.known.ec_numbers for one in predictions]
    answers = [one.views[view] for one in predictions]
    named = [dict(zip(it.ec_numbers, it.scores, strict=True)) for it in answers]
    is_enzyme = as_bools([one.known.is_enzyme is True for one in predictions])
    classes = Classes.of(truth, named)
    exact, exact_in_classes = classes.exact, classes.exact_in_classes
    return {
        "precision": classes.precision,
        "recall": classes.recall,
        "f1": classes.f1,
        "auc": classes.auc,
        "exact": _share(exact, is_enzyme),
        "exact_in_classes": _share(exact_in_classes, is_enzyme),
    }


def _named_figures(predictions: Sequence[Prediction], view: str) -> dict[str, Figure]:
    """Micro precision and recall, each EC number judged to its own depth, and coverage."""
    truth = [one.known.ec_numbers for one in predictions]
    named = [one.views[view].ec_numbers for one in predictions]
    pairs = list(zip(named, truth, strict=True))
    verdicts = [[verdict(ec, true, ec_level(ec)) for ec in given] for given, true in pairs]
    right = as_floats([its.count(True) for its in verdicts])
    judged = as_floats([sum(it is not None for it in its) for its in verdicts])
    full = as_floats([len(set(given) & set(true)) for given, true in pairs])
    wanted = as_floats([len(true) for true in truth])
    is_enzyme = as_bools([one.known.is_enzyme is True for one in predictions])
    has_ec = as_bools([bool(given) for given in named])
    has_full = as_bools([any(ec_level(ec) == 4 for ec in given) for given in named])
    return {
        "micro_precision": lambda weights: total_ratio(right, judged, weights),
        "micro_recall": lambda weights: total_ratio(full, wanted, weights),
        "coverage": _share(has_ec, is_enzyme),
        "coverage_l4": _share(has_full, is_enzyme),
        "false_enzymes": _share(has_ec, _non_enzymes(predictions)),
    }


def _non_enzymes(predictions: Sequence[Prediction]) -> Bools:
    return as_bools([one.known.is_enzyme is False for one in predictions])


def _calibration_figures(predictions: Sequence[Prediction], view: str) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    columns = {f"l{level}": stated_at(predictions, view, level) for level in reversed(LEVELS)}
    columns["as_named"] = stated_at(predictions, view, None)
    for name, it in columns.items():
        width = equal_width_bins(it.probability)
        mass = equal_mass_bins(it.probability, it.counted)
        figures[f"ece_{name}"] = _calibration(it, width)
        figures[f"ece_mass_{name}"] = _calibration(it, mass)
        figures[f"brier_{name}"] = _brier(it)
        figures[f"right_{name}"] = _share(it.right, it.counted)
    return figures


def stated_at(predictions: Sequence[Prediction], view: str, level: int | None) -> Stated:
    """Put probability and outcome of the leading EC number side by side.

    Args:
        predictions: The answers.
        view: One of ``VIEWS``.
        level: The EC level, or None for the depth to which each is named.
    """
    cells = [_stated(one, view, level) for one in predictions]
    return Stated(
        probability=as_floats([probability for probability, _ in cells]),
        right=as_bools([right is True for _, right in cells]),
        counted=as_bools([right is not None for _, right in cells]),
    )


def _stated(one: Prediction, view: str, level: int | None) -> tuple[float, bool | None]:
    answer = one.views[view]
    depth = level or ec_level(answer.first)
    says_nothing = one.known.is_enzyme is None
    if says_nothing or not answer.first or min(len(answer.levels), ec_level(answer.first)) < depth:
        return 0.0, None
    return answer.levels[depth - 1], verdict(answer.first, one.known.ec_numbers, depth)


def _ranking_figures(predictions: Sequence[Prediction], view: str) -> dict[str, Figure]:
    """Selective accuracy at levels 4 and 3 over enzymes; without an answer: wrong, and last."""
    figures: dict[str, Figure] = {}
    for level in (4, 3):
        confidence, right, counted = confidence_and_right(predictions, view, level)
        precision = _mean_precision(confidence, right, counted)
        figures[f"mean_precision_l{level}"] = precision
        figures[f"aurc_l{level}"] = _complement(precision)
    return figures


def confidence_and_right(
    predictions: Sequence[Prediction], view: str, level: int
) -> tuple[Floats, Bools, Bools]:
    """List confidence at a level, whether the answer is right there, and whom it counts for."""
    answers = [one.views[view] for one in predictions]
    stated = [it.levels[level - 1 : level] for it in answers]
    confidence = as_floats([one[0] if one else 0.0 for one in stated])
    right = as_bools([_any_right(one, view, level, 1) for one in predictions])
    counted = as_bools([truth_reaches(one.known.ec_numbers, level) for one in predictions])
    return confidence, right, counted


def _share(right: Bools, counted: Bools) -> Figure:
    return lambda weights: share(right, counted, weights)


def _brier(it: Stated) -> Figure:
    return lambda weights: brier(it.probability, it.right, it.counted, weights)


def _calibration(it: Stated, bins: NDArray[np.int64]) -> Figure:
    return lambda weights: calibration_error(it.probability, it.right, it.counted, bins, weights)


def _mean_precision(confidence: Floats, right: Bools, counted: Bools) -> Figure:
    ours, hits = confidence[counted], right[counted]
    return lambda weights: mean_precision(ours, hits, weights[:, counted])


def _complement(figure: Figure) -> Figure:
    return lambda weights: 1 - figure(weights)


def tier_table(predictions: Sequence[Prediction]) -> dict[str, Mapping[str, float | int | None]]:
    """Count proteins by tier, and how many EC numbers as reported are right there."""
    table: dict[str, Mapping[str, float | int | None]] = {}
    for tier in ("high", "medium", "low", "abstain"):
        group = [one for one in predictions if one.tier == tier]
        stated = stated_at(group, "reported", None)
        judged = int(stated.counted.sum())
        table[tier] = {
            "n": len(group),
            "non_enzymes": int(_non_enzymes(group).sum()),
            "with_ec": sum(bool(one.views["reported"].ec_numbers) for one in group),
            "to_level_4": sum(ec_level(one.views["reported"].first) == 4 for one in group),
            "judged": judged,
            "right": float(stated.right.sum() / judged) if judged else None,
        }
    return table
