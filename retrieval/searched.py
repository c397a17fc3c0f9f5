"""What the two sequence searches found for many proteins, kept in a file for those who ask later.

A search of a whole database has a fixed cost of seconds, so a batch searches all its proteins
at once and its parts read the answers from files. First line: the SHA-256 of the rest; second:
how much was asked for. Then one JSON line a protein: ``sequence`` (SHA-256), ``alignments`` and
``neighbours``, each as lists of their fields.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from retrieval.alignment import Alignment
from retrieval.evidence.embedding_neighbours import NEIGHBOURS
from retrieval.hits import MAX_ALIGNMENTS, SequenceHit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

HitT = TypeVar("HitT")

_VALUES: Final = attrgetter(*(it.name for it in fields(Alignment) if it.name != "query"))
_COMPACT: Final = (",", ":")
#: What ``search_all`` asks for, and the fields of its lines.
ASKED: Final = json.dumps(
    [MAX_ALIGNMENTS, NEIGHBOURS, *(it.name for it in (*fields(Alignment), *fields(SequenceHit)))]
)


class SearchesSequences(Protocol):
    """What can be searched ahead, and told to answer from what was: a knowledge base."""

    def align_each(self, queries: Mapping[str, str]) -> Iterator[tuple[str, Sequence[Alignment]]]:
        """Yield the alignments of queries that have some."""
        ...

    def neighbours(self, queries: Mapping[str, str], k: int) -> Mapping[str, Sequence[SequenceHit]]:
        """Find the nearest sequences in the embedding space."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...


@dataclass(frozen=True, slots=True)
class Searched:
    """Answers by the SHA-256 of the sequence; what was not asked for is not answered."""

    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    max_hits: int = 0
    k: int = 0

    def alignments(self, queries: Iterable[str], max_hits: int) -> dict[str, list[Alignment]]:
        """Return the alignments of the queries that are known, if so many were asked for."""
        if max_hits != self.max_hits:
            return {}
        return {
            name: [Alignment(name, *values) for values in self.answers[name]["alignments"]]
            for name in queries
            if name in self.answers
        }

    def neighbours(self, queries: Iterable[str], k: int) -> dict[str, list[SequenceHit]]:
        """Return the ``k`` nearest sequences of the queries that are known, if k were asked for."""
        if k > self.k:
            return {}
        return {
            name: [SequenceHit(*values) for values in self.answers[name]["neighbours"][:k]]
            for name in queries
            if name in self.answers
        }


def completed(
    queries: Mapping[str, str],
    known: Mapping[str, Sequence[HitT]],
    search: Callable[[Mapping[str, str]], Mapping[str, Sequence[HitT]]],
) -> dict[str, Sequence[HitT]]:
    """Return what is known and search for the rest, in the order of the queries."""
    rest = {name: sequence for name, sequence in queries.items() if name not in known}
    found = {**known, **(search(rest) if rest else {})}
    return {name: found[name] for name in queries}


def search_all(base: SearchesSequences, sequences: Mapping[str, str]) -> dict[str, str]:
    """Search all proteins at once; return each one's answers as a line of the file.

    Args:
        base: Where to search.
        sequences: SHA-256 of the sequence to the sequence.
    """
    aligned = {
        name: json.dumps([_VALUES(hit) for hit in hits], separators=_COMPACT)
        for name, hits in base.align_each(sequences)
    }
    lines = {}
    for name, near in base.neighbours(sequences, NEIGHBOURS).items():
        pairs = [(hit.sequence_sha256, hit.similarity) for hit in near]
        found = aligned.pop(name, "[]")
        nearest = json.dumps(pairs, separators=_COMPACT)
        lines[name] = f'{{"sequence":"{name}","alignments":{found},"neighbours":{nearest}}}\n'
    return lines


def file_of(lines: Iterable[str]) -> bytes:
    """Join lines of ``search_all`` to the content of a file."""
    head = json.dumps({"max_hits": MAX_ALIGNMENTS, "k": NEIGHBOURS})
    content = f"{head}\n{''.join(lines)}".encode()
    return hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def read_searched(path: Path) -> Searched:
    """Read a file; without answers when it is not there or not as it was written."""
    try:
        sha256, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return Searched()
    if sha256 != hashlib.sha256(content).hexdigest().encode():
        return Searched()
    head, *lines = map(json.loads, content.splitlines())
    return Searched({line["sequence"]: line for line in lines}, **head)
