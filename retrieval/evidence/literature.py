"""Literature: sentences of stored papers on the functions proposed by earlier evidence.

A paper found this way is on a name, a gene symbol or an EC number, not on the gene; the
statement says so, and the terms stay empty: the query came from a proposed function, so
counting the answer as a vote for it would be circular.

**Relevance bar.** Fused search scores have no absolute meaning (the nearest paper to nonsense
has one too), so a hit counts only when

- one sentence of its passage holds the whole name (all its informative words, close together),
  the full EC number, or the gene symbol (with a word of the name or the genus near it): that
  sentence is the quote;
- its title names a microbe, or the function in a passage on microbes, or that sentence speaks of
  microbes, or a similar protein's entry cites the paper: enzymes of the same name in human
  disease, and of the host in studies of microbiota, fill the literature;
- the function comes from a match of nearly the whole protein, not of one domain.

When in doubt, a paper is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.addressed_text import addresses_reader
from ingest.chunking import sentences
from ingest.records import Provenance
from ingest.vocab import ECO_AUTOMATIC
from retrieval.evidence.base import Evidence, Metrics
from retrieval.evidence.similarity import covers_both
from retrieval.evidence.subjects import function_key
from retrieval.evidence.topics import topic_of
from retrieval.evidence.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ingest.records import Gene, Publication
    from retrieval.evidence.base import EvidenceKind, Findings, KnowledgeView, Surroundings
    from retrieval.evidence.topics import Topic
    from retrieval.hits import TextHit

MOST_ITEMS = 5  # per gene, one a paper
MOST_MENTIONS = 2  # of them, papers whose title is on something else
MOST_TOPICS = 3  # distinct functions asked for, per gene
HITS = 20  # passages looked at per query
MOST_CITING = 3  # best similar proteins whose cited papers are looked up
MOST_CITED = 10  # stored papers of those that one protein cites

# Words that say a sentence is about microbes or their genes; common genera written out.
_MICROBES = (
    r"bacteri(?:um|a|al)\b|archae(?:on|a|al)\b|prokaryo|phages?\b|operon|gram-(?:negative|positive)"
    r"|escherichia|\b[A-Z]\. coli|bacillus|salmonella|pseudomon|clostridi|bacteroides|coccus\b"
    r"|mycobacter|bifidobacter|klebsiella|streptomyc|vibrio|methano[a-z]+(?:um|us|na)\b"
)
_MICROBE = re.compile(_MICROBES, re.IGNORECASE)
_MICROBIAL = re.compile(rf"{_MICROBES}|microb|metagenom|commensal|probiotic", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence of a paper that holds what a topic asks for; ``matched`` says what that is."""

    hit: TextHit
    quote: str
    matched: str
    is_in_title: bool
    cited_by: str = ""


