"""Samples most like a given one: candidates from FAISS, distances computed from stored values."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from ingest import store_compositions as stored
from ingest.errors import EmbedderMismatchError, UserError
from ingest.store_vectors import SPACES
from retrieval.cohort.privacy import shareable
from retrieval.profiles.filling import unpacked
from retrieval.profiles.projection import SPACE, revision, vectors_of
from retrieval.profiles.similarity import FeatureShares, compare, named
from retrieval.profiles.vocabulary import LABELS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from ingest.store_compositions import StoredComposition
    from retrieval.profiles.composition import Composition
    from retrieval.profiles.similarity import Compared
    from retrieval.vector_index import VectorIndex

#: Candidates that are compared exactly: of 10 that are nearest by exact distance, at least 99.9 %
#: are among them on the cohorts that were tried (docs/cohorts.md).
_CANDIDATES: Final = 200
_PER_HIT: Final = 10
_NAMES_SHOWN: Final = 5
_REBUILD: Final = "Run: metalumen rebuild KB"


@dataclass(frozen=True, slots=True)
class AskedSample:
    """The sample that others are compared with.

    Without ``compositions`` (those of a table that is not stored) it is the stored sample of that
    name. ``kind`` is a part of the space, "" for the first that the sample has. ``columns`` are
    the metadata columns that a person wants to see of the others. ``names`` are those of features
    of a table that is not stored.
    """

    sample: str
    kind: str = ""
    columns: tuple[str, ...] = ()
    compositions: tuple[Composition, ...] = ()
    names: Mapping[tuple[str, int], str] | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class SimilarSample:
    """A sample near the asked one; distances go from 0 (the same) to 1 (nothing in common).

    ``shared`` counts features in both, ``features`` those of this sample. ``source`` is its file,
    ``compared_with`` the file that the asked sample's values are from; ``also_in`` are other
    files with a profile of this sample. ``is_other_tool`` is set where two formats are compared:
    part of the distance is then that of the tools. ``metadata`` has the columns asked for.
    """

    sample: str
    hellinger: float
    bray_curtis: float
    shared: int
    features: int
    source: str
    reader: str
    compared_with: str
    is_other_tool: bool
    also_in: tuple[str, ...]
    alike: tuple[FeatureShares, ...]
    differing: tuple[FeatureShares, ...]
    metadata: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SimilarSamples:
    """The answer: the samples most like one, nearest first.

    ``compared`` counts the other samples with a profile of this kind and level; ``kinds`` are
    those that the asked sample has. ``itself`` are profiles of the same sample in other files.
    """

    sample: str
    kind: str
    level: str
    features: int
    sources: tuple[str, ...]
    compared: int
    kinds: tuple[str, ...]
    found: tuple[SimilarSample, ...]
    itself: tuple[SimilarSample, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Query:
    """A composition that others are compared with, and the file it is from."""

    row: int
    path_name: str
    reader: str
    composition: Composition


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """A stored composition with the query that it is nearest to."""

    facts: StoredComposition
    query: _Query
    how: Compared

    @property
    def order(self) -> tuple[float, float, str, str]:
        return (self.how.hellinger, self.how.bray_curtis, self.facts.sample, self.facts.path_name)


class ProfileSearch:
    """Search the profile space of a knowledge base.

    Args:
        connection: A connection of its store.
        index: The vectors of the space.

    Raises:
        EmbedderMismatchError: Another version of the method made the vectors.
    """

    def __init__(self, connection: sqlite3.Connection, index: VectorIndex) -> None:
        """Check that vectors of now and those on disk can be compared."""
        self._connection = connection
        self._index = index
        query = "SELECT revision FROM spaces WHERE space = ?"
        row = connection.execute(query, (SPACE,)).fetchone()
        self._is_there = row is not None and stored.are_there(connection)
        if row is not None and row[0] != revision():
            what = "the profiles of samples were made by another version"
            raise EmbedderMismatchError(what, where=f"space {SPACE}", hint=_REBUILD)

    def similar(self, asked: AskedSample, k: int) -> SimilarSamples:
        """List the ``k`` samples most like the asked one.

        Raises:
            UserError: There is no such sample, it has no profile, or none of the kind.
        """
        if not self._is_there:
            what = "the knowledge base has no profiles of samples"
            hint = "Add a table of taxa, pathways or gene families; for tables of before: "
            raise UserError(what, where="samples", hint=hint + "metalumen rebuild KB")
        queries = self._queries(asked)
        kinds = [it for it in SPACES[SPACE] if any(q.composition.kind == it for q in queries)]
        kind = _chosen(asked, kinds)
        queries = [it for it in queries if it.composition.kind == kind]
        own = [] if asked.compositions else [it.row for it in queries]
        pairs = self._pairs(queries, kind, k, own)
        hits = self._hits(pairs[:k], asked, kind)
        first = queries[0].composition
        counts = stored.counts(self._connection)
        return SimilarSamples(
            sample=asked.sample,
            kind=kind,
            level=first.level,
            features=len(first.keys),
            sources=tuple(dict.fromkeys(it.path_name for it in queries)),
            compared=counts.get((kind, first.level), 0) - bool(own),
            kinds=tuple(kinds),
            found=tuple(hits),
            itself=tuple(self._hits(_among(queries), asked, kind)) if own else (),
            notes=self._notes(asked, kind, hits, counts),
        )

    # --- Which profiles are compared --------------------------------------------------------

    def _queries(self, asked: AskedSample) -> list[_Query]:
        if asked.compositions:
            return [_Query(-1, asked.source, "", it) for it in asked.compositions]
        facts = {it.row: it for it in stored.compositions_of(self._connection, asked.sample)}
        if not facts:
            raise self._unknown(asked.sample)
        loaded = stored.contents(self._connection, list(facts))
        made = {row: unpacked(facts[row], content) for row, content in loaded}
        return [_Query(row, it.path_name, it.reader, made[row]) for row, it in facts.items()]

    def _unknown(self, sample: str) -> UserError:
        """Say that there is no such sample, and which are called nearly so."""
        known = stored.samples_named(self._connection)
        near = difflib.get_close_matches(sample, known, n=_NAMES_SHOWN) or known[:_NAMES_SHOWN]
        what = f"no table of taxa, pathways or gene families has the sample {sample!r}"
        return UserError(what, where="samples", hint=f"Samples are called, e.g.: {', '.join(near)}")

    # --- Searching --------------------------------------------------------------------------

    def _pairs(
        self, queries: Sequence[_Query], kind: str, k: int, own: Sequence[int]
    ) -> list[_Pair]:
        """Find the nearest profile of each sample; one with nothing in common is none."""
        most = max(_CANDIDATES, _PER_HIT * k)
        while True:
            found, is_all = self._compared_with(queries, kind, most, own)
            best: dict[str, _Pair] = {}
            for pair in sorted(found, key=lambda it: it.order):
                best.setdefault(pair.facts.sample, pair)
            if len(best) >= k or is_all:
                return list(best.values())
            most *= 4

    def _compared_with(
        self, queries: Sequence[_Query], kind: str, most: int, own: Sequence[int]
    ) -> tuple[list[_Pair], bool]:
        vectors = vectors_of([it.composition for it in queries])
        excluded = np.array(own, dtype=np.int64) if own else None
        _, ids = self._index.search(vectors, most, kinds=(kind,), excluded=excluded)
        rows = sorted({int(it) for it in ids.ravel() if it >= 0})
        facts = stored.compositions_at(self._connection, rows)
        pairs = []
        for row, content in stored.contents(self._connection, rows):
            other = unpacked(facts[row], content)
            for query, its in zip(queries, ids, strict=True):
                if row in its and query.composition.level == other.level:
                    pairs.append(_Pair(facts[row], query, compare(query.composition, other)))
        is_all = ids.shape[1] < most or bool((ids[:, -1] < 0).all())
        return [it for it in pairs if it.how.shared], is_all

    # --- Telling ----------------------------------------------------------------------------

    def _hits(self, pairs: Sequence[_Pair], asked: AskedSample, kind: str) -> list[SimilarSample]:
        names = self._names(pairs, asked, kind)
        metadata = self._metadata([it.facts.sample for it in pairs], asked.columns)
        return [
            SimilarSample(
                sample=it.facts.sample,
                hellinger=it.how.hellinger,
                bray_curtis=it.how.bray_curtis,
                shared=it.how.shared,
                features=it.facts.features,
                source=it.facts.path_name,
                reader=it.facts.reader,
                compared_with=it.query.path_name,
                is_other_tool=it.query.reader not in {"", it.facts.reader},
                also_in=self._also_in(it.facts, kind),
                alike=named(it.how.alike, names),
                differing=named(it.how.differing, names),
                metadata=metadata.get(it.facts.sample, ()),
            )
            for it in pairs
        ]

    def _names(self, pairs: Sequence[_Pair], asked: AskedSample, kind: str) -> dict[int, str]:
        keys = {key for it in pairs for key, _, _ in (*it.how.alike, *it.how.differing)}
        given = {key: name for (its, key), name in (asked.names or {}).items() if its == kind}
        return given | stored.names_of(self._connection, kind, sorted(keys))

    def _also_in(self, facts: StoredComposition, kind: str) -> tuple[str, ...]:
        others = stored.compositions_of(self._connection, facts.sample)
        names = (it.path_name for it in others if it.kind == kind and it.row != facts.row)
        return tuple(dict.fromkeys(names))

    def _metadata(
        self, samples: Sequence[str], columns: Iterable[str]
    ) -> dict[str, tuple[tuple[str, str], ...]]:
        """Return the columns asked for, but for those that would tell who someone is."""
        if not columns:
            return {}
        kept, _ = shareable(stored.metadata_columns(self._connection), columns)
        known = stored.metadata_of(self._connection, samples)
        return {
            sample: tuple((name, its[name]) for name in kept if its.get(name))
            for sample, its in known.items()
        }

    def _notes(
        self,
        asked: AskedSample,
        kind: str,
        hits: Sequence[SimilarSample],
        counts: Mapping[tuple[str, str], int],
    ) -> tuple[str, ...]:
        notes = []
        if any(it.is_other_tool for it in hits):
            notes.append(
                "some samples were profiled by another tool: part of their distance is that of"
                " the tools"
            )
        more = counts.get(("genus", "genera"), 0) - counts.get(("species", "species"), 0)
        if kind == "species" and more > 0:
            notes.append(f"{more:,} samples have genera but no species: compare by genus")
        if asked.columns:
            notes += self._column_notes(asked.columns)
        return tuple(notes)

    def _column_notes(self, columns: Sequence[str]) -> list[str]:
        known = stored.metadata_columns(self._connection)
        _, blocked = shareable(known, columns)
        hidden = [f"{it.column} is not shown: it looks like {it.reason}" for it in blocked]
        unknown = [f"no sample has the column {it}" for it in columns if it not in known]
        return [*hidden, *unknown]


def _chosen(asked: AskedSample, kinds: Sequence[str]) -> str:
    """Return the kind asked for, else the first that the sample has.

    Raises:
        UserError: The sample has none of this kind.
    """
    if asked.kind and asked.kind not in kinds:
        known = ", ".join(kinds) or "none"
        about = LABELS.get(asked.kind, asked.kind)
        what = f"the sample {asked.sample!r} has no profile of {about}"
        raise UserError(what, where="samples", hint=f"It has: {known}")
    if not kinds:
        what = f"the sample {asked.sample!r} has no profile that can be compared"
        raise UserError(what, where=asked.source or "samples", hint="Give a table of taxa, pathways"
                        " or gene families whose values are parts of a whole")  # fmt: skip
    return asked.kind or kinds[0]


def _among(queries: Sequence[_Query]) -> list[_Pair]:
    """Compare the profiles that a sample has in several files with its first."""
    first, *others = queries
    made = []
    for it in others:
        one = it.composition
        if one.level == first.composition.level:
            facts = stored.StoredComposition(
                it.row, one.sample, one.kind, one.level, one.unit, len(one.keys), it.path_name,
                "", it.reader,
            )  # fmt: skip
            made.append(_Pair(facts, first, compare(first.composition, one)))
    return sorted(made, key=lambda pair: pair.order)
