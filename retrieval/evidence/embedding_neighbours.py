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
from typing import TYPE_CHECKING, TypeAlias

from ingest.records import clean_sequence
from ingest.vocab import ECO_AUTOMATIC
from retrieval.evidence.base import Evidence, Metrics, Terms
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

    Near: TypeAlias = tuple[SequenceHit, Protein]

NEIGHBOURS = 10  # nearest sequences asked for
MOST_ITEMS = 10  # per gene
MOST_PER_FUNCTION = 2
CONFIRMING_EVALUE = 1e-3  # the bar of the similarity search as well
# Cosine. With the k-mer embedder alignment confirmed all 372 neighbours from 0.5 up (400 proteins
# of two genomes against 40,000), so this bar matters for other embedders only.
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
        return self.metrics.evalue is not None and self.metrics.evalue <= CONFIRMING_EVALUE


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
        queries = {gene.sequence_sha256: clean_sequence(gene.translation) for gene in genes}
        queries = {key: queries[key] for key in sorted(queries) if queries[key]}
        hits = view.neighbours(queries, NEIGHBOURS) if queries else {}
        entries, residues = Entries(view), view.residues
        answers = {}
        for gene in genes:
            near = hits.get(gene.sequence_sha256, ()) if gene.translation else ()
            reported = _Reported.of(found.get(gene.id, ()))
            neighbours = _neighbours(gene, near, entries, reported, residues)
            answers[gene.id] = _evidence(gene, neighbours, reported)
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


def _neighbours(
    gene: Gene,
    hits: Sequence[SequenceHit],
    entries: Entries,
    reported: _Reported,
    residues: int,
) -> Iterator[Neighbour]:
    """Yield entries that may be shown: of known function, not the gene, not yet reported."""
    near = [
        (hit, protein)
        for hit in hits
        if hit.sequence_sha256 != gene.sequence_sha256
        for protein in entries.of(hit.sequence_sha256)
        if protein.accession != gene.id
        and function_key(terms_of(protein))
        and entries.reference(protein) not in reported.references
    ]
    near = _promising(gene.translation, near, reported, residues)
    aligned = _align(gene.translation, [protein.sequence for _, protein in near], residues)
    for (hit, protein), numbers in zip(near, aligned, strict=True):
        if numbers is not None:
            reference = entries.reference(protein)
            metrics = replace(numbers, similarity=hit.similarity)
            yield Neighbour(protein, terms_of(protein), reference, metrics)


def _promising(query: str, near: Sequence[Near], reported: _Reported, residues: int) -> list[Near]:
    """Drop what the score alone rules out; alignments are only made of the rest.

    The null model can only lower bits and raise E-values.
    """
    scores = score_pairs([(query, protein.sequence) for _, protein in near])
    kept = []
    for (hit, protein), score in zip(near, scores, strict=True):
        is_related = _evalue(score, query, protein.sequence, residues) <= CONFIRMING_EVALUE
        is_near = hit.similarity >= UNCONFIRMED_SIMILARITY
        if (is_related or is_near) and not reported.covers(
            function_key(terms_of(protein)), bitscore(score)
        ):
            kept.append((hit, protein))
    return kept


def _align(query: str, targets: Sequence[str], residues: int) -> list[Metrics | None]:
    """Align exactly, and take off what the targets score back to front."""
    forth = align_pairs([(query, target) for target in targets], database_residues=residues)
    back = score_pairs([(query, clean_sequence(target)[::-1]) for target in targets])
    return [
        _corrected(pair, _evalue(score, query, target, residues))
        for pair, score, target in zip(forth, back, targets, strict=True)
    ]


def _evalue(score: int, query: str, target: str, residues: int) -> float:
    """Return the E-value of a score, as ``align_pairs`` does; infinite for no alignment."""
    size = max(residues, len(clean_residues(target)))
    return evalue(score, len(clean_residues(query)), size) if score > 0 else math.inf


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
