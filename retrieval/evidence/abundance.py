"""Abundance: how often and how much of the gene the samples of a metagenomic table show.

A gene without rows of its own is looked for by its family: the UniRef cluster of a relative as
near as the cluster's bar, then the KOs and families that it belongs to. It is always said which,
since a family's counts are those of all its members.

Describes, never tests: whether a gene differs between groups is a question for a cohort
analysis with a design. What such an analysis said, and was added, is repeated as it stands, as
an association; else it is said not to have been asked. Sample metadata are not used.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.vocab import ECO_AUTOMATIC
from retrieval.evidence.base import Evidence, Metrics
from retrieval.evidence.wording import counted, number, percent, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ingest.records import Feature, Gene
    from ingest.store_rows import Document
    from retrieval.evidence.base import EvidenceKind, Findings, KnowledgeView, Surroundings

MOST_ITEMS = 5  # tables that are reported per gene
MOST_SUMMARIES = 2  # cohort analyses
MOST_SENTENCES = 2  # of one analysis

# Identity, in percent, that a member has to its UniRef cluster's seed, and the part of the longer
# one that it covers (Suzek et al. 2015, Bioinformatics 31:926).
UNIREF_PIDENT = {"UniRef90": 90.0, "UniRef50": 50.0}
UNIREF_COVERAGE = 0.8

_SENTENCE = re.compile(r"(?<=[a-z0-9).])\. (?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table that may stand for the gene; ``what`` says how, "" for its own row."""

    feature_id: str
    what: str = ""


class AbundanceInSamples:
    """Report prevalence, mean and highest sample of each table that has a row for the gene."""

    kind: EvidenceKind = "abundance"

    def gather(
        self,
        genes: Sequence[Gene],
        view: KnowledgeView,
        found: Findings,
        surroundings: Surroundings,  # noqa: ARG002 - the protocol's; only the tables matter here
    ) -> Mapping[str, Sequence[Evidence]]:
        """Return one item a table, the one with most samples first, then what cohorts showed."""
        answers = {gene.id: _evidence(gene, view, found.get(gene.id, ())) for gene in genes}
        return {gene_id: items for gene_id, items in answers.items() if items}


def _evidence(gene: Gene, view: KnowledgeView, found: Sequence[Evidence]) -> list[Evidence]:
    """Take the gene's own rows, else those of the first of its families that has any."""
    for row in dict.fromkeys([Row(gene.id), *families_of(found)]):
        features = [
            it
            for it in view.features_with_id(row.feature_id)
            if not it.special and not it.stratum and _measured(it)
        ]
        if features:
            features.sort(key=lambda it: (-len(it.values), _table(it), it.unit))
            told = view.summaries_of(row.feature_id)[:MOST_SUMMARIES]
            counts = [_item(gene, it, row, tested=bool(told)) for it in features[:MOST_ITEMS]]
            return [*counts, *(_association(gene, text, row) for text in told)]
    return []


def families_of(found: Sequence[Evidence]) -> Iterator[Row]:
    """Yield the rows that tables may have of the gene's families, nearest first."""
    for item in found:
        if item.kind == "similarity":
            yield from _clusters(item)
    for item in found:
        is_member = item.kind == "families" and item.family_kind == "equivalog"
        if is_member or (item.kind == "prior_annotation" and item.terms.ko):
            yield from (Row(ko, f"of all genes of KO {ko}") for ko in item.terms.ko)
    for item in found:
        if item.kind == "families":
            accession = item.reference.partition(":")[2]
            yield Row(accession, f"of all genes with a match to {accession}")


def _clusters(item: Evidence) -> Iterator[Row]:
    accession = re.sub(r"^UniRef\d+_", "", item.reference.partition(":")[2])
    covered = min(item.metrics.qcov or 0.0, item.metrics.scov or 0.0)
    for cluster, pident in UNIREF_PIDENT.items():
        if (item.metrics.pident or 0.0) >= pident and covered >= UNIREF_COVERAGE:
            name = f"{cluster}_{accession}"
            yield Row(name, f"of the family {name}, whose member this gene is by identity")


def _measured(row: Feature) -> list[tuple[str, float]]:
    """Drop missing values; a zero is a measurement."""
    return [(sample, value) for sample, value in row.values if math.isfinite(value)]


def _table(row: Feature) -> str:
    return row.provenance.path_name or row.tool or "table"


def _item(gene: Gene, feature: Feature, row: Row, *, tested: bool) -> Evidence:
    values = [value for _, value in _measured(feature)]
    return Evidence(
        gene_id=gene.id,
        kind="abundance",
        eco=ECO_AUTOMATIC["distribution"],
        statement=_statement(feature, row, tested=tested),
        reference=f"feature:{feature.id}@{_table(feature)}",
        metrics=Metrics(
            prevalence=sum(value > 0 for value in values) / len(values),
            mean_abundance=math.fsum(values) / len(values),
        ),
        title=feature.name,
        tool=feature.tool,
        provenance=feature.provenance,
    )


def _statement(feature: Feature, row: Row, *, tested: bool) -> str:
    measured = _measured(feature)
    total = counted(len(measured), "sample")
    present = sum(value > 0 for _, value in measured)
    test = "" if tested else "; no test of association was made"
    of = f" (counts {row.what})" if row.what else ""
    if not present:
        return sentence(f"Not detected in any of {total} of {_table(feature)}{of}{test}")
    unit = f" {feature.unit}" if feature.unit else " (unit not stated)"
    mean = number(math.fsum(value for _, value in measured) / len(measured))
    # The first by name of those with the highest value, so that ties always read the same.
    highest_sample, highest = min(measured, key=lambda pair: (-pair[1], pair[0]))
    share = percent(100 * present / len(measured))
    return sentence(
        f"Detected in {present:,} of {total} ({share}) of {_table(feature)}{of}, mean over all"
        f" samples {mean}{unit}, highest {number(highest)}{unit} in {highest_sample}{test}"
    )


def _association(gene: Gene, text: Document, row: Row) -> Evidence:
    """Repeat the first sentences of a cohort analysis, word for word."""
    quote = ". ".join(_SENTENCE.split(text.text)[:MOST_SENTENCES]).rstrip(".") + "."
    of = f" ({row.what})" if row.what else ""
    return Evidence(
        gene_id=gene.id,
        kind="abundance",
        eco=ECO_AUTOMATIC["distribution"],
        statement=sentence(f"{text.title}{of}: {quote.rstrip('.')}. An association, not a cause"),
        reference=f"feature:{row.feature_id}@{text.section.replace(' ', '-')}",
        title=text.title,
        quote=quote,
        passage_id=text.id,
        tool="metalumen cohort",
    )
