"""Genomic context: named genes beside this one on the same strand, as in an operon.

Neighbours do not name a gene, so their evidence has no terms: it is a hint for a reader, who
also sees when the contig ends too early to show the whole neighbourhood.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.vocab import ECO_AUTOMATIC, ec_numbers_of, is_uncharacterized, split_name
from retrieval.evidence.base import Evidence, Metrics
from retrieval.evidence.wording import counted, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ingest.records import Gene, Location
    from retrieval.evidence.base import EvidenceKind, Findings, KnowledgeView, Surroundings

MOST_ITEMS = 5  # per gene

# Largest gap between two genes of one run, in bp. Generous: within operons of E. coli most gaps
# are far smaller (Salgado et al. 2000, PNAS 97:6652), so the statement says how large they are.
LARGEST_GAP = 300

# A contig that ends this near, in bp, leaves no room for another gene.
EDGE = 200


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A gene of the same run: how far, on which side, how many genes between.

    ``gap`` is in bp, negative for an overlap; ``largest_gap`` is that of any two genes between.
    """

    gene: Gene
    gap: int
    largest_gap: int
    genes_between: int
    is_upstream: bool


class GenomicContext:
    """Report up to five named genes of the same operon-like run, nearest first."""

    kind: EvidenceKind = "genomic_context"

    def gather(
        self,
        genes: Sequence[Gene],
        view: KnowledgeView,
        found: Findings,  # noqa: ARG002 - the protocol's; only positions matter here
        surroundings: Surroundings,
    ) -> Mapping[str, Sequence[Evidence]]:
        """Look in the same input first, then in what is stored of the contig."""
        answers = {gene.id: _evidence(gene, view, surroundings) for gene in genes}
        return {gene_id: items for gene_id, items in answers.items() if items}


def _evidence(gene: Gene, view: KnowledgeView, surroundings: Surroundings) -> list[Evidence]:
    here = gene.location
    if here is None or here.strand not in {"+", "-"}:
        return []
    order = _order(gene, here, surroundings.contigs.get(here.seqid, ()))
    order = order or _order(gene, here, view.genes_on(here.seqid))
    run = _run(here, order)
    named = [neighbour for neighbour in _neighbours(here, run) if _name(neighbour.gene)]
    named.sort(key=lambda near: (near.genes_between, near.gap, near.gene.id))
    return [_item(gene, here, near, len(run)) for near in named[:MOST_ITEMS]]


def _order(gene: Gene, here: Location, on_contig: Sequence[Gene]) -> list[Gene]:
    """Sort the contig's genes, one per place; empty when this gene is not among them.

    Names of contigs repeat between assemblies: a contig without this very gene is another one.
    """
    if not any(other.id == gene.id and other.location == here for other in on_contig):
        return []
    by_place: dict[tuple[int, int, str], Gene] = {}
    for other in on_contig:
        if other.location is not None:
            place = (other.location.start, other.location.end, other.location.strand)
            kept = by_place.setdefault(place, other)
            # Two tools may have annotated one place: the entry with a name is worth more.
            if other.id != kept.id and not _name(kept) and _name(other):
                by_place[place] = other
    by_place[here.start, here.end, here.strand] = gene
    return [by_place[place] for place in sorted(by_place)]


def _run(here: Location, order: Sequence[Gene]) -> list[Gene]:
    """Cut out the genes around this one that share its strand without a large gap."""
    places = [other.location for other in order if other.location is not None]
    if here not in places:
        return []
    first = last = places.index(here)
    while first > 0 and _joined(places[first - 1], places[first]):
        first -= 1
    while last + 1 < len(places) and _joined(places[last], places[last + 1]):
        last += 1
    return list(order[first : last + 1])


def _joined(left: Location, right: Location) -> bool:
    return left.strand == right.strand and right.start - left.end - 1 <= LARGEST_GAP


def _neighbours(here: Location, run: Sequence[Gene]) -> list[Neighbour]:
    places = [other.location for other in run if other.location is not None]
    gaps = [right.start - left.end - 1 for left, right in pairwise(places)]
    own = places.index(here) if run else 0
    neighbours = []
    for position, (other, place) in enumerate(zip(run, places, strict=True)):
        if position != own:
            is_before = position < own
            gap = here.start - place.end - 1 if is_before else place.start - here.end - 1
            largest = max(gaps[min(position, own) : max(position, own)])
            between = abs(position - own) - 1
            neighbours.append(
                Neighbour(other, gap, largest, between, is_before == (here.strand == "+"))
            )
    return neighbours


def _name(gene: Gene) -> str:
    name, _ = split_name(gene.product)
    return "" if is_uncharacterized(name) else name


def _item(gene: Gene, here: Location, near: Neighbour, run_length: int) -> Evidence:
    return Evidence(
        gene_id=gene.id,
        kind="genomic_context",
        eco=ECO_AUTOMATIC["gene_neighbours"],
        statement=_statement(gene, here, near, run_length),
        reference=f"gene:{near.gene.id}",
        metrics=Metrics(distance_bp=max(near.gap, 0)),
        title=near.gene.product,
        tool="gene order",
        provenance=near.gene.provenance,
    )


def _statement(gene: Gene, here: Location, near: Neighbour, run_length: int) -> str:
    ec_numbers = ec_numbers_of((*near.gene.ec_numbers, *split_name(near.gene.product)[1]))
    codes = [near.gene.id, *([f"gene {near.gene.gene}"] if near.gene.gene else [])]
    codes += [f"EC {ec}" for ec in ec_numbers]
    neighbour = f'"{_name(near.gene)}" ({", ".join(codes)})'
    run = f"in an operon-like run of {run_length} genes (gaps up to {LARGEST_GAP} bp)"
    hint = "a hint at a shared process, not at this gene's own function"
    edge = "; the contig ends here, so neighbours may be missing" if _at_edge(gene, here) else ""
    return sentence(f"{_distance(near)} {neighbour} on the same strand, {run}: {hint}{edge}")


def _distance(near: Neighbour) -> str:
    # Seen from this gene: what lies upstream of it has this gene downstream.
    side = "downstream" if near.is_upstream else "upstream"
    if near.genes_between:
        between = f"with {counted(near.genes_between, 'gene')} between"
        widest = f"gaps of at most {max(near.largest_gap, 0)} bp"
        return f"Lies {near.gap:,} bp {side} ({between}, {widest}) of"
    if near.gap < 0:
        return f"Lies directly {side}, overlapping by {-near.gap} bp, of"
    return f"Lies {near.gap:,} bp {side} of"


def _at_edge(gene: Gene, here: Location) -> bool:
    if gene.partial or here.start <= EDGE:
        return True
    # On a circular contig a gene may end past the contig's end: no edge there.
    return 0 <= gene.contig_length - here.end < EDGE and gene.contig_length > 0
