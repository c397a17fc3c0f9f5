"""The design of a comparison: groups, subjects, covariates, and whether samples are independent."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from ingest.errors import UserError
from retrieval.cohort.privacy import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.cohort.metadata import Metadata
    from retrieval.cohort.table import Bools, Floats, Indices

#: Words of a column's name that say "who or what was sampled".
_SUBJECT_WORDS: Final = frozenset(
    {
        *("subject", "subjects", "subjectid", "patient", "patients", "patientid", "participant"),
        *("participantid", "individual", "person", "donor", "host", "mouse", "mice", "animal"),
        *("infant", "child", "baby", "volunteer", "proband", "pid", "randid", "rat", "pig", "cage"),
        *("subj", "subjid", "pt", "ptid", "ind", "indid", "animalid", "personid", "individualid"),
        *("hostsubjectid", "controlvar", "pair", "household", "family", "twin", "mouseid"),
    }
)
#: Words that say so even where two people, or one, gave all samples.
_PERSON_WORDS: Final = frozenset(
    {
        *("subject", "subjects", "subjectid", "patient", "patients", "patientid", "participant"),
        *("participantid", "individual", "person", "volunteer", "pid", "ptid", "hostsubjectid"),
    }
)
#: Words that make such a column a property of the subject, not its name.
_DESCRIPTIVE_WORDS: Final = frozenset(
    {
        *("age", "sex", "gender", "weight", "bmi", "type", "history", "status", "race", "group"),
        *("height", "species", "strain", "diet", "class", "count", "body", "taxid", "common"),
        *("scientific", "of", "size", "disease", "site", "product", "health", "mom", "mode"),
    }
)
#: Share of all samples that one person gives at most.
_LARGEST_LEVEL: Final = 0.3
#: So many people at most are told by a name that says beyond doubt that it names people.
_FEW_PEOPLE: Final = 2
_YES_AND_NO: Final = frozenset({"yes", "no", "true", "false", "y", "n", "human", "control"})
#: Share of the levels, or of an outcome's variance, from which on an outcome belongs to levels.
_NESTED: Final = 0.9
#: Rank correlation of differences with distances below which numbers measure nothing.
_NO_TREND: Final = 0.1
_LEAST_PAIRS: Final = 20
#: Levels of a column are alike beyond chance (199 permutations give 0.005 at least).
_ALIKE_P: Final = 0.02
#: Levels that serve as reference where none is named, best first.
_REFERENCES: Final = (
    *(
        "healthy",
        "control",
        "controls",
        "healthy control",
        "hc",
        "ctrl",
        "ctr",
        "non-ibd",
        "nonibd",
    ),
    *("normal", "placebo", "baseline", "untreated", "unexposed", "none", "no", "n", "false", "0"),
    *("wildtype", "wild type", "wt", "pre", "before", "low", "negative", "vaginal"),
)
#: A numeric column with more values than this is an outcome on a scale, not a set of groups.
_MOST_NUMERIC_LEVELS: Final = 5
#: Fewer samples (or subjects) a group than these cannot be compared.
LEAST_PER_GROUP: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """What is compared in which samples; arrays run over the samples of ``metadata``.

    ``levels`` is empty for an outcome on a scale, which then is in ``scale``. The first level is
    the reference. ``named`` are columns that the question gives another part (donors).
    ``group`` counts levels from 0. ``subject`` is None where samples are
    independent. ``design`` has an intercept, a column per level (or the scale), the covariates.
    """

    column: str
    metadata: Metadata
    levels: tuple[str, ...]
    group: Indices
    scale: Floats | None
    subject_column: str
    subject: Indices | None
    covariates: tuple[str, ...]
    matrix: Floats
    notes: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def contrasts(self) -> tuple[str, ...]:
        """Name what each coefficient compares: ``CD vs nonIBD``; the column itself for a scale."""
        if self.scale is not None:
            return (self.column,)
        return tuple(f"{level} vs {self.levels[0]}" for level in self.levels[1:])

    def sides(self, contrast: int) -> tuple[Bools, Bools]:
        """The samples of a contrast's two groups; for a scale, above and up to its median."""
        if self.scale is not None:
            above = np.asarray(self.scale > np.median(self.scale), dtype=bool)
            return above, ~above
        inside, outside = self.group == contrast + 1, self.group == 0
        return np.asarray(inside, dtype=bool), np.asarray(outside, dtype=bool)

    @property
    def is_repeated(self) -> bool:
        """Whether a subject has several samples."""
        return self.subject is not None and len(set(self.subject.tolist())) < len(self.subject)

    @property
    def fewest_subjects(self) -> int:
        """Subjects (or samples) of the smallest group; all of them for a scale."""
        units = np.arange(len(self.group)) if self.subject is None else self.subject
        levels = range(max(1, len(self.levels)))
        return min(len(set(units[self.group == level].tolist())) for level in levels)

    @property
    def is_within(self) -> bool:
        """Whether some subject has samples of several groups, or of several values."""
        return self.share_within > 0

    @property
    def share_within(self) -> float:
        """Share of the subjects that have samples of several groups, or of several values."""
        if self.subject is None:
            return 0.0
        values = self.group if self.scale is None else self.scale
        pairs = set(zip(self.subject.tolist(), values.tolist(), strict=True))
        counts = Counter(who for who, _ in pairs)
        return sum(count > 1 for count in counts.values()) / len(counts)


