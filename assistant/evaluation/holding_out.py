"""Which references are hidden from which test protein: the block list, and the protein itself.

    split<TAB>query<TAB>ref_file<TAB>accession       (split may be absent: then the row is for
    30<TAB>O32178<TAB>clean_split10<TAB>O32178        all splits; other columns are not read)

A blocked reference is hidden with every reference of the same sequence, whatever its name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from assistant.evaluation.truth import check_columns, columns_of, rows_of
from ingest.errors import InputError
from ingest.files import open_text
from ingest.records import Gene
from retrieval.held_out_view import Hidden

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from assistant.evaluation.truth import Known

    #: Accessions -> the SHA-256s of their sequences in the knowledge base.
    SequencesOf: TypeAlias = Callable[[Sequence[str]], Mapping[str, set[str]]]

#: What of itself a test protein may not see. ``identical``: its own entry and every reference of
#: its sequence; ``accession``: its own entry only; ``none``: it sees all.
LeaveOut: TypeAlias = Literal["identical", "accession", "none"]

COLUMNS: Final = {
    "split": ("split", "set", "subset", "fold"),
    "query": ("query", "test", "query accession"),
    "accession": ("accession", "reference", "target", "subject"),
}
_CLUSTER: Final = re.compile(r"UniRef(?:100|90|50)_")
_CLUSTERS: Final = ("", "UniRef100_", "UniRef90_", "UniRef50_")


@dataclass(frozen=True, slots=True)
class BlockList:
    """Accessions hidden from queries, by (split, query); split "" is for all."""

    blocked: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def of(self, known: Known) -> frozenset[str]:
        """Return what is hidden from a test protein."""
        keys = dict.fromkeys(((known.split, known.accession), ("", known.accession)))
        return frozenset().union(*(self.blocked.get(key, frozenset()) for key in keys))

    @property
    def accessions(self) -> list[str]:
        """All accessions, sorted."""
        return sorted(frozenset().union(*self.blocked.values()))


def read_block_list(path: Path, proteins: Iterable[Known]) -> BlockList:
    """Read a block list.

    Raises:
        FormatError: A column is missing.
        InputError: It has no rows, or none is about a test protein.
    """
    blocked: dict[tuple[str, str], set[str]] = defaultdict(set)
    with open_text(path) as handle:
        header = handle.readline()
        columns = columns_of(header, COLUMNS)
        check_columns(columns, ("query", "accession"), path, header)
        for _, row in rows_of(handle, columns):
            blocked[row.get("split", ""), row["query"]].add(row["accession"])
    if not blocked:
        raise InputError("the block list has no rows", where=path.name, hint="Leave --block out")
    known = list(proteins)
    keys = {(one.split, one.accession) for one in known} | {("", one.accession) for one in known}
    if keys.isdisjoint(blocked):
        split, query = next(iter(blocked))
        what = f"none of its queries is a test protein ({query!r} of split {split!r} for one)"
        raise InputError(what, where=path.name, hint="Use the test file's accessions and splits")
    return BlockList({key: frozenset(names) for key, names in blocked.items()})


@dataclass(frozen=True, slots=True)
class HoldOut:
    """What is hidden from each test protein, in their order, and what could not be found.

    ``unknown`` are blocked accessions that the knowledge base does not have.
    """

    hidden: tuple[Hidden, ...]
    unknown: tuple[str, ...] = ()


def hold_out(
    proteins: Sequence[Known],
    block: BlockList,
    leave_out: LeaveOut,
    sequences_of: SequencesOf,
) -> HoldOut:
    """Look up the sequences of all that is to be hidden.

    Raises:
        InputError: There is a block list, and the knowledge base has none of its accessions.
    """
    names = block.accessions
    stored = sequences_of(names)
    if names and not stored:
        what = f"the knowledge base has none of the blocked accessions, {names[0]} for one"
        hint = "Use the accessions of the reference files that were added"
        raise InputError(what, where="--block", hint=hint)
    own = sequences_of(sorted({name for one in proteins for name in spellings(one.accession)}))
    hidden = tuple(_hidden(one, block.of(one), stored, own, leave_out) for one in proteins)
    return HoldOut(hidden, tuple(name for name in names if name not in stored))


def spellings(accession: str) -> tuple[str, ...]:
    """List the names of one protein: its own, and of clusters that it represents.

    >>> spellings("UniRef90_P12345")
    ('P12345', 'UniRef100_P12345', 'UniRef90_P12345', 'UniRef50_P12345')
    """
    bare = _CLUSTER.sub("", accession, count=1)
    return tuple(f"{cluster}{bare}" for cluster in _CLUSTERS)


def _hidden(
    known: Known,
    blocked: frozenset[str],
    stored: Mapping[str, set[str]],
    own: Mapping[str, set[str]],
    leave_out: LeaveOut,
) -> Hidden:
    sequences = set().union(*(stored.get(name, set()) for name in blocked))
    if leave_out == "none":
        return Hidden(frozenset(sequences))
    names = frozenset(name for name in spellings(known.accession) if name in own)
    entries = frozenset().union(*(own[name] for name in names))
    if leave_out == "accession":
        accessions = frozenset(spellings(known.accession))
        return Hidden(frozenset(sequences), accessions, entries - sequences)
    itself = Gene(known.accession, translation=known.sequence).sequence_sha256
    return Hidden(frozenset(sequences | entries | {itself}))
