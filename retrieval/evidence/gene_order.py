"""Gene order: the genes around a gene on its contig, and how they lie to it. No functions here."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.vocab import is_uncharacterized, split_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.records import Gene, Location

# Largest gap between two genes of one run, in bp. Generous: within operons of E. coli most gaps
# are far smaller (Salgado et al. 2000, PNAS 97:6652), so statements say how large they are.
LARGEST_GAP = 300

# A contig that ends this near, in bp, leaves no room for another gene.
EDGE = 200


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A gene near this one: how far, on which side, how many genes between.

    ``gap`` is in bp, negative for an overlap; ``largest_gap`` is that of any two genes between.
    A divergent one lies behind this gene's start, on the other strand; others are of its run.
    """

    gene: Gene
    gap: int
    largest_gap: int
    genes_between: int
    is_upstream: bool
    is_divergent: bool = False


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The run of genes that this one is in, and the gene that is read away from its start.

    ``run_length`` counts this gene, too. ``ends_here`` tells that the contig ends at this gene,
    ``ends_in_run`` that it ends at the first or last gene of the run.
    """

    neighbours: tuple[Neighbour, ...] = ()
    run_length: int = 0
    ends_here: bool = False
    ends_in_run: bool = False


class GeneOrder:
    """The genes of one contig, one per place, sorted once for many questions."""

    def __init__(self, on_contig: Sequence[Gene]) -> None:
        """Sort the genes that have a place; of two at one place the one with a name stays."""
        by_place: dict[Location, Gene] = {}
        self._members: set[tuple[str, Location]] = set()
        for gene in on_contig:
            if gene.location is not None:
                self._members.add((gene.id, gene.location))
                kept = by_place.setdefault(gene.location, gene)
                # Two tools may have annotated one place: the entry with a name is worth more.
                if gene.id != kept.id and not name_of(kept) and name_of(gene):
                    by_place[gene.location] = gene
        self._places = sorted(by_place, key=lambda place: (place.start, place.end, place.strand))
        self._genes = [by_place[place] for place in self._places]
        self._positions = {place: position for position, place in enumerate(self._places)}

    def around(self, gene: Gene) -> Neighbourhood | None:
        """Describe what lies around a gene; None when it is not among the genes of the contig.

        Names of contigs repeat between assemblies: one without this very gene is another one.
        """
        here = gene.location
        if here is None or here.strand not in {"+", "-"} or (gene.id, here) not in self._members:
            return None
        own = self._positions[here]
        first, last = _run(own, self._places)
        neighbours = [
            _of_run(self._genes[position], position, own, self._places)
            for position in range(first, last + 1)
            if position != own
        ]
        ends = (first, last)
        return Neighbourhood(
            neighbours=(*neighbours, *_divergent(own, self._genes, self._places)),
            run_length=last - first + 1,
            ends_here=_at_edge(gene),
            ends_in_run=any(_at_edge(self._genes[end]) for end in ends if end != own),
        )


def name_of(gene: Gene) -> str:
    """Return the name of a gene, empty when it says nothing of what the gene does."""
    name, _ = split_name(gene.product)
    return "" if is_uncharacterized(name) else name


def _run(own: int, places: Sequence[Location]) -> tuple[int, int]:
    """Find the first and last gene around this one that share its strand without a large gap."""
    first = last = own
    while first > 0 and _joined(places[first - 1], places[first]):
        first -= 1
    while last + 1 < len(places) and _joined(places[last], places[last + 1]):
        last += 1
    return first, last


def _joined(left: Location, right: Location) -> bool:
    return left.strand == right.strand and _gap(left, right) <= LARGEST_GAP


def _gap(left: Location, right: Location) -> int:
    return right.start - left.end - 1


def _of_run(other: Gene, position: int, own: int, places: Sequence[Location]) -> Neighbour:
    first, last = min(position, own), max(position, own)
    gaps = [_gap(left, right) for left, right in pairwise(places[first : last + 1])]
    is_upstream = (position < own) == (places[own].strand == "+")
    gap = _gap(places[first], places[last])
    return Neighbour(other, gap, max(gaps), last - first - 1, is_upstream)


def _divergent(
    own: int, order: Sequence[Gene], places: Sequence[Location]
) -> tuple[Neighbour, ...]:
    """Find the gene right behind this one's start that is read the other way, if it is near.

    The two may share the stretch between them, where regulators bind.
    """
    here = places[own]
    behind = own - 1 if here.strand == "+" else own + 1
    if not 0 <= behind < len(places):
        return ()
    left, right = sorted((own, behind))
    gap = _gap(places[left], places[right])
    if {here.strand, places[behind].strand} != {"+", "-"} or gap > LARGEST_GAP:
        return ()
    return (Neighbour(order[behind], gap, gap, 0, is_upstream=True, is_divergent=True),)


def _at_edge(gene: Gene) -> bool:
    """Tell whether the contig ends at a gene. Where its length is unknown, only a cut tells."""
    place = gene.location
    if place is None:
        return False
    if gene.partial or place.start <= EDGE:
        return True
    # On a circular contig a gene may end past the contig's end: no edge there.
    return 0 <= gene.contig_length - place.end < EDGE and gene.contig_length > 0
