"""One table of a community: features × samples, at one rank, without strata or unmapped rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from ingest.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from ingest.records import Feature, FeatureKind

    Floats: TypeAlias = npt.NDArray[np.float64]
    Bools: TypeAlias = npt.NDArray[np.bool_]
    Indices: TypeAlias = npt.NDArray[np.int64]

#: Ranks from the most telling one on; a nested table is read at the first that it has.
RANKS: Final = ("s", "g", "f", "o", "c", "p", "k", "d", "t")
#: Parts of a lineage: ``k__Bacteria|p__Firmicutes``, ``d__Bacteria; p__Bacillota``.
_PARTS: Final = re.compile(r"\s*[|;]\s*")
_RANKED: Final = re.compile(r"(?:D_(?P<silva>\d+)|(?P<letter>[a-z]{1,2}))__(?P<name>.*)", re.I)
_SILVA: Final = "dpcofgs"
#: A parent row holds its children if no sample's sum of children exceeds it by more than this.
_NESTED_SLACK: Final = 1.02
_NO_FEATURES: Final = frozenset({"distance", "axis"})
#: Kinds of features that share a sample's reads; others do so only where the unit says it.
_PARTS_KINDS: Final = frozenset({"taxon", "pathway", "gene_family", "gene"})
_PART_UNITS: Final = ("count", "read", "percent", "%", "fraction", "share", "cpm", "rpk", "tpm")
#: Units whose values are no parts of a whole: no shares of a sample can be formed of them.
_NOT_PARTS: Final = ("log", "coverage", "score", "z-score", "ratio", "concentration", "intensity")


@dataclass(frozen=True, slots=True, eq=False)
class FeatureTable:
    """Values of features in samples.

    ``values`` is features × samples, finite. ``names``, ``ranks`` (a letter) and ``lineages`` run
    over the features, or are empty. ``source`` is the file's base name; ``sources`` are the
    files that were joined, where there are several. ``notes`` say what was left out or filled.
    """

    features: tuple[str, ...]
    samples: tuple[str, ...]
    values: Floats
    unit: str = ""
    kind: FeatureKind = "other"
    names: tuple[str, ...] = ()
    ranks: tuple[str, ...] = ()
    lineages: tuple[str, ...] = ()
    source: str = ""
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check that shapes agree.

        Raises:
            ValueError: They do not, or a value is not finite.
        """
        if self.values.shape != (len(self.features), len(self.samples)):
            shape = (len(self.features), len(self.samples))
            raise ValueError(f"values have the shape {self.values.shape}, not {shape}")
        if not np.isfinite(self.values).all():
            raise ValueError("values must be finite: fill_missing first")

    @property
    def is_compositional(self) -> bool:
        """Whether values are parts of a whole (counts, shares), not concentrations or logs."""
        unit = self.unit.lower()
        if any(word in unit for word in _NOT_PARTS) or bool((self.values < 0).any()):
            return False
        return self.kind in _PARTS_KINDS or any(word in unit for word in _PART_UNITS)

    @property
    def is_counts(self) -> bool:
        """Whether values are whole numbers of reads."""
        if "count" not in self.unit.lower() and "read" not in self.unit.lower():
            return False
        return bool((self.values == np.round(self.values)).all())

    def name_of(self, position: int) -> str:
        """Return what to call a feature: its name, or its id."""
        return (self.names[position] if self.names else "") or self.features[position]

    def keep_samples(self, samples: Sequence[str]) -> FeatureTable:
        """Return the table of these samples, in their order."""
        place = {name: at for at, name in enumerate(self.samples)}
        columns = [place[name] for name in samples]
        return replace(self, samples=tuple(samples), values=self.values[:, columns])

    def keep_features(self, kept: Bools | Sequence[int]) -> FeatureTable:
        """Return the table of some features, by mask or by positions."""
        rows = np.flatnonzero(kept) if np.asarray(kept).dtype == bool else np.asarray(kept)
        return replace(
            self,
            features=tuple(self.features[row] for row in rows),
            names=tuple(self.names[row] for row in rows) if self.names else (),
            ranks=tuple(self.ranks[row] for row in rows) if self.ranks else (),
            lineages=tuple(self.lineages[row] for row in rows) if self.lineages else (),
            values=self.values[rows.astype(int)],
        )

    def noted(self, *notes: str) -> FeatureTable:
        """Return the table with more notes."""
        return replace(self, notes=(*self.notes, *(note for note in notes if note)))


