"""The most abundant taxa of each sample, counted while a table streams by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from ingest.store_rows import to_json

if TYPE_CHECKING:
    import sqlite3

    from ingest.records import Feature

#: A taxon and its share of a sample, in percent.
Share: TypeAlias = "tuple[str, float]"

#: Taxa that are kept per sample.
_MOST: Final = 3
#: Ranks from the most telling to the least; a table is described at the first one that it has.
_RANKS: Final = ("s", "g", "f", "o", "c", "p", "k", "")


class ProfileCounter:
    """Keep the largest community taxa of each sample, per rank; memory grows with samples only."""

    def __init__(self) -> None:
        """Start with nothing counted."""
        self._largest: dict[tuple[str, str], list[tuple[float, str]]] = {}
        self._totals: dict[tuple[str, str], float] = {}
        self._percent = False

    def take(self, feature: Feature) -> None:
        """Count one row; strata and special rows are parts of, or no part of, the community."""
        if feature.kind != "taxon" or feature.stratum or feature.special:
            return
        self._percent = self._percent or "%" in feature.unit or "percent" in feature.unit.lower()
        name = feature.name or feature.id
        for sample, value in feature.values:
            if value > 0:
                key = (feature.rank, sample)
                self._totals[key] = self._totals.get(key, 0.0) + value
                largest = [*self._largest.get(key, []), (value, name)]
                self._largest[key] = sorted(largest, key=lambda it: (-it[0], it[1]))[:_MOST]

    def samples(self) -> list[str]:
        """List the samples that have a profile."""
        rank = self._rank()
        return sorted(sample for its_rank, sample in self._largest if its_rank == rank)

    def write(self, connection: sqlite3.Connection, file_id: int) -> None:
        """Store the profile of each sample at the most telling rank."""
        rank = self._rank()
        rows = [(name, file_id, to_json(self._shares(rank, name))) for name in self.samples()]
        connection.executemany("INSERT OR REPLACE INTO sample_profiles VALUES (?, ?, ?)", rows)

    def _rank(self) -> str:
        ranks = {rank for rank, _ in self._largest}
        return next((rank for rank in _RANKS if rank in ranks), "")

    def _shares(self, rank: str, sample: str) -> list[Share]:
        """Percentages as the table has them, else of the sample's total at this rank."""
        whole = 100.0 if self._percent else self._totals[rank, sample]
        return [(name, 100 * value / whole) for value, name in self._largest[rank, sample]]