def codes_of(values: Sequence[str]) -> tuple[tuple[str, ...], Indices]:
    """Count distinct texts from 0, in sorted order."""
    levels = tuple(sorted(set(values)))
    place = {level: at for at, level in enumerate(levels)}
    return levels, np.array([place[value] for value in values], dtype=np.int64)


def make_design(
    metadata: Metadata,
    group: str,
    *,
    subject: str = "",
    covariates: Sequence[str] = (),
    reference: str = "",
    named: Sequence[str] = (),
) -> Design:
    """Build the design from the samples that have all that it needs.

    Raises:
        UserError: A column is absent, or there is nothing to compare.
    """
    wanted = [group, *([subject] if subject else []), *covariates]
    complete = np.logical_and.reduce([metadata.present(name) for name in wanted])
    kept = metadata.take(complete)
    dropped = len(metadata.samples) - len(kept.samples)
    notes = [f"{dropped:,} samples lack {' or '.join(wanted)} and are left out"] if dropped else []
    if not kept.samples:
        raise UserError(f"no sample has {' and '.join(wanted)}", where="cohort")
    scale = _scale(kept, group, reference)
    levels: tuple[str, ...] = ()
    codes = np.zeros(len(kept.samples), dtype=np.int64)
    if scale is None:
        kept, levels, codes, said = _levels(kept, group, reference)
        notes += said
    subjects = codes_of(kept.column(subject))[1] if subject else None
    matrix, used, said = _matrix(kept, codes, scale, covariates)
    return Design(
        column=group, metadata=kept, levels=levels, group=codes, scale=scale,
        subject_column=subject, subject=subjects, covariates=used, matrix=matrix,
        notes=(*notes, *said), named=tuple(named),
    )  # fmt: skip


def _scale(metadata: Metadata, group: str, reference: str) -> Floats | None:
    """Return the group column as numbers where it is an outcome on a scale."""
    if reference or not metadata.is_numeric(group):
        return None
    if len(set(metadata.column(group))) <= _MOST_NUMERIC_LEVELS:
        return None
    return metadata.numbers(group)


