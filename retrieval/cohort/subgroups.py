"""Performance of a model by sex, age, country, batch: a mean can hide that it serves some only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from retrieval.cohort.learners import bootstrap_interval, metric_of
from retrieval.cohort.privacy import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.cohort.learners import Task
    from retrieval.cohort.metadata import Metadata
    from retrieval.cohort.table import Bools, Floats

#: Levels of a column beyond which it is no set of groups; numbers with more are numbers.
MOST_LEVELS: Final = 12
FEW_NUMBERS: Final = 5
_LEAST_SUBGROUP: Final = 10
_LEAST_SUBGROUP_CLASS: Final = 4
#: Columns whose levels performance is shown by, by a word of their names.
_SUBGROUP_WORDS: Final = frozenset(
    {
        *("sex", "gender", "age", "country", "nation", "site", "center", "centre", "hospital"),
        *("batch", "run", "plate", "lane", "location", "geography", "region", "ethnicity", "race"),
        *("ethnic", "continent", "cohort", "study", "dataset"),
    }
)


@dataclass(frozen=True, slots=True)
class Subgroup:
    """Performance within a part of the samples; ``value`` is None where too few are there."""

    column: str
    level: str
    n: int
    value: float | None
    low: float | None
    high: float | None
    differs: bool


def by_subgroup(
    task: Task, judged: tuple[Floats, Floats], metadata: Metadata, whole: float, seed: int
) -> Iterator[Subgroup]:
    """Yield performance per level of each column of that kind.

    Args:
        task: The outcome.
        judged: Predictions, and the mean outcome of each training part.
        metadata: Columns of the task's samples.
        whole: Performance in all samples.
        seed: Seed of the bootstrap.
    """
    predictions, means = judged
    for name in metadata.columns:
        if not _SUBGROUP_WORDS & set(words_of(name)):
            continue
        for level, mask in _parts(metadata, name):
            at = np.flatnonzero(mask)
            part = task.part(at)
            sizes = [int((part.y == it).sum()) for it in (0.0, 1.0)]
            few_of_a_class = task.metric == "AUC" and min(sizes) < _LEAST_SUBGROUP_CLASS
            if len(at) < _LEAST_SUBGROUP or few_of_a_class:
                yield Subgroup(name, level, len(at), None, None, None, differs=False)
                continue
            value = metric_of(task.metric, part.y, predictions[at], means[at])
            low, high = bootstrap_interval(part, predictions[at], means[at], seed)
            differs = not low <= whole <= high
            yield Subgroup(name, level, len(at), value, low, high, differs=differs)


def _parts(metadata: Metadata, name: str) -> list[tuple[str, Bools]]:
    """Part samples by a column's levels, or a number into thirds."""
    present = metadata.present(name)
    texts = np.array(metadata.column(name))
    levels = sorted(set(texts[present].tolist()))
    if not metadata.is_numeric(name) or len(levels) <= FEW_NUMBERS:
        few = 2 <= len(levels) <= MOST_LEVELS
        return [(level, texts == level) for level in levels] if few else []
    numbers = metadata.numbers(name)
    first, second = np.nanquantile(numbers, [1 / 3, 2 / 3])
    return [
        (f"up to {first:.4g}", numbers <= first),
        (f"{first:.4g} to {second:.4g}", (numbers > first) & (numbers <= second)),
        (f"above {second:.4g}", numbers > second),
    ]
