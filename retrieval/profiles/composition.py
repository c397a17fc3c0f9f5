"""What each sample of a table is made of: positive values by feature key, one rank at a time.

Strata, special rows (UNMAPPED, unclassified) and rows whose unit is no part of a whole are left
out. A table whose rows hold the sums of finer rows is read at one rank; one in which each read
counts once is added up to it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from ingest.records import Feature
from retrieval.profiles.ranked_taxa import taxa_named
from retrieval.profiles.vocabulary import function_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from retrieval.profiles.ranked_taxa import Counted
    from retrieval.profiles.vocabulary import Named

    Floats: TypeAlias = NDArray[np.float64]
    Integers: TypeAlias = NDArray[np.int64]

#: Units whose values are no parts of a whole.
_NOT_PARTS: Final = (
    "log", "coverage", "covered", "complete", "score", "ratio", "concentration", "intensity",
    "distance", "coordinate", "length", "ani", ";",
)  # fmt: skip
_KINDS: Final = ("taxon", "pathway", "gene_family")
#: What is left of a genus after a species was moved, and is only rounding.
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class TableRow:
    """A community row: ``values`` (positive or negative, no zeros) at ``places`` of ``samples``."""

    id: str
    name: str
    kind: str
    unit: str
    rank: str
    lineage: str
    samples: tuple[str, ...]
    places: Integers
    values: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Composition:
    """What a sample is made of, in the unit of its table.

    ``kind`` is the part of the space, ``level`` the id space within it. ``keys`` rise and are
    distinct; ``values`` are positive.
    """

    sample: str
    kind: str
    level: str
    unit: str
    keys: Integers
    values: Floats

    @property
    def shares(self) -> Floats:
        """Values as shares of their sum, which may be larger than any number."""
        scaled = self.values / self.values.max()
        made: Floats = scaled / scaled.sum()
        return made


def row_of(feature: Feature) -> TableRow | None:
    """Take a feature as a row; None for strata, special rows and rows without values."""
    if feature.stratum or feature.special or not feature.values:
        return None
    samples, numbers = zip(*feature.values, strict=True)
    values = np.nan_to_num(np.array(numbers, dtype=np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    places = np.flatnonzero(values)
    return TableRow(
        feature.id, feature.name, feature.kind, feature.unit, feature.rank, feature.lineage,
        tuple(samples), places, values[places],
    )  # fmt: skip


def is_part_of_whole(unit: str) -> bool:
    """Tell whether values in a unit can be made shares of a sample.

    >>> is_part_of_whole("counts"), is_part_of_whole("coverage"), is_part_of_whole("")
    (True, False, True)
    """
    return not any(word in unit.lower() for word in _NOT_PARTS)


def compositions_of(
    rows: Sequence[TableRow], *, own: str, lineages: Mapping[str, str] | None = None
) -> tuple[list[Composition], dict[tuple[str, int], str]]:
    """Make the compositions of one file, and the names of their features by part and key.

    Args:
        rows: Community rows of one file.
        own: What tells the file's own ids from those of other files.
        lineages: Lineage by feature id, for rows that have none.
    """
    made: list[Composition] = []
    names: dict[tuple[str, int], str] = {}
    for kind in _KINDS:
        its = _of_one_unit([row for row in rows if row.kind == kind])
        if not its:
            continue
        for counted in _counted(kind, its, own, lineages or {}):
            made += _summed(counted, its[0].unit)
            for named, _, _ in counted:
                _keep_name(names, named)
    return sorted(made, key=lambda it: (it.kind, it.level, it.sample)), names


def _of_one_unit(rows: Sequence[TableRow]) -> list[TableRow]:
    """Keep the rows of the first unit that is a part of a whole; none where values are negative."""
    units = [unit for unit in dict.fromkeys(row.unit for row in rows) if is_part_of_whole(unit)]
    its = [row for row in rows if units and row.unit == units[0]]
    return [] if any(bool((row.values < 0).any()) for row in its) else its


def _counted(
    kind: str, rows: Sequence[TableRow], own: str, lineages: Mapping[str, str]
) -> Iterator[list[Counted]]:
    if kind == "taxon":
        yield from taxa_named(rows, own, lineages)
        return
    placed = [(function_named(kind, row.id, row.name), row) for row in rows]
    # Ids of one space only: a family of another one holds the same genes again.
    spaces = Counter((named.part, named.level) for named, _ in placed)
    first = max(sorted(spaces), key=spaces.__getitem__)
    yield [(named, row, 1.0) for named, row in placed if (named.part, named.level) == first]


def _keep_name(names: dict[tuple[str, int], str], named: Named) -> None:
    """Keep the longest name of a feature, the first by letters of equals."""
    place = (named.part, named.key)
    known = names.get(place, "")
    if (-len(named.name), named.name) < (-len(known), known) or not known:
        names[place] = named.name


def _summed(counted: Sequence[Counted], unit: str) -> Iterator[Composition]:
    """Add up what has one key, by sample, in an order that the file's order cannot change."""
    if not counted:
        return
    place: dict[str, int] = {}
    known: dict[tuple[str, ...], Integers] = {}
    columns, keys, values = [], [], []
    for named, row, sign in counted:
        if row.samples not in known:
            known[row.samples] = np.array([place.setdefault(it, len(place)) for it in row.samples])
        columns.append(known[row.samples][row.places])
        keys.append(np.full(len(row.places), named.key, dtype=np.int64))
        values.append(sign * row.values)
    first = counted[0][0]
    table = _by_cell(np.concatenate(columns), np.concatenate(keys), np.concatenate(values))
    names = list(place)
    least = _ROUNDING if any(sign < 0 for _, _, sign in counted) else 0.0
    for column, its_keys, its_values in _by_column(*table):
        its_values[~np.isfinite(its_values)] = 0.0  # a sum past the largest number
        kept = its_values > least * its_values.max()
        if kept.any():
            yield Composition(
                names[column], first.part, first.level, unit, its_keys[kept], its_values[kept]
            )


def _by_cell(
    columns: Integers, keys: Integers, values: Floats
) -> tuple[Integers, Integers, Floats]:
    """Sum values of one column and key."""
    order = np.lexsort((values, keys, columns))
    columns, keys, values = columns[order], keys[order], values[order]
    if not len(values):
        return columns, keys, values
    is_new = np.ones(len(values), dtype=bool)
    is_new[1:] = (np.diff(columns) != 0) | (np.diff(keys) != 0)
    starts = np.flatnonzero(is_new)
    with np.errstate(over="ignore"):
        return columns[starts], keys[starts], np.add.reduceat(values, starts)


def _by_column(
    columns: Integers, keys: Integers, values: Floats
) -> Iterator[tuple[int, Integers, Floats]]:
    found, starts = np.unique(columns, return_index=True)
    if not len(found):
        return
    for column, start, end in zip(found, starts, [*starts[1:], len(columns)], strict=True):
        yield int(column), keys[start:end], values[start:end]


def rows_of(features: Iterable[object]) -> list[TableRow]:
    """Take the community rows among records."""
    return [row for it in features if isinstance(it, Feature) and (row := row_of(it)) is not None]
