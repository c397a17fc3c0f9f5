"""What the readable reports show, in the order in which they show it; HTML and Markdown share it.

Here it is decided what counts as a fact: only claims that stand. Nothing is escaped here; the
templates do that.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assistant.claims import DRAFT_NOTICE
from assistant.report.base import shown_state
from assistant.report.cells import number
from assistant.report.links import link_of
from assistant.report.methods import methods_text
from assistant.report.survival import Survival, survival_of
from assistant.report.words import (
    RANK_PARTS,
    RANKED,
    TIERS,
    UNRANKED,
    class_words,
    flag_words,
)
from assistant.review.accepted import AcceptedAnnotation, accepted_annotation
from assistant.review.states import ACCEPTED_STATES, standing_state
from ingest.vocab import ec_level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from assistant.claims import (
        AnnotationRecord,
        CandidateFunction,
        Claim,
        Experiment,
        RankPart,
        Review,
        Tier,
    )
    from assistant.report.base import Report, ShownState
    from retrieval.evidence.base import Evidence, EvidenceKind, Metrics

#: Kinds whose references are papers, or entries of a database; the others point into the input.
_CITED_KINDS: Final[frozenset[EvidenceKind]] = frozenset(
    {"literature", "similarity", "embedding_neighbours", "prior_annotation"}
)

#: Parts of a rank that say something of a proposal only.
_OF_A_PROPOSAL: Final = frozenset({"independence", "confidence"})

# Alignments drawn per gene; the table below has them all.
MOST_BARS = 5


@dataclass(frozen=True, slots=True)
class NumberedEvidence:
    """An item of evidence under its number within the gene: E1, E2 ..."""

    key: str
    item: Evidence
    link: str
    figures: tuple[str, ...]

    @property
    def title(self) -> str:
        """The title of the source, unless the statement has it already."""
        return self._unless_told(self.item.title)

    @property
    def quote(self) -> str:
        """The words of the source, unless the statement has them already."""
        return self._unless_told(self.item.quote)

    @property
    def file(self) -> str:
        """Where it was read, of what has no address."""
        it = self.item.provenance
        return "" if self.link else it.path_name + f", line {it.line}" * bool(it.line)

    def _unless_told(self, text: str) -> str:
        return "" if text.rstrip(".") in self.item.statement else text

    @property
    def is_aligned(self) -> bool:
        """Tell whether there are figures of an alignment."""
        metrics = self.item.metrics
        figures = (metrics.pident, metrics.qcov, metrics.scov, metrics.evalue)
        return any(figure is not None for figure in figures)


@dataclass(frozen=True, slots=True)
class ShownExperiment:
    """An experiment, and whether a claim that it rests on failed its checks."""

    experiment: Experiment
    rests_on_failed: bool


@dataclass(frozen=True, slots=True)
class ShownFlag:
    """A flag: why it was raised, and the error class of curators that it stands for."""

    flag: str
    reason: str
    error_class: str


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """What the summary says of a gene.

    ``probability`` and ``tier`` are None where the tool gave none to what stands there.
    """

    product: str = ""
    ec_number: str = ""
    probability: float | None = None
    tier: Tier | None = None


@dataclass(frozen=True, slots=True)
class GeneView:
    """One gene as a reader meets it. ``failed_claims`` are never to be shown as facts.

    ``rule_claims`` are without those that repeat a row of the evidence word for word.
    """

    anchor: str
    record: AnnotationRecord
    state: ShownState
    accepted: AcceptedAnnotation | None
    history: tuple[Review, ...]
    evidence: tuple[NumberedEvidence, ...]
    rule_claims: tuple[Claim, ...]
    llm_claims: tuple[Claim, ...]
    failed_claims: tuple[Claim, ...]
    experiments: tuple[ShownExperiment, ...]

    @property
    def keys(self) -> Mapping[str, str]:
        """Evidence numbers by evidence id."""
        return {entry.item.id: entry.key for entry in self.evidence}

    @property
    def flags(self) -> tuple[ShownFlag, ...]:
        """The flags of the draft; one without a reason of its own has its general meaning."""
        draft = self.record.hypothesis
        reasons = {note.flag: note.reason for note in draft.flag_notes}
        return tuple(
            ShownFlag(flag, reasons.get(flag) or flag_words(flag), class_words(flag))
            for flag in draft.flags
        )

    @property
    def aligned(self) -> tuple[NumberedEvidence, ...]:
        """The first items with an identity and a coverage, for the drawing."""
        drawn = [
            entry
            for entry in self.evidence
            if entry.item.metrics.qcov is not None and entry.item.metrics.pident is not None
        ]
        return tuple(drawn[:MOST_BARS])

    @property
    def rank(self) -> str:
        """Say how soon the draft is worth a test, by its parts.

        Parts that speak of a proposal are left out where nothing is proposed.
        """
        draft = self.record.hypothesis
        has_proposal = draft.leading is not None
        parts = [p for p in draft.ranked_by if has_proposal or p.name not in _OF_A_PROPOSAL]
        told = "; ".join(map(rank_words, parts))
        return f"{RANKED if has_proposal else UNRANKED} {told}." if told else ""

    @property
    def is_outdone(self) -> bool:
        """Tell whether a candidate further down is more probable because it says less."""
        first, *others = self.record.hypothesis.candidates or (None,)
        return first is not None and any(
            one.probability > first.probability
            and 0 < ec_level(one.ec_number) < ec_level(first.ec_number)
            for one in others
        )

    @property
    def row(self) -> SummaryRow:
        """The function that stands or is proposed; empty when rejected or abstained."""
        hypothesis = self.record.hypothesis
        if self.accepted:
            ec_number = ";".join(self.accepted.ec_numbers)
            known = self.leading and (self.leading.product, self.leading.ec_number)
            is_drafted = known == (self.accepted.product, ec_number)
            estimate = (hypothesis.probability, hypothesis.tier) if is_drafted else (None, None)
            return SummaryRow(self.accepted.product, ec_number, *estimate)
        if self.state == "rejected":
            return SummaryRow()
        if self.leading is None:
            return SummaryRow(tier=hypothesis.tier)
        shown = (self.leading.product, self.leading.ec_number)
        return SummaryRow(*shown, hypothesis.probability, hypothesis.tier)

    @property
    def length(self) -> int:
        """Residues of the protein."""
        return len(self.record.gene.translation.rstrip("*"))

    @property
    def leading(self) -> CandidateFunction | None:
        """The proposal, None where the software abstains."""
        return self.record.hypothesis.leading


@dataclass(frozen=True, slots=True)
class Reference:
    """A cited paper or protein, with the number of genes that it is cited for."""

    reference: str
    title: str
    link: str
    genes: int


@dataclass(frozen=True, slots=True)
class ReportView:
    """A whole report. ``hidden`` are the genes whose drafts were not asked for."""

    report: Report
    notice: str
    counts: tuple[tuple[ShownState, int], ...]
    genes: tuple[GeneView, ...]
    hidden: tuple[tuple[str, ShownState], ...]
    methods: tuple[str, ...]
    references: tuple[Reference, ...]
    survival: Survival

    @property
    def total(self) -> int:
        """All genes of the input, failed ones too."""
        return len(self.report.records) + len(self.report.failed)

    @property
    def tiers(self) -> tuple[tuple[Tier, int], ...]:
        """Count the shown genes by tier, the highest first."""
        counts = Counter(view.record.hypothesis.tier for view in self.genes)
        return tuple((tier, counts[tier]) for tier in TIERS if counts[tier])

    @property
    def states(self) -> tuple[tuple[ShownState, int], ...]:
        """Count the shown genes by state."""
        counts = Counter(view.state for view in self.genes)
        return tuple((state, counts[state]) for state, _ in self.counts if counts[state])

    def hidden_in(self, state: ShownState) -> tuple[str, ...]:
        """List the ids of hidden genes in a state."""
        return tuple(gene_id for gene_id, own in self.hidden if own == state)


def report_view(report: Report) -> ReportView:
    """Arrange a report for reading; genes keep the order of the input."""
    shown = [record for record in report.records if report.shows(record)]
    counts = report.state_counts()
    order: tuple[ShownState, ...] = (
        "accepted",
        "accepted_with_changes",
        "draft",
        "deferred",
        "rejected",
        "abstained",
    )
    return ReportView(
        report=report,
        notice=DRAFT_NOTICE,
        counts=tuple((state, counts[state]) for state in order if counts.get(state)),
        genes=tuple(
            gene_view(
                record, report.review_of(record), history=report.history_of(record), position=n
            )
            for n, record in enumerate(shown, start=1)
        ),
        hidden=tuple(
            (record.gene.id, report.shown_state_of(record))
            for record in report.records
            if not report.shows(record)
        ),
        methods=methods_text(report),
        references=_references(shown),
        survival=survival_of(report.records),
    )


def gene_view(
    record: AnnotationRecord,
    review: Review | None,
    *,
    history: tuple[Review, ...] = (),
    position: int = 1,
) -> GeneView:
    """Arrange one gene; without a history, the latest decision stands for it."""
    claims = record.hypothesis.claims
    failed = {claim.id for claim in claims if not claim.stands}
    is_accepted = review is not None and standing_state(record, review) in ACCEPTED_STATES
    return GeneView(
        anchor=f"gene-{position}",
        record=record,
        state=shown_state(record, review),
        accepted=accepted_annotation(record, review) if review and is_accepted else None,
        history=history or ((review,) if review else ()),
        evidence=tuple(_numbered(record.evidence)),
        rule_claims=tuple(_not_in_the_table(record)),
        llm_claims=tuple(c for c in claims if c.stands and c.origin == "llm"),
        failed_claims=tuple(c for c in claims if not c.stands),
        experiments=tuple(
            ShownExperiment(experiment, not failed.isdisjoint(experiment.claim_ids))
            for experiment in record.hypothesis.experiments
        ),
    )


def rank_words(part: RankPart) -> str:
    """Word a part of a rank; a confidence that nobody calibrated is not shown as a number."""
    if part.name == "confidence" and not part.value:
        return "No calibrated confidence, counted as 0"
    return f"{RANK_PARTS[part.name]} {part.value:.2f} ({part.reason})"


def percent(fraction: float | None) -> str:
    """Write a fraction as a whole percentage.

    >>> percent(0.982), percent(None)
    ('98 %', '')
    """
    return "" if fraction is None else f"{100 * fraction:.0f} %"


def probability(value: float) -> str:
    """Write a probability with two digits; never as certain.

    >>> probability(0.931), probability(0.9999), probability(0.0)
    ('0.93', '>0.99', '0.00')
    """
    return ">0.99" if value > 0.994 else f"{value:.2f}"


def scientific(value: float | None) -> str:
    """Write an E-value as the field does: two digits at most.

    >>> scientific(3.21e-112), scientific(0.0), scientific(0.02)
    ('3.2e-112', '0', '0.02')
    """
    return number(value, 2)


def _numbered(evidence: Iterable[Evidence]) -> Iterator[NumberedEvidence]:
    for position, item in enumerate(evidence, start=1):
        link = link_of(item.reference)
        yield NumberedEvidence(f"E{position}", item, link, tuple(_figures(item.metrics)))


def _not_in_the_table(record: AnnotationRecord) -> Iterator[Claim]:
    """List the rule's claims that stand, without those that repeat an item of evidence."""
    statements = {item.id: item.statement for item in record.evidence}
    for claim in record.hypothesis.claims:
        cited = [statements.get(citation.evidence_id) for citation in claim.citations]
        if claim.stands and claim.origin == "rule" and cited != [claim.text]:
            yield claim


def _figures(metrics: Metrics) -> Iterator[str]:
    """Word the numbers that have no column of their own."""
    worded = (
        (metrics.bitscore, "{:.0f} bits"),
        (metrics.similarity, "cosine {:.2f}"),
        (metrics.distance_bp, "{} bp away"),
        (metrics.prevalence, "in {:.0%} of samples"),
        (metrics.mean_abundance, "mean abundance {:.3g}"),
        (metrics.relevance, "relevance {:.2f}"),
    )
    for value, words in worded:
        if value is not None:
            yield words.format(value)


def _references(records: Iterable[AnnotationRecord]) -> tuple[Reference, ...]:
    """List cited papers, then proteins and entries, each once, by identifier."""
    first: dict[str, Evidence] = {}
    genes: Counter[str] = Counter()
    for record in records:
        cited = {item.reference: item for item in record.evidence if item.kind in _CITED_KINDS}
        genes.update(cited.keys())
        first = cited | first
    order = sorted(first, key=lambda name: (first[name].kind != "literature", name))
    return tuple(
        Reference(name, first[name].title or first[name].terms.product, link_of(name), genes[name])
        for name in order
    )
