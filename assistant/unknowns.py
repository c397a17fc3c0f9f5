"""What a draft does not know: said plainly, so that silence is not read as certainty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.ec_transfers import WITHDRAWN
from ingest.vocab import ec_level
from retrieval.evidence.wording import percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.ranking import Ranking
    from ingest.records import Gene
    from retrieval.evidence.base import Evidence

#: Below this identity, in percent, substrates often differ between relatives (Tian and Skolnick
#: 2003, doi 10.1016/j.jmb.2003.08.057: all four EC digits need more than 60 %).
SAME_SUBSTRATE_PIDENT: Final = 60.0

_FLAG_TEXTS: Final = {
    "partial": "The gene is incomplete: domains may be missing, and the figures with them.",
    "contig_edge": "The gene lies at the end of its contig and may be cut off.",
    "short_protein": "The protein is short: it may be a fragment, a small protein or no gene.",
    "domain_only": "What the part of the protein outside the aligned domain does.",
    "single_source": "Whether independent relatives agree: one source alone was found.",
    "prior_annotation_disagrees": "Why an earlier annotation names another function.",
}


def unknowns_of(gene: Gene, evidence: Sequence[Evidence], ranking: Ranking) -> tuple[str, ...]:
    """List what is not known, most telling first."""
    texts = [_FLAG_TEXTS[flag] for flag in ranking.flags if flag in _FLAG_TEXTS]
    return (*_function_unknowns(evidence, ranking), *texts, *_missing_kinds(gene, evidence))


def _function_unknowns(evidence: Sequence[Evidence], ranking: Ranking) -> Iterator[str]:
    if ranking.tier == "abstain":
        yield "What the protein does."
        return
    first = ranking.candidates[0]
    if first.ec_number and ec_level(first.ec_number) < 4:
        yield "Which substrate: the evidence does not carry the EC number to its last digit."
    if first.ec_number.startswith(WITHDRAWN):
        yield (
            f"Which EC number it has today: the references give {first.ec_number}, but all of EC "
            "3.6.3 was withdrawn in 2018 and moved to class 7."
        )
    by_id = {item.id: item for item in evidence}
    supporters = [by_id[key] for key in first.supporting if key in by_id]
    closest = max((item.metrics.pident or 0.0 for item in supporters), default=0.0)
    if 0 < closest < SAME_SUBSTRATE_PIDENT:
        yield (
            f"Whether the substrate is the same as in the relatives: the closest one is "
            f"{percent(closest)} identical."
        )
    elif not closest:
        yield "How close any characterised relative is: no alignment supports the function."
    if supporters and not any(item.reviewed or item.pmids for item in supporters):
        yield (
            "Whether the function was measured in any relative: none is marked as reviewed in the "
            "knowledge base, and none names a paper."
        )


def _missing_kinds(gene: Gene, evidence: Sequence[Evidence]) -> Iterator[str]:
    kinds = {item.kind for item in evidence}
    if gene.location is None and "genomic_context" not in kinds:
        yield "Genomic context: the input had no coordinates."
    elif "genomic_context" not in kinds:
        yield "Genomic context: no neighbour with a known function was found."
    if "abundance" not in kinds:
        yield "Abundance: no profile of the knowledge base has this gene or its family."
    if "literature" not in kinds:
        yield "Literature: no passage of the knowledge base is about it."
    yield "Structure: no predicted or measured structure was used."
