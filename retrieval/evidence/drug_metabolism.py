"""Drug metabolism: which drugs enzymes like the gene's nearest relatives were seen to change.

A lead for a hypothesis, never a finding on this gene: enzymes of one number differ in what they
take. It names no function of its own and says nothing of doses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.vocab import ECO_AUTOMATIC
from retrieval.alignment import SIGNIFICANT_EVALUE
from retrieval.drugs import by_enzyme, fitting, table_provenance
from retrieval.evidence.base import Evidence, Terms
from retrieval.evidence.wording import counted, listed, percent, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ingest.records import Gene
    from retrieval.drugs import Transformation
    from retrieval.evidence.base import EvidenceKind, Findings, KnowledgeView, Surroundings

MOST_ENZYMES = 3  # items a gene
MOST_DRUGS = 4  # told in full in one item
# A match that leaves out more than half of either protein may share a domain only.
LEAST_COVERAGE = 0.5
# Relatives with at least this share of the best one's bits are as near as it is.
AS_NEAR = 0.8


class DrugMetabolism:
    """Report the drugs that enzymes of the gene's likely function were seen to change."""

    kind: EvidenceKind = "drug_metabolism"

    def gather(
        self,
        genes: Sequence[Gene],
        view: KnowledgeView,  # noqa: ARG002 - the protocol's; the table ships with the program
        found: Findings,
        surroundings: Surroundings,  # noqa: ARG002 - the protocol's
    ) -> Mapping[str, Sequence[Evidence]]:
        """Look up the functions that the nearest relatives, families and other tools name."""
        answers = {gene.id: _evidence(gene, found.get(gene.id, ())) for gene in genes}
        return {gene_id: items for gene_id, items in answers.items() if items}


def _evidence(gene: Gene, found: Sequence[Evidence]) -> list[Evidence]:
    basis: dict[Transformation, Evidence] = {}
    for item in _speaking(found):
        for one in fitting(item.terms):
            basis.setdefault(one, item)
    groups = by_enzyme(tuple(basis))
    return [_item(gene, group, basis[group[0]]) for group in list(groups.values())[:MOST_ENZYMES]]


def _speaking(found: Sequence[Evidence]) -> Iterator[Evidence]:
    """Yield what names the whole protein's function: near relatives, families, other tools."""
    compared = [item for item in found if _is_relative(item)]
    best = max((item.metrics.bitscore or 0.0 for item in compared), default=0.0)
    for item in found:
        if item.terms == Terms():
            continue
        is_near = (item.metrics.bitscore or 0.0) >= AS_NEAR * best
        is_whole = item.kind == "families" and item.family_kind == "equivalog"
        if (_is_relative(item) and is_near) or is_whole or item.kind == "prior_annotation":
            yield item


def _is_relative(item: Evidence) -> bool:
    numbers = item.metrics
    covers = min(numbers.qcov or 0.0, numbers.scov or 0.0) >= LEAST_COVERAGE
    is_significant = numbers.evalue is None or numbers.evalue <= SIGNIFICANT_EVALUE
    is_compared = item.kind in {"similarity", "embedding_neighbours"}
    return is_compared and covers and (is_significant or numbers.pident == 100.0)


def _item(gene: Gene, group: Sequence[Transformation], basis: Evidence) -> Evidence:
    first = group[0]
    return Evidence(
        gene_id=gene.id,
        kind="drug_metabolism",
        eco=ECO_AUTOMATIC["literature_statement"],
        statement=_statement(group, basis),
        reference=first.reference,
        title=f"{first.enzyme}: {listed(list(dict.fromkeys(one.drug for one in group)), most=5)}",
        tool="curated table of drug transformations",
        provenance=table_provenance(),
    )


def _statement(group: Sequence[Transformation], basis: Evidence) -> str:
    codes = [ec for ec in group[0].ec_numbers if ec in basis.terms.ec_numbers]
    code = f" (EC {listed(codes)})" if codes else ""
    told = "; ".join(f"{one.drug}: {one.told}" for one in group[:MOST_DRUGS])
    left = f"; and {counted(len(group) - MOST_DRUGS, 'more drug')}" * (len(group) > MOST_DRUGS)
    notes = listed(list(dict.fromkeys(one.limits for one in group if one.limits)), most=2)
    note = f". Note: {notes}" if notes else ""
    return sentence(
        f"{_basis(basis)} {group[0].enzyme}{code}. Such enzymes were seen to change drugs: "
        f"{told}{left}{note}. Nothing was tested with this gene"
    )


def _basis(item: Evidence) -> str:
    """Begin with who has the function: a relative has it itself, a tool gives it to the gene."""
    if item.kind not in {"similarity", "embedding_neighbours"}:
        return f"By {item.reference} this gene encodes"
    identity = item.metrics.pident
    how = f", {percent(identity)} identical" if identity is not None else ""
    return f"A relative of this gene ({item.reference}{how}) is known as"
