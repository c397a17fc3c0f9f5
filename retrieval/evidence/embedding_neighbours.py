"""Embedding neighbours: proteins near in the embedding space, each aligned exactly as well.

An embedding alone shows nothing that a curator can check, so each neighbour carries identity,
coverage and E-value of an exact alignment. What alignment confirms speaks for its function.
What it does not confirm is shown with empty terms, so that it cannot vote, and only where the
cosine similarity is at least ``UNCONFIRMED_SIMILARITY``.

**Composition.** Embeddings bring together proteins of like composition (rich in proline and
glutamine, say), and those align better than chance without being related. So each target is
also aligned back to front: what the same residues score in reverse is subtracted (the
reverse-sequence null model of Karplus et al. 1998, Bioinformatics 14:846). Numbers shown are
those after subtraction.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.records import clean_sequence
from ingest.vocab import ECO_AUTOMATIC
from retrieval.alignment import SIGNIFICANT_EVALUE
from retrieval.evidence.base import Evidence, Metrics, Terms, queries_of
from retrieval.evidence.similarity import MOST_ITEMS as SEARCHED_ITEMS
from retrieval.evidence.similarity import coverage_text
from retrieval.evidence.subjects import (
    Entries,
    describe,
    function_key,
    pick_distinct,
    terms_of,
)
from retrieval.evidence.wording import evalue_text, percent, sentence
from retrieval.pairwise import align_pairs, bitscore, evalue, score_pairs
from retrieval.residues import clean_residues

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ingest.records import Gene, Protein
    from retrieval.evidence.base import EvidenceKind, Findings, KnowledgeView, Surroundings
    from retrieval.hits import SequenceHit
    from retrieval.pairwise import PairAlignment

NEIGHBOURS = 10  # nearest sequences asked for
MOST_ITEMS = 10  # per gene
MOST_PER_FUNCTION = 2
# Cosine. With the k-mer embedder alignment confirmed 229 of 230 neighbours from 0.6 up, all from
# 0.7 (400 proteins of two genomes against 95,014), so this bar matters for other embedders only.
UNCONFIRMED_SIMILARITY = 0.9
MOST_UNCONFIRMED = 2

# Exact scores have no correction for composition, so they come out a little above those of the
# search: a neighbour must beat what the search found for the same function by this factor.
_GAIN = 1.1
_SMALLEST = 1e-300  # keeps divisions by an E-value finite


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A reference protein near a gene's protein, with both kinds of number."""

    protein: Protein
    terms: Terms
    reference: str
    metrics: Metrics

    @property
    def is_confirmed(self) -> bool:
        """Tell whether exact alignment alone would report it."""
        return self.metrics.evalue is not None and self.metrics.evalue <= SIGNIFICANT_EVALUE


class EmbeddingNeighbours:
    """Report neighbours with a known function that the similarity search did not report."""

    kind: EvidenceKind = "embedding_neighbours"

    def gather(
        self,
        genes: Sequence[Gene],
        view: KnowledgeView,
        found: Findings,
        surroundings: Surroundings,  # noqa: ARG002 - the protocol's
    ) -> Mapping[str, Sequence[Evidence]]:
        """Return confirmed neighbours by bit score, then unconfirmed ones by cosine."""
        queries = queries_of(genes)
        hits = view.neighbours(queries, NEIGHBOURS) if queries else {}
        entries = Entries(view)
        near: list[_Near] = []
        reported = {gene.id: _Reported.of(found.get(gene.id, ())) for gene in genes}
        for gene in genes:
            its_hits = hits.get(gene.sequence_sha256, ()) if gene.translation else ()
            near += _near(gene, its_hits, entries, reported[gene.id])
        neighbours: dict[str, list[Neighbour]] = {gene.id: [] for gene in genes}
        for gene_id, neighbour in _aligned(near, view.residues):
            neighbours[gene_id].append(neighbour)
        answers = {
            gene.id: _evidence(gene, neighbours[gene.id], reported[gene.id]) for gene in genes
        }
        return {gene_id: items for gene_id, items in answers.items() if items}


@dataclass(frozen=True, slots=True)
class _Reported:
    """What the similarity search shows: references, and the bit scores that others must beat."""

    references: frozenset[str]
    best: Mapping[str, float]
    least: float

    @classmethod
    def of(cls, earlier: Sequence[Evidence]) -> _Reported:
        similar = [item for item in earlier if item.kind == "similarity"]
        best: dict[str, float] = {}
        for item in similar:
            function = function_key(item.terms)
            best[function] = max(best.get(function, 0.0), item.metrics.bitscore or 0.0)
        # A full list has left out functions weaker than its last.
        is_full = len(similar) >= SEARCHED_ITEMS
        least = min((item.metrics.bitscore or 0.0 for item in similar), default=0.0)
        return cls(frozenset(item.reference for item in similar), best, least if is_full else 0.0)

    def covers(self, function: str, bits: float) -> bool:
        """Tell whether it shows this function as well aligned, or left it out as too weak."""
        bar = self.best.get(function, 0.0) or self.least
        return bar > 0 and bits <= bar * _GAIN


@dataclass(frozen=True, slots=True)
class _Near:
    """A reference protein near a gene's protein, before it is aligned."""

    gene: Gene
    protein: Protein
    reference: str
    similarity: float
    reported: _Reported

    def may_be_shown(self, bits: float, evalue: float) -> bool:
        """Tell whether an alignment of this score would be shown."""
        is_near = evalue <= SIGNIFICANT_EVALUE or self.similarity >= UNCONFIRMED_SIMILARITY
        return is_near and not self.reported.covers(function_key(terms_of(self.protein)), bits)