def table_of(
    records: Iterable[Feature], *, rank: str = "", lineages: Mapping[str, str] | None = None
) -> FeatureTable:
    """Build a table from the rows of one file: community rows, at one rank.

    Args:
        records: Rows of one table; those without values are passed over.
        rank: A letter (p, c, o, f, g, s) to read or sum the table at; "" chooses.
        lineages: Lineage by feature id, for tables whose ids are no lineages (ASVs).

    Raises:
        UserError: There is no community row, or none at the rank.
    """
    rows = [row for row in records if row.values and not row.stratum and not row.special]
    if not rows or rows[0].kind in _NO_FEATURES:
        hint = "Give a table of features in samples"
        raise UserError("the table has no feature to compare", where="cohort", hint=hint)
    kind = rows[0].kind
    rows = [row for row in rows if row.kind == kind]
    samples = tuple(dict.fromkeys(sample for row in rows for sample, _ in row.values))
    known = lineages or {}
    table = FeatureTable(
        features=tuple(row.id for row in rows),
        samples=samples,
        values=np.zeros((len(rows), len(samples))),
        unit=rows[0].unit,
        kind=kind,
        names=tuple(row.name for row in rows),
        ranks=tuple(row.rank for row in rows),
        lineages=tuple(row.lineage or known.get(row.id, "") for row in rows),
        source=rows[0].provenance.path_name,
    )
    table = _with_values(table, _matrix(rows, samples))
    if len({row.unit for row in rows}) > 1:
        table = table.noted("rows have several units; the first one is stated")
    return at_rank(_once(table), rank)


def _matrix(rows: Sequence[Feature], samples: Sequence[str]) -> Floats:
    place = {name: at for at, name in enumerate(samples)}
    values = np.full((len(rows), len(samples)), np.nan)
    for at, row in enumerate(rows):
        columns = [place[name] for name, _ in row.values]
        values[at, columns] = [value for _, value in row.values]
    return values


def _with_values(table: FeatureTable, values: Floats) -> FeatureTable:
    """Set values; what was not measured becomes 0 in a community, else the feature's lowest."""
    missing = ~np.isfinite(values)
    known = replace(table, values=np.where(missing, 0.0, values))
    if not missing.any():
        return known
    count = f"{int(missing.sum()):,} missing values"
    if known.is_compositional:
        return known.noted(f"{count} are taken for 0")
    lowest = np.where(missing, np.inf, values).min(axis=1)
    lowest[~np.isfinite(lowest)] = 0.0
    filled = np.where(missing, lowest[:, None], values)
    return replace(table, values=filled).noted(f"{count} are set to the lowest of their feature")


def _once(table: FeatureTable) -> FeatureTable:
    """Add up rows that have the same id."""
    if len(set(table.features)) == len(table.features):
        return table
    return _summed(table, table.features).noted("rows with the same id were added up")


def _summed(table: FeatureTable, keys: Sequence[str]) -> FeatureTable:
    order = list(dict.fromkeys(keys))
    place = {key: at for at, key in enumerate(order)}
    first = {key: at for at, key in reversed(list(enumerate(keys)))}
    values = np.zeros((len(order), len(table.samples)))
    np.add.at(values, [place[key] for key in keys], table.values)
    kept = table.keep_features([first[key] for key in order])
    return replace(kept, features=tuple(order), values=values)


# --- Ranks ----------------------------------------------------------------------------------


def lineage_parts(lineage: str) -> dict[str, str]:
    """Part a lineage by rank letter; unnamed ranks (``g__``) are left out.

    >>> lineage_parts("k__Bacteria; p__Firmicutes; g__")
    {'k': 'Bacteria', 'p': 'Firmicutes'}
    """
    found = {}
    for part in _PARTS.split(lineage):
        match = _RANKED.fullmatch(part.strip())
        if match and match["name"].strip(" _"):
            letter = _SILVA[int(match["silva"]) % 7] if match["silva"] else match["letter"].lower()
            found[letter] = match["name"].strip()
    return found