class Literature:
    """Search the stored literature for the best functions found so far, in one batch."""

    kind: EvidenceKind = "literature"

    def gather(
        self,
        genes: Sequence[Gene],
        view: KnowledgeView,
        found: Findings,
        surroundings: Surroundings,  # noqa: ARG002 - the protocol's
    ) -> Mapping[str, Sequence[Evidence]]:
        """Return at most five sentences a gene, each from another paper."""
        plans = {gene.id: _plan(gene, found.get(gene.id, ()), view) for gene in genes}
        queries = sorted({query for plan in plans.values() for query in plan.queries})
        answers = view.search_texts(queries, HITS, ("passage",)) if queries else ()
        hits = dict(zip(queries, answers, strict=True))
        items = {gene_id: _evidence(gene_id, plan, hits, view) for gene_id, plan in plans.items()}
        return {gene_id: kept for gene_id, kept in items.items() if kept}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask for one gene: topics, and papers that similar proteins cite.

    ``cited`` pairs a publication with the reference of the protein that cites it.
    """

    topics: tuple[Topic, ...]
    cited: tuple[tuple[Publication, str], ...]

    @property
    def queries(self) -> tuple[str, ...]:
        """Queries of the topics, and the titles of cited papers, which find their passages."""
        titles = (publication.title for publication, _ in self.cited)
        return (*(topic.query for topic in self.topics), *(title for title in titles if title))


def _plan(gene: Gene, earlier: Sequence[Evidence], view: KnowledgeView) -> Plan:
    topics: dict[str, Topic] = {}
    citing = []
    for item in earlier:
        topic = topic_of(item.terms, item.taxon)
        if topic is None or not covers_both(gene, item.metrics):
            continue
        key = function_key(item.terms)
        if key in topics or len(topics) < MOST_TOPICS:
            topics.setdefault(key, topic)
            citing += [item] if item.pmids else []
    return Plan(tuple(topics.values()), _cited(citing[:MOST_CITING], view))


def _cited(citing: Sequence[Evidence], view: KnowledgeView) -> tuple[tuple[Publication, str], ...]:
    cited: dict[str, tuple[Publication, str]] = {}
    for item in citing:
        # Most papers that an entry cites are not stored: the first that are count.
        stored = [it for it in view.publications_with_pmids(item.pmids) if not it.is_retracted]
        for publication in stored[:MOST_CITED]:
            cited.setdefault(publication.id, (publication, item.reference))
    return tuple(cited.values())


def _evidence(
    gene_id: str, plan: Plan, hits: Mapping[str, Sequence[TextHit]], view: KnowledgeView
) -> list[Evidence]:
    by_paper: dict[str, Finding] = {}
    for finding in sorted(_findings(plan, hits), key=_best_first):
        by_paper.setdefault(finding.hit.owner_id, finding)
    findings = list(by_paper.values())
    mentions = [finding for finding in findings if not (finding.is_in_title or finding.cited_by)]
    kept = [finding for finding in findings if finding not in mentions[MOST_MENTIONS:]]
    return [_item(gene_id, finding, view) for finding in kept[:MOST_ITEMS]]


def _findings(plan: Plan, hits: Mapping[str, Sequence[TextHit]]) -> Iterator[Finding]:
    for topic in plan.topics:
        for hit in hits.get(topic.query, ()):
            yield from _read(hit, topic, "")
        for publication, citing in plan.cited:
            for hit in hits.get(publication.title, ()):
                if hit.owner_id == publication.id:
                    yield from _read(hit, topic, citing)


def _read(hit: TextHit, topic: Topic, cited_by: str) -> Iterator[Finding]:
    """Yield the passage's best sentence, if one of them holds what is asked for."""
    # A passage that is only a title says no more than the title.
    if hit.is_retracted or hit.section == "title":
        return
    around = f"{hit.title} {hit.text}"
    in_title = topic.matches(hit.title, around)
    is_apt = bool(
        cited_by or _MICROBE.search(hit.title) or (in_title and _MICROBIAL.search(around))
    )
    best: tuple[int, str, str] | None = None
    for start, end in sentences(hit.text):
        text = hit.text[start:end]
        matched = topic.matches(text, around) if is_apt or _MICROBIAL.search(text) else []
        is_better = len(matched) > (best[0] if best else 0)
        if is_better and not addresses_reader(text):  # that check is the dear one
            best = (len(matched), text, matched[0])
    if best is not None:
        _, quote, in_sentence = best
        yield Finding(hit, quote, (in_title or [in_sentence])[0], bool(in_title), cited_by)


def _best_first(finding: Finding) -> tuple[bool, bool, float, str]:
    """Order by cited papers, then papers with the topic in the title, then search score."""
    return (
        not finding.cited_by,
        not finding.is_in_title,
        -finding.hit.score,
        finding.hit.id,
    )


def _item(gene_id: str, finding: Finding, view: KnowledgeView) -> Evidence:
    hit = finding.hit
    paper = view.publication(hit.owner_id)
    return Evidence(
        gene_id=gene_id,
        kind="literature",
        eco=ECO_AUTOMATIC["literature_statement"],
        statement=_statement(finding),
        reference=_reference(hit),
        metrics=Metrics(relevance=hit.score),
        title=hit.title,
        quote=finding.quote,
        passage_id=hit.id,
        tool="text search",
        provenance=paper.provenance if paper else Provenance(),
    )


def _reference(hit: TextHit) -> str:
    """Write a paper's public identifier, or the id that its file gives it, as what it is."""
    has_prefix = ":" in hit.reference
    return hit.reference if has_prefix else f"Paper:{'_'.join(hit.reference.split())}"


def _statement(finding: Finding) -> str:
    hit = finding.hit
    subject = "on" if finding.is_in_title else "that mentions"
    how = "found by this term, not by the gene itself"
    if finding.cited_by:
        how = f"cited by the similar protein {finding.cited_by}, not on the gene itself"
    year = f", {hit.year}" if hit.year else ""
    caution = f", {hit.caution.lower()}" if hit.caution else ""
    paper = f'"{hit.title.rstrip(".")}"{year}{caution}'
    quote = finding.quote.rstrip(".")
    return sentence(f'A paper {subject} {finding.matched} ({paper}; {how}) says: "{quote}"')
