"""Abundance: how often and how much of the gene the samples of a metagenomic table show.

Describes, never tests: whether a gene differs between groups is a question for a cohort
analysis with a design, and is said not to have been asked. Sample metadata are not used.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ingest.vocab import ECO_AUTOMATIC
from retrieval.evidence.base import Evidence, Metrics
from retrieval.evidence.wording import counted, number, percent, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ingest.records import Feature, Gene
    from retrieval.evidence.base import EvidenceKind, Findings, KnowledgeView, Surroundings

MOST_ITEMS = 5  # tables that are reported per gene


class AbundanceInSamples:
    """Report prevalence, mean and highest sample of each table that has a row for the gene."""

    kind: EvidenceKind = "abundance"

    def gather(
        self,
        genes: Sequence[Gene],
        view: KnowledgeView,
        found: Findings,  # noqa: ARG002 - the protocol's; only the tables matter here
        surroundings: Surroundings,  # noqa: ARG002
    ) -> Mapping[str, Sequence[Evidence]]:
        """Return one item a table, the one with most samples first."""
        answers = {gene.id: _evidence(gene, view) for gene in genes}
        return {gene_id: items for gene_id, items in answers.items() if items}


def _evidence(gene: Gene, view: KnowledgeView) -> list[Evidence]:
    rows = [
        row
        for row in view.features_with_id(gene.id)
        if not row.special and not row.stratum and _measured(row)
    ]
    rows.sort(key=lambda row: (-len(row.values), _table(row), row.unit))
    return [_item(gene, row) for row in rows[:MOST_ITEMS]]


def _measured(row: Feature) -> list[tuple[str, float]]:
    """Drop missing values; a zero is a measurement."""
    return [(sample, value) for sample, value in row.values if math.isfinite(value)]


def _table(row: Feature) -> str:
    return row.provenance.path_name or row.tool or "table"


def _item(gene: Gene, row: Feature) -> Evidence:
    values = [value for _, value in _measured(row)]
    return Evidence(
        gene_id=gene.id,
        kind="abundance",
        eco=ECO_AUTOMATIC["distribution"],
        statement=_statement(row),
        reference=f"feature:{row.id}@{_table(row)}",
        metrics=Metrics(
            prevalence=sum(value > 0 for value in values) / len(values),
            mean_abundance=math.fsum(values) / len(values),
        ),
        title=row.name,
        tool=row.tool,
        provenance=row.provenance,
    )


def _statement(row: Feature) -> str:
    measured = _measured(row)
    total = counted(len(measured), "sample")
    present = sum(value > 0 for _, value in measured)
    untested = "no test of association was made"
    if not present:
        return sentence(f"Not detected in any of {total} of {_table(row)}; {untested}")
    unit = f" {row.unit}" if row.unit else " (unit not stated)"
    mean = number(math.fsum(value for _, value in measured) / len(measured))
    # The first by name of those with the highest value, so that ties always read the same.
    highest_sample, highest = min(measured, key=lambda pair: (-pair[1], pair[0]))
    share = percent(100 * present / len(measured))
    return sentence(
        f"Detected in {present:,} of {total} ({share}) of {_table(row)}, mean over all samples"
        f" {mean}{unit}, highest {number(highest)}{unit} in {highest_sample}; {untested}"
    )
