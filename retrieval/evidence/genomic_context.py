"""Genomic context: what the genes beside this one do, as far as they share an operon-like run.

Neighbours do not name a gene, so their evidence has no terms of its own; what a neighbour does
stands in ``Evidence.context``. A neighbour without a name (in a metagenome most have none) is
known by its closest relative, if that is close. A reader also sees when the contig ends too
early to show the whole neighbourhood.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from ingest.records import clean_sequence
from ingest.vocab import ECO_AUTOMATIC, ec_numbers_of, split_name
from retrieval.evidence.base import Context, Evidence, Metrics, Terms
from retrieval.evidence.gene_order import LARGEST_GAP, GeneOrder, name_of
from retrieval.evidence.similarity import Similarity, covers_both
from retrieval.evidence.wording import counted, listed, percent, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ingest.records import Gene
    from retrieval.evidence.base import EvidenceKind, Findings, KnowledgeView, Surroundings
    from retrieval.evidence.gene_order import Neighbour, Neighbourhood

MOST_ITEMS = 5  # per gene, of its run
LONGEST_NAME = 120  # characters of a neighbour's name in a statement
MOST_CODES = 3  # EC numbers or KO written out in a statement

# A neighbour without a name is looked at when at most this many genes lie between: its relatives
# have to be searched for.
MOST_BETWEEN = 2

# A relative this close, in percent, most often has the same kind of function (three EC digits are
# right in about four of five best hits); it must cover both proteins, too.
CLOSE_RELATIVE = 40.0


@dataclass(frozen=True, slots=True)
class Known:
    """What a neighbour does; ``relative`` is the close relative that says so, where it has no name.

    ``label`` names the neighbour in a sentence.
    """

    terms: Terms
    label: str
    relative: Evidence | None = None

    @property
    def basis(self) -> Literal["named", "relative"]:
        """Where the terms come from."""
        return "relative" if self.relative else "named"


class GenomicContext:
    """Report up to five genes of known function in the same operon-like run, nearest first.

    The gene that is read away from this one's start is added: regulators often lie there.
    """

    kind: EvidenceKind = "genomic_context"

    def gather(
        self,
        genes: Sequence[Gene],
        view: KnowledgeView,
        found: Findings,
        surroundings: Surroundings,
    ) -> Mapping[str, Sequence[Evidence]]:
        """Look in the same input first, then in what is stored of the contig.

        Relatives of neighbours are taken from ``found``; those that were not searched for yet
        (see ``unnamed_neighbours``) are searched for here.
        """
        around = dict(_around(genes, view, surroundings))
        wanted = _unnamed(around.values())
        missing = [gene for gene_id, gene in wanted.items() if gene_id not in found]
        relatives = {**found, **_searched(missing, view, surroundings)}
        answers = {
            gene.id: _evidence(gene, around[gene.id], relatives)
            for gene in genes
            if gene.id in around
        }
        return {gene_id: items for gene_id, items in answers.items() if items}


def unnamed_neighbours(
    genes: Sequence[Gene], view: KnowledgeView, surroundings: Surroundings
) -> tuple[Gene, ...]:
    """List the neighbours of ``genes`` that only relatives can name, ``genes`` left out.

    Searching for them together with ``genes`` saves a search of their own.
    """
    wanted = _unnamed(place for _, place in _around(genes, view, surroundings))
    asked = {gene.id for gene in genes}
    return tuple(wanted[gene_id] for gene_id in sorted(wanted) if gene_id not in asked)


def _around(
    genes: Sequence[Gene], view: KnowledgeView, surroundings: Surroundings
) -> Iterator[tuple[str, Neighbourhood]]:
    """Yield the neighbourhood of each gene that has one; each contig is sorted once."""
    given: dict[str, GeneOrder] = {}
    stored: dict[str, GeneOrder] = {}
    for gene in genes:
        if gene.location is None:
            continue
        seqid = gene.location.seqid
        if seqid not in given:
            given[seqid] = GeneOrder(surroundings.contigs.get(seqid, ()))
        place = given[seqid].around(gene)
        if place is None:
            if seqid not in stored:
                stored[seqid] = GeneOrder(view.genes_on(seqid))
            place = stored[seqid].around(gene)
        if place is not None:
            yield gene.id, place


def _unnamed(places: Iterable[Neighbourhood]) -> dict[str, Gene]:
    return {
        near.gene.id: near.gene
        for place in places
        for near in place.neighbours
        if near.genes_between <= MOST_BETWEEN
        and _own_terms(near.gene) == Terms()
        and clean_sequence(near.gene.translation)
    }


def _searched(missing: Sequence[Gene], view: KnowledgeView, surroundings: Surroundings) -> Findings:
    return Similarity().gather(missing, view, {}, surroundings) if missing else {}


def _evidence(gene: Gene, place: Neighbourhood, relatives: Findings) -> list[Evidence]:
    ordered = sorted(
        place.neighbours,
        key=lambda near: (near.is_divergent, near.genes_between, near.gap, near.gene.id),
    )
    items = [
        _item(gene, near, known, place)
        for near in ordered
        if (known := _known(near, relatives)) is not None
    ]
    in_run = [item for item in items if item.context and item.context.relation == "operon"]
    beside = [item for item in items if item.context and item.context.relation == "divergent"]
    return [*in_run[:MOST_ITEMS], *beside]


# --- What a neighbour does ------------------------------------------------------------------


def _known(near: Neighbour, relatives: Findings) -> Known | None:
    own = _own_terms(near.gene)
    if own != Terms():
        return Known(own, _named_label(near.gene, own))
    if near.genes_between > MOST_BETWEEN:
        return None
    relative = _close_relative(near.gene, relatives.get(near.gene.id, ()))
    if relative is None:
        return None
    label = f"{near.gene.id}, an unnamed gene {_relative_label(relative)},"
    # GO terms are left out: dozens a gene, and no rule reads them.
    return Known(replace(relative.terms, go_terms=()), label, relative)


def _own_terms(gene: Gene) -> Terms:
    """Return what the gene's own file says that it does; empty without a telling name."""
    name = name_of(gene)
    if not name:
        return Terms()
    ec_numbers = ec_numbers_of((*gene.ec_numbers, *split_name(gene.product)[1]))
    return Terms(name, gene.gene, ec_numbers, ko=gene.ko)


