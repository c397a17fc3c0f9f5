"""Taxa of a table at the rank of species and of genera, each read counted once, without the host.

A species that was moved to another genus counts in its new genus, also where the table's genera
hold it in the old one. Tables of OTUs, ASVs or genomes are kept by their own ids besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from ingest.feature_kinds import BINOMIAL, is_lineage
from ingest.taxa import SEVEN
from retrieval.cohort.table import is_nested, lineage_parts
from retrieval.profiles.vocabulary import (
    Named,
    genus_of_species,
    plain_taxon,
    species_name,
    taxon_name,
    unit_named,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrieval.profiles.composition import Integers, TableRow

    #: A feature, the row that counts for it, and whether it adds (1) or takes away (-1).
    Counted: TypeAlias = tuple[Named, TableRow, float]

#: Samples that tell whether rows hold the sums of finer rows.
_LOOKED_AT: Final = 200
#: Reads of the person who was sampled are no part of the community.
_HOSTS: Final = frozenset({"Homo sapiens", "Homo"})
#: Ranks of tables without genera, from the finest, and what their taxa are called.
_HIGHER: Final = {"f": "families", "o": "orders", "c": "classes", "p": "phyla"}
#: Share of rows with ids of their own that makes a table one of OTUs, ASVs or genomes.
_MOST: Final = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class _Taxon:
    """A row with its lineage by rank, the letter of its own rank, and its names."""

    row: TableRow
    letter: str
    parts: Mapping[str, str]
    species: str
    stated_genus: str
    moved_to: str

    @property
    def current_genus(self) -> str:
        """The genus of the newest name of a species that was renamed, else as stated."""
        return self.moved_to or self.stated_genus


def taxa_named(
    rows: Sequence[TableRow], own: str, lineages: Mapping[str, str]
) -> Iterator[list[Counted]]:
    """Yield what counts for species, for genera, and for the table's own units, where there are.

    Args:
        rows: Taxa of one table and unit.
        own: What tells the file's own ids from those of other files.
        lineages: Lineage by feature id, for rows that have none.
    """
    texts = [row.lineage or lineages.get(row.id, "") or _own_lineage(row) for row in rows]
    taxa = [_taxon(row, text) for row, text in zip(rows, texts, strict=True)]
    stated = {row.rank for row in rows} - {""}
    is_nested_table = len(stated) > 1 or (not stated and _holds_sums(rows, texts))
    if not any(it.species or it.stated_genus for it in taxa):
        if not any(row.name in _HOSTS for row in rows):  # else there is nothing but the host
            yield _higher(taxa, is_nested_table=is_nested_table)
    elif is_nested_table:
        yield from _at_ranks(taxa)
    else:
        yield [(_species(it.species), it.row, 1.0) for it in taxa if it.species]
        yield [(_genus(it.current_genus), it.row, 1.0) for it in taxa if it.current_genus]
    units = [row for row in rows if not stated and _is_unit(row)]
    if len(units) >= _MOST * len(rows):
        yield [(unit_named(row.id, row.name, own), row, 1.0) for row in units]


def _at_ranks(taxa: Sequence[_Taxon]) -> Iterator[list[Counted]]:
    """Read rows of one rank; species that were moved leave the genus that the table has them in."""
    species = [it for it in taxa if it.letter == "s" and it.species]
    yield [(_species(it.species), it.row, 1.0) for it in species]
    genera = [it for it in taxa if it.letter == "g" and it.stated_genus]
    if not genera:
        yield [(_genus(it.current_genus), it.row, 1.0) for it in species if it.current_genus]
        return
    counted = [(_genus(it.stated_genus), it.row, 1.0) for it in genera]
    known = {it.stated_genus for it in genera}
    for it in species:
        if it.stated_genus in known and it.current_genus != it.stated_genus:
            counted.append((_genus(it.current_genus), it.row, 1.0))
            counted.append((_genus(it.stated_genus), it.row, -1.0))
    yield counted


def _higher(taxa: Sequence[_Taxon], *, is_nested_table: bool) -> list[Counted]:
    """Read a table without species and genera at the finest rank that it has."""
    for letter, level in _HIGHER.items():
        its = [it for it in taxa if it.letter == letter or not is_nested_table]
        counted: list[Counted] = []
        for it in its:
            own = it.row.name if it.letter == letter else ""
            if name := taxon_name(it.parts.get(letter, "") or own):
                counted.append((Named("higher", level, f"{level} {name}", name), it.row, 1.0))
        if counted:
            return counted
    return []


def _species(name: str) -> Named:
    return Named("species", "species", name, name)


def _genus(name: str) -> Named:
    return Named("genus", "genera", name, name)


def _own_lineage(row: TableRow) -> str:
    return next((text for text in (row.id, row.name) if is_lineage(text)), "")


def _taxon(row: TableRow, lineage: str) -> _Taxon:
    parts = lineage_parts(lineage) or _unmarked(lineage)
    letter = row.rank or (list(parts) or [""])[-1]
    text = parts.get("s", "") or (row.name if letter == "s" else "")
    if not parts and not row.rank and BINOMIAL.fullmatch(row.name):
        text = row.name
    above = parts.get("g", "")
    species = species_name(text, above)
    if species in _HOSTS:
        species = above = text = ""
    if row.name.startswith("taxonid:") and letter == "s":
        species = row.id  # Kaiju without a file of names
    stated = taxon_name(above or (row.name if letter == "g" else ""))
    stated = "" if stated in _HOSTS else stated
    as_written = plain_taxon(text).replace("[", "").replace("]", "")
    return _Taxon(
        row=row,
        letter=letter,
        parts=parts,
        species=species,
        stated_genus=stated or genus_of_species(as_written),
        moved_to=_moved_to(species, as_written),
    )


def _moved_to(species: str, as_written: str) -> str:
    """Return the genus of a species that has another name now than the file gives it."""
    was_renamed = " " in as_written and species != as_written
    return genus_of_species(species) if was_renamed else ""


def _unmarked(lineage: str) -> dict[str, str]:
    """Part a lineage without prefixes that goes through the seven ranks."""
    names = [name.strip() for name in lineage.split(";")]
    if not 1 < len(names) <= len(SEVEN) + 1:
        return {}
    return {letter: name for letter, name in zip((*SEVEN, "t"), names, strict=False) if name}


def _is_unit(row: TableRow) -> bool:
    return not is_lineage(row.id) and not BINOMIAL.fullmatch(row.id)


def _holds_sums(rows: Sequence[TableRow], lineages: Sequence[str]) -> bool:
    """Tell whether rows hold the sums of finer rows, by a look at some samples."""
    named = set(lineages)
    if not any(
        text.rpartition(mark)[0].strip() in named for text in named for mark in ";|" if mark in text
    ):
        return False
    samples = sorted({sample for row in rows for sample in row.samples})[:_LOOKED_AT]
    place = {sample: at for at, sample in enumerate(samples)}
    # One column more, for the samples that are not looked at.
    values = np.zeros((len(rows), len(samples) + 1))
    known: dict[tuple[str, ...], Integers] = {}
    for at, row in enumerate(rows):
        if row.samples not in known:
            known[row.samples] = np.array([place.get(it, len(samples)) for it in row.samples])
        np.add.at(values[at], known[row.samples][row.places], row.values)
    return is_nested(lineages, values[:, :-1])
