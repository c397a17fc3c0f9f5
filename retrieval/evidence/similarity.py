"""Similarity: what is known of reference proteins that align with the gene's protein."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.records import clean_sequence
from ingest.vocab import ECO_AUTOMATIC
from retrieval.evidence.base import Evidence, Metrics, Terms
from retrieval.evidence.subjects import (
    GENE,
    Entries,
    describe,
    function_key,
    pick_distinct,
    terms_of,
)
from retrieval.evidence.wording import evalue_text, percent, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ingest.records import Gene, Protein
    from retrieval.alignment import Alignment
    from retrieval.evidence.base import EvidenceKind, Findings, KnowledgeView, Surroundings

MOST_ITEMS = 25  # per gene; more would bury a reader
MOST_PER_FUNCTION = 5  # copies of one function; the sixth tells nothing new

# A match that leaves out more than this share of either protein may be a domain only: in a
# protein of 300 residues it leaves room for a whole other domain of about 100.
FULL_COVERAGE = 0.7


@dataclass(frozen=True, slots=True)
class Match:
    """A reference protein and the numbers of its alignment to the gene's protein."""

    protein: Protein
    metrics: Metrics
    terms: Terms
    reference: str
    is_identical: bool = False


class Similarity:
    """Search all proteins by alignment, in one batch, and report the distinct functions hit."""

    kind: EvidenceKind = "similarity"

    def gather(
        self,
        genes: Sequence[Gene],
        view: KnowledgeView,
        found: Findings,  # noqa: ARG002 - the protocol's; nothing earlier matters here
        surroundings: Surroundings,  # noqa: ARG002
    ) -> Mapping[str, Sequence[Evidence]]:
        """Return at most 25 items a gene, best alignment first, each function represented."""
        queries = {gene.sequence_sha256: clean_sequence(gene.translation) for gene in genes}
        queries = {key: queries[key] for key in sorted(queries) if queries[key]}
        alignments = view.align(queries) if queries else {}
        entries = Entries(view)
        answers = {}
        for gene in genes:
            if gene.sequence_sha256 in queries:
                hits = alignments.get(gene.sequence_sha256, ())
                answers[gene.id] = _evidence(gene, hits, entries)
        return {gene_id: items for gene_id, items in answers.items() if items}


def _evidence(gene: Gene, hits: Sequence[Alignment], entries: Entries) -> list[Evidence]:
    matches: dict[str, Match] = {}
    for match in sorted(_matches(gene, hits, entries), key=_best_first):
        matches.setdefault(match.reference, match)
    kept = pick_distinct(
        list(matches.values()),
        lambda match: function_key(match.terms),
        most=MOST_ITEMS,
        each=MOST_PER_FUNCTION,
    )
    return [_item(gene, match) for match in kept]


def _matches(gene: Gene, hits: Sequence[Alignment], entries: Entries) -> Iterator[Match]:
    """Yield every entry of every hit but the gene itself; identical ones need no alignment.

    Identical genes of the user are left to prior annotation, lest they count twice.
    """
    own = gene.sequence_sha256
    metrics = {hit.target: _metrics(hit) for hit in hits}
    # Very short and masked proteins find nothing by search, not even themselves.
    metrics.setdefault(own, Metrics(pident=100.0, qcov=1.0, scov=1.0))
    for target, numbers in metrics.items():
        for protein in entries.of(target):
            reference = entries.reference(protein)
            is_twin = target == own and reference.startswith(GENE)
            if protein.accession != gene.id and not is_twin:
                yield Match(protein, numbers, terms_of(protein), reference, target == own)


def _metrics(hit: Alignment) -> Metrics:
    return Metrics(
        pident=hit.pident,
        qcov=hit.qcov,
        scov=hit.scov,
        evalue=hit.evalue,
        bitscore=hit.bitscore,
    )


def _best_first(match: Match) -> tuple[bool, float, float, bool, bool, str]:
    """Order by identity, bit score, E-value, then known and reviewed entries, then name."""
    numbers = match.metrics
    return (
        not match.is_identical,
        -(numbers.bitscore or 0.0),
        numbers.evalue or 0.0,
        match.terms == Terms(),
        not match.protein.reviewed,
        match.reference,
    )


def _item(gene: Gene, match: Match) -> Evidence:
    return Evidence(
        gene_id=gene.id,
        kind="similarity",
        eco=ECO_AUTOMATIC["sequence_similarity"],
        statement=_statement(gene, match),
        reference=match.reference,
        terms=match.terms,
        metrics=match.metrics,
        taxon=match.protein.taxon,
        reviewed=match.protein.reviewed,
        pmids=match.protein.pmids,
        title=match.protein.name,
        tool="identity of sequence" if match.metrics.evalue is None else "MMseqs2",
        provenance=match.protein.provenance,
    )


def _statement(gene: Gene, match: Match) -> str:
    subject = describe(match.protein, match.reference)
    unknown = "" if function_key(match.terms) else "; that protein has no known function either"
    if match.is_identical:
        return sentence(f"Identical over its full length to {subject}{unknown}")
    numbers = match.metrics
    found = f"{percent(numbers.pident or 0.0)} identical to {subject}"
    likelihood = "" if numbers.evalue is None else f", E-value {evalue_text(numbers.evalue)}"
    return sentence(f"{found}{coverage_text(gene, numbers)}{likelihood}{unknown}")


def covers_both(gene: Gene, numbers: Metrics) -> bool:
    """Tell whether nearly the whole of both proteins is aligned, as far as the gene goes.

    Evidence without coverage counts as whole; an incomplete gene cannot cover its match.
    """
    qcov, scov = (1.0 if share is None else share for share in (numbers.qcov, numbers.scov))
    return qcov >= FULL_COVERAGE and (scov >= FULL_COVERAGE or gene.partial)


def coverage_text(gene: Gene, numbers: Metrics) -> str:
    """Say how much of both proteins is aligned, and say plainly when it is not the whole."""
    qcov, scov = numbers.qcov or 0.0, numbers.scov or 0.0
    this, that = percent(100 * qcov), percent(100 * scov)
    if qcov < FULL_COVERAGE:
        covered = f"{this} of this protein and {that} of that one"
        return f", but the match covers only {covered}, perhaps one domain"
    if scov < FULL_COVERAGE:
        why = ", as this gene is incomplete" if gene.partial else ""
        return f", but the match covers only {that} of that protein ({this} of this one){why}"
    return f" over {this} of this protein and {that} of that one"