def _levels(
    metadata: Metadata, group: str, reference: str
) -> tuple[Metadata, tuple[str, ...], Indices, list[str]]:
    values = metadata.column(group)
    counts = {level: values.count(level) for level in sorted(set(values))}
    small = [level for level, count in counts.items() if count < LEAST_PER_GROUP]
    notes = [
        f"{level!r} has {counts[level]} samples, too few to compare: left out" for level in small
    ]
    if reference and reference not in counts:
        what = f"column {group!r} has no value {reference!r}"
        raise UserError(what, where="--reference", hint=f"Values: {', '.join(counts)}")
    kept = metadata.take(np.array([value not in small for value in values], dtype=bool))
    levels = [level for level in counts if level not in small]
    if len(levels) < 2 or reference in small:
        shown = ", ".join(f"{level} ({count})" for level, count in list(counts.items())[:8])
        what = f"column {group!r} gives no two groups of {LEAST_PER_GROUP} samples: {shown}"
        raise UserError(what, where="cohort", hint="Choose another --group")
    if len(levels) > max(12, len(kept.samples) // 4):
        what = f"column {group!r} has {len(levels)} different values, too many for groups"
        raise UserError(what, where="cohort", hint="Choose a column with a few groups")
    first = reference or _reference_of(levels)
    if not reference:
        notes.append(f"reference level: {first!r} (name another with --reference)")
    ordered = (first, *(level for level in levels if level != first))
    place = {level: at for at, level in enumerate(ordered)}
    return kept, ordered, np.array([place[it] for it in kept.column(group)]), notes


def _reference_of(levels: Sequence[str]) -> str:
    by_word = {level.lower(): level for level in levels}
    return next((by_word[word] for word in _REFERENCES if word in by_word), levels[0])


def _matrix(
    metadata: Metadata, codes: Indices, scale: Floats | None, covariates: Sequence[str]
) -> tuple[Floats, tuple[str, ...], list[str]]:
    """Build the design matrix; a covariate that adds nothing of its own is left out, and said."""
    intercept = np.ones((len(metadata.samples), 1))
    main = scale[:, None] if scale is not None else _dummies(codes)
    matrix, used, notes = np.hstack([intercept, main]), [], []
    for name in covariates:
        wider = np.hstack([matrix, covariate_columns(metadata, name)])
        if np.linalg.matrix_rank(wider) < wider.shape[1] or wider.shape[1] >= len(wider) - 1:
            notes.append(
                f"covariate {name!r} cannot be told apart from the groups or from another"
                " covariate: it is not adjusted for"
            )
        else:
            matrix = wider
            used.append(name)
    return matrix, tuple(used), notes


def _dummies(codes: Indices) -> Floats:
    return np.asarray(codes[:, None] == np.arange(1, int(codes.max()) + 1), dtype=float)


def covariate_columns(metadata: Metadata, name: str) -> Floats:
    """Turn a column into columns of numbers: standardised, or one per level but the first."""
    if metadata.is_numeric(name) and len(set(metadata.column(name))) > 2:
        values = metadata.numbers(name)
        spread = float(values.std())
        return np.asarray((values - values.mean()) / (spread or 1.0))[:, None]
    return _dummies(codes_of(metadata.column(name))[1])


def repeated_columns(metadata: Metadata, group: str) -> list[str]:
    """List columns that by their name tell who was sampled, and name someone twice."""
    return [name for name in metadata.columns if name != group and names_subjects(metadata, name)]


def names_subjects(metadata: Metadata, name: str) -> bool:
    """Tell a column that by its name says who was sampled, and in which someone occurs twice."""
    values = metadata.column(name)
    known = [value for value in values if value]
    words = {*words_of(name), "".join(words_of(name))}
    if not _SUBJECT_WORDS & words or words & _DESCRIPTIVE_WORDS or len(known) <= len(values) / 2:
        return False
    levels = set(known)
    if len(levels) <= _FEW_PEOPLE and not _are_people(levels, words):
        return False
    return len(levels) < len(known)


def _are_people(levels: set[str], words: set[str]) -> bool:
    """Tell one or two people from a property that is written as yes and no, or as a species."""
    if not words & _PERSON_WORDS or {level.lower() for level in levels} & _YES_AND_NO:
        return False
    return len(levels) == _FEW_PEOPLE or "id" in words or any(map(str.isdigit, min(levels)))


def alike_columns(
    metadata: Metadata, outcome: Sequence[str] | Floats, distances: Floats
) -> list[str]:
    """List columns whose levels lie within groups and hold samples that are alike.

    Such levels (people, cages, plates under any name) are no independent witnesses. The names of
    samples are looked at too, without their last part (``P1_d0``, ``P1_d7``). An outcome on a scale
    lies within levels where it hardly varies inside them.
    """
    columns = {**metadata.columns, "the sample names": stem_subjects(metadata.samples)}
    is_scale = isinstance(outcome, np.ndarray)
    groups = np.zeros(len(outcome), dtype=np.int64) if is_scale else codes_of(list(outcome))[1]
    found = []
    for name, values in columns.items():
        levels = set(values)
        if "" in levels or not 4 <= len(levels) <= len(values) * 0.6:
            continue
        codes = codes_of(list(values))[1]
        # One large level is a group of its own (all healthy), not a person.
        if np.bincount(codes).max() > _LARGEST_LEVEL * len(values):
            continue
        if isinstance(outcome, np.ndarray):
            nested = _share_between(outcome, codes) > _NESTED
        else:
            nested = bool(constant_within(list(outcome), codes).mean() > _NESTED)
        if not nested or cluster_p(distances, codes, groups) >= _ALIKE_P:
            continue
        is_number = name in metadata.columns and metadata.is_numeric(name)
        if is_number and not _is_code(metadata, name, codes, groups, distances):
            continue
        found.append(name)
    return found


def _share_between(values: Floats, codes: Indices) -> float:
    """Return the share of the variance that lies between levels."""
    sizes = np.bincount(codes)
    means = np.bincount(codes, values) / sizes
    total = float(((values - values.mean()) ** 2).sum())
    return 1 - float(((values - means[codes]) ** 2).sum()) / total if total > 0 else 0.0


def _is_code(
    metadata: Metadata, name: str, codes: Indices, groups: Indices, distances: Floats
) -> bool:
    """Tell numbers that name someone from a measure: near numbers are then no more alike."""
    from scipy import stats

    if words_of(name)[-1:] == ["id"]:
        return True
    numbers = metadata.numbers(name)
    if (numbers != np.round(numbers)).any():
        return False
    first, second = np.triu_indices(len(codes), 1)
    apart = (codes[first] != codes[second]) & (groups[first] == groups[second])
    gap = np.abs(numbers[first] - numbers[second])[apart]
    if len(gap) < _LEAST_PAIRS or np.ptp(gap) == 0:
        return False
    return bool(abs(stats.spearmanr(gap, distances[first, second][apart]).statistic) < _NO_TREND)


def stem_subjects(samples: Sequence[str]) -> list[str]:
    """Guess subjects from sample names that differ by a last part only: ``P1_d0``, ``P1_d7``."""
    return [
        re.sub(r"[._\- ][A-Za-z]{0,5}\d{0,4}[A-Za-z]{0,3}$", "", name) or name for name in samples
    ]


def cluster_p(distances: Floats, labels: Indices, group: Indices, draws: int = 199) -> float:
    """Test whether samples of one label are closer than samples of one group are at all.

    A small p says that the label (a person, a cage, a plate) makes samples alike: they are no
    independent witnesses. Labels are permuted within groups. One-sided.
    """
    rng = np.random.default_rng(0)
    # A label in two groups counts as two: pairs across groups say nothing of likeness.
    pairs = np.unique(np.stack([group, labels]), axis=1, return_inverse=True)[1].ravel()
    order = np.lexsort((pairs, group))
    ends = np.cumsum(np.bincount(pairs))[:-1]
    if len(ends) + 1 == len(labels):
        return 1.0

    def sum_within(places: Indices) -> float:
        return sum(float(distances[np.ix_(at, at)].sum()) for at in np.split(places, ends))

    seen = sum_within(order)
    at_most = 0
    for _ in range(draws):
        # The order is by group: shuffling inside groups deals labels of the same sizes anew.
        shuffled = order[np.lexsort((rng.random(len(order)), group[order]))]
        at_most += sum_within(shuffled) <= seen
    return (1 + at_most) / (1 + draws)


def constant_within(values: Sequence[object], subject: Indices) -> Bools:
    """Tell for each subject whether a value is the same in all of its samples."""
    seen: dict[int, set[object]] = {}
    for who, value in zip(subject.tolist(), values, strict=True):
        seen.setdefault(who, set()).add(value)
    return np.array([len(seen[who]) == 1 for who in sorted(seen)], dtype=bool)