def _close_relative(gene: Gene, items: Sequence[Evidence]) -> Evidence | None:
    """Choose the closest relative of known function, if it is close over both proteins."""
    for item in items:
        if item.kind == "similarity" and item.terms.product:
            is_close = (item.metrics.pident or 0.0) >= CLOSE_RELATIVE
            return item if is_close and covers_both(gene, item.metrics) else None
    return None


def _named_label(gene: Gene, terms: Terms) -> str:
    codes = [gene.id, *([f"gene {terms.gene}"] if terms.gene else [])]
    return f'"{_short(terms.product)}" ({", ".join([*codes, *_codes(terms)])})'


def _relative_label(relative: Evidence) -> str:
    codes = ", ".join([relative.reference, *_codes(relative.terms)])
    pident = percent(relative.metrics.pident or 0.0)
    return f'{pident} identical to "{_short(relative.terms.product)}" ({codes})'


def _short(name: str) -> str:
    """Cut a name that is a whole paragraph (some tools write one) after a word."""
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[:LONGEST_NAME].rsplit(maxsplit=1)[0].rstrip(' ,;')} ..."


def _codes(terms: Terms) -> list[str]:
    codes = [f"EC {ec}" for ec in terms.ec_numbers] or [f"KO {ko}" for ko in terms.ko]
    return [listed(codes, most=MOST_CODES)] if len(codes) > MOST_CODES else codes


# --- Statements -----------------------------------------------------------------------------


def _item(gene: Gene, near: Neighbour, known: Known, place: Neighbourhood) -> Evidence:
    return Evidence(
        gene_id=gene.id,
        kind="genomic_context",
        eco=ECO_AUTOMATIC["gene_neighbours"],
        statement=_statement(near, known, place),
        reference=f"gene:{near.gene.id}",
        metrics=Metrics(distance_bp=max(near.gap, 0)),
        title=near.gene.product if known.relative is None else known.terms.product,
        tool="gene order",
        provenance=near.gene.provenance,
        context=Context(
            terms=known.terms,
            relation="divergent" if near.is_divergent else "operon",
            basis=known.basis,
            gap_bp=near.gap,
            genes_between=near.genes_between,
            is_upstream=near.is_upstream,
            run_length=place.run_length,
        ),
    )


def _statement(near: Neighbour, known: Known, place: Neighbourhood) -> str:
    if near.is_divergent:
        where = "which is read the other way: the two may share a regulator"
        label = known.label.removesuffix(",")
        return sentence(f"Begins {_apart(near)} {label}, {where}{_edge(place)}")
    run = f"in an operon-like run of {place.run_length} genes (gaps up to {LARGEST_GAP} bp)"
    hint = "a hint at a shared process, not at this gene's own function"
    where = f"on the same strand, {run}: {hint}{_edge(place)}"
    return sentence(f"{_distance(near)} {known.label} {where}")


def _apart(near: Neighbour) -> str:
    return f"{near.gap:,} bp from" if near.gap >= 0 else f"{-near.gap:,} bp inside"


def _edge(place: Neighbourhood) -> str:
    if place.ends_here:
        return "; the contig ends here, so neighbours may be missing"
    return "; the run goes on to the contig's end and may be cut off" if place.ends_in_run else ""


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