def at_rank(table: FeatureTable, rank: str = "") -> FeatureTable:
    """Return the table at one rank, so that no read counts twice.

    A table in which rows hold the sums of finer rows is filtered; one in which each read counts
    in one row only is added up to ``rank``, or left as it is when none is asked for.

    Raises:
        UserError: No row has that rank.
    """
    if table.kind != "taxon":
        return table
    lineages = [_lineage(table, row) for row in range(len(table.features))]
    stated = set(table.ranks) - {""}
    if len(stated) > 1 or (not stated and is_nested(lineages, table.values)):
        return _filtered(table, lineages, rank)
    return collapsed(table, lineages, rank) if rank and stated != {rank} else table


def _lineage(table: FeatureTable, row: int) -> str:
    """The lineage as stated, else the id or the name, whichever is one."""
    if table.lineages and table.lineages[row]:
        return table.lineages[row]
    for text in (table.features[row], table.names[row] if table.names else ""):
        if len(lineage_parts(text)) > 1 or _RANKED.match(text):
            return text
    return table.features[row]


def is_nested(lineages: Sequence[str], values: Floats) -> bool:
    """Tell whether rows hold the sums of the finer rows below them."""
    keys = [tuple(_PARTS.split(lineage.strip())) for lineage in lineages]
    place = {key: row for row, key in enumerate(keys)}
    children: dict[int, list[int]] = {}
    for row, key in enumerate(keys):
        if len(key) > 1 and key[:-1] in place:
            children.setdefault(place[key[:-1]], []).append(row)
    if not children:
        return False
    slack = 1e-9 + values.max(initial=0.0) * 1e-6
    holding = sum(
        bool((values[kids].sum(axis=0) <= values[parent] * _NESTED_SLACK + slack).all())
        for parent, kids in children.items()
    )
    return holding > 0.9 * len(children)


def _filtered(table: FeatureTable, lineages: Sequence[str], rank: str) -> FeatureTable:
    stated = table.ranks or ("",) * len(lineages)
    letters = [
        known or (list(lineage_parts(lineage)) or [""])[-1]
        for known, lineage in zip(stated, lineages, strict=True)
    ]
    wanted = rank or next((it for it in RANKS if it in letters), "")
    kept = np.array([letter == wanted for letter in letters])
    if not kept.any():
        known = ", ".join(sorted(set(letters) - {""}))
        raise UserError(f"no row has the rank {rank!r}", where="cohort", hint=f"Ranks: {known}")
    left = len(kept) - int(kept.sum())
    note = f"rows of rank {wanted!r} only; {left:,} rows of other ranks hold the same reads"
    return table.keep_features(kept).noted(note if left else "")


def collapsed(table: FeatureTable, lineages: Sequence[str], rank: str) -> FeatureTable:
    """Add rows up to a rank; what has no name there is kept as one row, "unassigned".

    Args:
        table: Rows that each count other reads.
        lineages: A lineage per row.
        rank: The letter of the rank.

    Raises:
        UserError: No lineage names that rank.
    """
    keys = [_prefix(lineage, rank) for lineage in lineages]
    if not any(keys):
        what = f"no feature has a lineage that names the rank {rank!r}"
        raise UserError(what, where="cohort", hint="Give a table with lineages")
    summed = _summed(table, [key or "unassigned" for key in keys])
    names = tuple(lineage_parts(key).get(rank, key) for key in summed.features)
    note = f"{len(keys):,} rows were added up to {len(names):,} of rank {rank!r}"
    ranks = (rank,) * len(names)
    summed = replace(summed, names=names, ranks=ranks, lineages=summed.features, kind="taxon")
    return summed.noted(note)


def _prefix(lineage: str, rank: str) -> str:
    """Cut a lineage after a rank; "" where that rank has no name."""
    parts = lineage_parts(lineage)
    if rank not in parts:
        return ""
    upto = list(parts)[: list(parts).index(rank) + 1]
    return ";".join(f"{letter}__{parts[letter]}" for letter in upto)
