"""The tables that a knowledge base holds: files, and groups of files that form one table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.errors import UserError
from retrieval.cohort.joining import TableFile, level_of, namespace_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ingest.records import Feature
    from retrieval.knowledge_base import KnowledgeBase

#: Kinds of tables by how much of a cohort they describe; the first one at hand is taken.
_KINDS: Final = ("taxon", "pathway", "gene_family", "gene", "metabolite", "other")


class _Key(NamedTuple):
    """What tells a table from the others."""

    path_name: str
    sha256: str
    reader: str
    kind: str
    unit: str


@dataclass(slots=True)
class _Seen:
    """What a first look at the rows of a table finds."""

    features: int = 0
    ranks: set[str] = field(default_factory=set)
    namespaces: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class StoredTable:
    """One kind of features of one file, or of several files of one reader, unit and level.

    ``name`` is the file's, or the group's (``bracken:taxon:counts:s``); ``features`` counts rows.
    """

    name: str
    kind: str
    unit: str
    features: int
    files: tuple[_Key, ...] = ()

    @property
    def is_group(self) -> bool:
        """Whether several files form it."""
        return len(self.files) > 1

    @property
    def label(self) -> str:
        """Name it for a person."""
        unit = f", {self.unit}" if self.unit else ""
        many = f"{len(self.files):,} files, " if self.is_group else ""
        kind = self.kind.replace("_", " ")
        return f"{self.name} ({many}{kind}, {self.features:,} rows{unit})"


def stored_tables(base: KnowledgeBase) -> list[StoredTable]:
    """List the tables of a knowledge base.

    Groups of files and files that stand alone come first, those of taxa before others and larger
    ones before smaller ones; then the files of the groups.
    """
    seen = _look(base.facts.features())
    groups: dict[tuple[str, ...], list[_Key]] = {}
    for key, one in seen.items():
        if one.features:
            level = level_of(key.kind, one.ranks, one.namespaces)
            groups.setdefault((key.reader, key.kind, key.unit, level), []).append(key)
    for key in (it for it, one in seen.items() if not one.features):
        # Where nothing was found, no level is stated: it belongs to a group if there is only one.
        fitting = [it for it in groups if it[:3] == (key.reader, key.kind, key.unit)]
        if len(fitting) == 1:
            groups[fitting[0]].append(key)
    tables = [_table(name, keys, seen) for name, keys in groups.items()]
    members = [_table((), [key], seen) for keys in groups.values() if len(keys) > 1 for key in keys]
    return [*_in_order(tables), *_in_order([it for it in members if it.features])]


def _look(rows: Iterable[Feature]) -> dict[_Key, _Seen]:
    seen: dict[_Key, _Seen] = {}
    for row in rows:
        if not row.values or row.stratum or row.kind not in _KINDS:
            continue
        one = seen.setdefault(_key(row), _Seen())
        if not row.special:
            one.features += 1
            one.ranks.add(row.rank)
            if row.kind == "gene_family":
                one.namespaces[namespace_of(row.id)] += 1
    return seen


def _key(row: Feature) -> _Key:
    at = row.provenance
    return _Key(at.path_name, at.sha256, at.reader, row.kind, row.unit)


def _table(name: tuple[str, ...], keys: Sequence[_Key], seen: dict[_Key, _Seen]) -> StoredTable:
    first = keys[0]
    called = first.path_name if len(keys) == 1 else ":".join(part for part in name if part)
    rows = sum(seen[key].features for key in keys)
    return StoredTable(called, first.kind, first.unit, rows, tuple(keys))


def _in_order(tables: list[StoredTable]) -> list[StoredTable]:
    return sorted(tables, key=lambda it: (_KINDS.index(it.kind), -it.features, it.name))


def choose_table(tables: Sequence[StoredTable], name: str) -> StoredTable:
    """Return the table of a name, or the first one.

    Raises:
        UserError: There is none.
    """
    found = [it for it in tables if not name or it.name == name]
    if not found:
        known = ", ".join(dict.fromkeys(it.name for it in tables)) or "none"
        what = f"the knowledge base has no table {name!r}" if name else "it holds no table"
        raise UserError(what, where="cohort", hint=f"Tables: {known}")
    return found[0]


def other_tables(tables: Sequence[StoredTable], chosen: StoredTable) -> list[StoredTable]:
    """List what else could be analysed, without the single files of groups."""
    grouped = {key for it in tables if it.is_group for key in it.files}
    return [it for it in tables if it != chosen and (it.is_group or it.files[0] not in grouped)]


def stored_files(
    base: KnowledgeBase, chosen: StoredTable
) -> tuple[list[TableFile], dict[str, str]]:
    """Read the rows of a table by file, and the lineages that feature metadata of the base give."""
    rows: dict[_Key, list[Feature]] = {key: [] for key in chosen.files}
    lineages: dict[str, str] = {}
    for row in base.facts.features():
        if not row.values and row.lineage:
            lineages.setdefault(row.id, row.lineage)
        elif not row.stratum and (key := _key(row)) in rows:
            rows[key].append(row)
    return [TableFile(it.path_name, it.reader, rows[it]) for it in chosen.files], lineages
