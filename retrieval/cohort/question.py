"""What is asked of a cohort: columns, conditions, and how to test."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ingest.errors import UserError
from retrieval.cohort.column_roles import DISEASE_WORDS
from retrieval.cohort.differential import MIN_PREVALENCE
from retrieval.cohort.diversity import PERMUTATIONS
from retrieval.cohort.learners import LEARNERS
from retrieval.cohort.privacy import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.cohort.learners import Learner
    from retrieval.cohort.metadata import Metadata
    from retrieval.cohort.normalise import Transform

#: Groups that a message proposes: columns, levels of each, and what makes a column one of groups.
_PROPOSED: Final = 8
_LEVELS_SHOWN: Final = 5
_MOST_LEVELS: Final = 12
_LEAST_PER_LEVEL: Final = 3


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a cohort.

    ``where`` are conditions on metadata (``month<=3``). ``subject`` is who gave several samples,
    ``per_subject_mean`` averages them first. ``samples_are_independent`` is a person's word that
    samples do not repeat although a column looks so. ``donor`` names each sample's donor,
    ``baseline_until`` the last time that counts as baseline. ``ignored`` are columns that, on a
    person's word, are no confounders.
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
    ignored: tuple[str, ...] = ()


def refuse_unknown_columns(metadata: Metadata, question: Question) -> None:
    """Refuse a question whose columns are absent, and say which could be compared.

    Raises:
        UserError: No group is named, or a column is not in the metadata.
    """
    if not question.group:
        what = "name the column of groups, or of an outcome, with --group"
        raise UserError(what, where="cohort", hint=f"Columns: {'; '.join(group_columns(metadata))}")
    named = (question.group, question.subject, question.time, question.donor)
    for name in (*named, *question.covariates, *question.ignored):
        if not name or name in metadata.columns:
            continue
        near = [it for it in metadata.columns if it.casefold() == name.casefold()]
        known = f"Did you mean {near[0]!r}? " if near else ""
        if name == question.group:
            known += f"Columns: {'; '.join(group_columns(metadata))}"
        else:
            known += f"Columns: {', '.join(sorted(metadata.columns)[:20])}"
        raise UserError(f"the metadata have no column {name!r}", where="cohort", hint=known)


def group_columns(metadata: Metadata) -> list[str]:
    """Describe the columns that groups may be formed of, those of diseases first.

    >>> from retrieval.cohort.metadata import Metadata
    >>> group_columns(Metadata(tuple("abcdef"), {"arm": ("x", "y") * 3, "id": tuple("123456")}))
    ['arm (x 3, y 3)']
    """
    best = list(group_choices(metadata).values())[:_PROPOSED]
    return best or sorted(metadata.columns)[: 2 * _PROPOSED]


def group_choices(metadata: Metadata) -> dict[str, str]:
    """Describe by name the columns that groups may be formed of, those of diseases first."""
    found = []
    for name, values in metadata.columns.items():
        counts = Counter(value for value in values if value)
        large = [level for level, count in counts.items() if count >= _LEAST_PER_LEVEL]
        if len(large) < 2 or len(counts) > _MOST_LEVELS:
            continue
        shown = ", ".join(f"{it} {count}" for it, count in counts.most_common(_LEVELS_SHOWN))
        more = " ..." if len(counts) > _LEVELS_SHOWN else ""
        told = bool(DISEASE_WORDS & set(words_of(name)))
        found.append((not told, name, f"{name} ({shown}{more})"))
    return {name: text for _, name, text in sorted(found, key=lambda it: it[0])}


def without_columns(metadata: Metadata, question: Question) -> tuple[Metadata, str]:
    """Leave out the columns that a person says are no confounders; also say so."""
    asked: Sequence[str] = (question.group, question.subject, question.time, *question.covariates)
    ignored = [it for it in question.ignored if it not in asked]
    if not ignored:
        return metadata, ""
    columns = {name: it for name, it in metadata.columns.items() if name not in ignored}
    note = f"not looked at as confounders, on your word: {', '.join(ignored)}"
    return replace(metadata, columns=columns), note