def _evidence(gene: Gene, near: Iterable[Neighbour], reported: _Reported) -> list[Evidence]:
    neighbours = [
        neighbour
        for neighbour in near
        if not reported.covers(function_key(neighbour.terms), neighbour.metrics.bitscore or 0.0)
    ]
    confirmed = [neighbour for neighbour in neighbours if neighbour.is_confirmed]
    confirmed.sort(key=lambda near: (-(near.metrics.bitscore or 0.0), near.reference))
    return [
        *(_item(gene, near, near.terms) for near in _distinct(confirmed, MOST_ITEMS)),
        *(_item(gene, near, Terms()) for near in _unconfirmed(neighbours)),
    ]


def _distinct(neighbours: Sequence[Neighbour], most: int) -> list[Neighbour]:
    return pick_distinct(
        neighbours, lambda near: function_key(near.terms), most=most, each=MOST_PER_FUNCTION
    )


def _unconfirmed(neighbours: Sequence[Neighbour]) -> list[Neighbour]:
    near = [
        neighbour
        for neighbour in neighbours
        if not neighbour.is_confirmed
        and (neighbour.metrics.similarity or 0.0) >= UNCONFIRMED_SIMILARITY
    ]
    near.sort(key=lambda neighbour: (-(neighbour.metrics.similarity or 0.0), neighbour.reference))
    return _distinct(near, MOST_UNCONFIRMED)


def _near(
    gene: Gene, hits: Sequence[SequenceHit], entries: Entries, reported: _Reported
) -> Iterator[_Near]:
    """Yield entries of known function with another sequence that were not reported."""
    for hit in hits:
        if hit.sequence_sha256 == gene.sequence_sha256:
            continue
        for protein in entries.of(hit.sequence_sha256):
            reference = entries.reference(protein)
            is_other = protein.accession != gene.id and reference not in reported.references
            if is_other and function_key(terms_of(protein)):
                yield _Near(gene, protein, reference, hit.similarity, reported)


def _aligned(near: Sequence[_Near], residues: int) -> Iterator[tuple[str, Neighbour]]:
    """Align all neighbours of all genes exactly, and take off what they score back to front.

    Alignments are made only of what the score alone does not rule out: the null model can only
    lower bits and raise E-values.
    """
    pairs = [(it.gene.translation, it.protein.sequence) for it in near]
    kept = [
        (it, pair)
        for it, pair, score in zip(near, pairs, score_pairs(pairs), strict=True)
        if it.may_be_shown(bitscore(score), _evalue(score, pair, residues))
    ]
    pairs = [pair for _, pair in kept]
    forth = align_pairs(pairs, database_residues=residues)
    back = score_pairs([(query, clean_sequence(target)[::-1]) for query, target in pairs])
    for (it, pair), found, score in zip(kept, forth, back, strict=True):
        numbers = _corrected(found, _evalue(score, pair, residues))
        if numbers is not None:
            metrics = replace(numbers, similarity=it.similarity)
            yield it.gene.id, Neighbour(it.protein, terms_of(it.protein), it.reference, metrics)


def _evalue(score: int, pair: tuple[str, str], residues: int) -> float:
    """Return the E-value of a score, as ``align_pairs`` does; infinite for no alignment."""
    query, target = (len(clean_residues(text)) for text in pair)
    return evalue(score, query, max(residues, target)) if score > 0 else math.inf


def _corrected(pair: PairAlignment | None, null: float) -> Metrics | None:
    if pair is None:
        return None
    # Only what the reversed target scores beyond chance (E-value 1) is taken off.
    chance = min(1.0, max(null, _SMALLEST))
    return Metrics(
        pident=pair.pident,
        qcov=pair.qcov,
        scov=pair.scov,
        evalue=pair.evalue / chance,
        bitscore=max(0.0, pair.bitscore + math.log2(chance)),
    )


def _item(gene: Gene, neighbour: Neighbour, terms: Terms) -> Evidence:
    return Evidence(
        gene_id=gene.id,
        kind="embedding_neighbours",
        eco=ECO_AUTOMATIC["machine_learning"],
        statement=_statement(gene, neighbour),
        reference=neighbour.reference,
        terms=terms,
        metrics=neighbour.metrics,
        taxon=neighbour.protein.taxon,
        reviewed=neighbour.protein.reviewed,
        pmids=neighbour.protein.pmids,
        title=neighbour.protein.name,
        tool="protein embedding and exact alignment (pyopal)",
        provenance=neighbour.protein.provenance,
    )


def _statement(gene: Gene, neighbour: Neighbour) -> str:
    numbers = neighbour.metrics
    near = f"Near in the embedding space (cosine {numbers.similarity:.2f})"
    subject = describe(neighbour.protein, neighbour.reference)
    identity, evalue = percent(numbers.pident or 0.0), evalue_text(numbers.evalue or 0.0)
    if neighbour.is_confirmed:
        covered = coverage_text(gene, numbers)
        aligned = f"{identity} identical{covered}, E-value {evalue}"
        how = "exact alignment, corrected for composition"
        return sentence(f"{near} to {subject}; {how}: {aligned}")
    doubt = f"alignment does not confirm it (E-value {evalue}), so it names no function here"
    return sentence(f"{near} to {subject}, but {doubt}")
