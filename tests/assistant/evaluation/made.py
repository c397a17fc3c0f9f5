"""Candidates, evidence and predictions for the tests of evaluation."""

from assistant.claims import CandidateFunction, LevelProbability
from assistant.evaluation.answers import predict
from assistant.evaluation.truth import Known
from assistant.votes import ec_prefix
from retrieval.evidence.base import Evidence, Metrics, Terms


def candidate(ec="", levels=(), *, cut=None, go=(), ko=(), probability=None):
    """A candidate of an EC number with a probability per level, reported to ``cut`` levels."""
    cut = len(levels) if cut is None else cut
    at_levels = tuple(
        LevelProbability(ec_number=ec_prefix(ec, n), probability=p)
        for n, p in enumerate(levels, start=1)
    )
    stated = probability if probability is not None else levels[max(cut, 1) - 1]
    return CandidateFunction(
        rank=1,
        product=ec or "name",
        ec_number=ec_prefix(ec, cut) if ec and cut else "",
        ec_levels=at_levels,
        go_terms=go,
        ko=ko,
        probability=stated,
        tier="low",
    )


def hit(*ec_numbers, pident=50.0, bits=100.0, product="enzyme", go=(), ko=()):
    return Evidence(
        gene_id="g",
        kind="similarity",
        eco="ECO:0000249",
        statement="",
        reference=f"UniProtKB:{'_'.join(ec_numbers) or product or 'unknown'}",
        terms=Terms(product=product, ec_numbers=ec_numbers, go_terms=go, ko=ko),
        metrics=Metrics(pident=pident, bitscore=bits),
    )


def known(*ec_numbers, accession="P", split="", none=False, go=(), ko=()):
    is_enzyme = True if ec_numbers else False if none else None
    return Known(
        accession, "MKT", ec_numbers, tuple(go), tuple(ko), split=split, is_enzyme=is_enzyme
    )


def prediction(truth, candidates=(), evidence=(), tier="high"):
    return predict(truth, candidates, tier if candidates else "abstain", evidence)
