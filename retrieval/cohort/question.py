"""What is asked of a cohort: columns, conditions, and how to test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.cohort.differential import MIN_PREVALENCE
from retrieval.cohort.diversity import PERMUTATIONS
from retrieval.cohort.learners import LEARNERS

if TYPE_CHECKING:
    from retrieval.cohort.learners import Learner
    from retrieval.cohort.normalise import Transform


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a cohort.

    ``where`` are conditions on metadata (``month<=3``). ``subject`` is who gave several samples,
    ``per_subject_mean`` averages them first. ``samples_are_independent`` is a person's word that
    samples do not repeat although a column looks so. ``donor`` names each sample's donor,
    ``baseline_until`` the last time that counts as baseline.
    """

    group: str
    subject: str = ""
    time: str = ""
    covariates: tuple[str, ...] = ()
    reference: str = ""
    where: tuple[str, ...] = ()
    donor: str = ""
    baseline_until: float | None = None
    per_subject_mean: bool = False
    samples_are_independent: bool = False
    transform: Transform | None = None
    min_prevalence: float = MIN_PREVALENCE
    detection_limit: float = 0.0
    learners: tuple[Learner, ...] = LEARNERS
    permutations: int = PERMUTATIONS
    seed: int = 0
    threads: int = 1
