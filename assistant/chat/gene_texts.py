"""What a question about a gene is answered from: its draft, its evidence, its place, its tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.chat.answers import Source
from assistant.chat.aspects import EVIDENCE, OF_THE_DRAFT
from assistant.claims import DRAFT_NOTICE
from retrieval.evidence.gene_order import GeneOrder, name_of
from retrieval.evidence.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assistant.chat.aspects import Aspect
    from assistant.claims import AnnotationRecord, Hypothesis
    from ingest.records import Gene
    from ingest.store_reader import StoreReader
    from retrieval.evidence.base import Evidence

EVIDENCE_PER_GENE: Final = 3
MOST_NEIGHBOURS: Final = 4
WHY: Final = "named in the question"


def run_gene(record: AnnotationRecord, aspect: Aspect, facts: StoreReader) -> Iterator[Source]:
    """Yield the draft of a gene of the run, or what of it was asked about, each as one source."""
    gene_id, draft = record.gene.id, record.hypothesis
    told = list(_asked(record, aspect, facts))
    for title, text in told:
        yield _source(gene_id, title, text)
    if not told and aspect not in OF_THE_DRAFT:
        evidence = [item.statement for item in record.evidence[:EVIDENCE_PER_GENE]]
        # "Draft on" would read as an order, and be kept from a model.
        title = f"{gene_id}: its draft ({DRAFT_NOTICE.lower()})"
        text = " ".join([draft.statement, *evidence])
        yield _source(gene_id, title, text, draft.statement)


def _asked(
    record: AnnotationRecord, aspect: Aspect, facts: StoreReader
) -> Iterator[tuple[str, str]]:
    gene_id, draft = record.gene.id, record.hypothesis
    if aspect == "tests":
        yield from _tests(gene_id, draft)
    elif aspect == "unknowns" and draft.unknowns:
        text = f"Not known of {gene_id}: {' '.join(draft.unknowns)}"
        yield f"What is not known of {gene_id}", text
    elif aspect == "alternatives":
        yield from _alternatives(gene_id, draft)
    elif aspect in EVIDENCE:
        yield from _evidence(gene_id, record.evidence, aspect)
        if aspect == "neighbours":
            yield from _beside(record.gene, facts)


def _tests(gene_id: str, draft: Hypothesis) -> Iterator[tuple[str, str]]:
    for test in draft.experiments:
        text = (
            f"Proposed for {gene_id}: {test.aim}. Expected if true: {test.expected_if_true}. "
            f"Expected if false: {test.expected_if_false}."
        )
        yield f"{test.title} ({gene_id}; proposed, not done)", text


def _alternatives(gene_id: str, draft: Hypothesis) -> Iterator[tuple[str, str]]:
    if len(draft.candidates) < 2:
        text = f"The draft of {gene_id} names no other function; that rules none out."
        yield f"Alternatives for {gene_id}", text
    for one in draft.candidates[1:3]:
        ec = f" (EC {one.ec_number})" if one.ec_number else ""
        text = f"{gene_id} may instead be {one.product}{ec}, probability {one.probability:.2f}."
        yield f"Alternative for {gene_id}", text


def _evidence(
    gene_id: str, evidence: Iterable[Evidence], aspect: Aspect
) -> Iterator[tuple[str, str]]:
    chosen = [item for item in evidence if item.kind in EVIDENCE[aspect]]
    for item in chosen[:EVIDENCE_PER_GENE]:
        yield f"Evidence on {gene_id} ({item.reference})", item.statement


def stored_gene(gene_id: str, facts: StoreReader, aspect: Aspect) -> Iterator[Source]:
    """Yield what the knowledge base holds of a gene that no run has."""
    for gene in facts.genes_named(gene_id)[:1]:
        name = f'"{gene.product}"' if name_of(gene) else "a protein without a known function"
        ecs = f", EC {listed(list(gene.ec_numbers))}" if gene.ec_numbers else ""
        place = gene.location
        where = f", at {place.seqid}:{place.start}-{place.end} ({place.strand})" if place else ""
        text = f"{gene.provenance.path_name or 'Your own file'} names {gene_id} {name}{ecs}{where}."
        yield _source(gene_id, f"Gene {gene_id}, as your own file has it", text)
        if aspect in {"neighbours", ""}:
            for title, beside in _beside(gene, facts):
                yield _source(gene_id, title, beside)
    for row in facts.annotations_of(gene_id)[:EVIDENCE_PER_GENE]:
        said = row.product or row.name or row.accession
        if said and row.is_significant:
            text = f'{row.tool} names {gene_id} "{said}" ({row.database} {row.accession}).'
            yield _source(gene_id, f"{row.tool} on {gene_id}", text)


def _beside(gene: Gene, facts: StoreReader) -> Iterator[tuple[str, str]]:
    """Name the genes of the run of genes that this one is in, as files of the base have them."""
    if gene.location is None:
        return
    order = GeneOrder(facts.genes_on(gene.location.seqid)).around(gene)
    if order is None or not order.neighbours:
        return
    nearest: Sequence[Gene] = [it.gene for it in order.neighbours[:MOST_NEIGHBOURS]]
    named = listed([f"{it.id} ({name_of(it) or 'function not known'})" for it in nearest])
    text = f"{gene.id} lies in a run of {order.run_length} genes on one strand, with {named}."
    yield f"Genes beside {gene.id}", text


def _source(gene_id: str, title: str, text: str, quote: str = "") -> Source:
    return Source(
        key="", kind="gene", title=title, reference=f"gene:{gene_id}", text=text,
        quote=quote or text, why=WHY, score=1.0,
    )  # fmt: skip
