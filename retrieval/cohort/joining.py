"""Tables of several files put together: one row per feature, with the samples of all files."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ingest.errors import UserError
from ingest.records import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ingest.records import Feature

#: Readers of formats that list all that was found: what a file does not list was looked for and
#: not found. In the others (genes of an annotation, metabolites) nobody may have looked.
LISTS_ALL_FOUND: Final = frozenset(
    {
        *("kraken", "kraken_mpa", "krakenuniq", "bracken", "centrifuge", "ganon", "kaiju"),
        *("ganon_table", "taxpasta", "singlem", "kaiju_report"),
        *("kmcp", "motus", "sourmash", "krona", "mgnify", "metaphlan", "humann"),
        *(
            "kraken_combined",
            "cami",
            "sylph",
            "rgi_bwt",
            "diamond_taxa",
            "qza",
            "biom_hdf5",
            "biom_json",
        ),
    }
)
_RANKS: Final = frozenset("kdpcofgst")
#: Ranks that say nothing of how deep a table goes.
_TOP: Final = frozenset("kd")
#: Beginnings of ids of gene families: UniRef90, K, PF, GO, "1" for numbers of enzymes.
_NAMESPACE: Final = re.compile(r"[A-Za-z]+\d+(?=_)|[A-Za-z]+|\d")
#: A file with fewer rows may well have no feature of the others.
_LEAST_ROWS: Final = 10
_SHOWN: Final = 3  # names in a message


@dataclass(frozen=True, slots=True)
class TableFile:
    """The rows that one file holds; ``name`` tells it from the others in messages."""

    name: str
    reader: str
    rows: Sequence[Feature]

    @property
    def samples(self) -> tuple[str, ...]:
        """Samples of the file, those in which nothing was found too."""
        found: dict[str, None] = {}
        for row in self.rows:
            found.update((name, None) for name, _ in row.values)
        return tuple(found)

    @property
    def community(self) -> list[Feature]:
        """Rows that are features: no strata, nothing special, of the first kind and unit."""
        rows = [row for row in self.rows if row.values and not row.stratum and not row.special]
        return [row for row in rows if (row.kind, row.unit) == (rows[0].kind, rows[0].unit)]


@dataclass(frozen=True, slots=True)
class JoinedFiles:
    """Rows with the samples of all files; ``single`` names the file of each that had its own."""

    rows: tuple[Feature, ...]
    samples: tuple[str, ...]
    single: Mapping[str, str]
    names: tuple[str, ...]
    notes: tuple[str, ...]


def level_of(kind: str, ranks: Iterable[str], namespaces: Counter[str]) -> str:
    """Say at which level a table counts: a rank, an id space of families, "" for nested ranks."""
    if kind == "gene_family":
        return max(sorted(namespaces), key=namespaces.__getitem__, default="")
    stated = set(ranks) & _RANKS
    return stated.pop() if len(stated) == 1 and not stated <= _TOP else ""


def namespace_of(feature_id: str) -> str:
    """Tell the id space of a gene family by how its id begins.

    >>> namespace_of("UniRef90_A0A1"), namespace_of("K00001"), namespace_of("1.1.1.1")
    ('UniRef90', 'K', 'EC')
    """
    match = _NAMESPACE.match(feature_id.removeprefix("ko:"))
    return "" if match is None else "EC" if match[0].isdigit() else match[0]


def join_files(files: Sequence[TableFile]) -> JoinedFiles:
    """Put the rows of several files together by feature id.

    Args:
        files: Files of one reader, kind, unit and level.

    Raises:
        UserError: The files differ in one of these, a sample is in two files, or no feature is
            in all files of a format that does not list all that it found.
    """
    communities = [it.community for it in files]
    _refuse_mixed(files, communities)
    owners = _owners(files)
    merged, notes = _merged(files, communities, tuple(owners))
    if not merged:
        raise UserError("no file has a feature to compare", where="cohort")
    called = [it.name for it in files]
    name = f"{len(files):,} {files[0].reader} files, {min(called)} to {max(called)}"
    rows = [replace(row, provenance=_provenance(row, name)) for row in merged]
    said = f"{len(files):,} files of {files[0].reader} joined: {len(owners):,} samples"
    return JoinedFiles(
        rows=tuple(rows),
        samples=tuple(owners),
        single={names[0]: it.name for it in files if len(names := it.samples) == 1},
        names=tuple(called),
        notes=(f"{said}, {len(rows):,} features", *notes, *_doubts(files, communities)),
    )


def _provenance(row: Feature, name: str) -> Provenance:
    return Provenance(path_name=name, reader=row.provenance.reader)


def _refuse_mixed(files: Sequence[TableFile], communities: Sequence[Sequence[Feature]]) -> None:
    filled = [(it, rows) for it, rows in zip(files, communities, strict=True) if rows]
    _refuse_two("reader", [(it.name, it.reader) for it in files])
    _refuse_two("kind", [(it.name, rows[0].kind) for it, rows in filled])
    _refuse_two("unit", [(it.name, rows[0].unit or "no unit") for it, rows in filled])
    _refuse_two("level", [(it.name, _level(rows) or "several ranks") for it, rows in filled])


def _level(rows: Sequence[Feature]) -> str:
    spaces = Counter(namespace_of(row.id) for row in rows if row.kind == "gene_family")
    return level_of(rows[0].kind, (row.rank for row in rows), spaces)


def _refuse_two(what: str, values: Sequence[tuple[str, str]]) -> None:
    for name, value in values:
        first, other = values[0]
        if value != other:
            told = f"files of two {what}s cannot be joined: {first} ({other}), {name} ({value})"
            hint = "Analyse them apart"
            raise UserError(told, where="cohort", hint=hint)


def _owners(files: Sequence[TableFile]) -> dict[str, str]:
    """The file of each sample.

    Raises:
        UserError: A sample is in two files.
    """
    owners: dict[str, str] = {}
    for file in files:
        for sample in file.samples:
            if sample in owners:
                told = f"the sample {sample!r} is in two files: {owners[sample]} and {file.name}"
                hint = "Leave one out (--table, of a knowledge base), or rename a file: profiles"
                hint += " without sample names are named after it"
                raise UserError(told, where="cohort", hint=hint)
            owners[sample] = file.name
    return owners


def _merged(
    files: Sequence[TableFile], communities: Sequence[Sequence[Feature]], samples: Sequence[str]
) -> tuple[list[Feature], list[str]]:
    """Join rows by id, and say what became of features that some file does not list."""
    first: dict[str, Feature] = {}
    values: dict[str, dict[str, float]] = {}
    listed: Counter[str] = Counter()
    others = set()
    repeats = 0
    for rows in communities:
        seen = set()
        for row in rows:
            known = first.setdefault(row.id, row)
            if (known.rank, known.lineage) != (row.rank, row.lineage):
                others.add(row.id)
            kept = values.setdefault(row.id, {})
            for sample, value in row.values:
                kept[sample] = kept.get(sample, 0.0) + value
            repeats += row.id in seen
            seen.add(row.id)
        listed.update(seen)
    notes = [f"{repeats:,} rows with the same id in one file were added up"] if repeats else []
    if others:
        told = f"{len(others):,} features have another rank or lineage in other files"
        notes.append(f"{told} ({_shown(sorted(others))}): the first is kept")
    if files[0].reader in LISTS_ALL_FOUND:
        gaps = sum(len(samples) - len(it) for it in values.values())
        told = f"{gaps:,} values of features that a file does not list are 0: not found there"
        rows = [_filled(row, values[row.id], samples) for row in first.values()]
        return rows, [*notes, *([told] if gaps else [])]
    rows = [row for row in first.values() if listed[row.id] == len(files)]
    whole = [replace(row, values=_ordered(values[row.id], samples)) for row in rows]
    return whole, [*notes, *_left_out(values, {row.id for row in rows})]


def _filled(row: Feature, values: dict[str, float], samples: Sequence[str]) -> Feature:
    return replace(row, values=tuple((name, values.get(name, 0.0)) for name in samples))


def _ordered(values: dict[str, float], samples: Sequence[str]) -> tuple[tuple[str, float], ...]:
    return tuple((name, values[name]) for name in samples if name in values)


def _left_out(values: dict[str, dict[str, float]], kept: set[str]) -> list[str]:
    """Tell of features that not all files list.

    Raises:
        UserError: No feature is in all files.
    """
    lost = [name for name in values if name not in kept]
    if not lost:
        return []
    if not kept:
        what = "no feature is listed in all files: nobody may have looked for it in the others"
        hint = "Were the files made with the same annotation?"
        raise UserError(what, where="cohort", hint=hint)
    whole = sum(sum(it.values()) for it in values.values())
    share = 100 * sum(sum(values[name].values()) for name in lost) / whole if whole else 0.0
    return [
        f"{len(lost):,} features that not every file lists are missing values there and left out"
        f" ({share:.3g} % of all that was counted): {_shown(lost)}"
    ]


def _doubts(files: Sequence[TableFile], communities: Sequence[Sequence[Feature]]) -> list[str]:
    """Warn of files of several versions, and of files that are not of the same kind of ids."""
    notes = []
    tools = Counter(rows[0].tool for rows in communities if rows)
    if len(tools) > 1:
        told = ", ".join(f"{tool or 'unnamed'} ({count})" for tool, count in sorted(tools.items()))
        notes.append(
            f"files of several versions: {told}: what one does not list, it may not know, and"
            " differences may be those of versions"
        )
    counts = Counter(name for rows in communities for name in {row.id for row in rows})
    several = sum(bool(rows) for rows in communities) > 1
    for file, rows in zip(files, communities, strict=True):
        if several and len(rows) >= _LEAST_ROWS and not any(counts[row.id] > 1 for row in rows):
            notes.append(f"{file.name} shares no feature with the others: was it made alike?")
    empty = [it.name for it, rows in zip(files, communities, strict=True) if not rows]
    if empty:
        notes.append(f"files in which no feature was found: {len(empty):,} ({_shown(empty)})")
    return notes


def _shown(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (" ..." if len(names) > _SHOWN else "")
