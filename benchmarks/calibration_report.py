"""Measure a calibration on CARE's development proteins: is a probability what it says?

Proteins of the splits ``30`` and ``30-50`` see no reference of the block list; those of the
split ``promiscuous`` see neither their own accession nor their own sequence.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from assistant.ranking import rank
from assistant.votes import ec_prefix
from benchmarks.enzyme_sets import (
    Known,
    Reference,
    evidence_for,
    read_enzymes,
    read_table,
)
from ingest.ec_transfers import current_ecs
from ingest.vocab import ec_level, ec_numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from assistant.calibration import Calibration
    from assistant.ranking import Ranking
    from retrieval.evidence.base import Evidence

REFERENCES: Final = (
    "clean_split10",
    "uniprot_ec_2018",
    "uniref90_sprot_bacteria_ec_2019",
)
BINS: Final = 10
LEVELS: Final = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Answer:
    """A dev protein with its ranking and its best hit."""

    split: str
    truth: tuple[str, ...]
    ranking: Ranking
    best_hit: tuple[str, ...]
    best_pident: float

    def is_right(self, ec_number: str, level: int) -> bool:
        """Tell whether an EC number is one of the true ones, down to a level."""
        if not ec_number or ec_level(ec_number) < level:
            return False
        return ec_prefix(ec_number, level) in {ec_prefix(ec, level) for ec in self.truth}

    @property
    def full(self) -> str:
        """The most specific EC number of the leading candidate."""
        candidates = [one for one in self.ranking.candidates if one.ec_levels]
        return candidates[0].ec_levels[-1].ec_number if candidates else ""


def measure(enzymes: Path, work: Path, calibration: Calibration, max_hits: int) -> dict[str, Any]:
    """Rank all dev proteins and describe how right the ranking and its probabilities are."""
    answers = dev_answers(enzymes, work, calibration, max_hits)
    report = {"all": describe(answers)}
    for split in sorted({answer.split for answer in answers}):
        report[split] = describe([one for one in answers if one.split == split])
    for name, figures in report.items():
        print(name, figures)
    return report


def dev_answers(enzymes: Path, work: Path, calibration: Calibration, max_hits: int) -> list[Answer]:
    """Rank the dev proteins against all reviewed references but those of the block list."""
    known = [one for name in REFERENCES for one in read_enzymes(enzymes / f"{name}.tsv.xz")]
    reference = Reference.build(known, work)
    rows = list(read_table(enzymes / "care" / "care_dev.tsv.xz"))
    blocked = blocked_accessions(enzymes)
    queries = {row["sequence"]: as_known(row) for row in rows}
    hits = reference.search(list(queries.values()), max_hits=max_hits)
    answers = []
    for row in rows:
        query = queries[row["sequence"]]
        hidden = blocked[row["split"], row["accession"]]
        seen = [
            hit
            for hit in hits.get(query.accession, [])
            if hit.target != query.sha256
            and not any(one.accession in hidden for one in reference.proteins[hit.target])
        ]
        gene, evidence = evidence_for(query, seen, reference.proteins)
        ranking = rank(gene, evidence, calibration)
        answers.append(answer_of(row, ranking, evidence))
    return answers


def as_known(row: dict[str, str]) -> Known:
    """Turn a row of care_dev into a query."""
    return Known(
        row["accession"], row["sequence"], "", current_ecs(ec_numbers_of(row["ec"].split(";")))
    )


def answer_of(row: dict[str, str], ranking: Ranking, evidence: Sequence[Evidence]) -> Answer:
    """Keep what is measured of one protein; the best hit is the first with an EC number."""
    first = next((item for item in evidence if item.terms.ec_numbers), None)
    return Answer(
        split=row["split"],
        truth=current_ecs(ec_numbers_of(row["ec"].split(";"))),
        ranking=ranking,
        best_hit=first.terms.ec_numbers if first else (),
        best_pident=(first.metrics.pident or 0.0) if first else 0.0,
    )


def blocked_accessions(enzymes: Path) -> dict[tuple[str, str], set[str]]:
    """Read the block list, and block every protein from seeing its own accession."""
    blocked: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in read_table(enzymes / "care" / "care_dev_block.tsv.xz"):
        blocked[row["split"], row["query"]].add(row["accession"])
    for row in read_table(enzymes / "care" / "care_dev.tsv.xz"):
        own = row["accession"]
        blocked[row["split"], own] |= {own, f"UniRef90_{own}"}
    return blocked


# --- Figures --------------------------------------------------------------------------------


def describe(answers: Sequence[Answer]) -> dict[str, Any]:
    """Describe accuracy, calibration and what abstaining buys."""
    figures: dict[str, Any] = {"n": len(answers)}
    for level in LEVELS:
        ours = [one.is_right(one.full, level) for one in answers]
        best = [any(one.is_right(ec, level) for ec in one.best_hit[:1]) for one in answers]
        figures[f"top1_l{level}"] = share(ours)
        figures[f"best_hit_l{level}"] = share(best)
        figures[f"ece_l{level}"], figures[f"brier_l{level}"] = level_calibration(answers, level)
    reported = [
        (one.ranking.candidates[0].probability, is_reported_right(one))
        for one in answers
        if one.ranking.tier != "abstain" and one.ranking.candidates[0].ec_number
    ]
    figures["reported"] = share([True] * len(reported), len(answers))
    figures["reported_right"] = share([right for _, right in reported])
    figures["ece_reported"] = expected_calibration_error(reported)
    figures["reliability"] = reliability(reported)
    figures["tiers"] = by_tier(answers)
    figures |= risk_coverage(answers)
    return figures


def is_reported_right(answer: Answer) -> bool:
    """Tell whether the EC number as reported (it may stop early) is right."""
    reported = answer.ranking.candidates[0].ec_number
    return answer.is_right(reported, ec_level(reported))


def level_calibration(answers: Sequence[Answer], level: int) -> tuple[float, float]:
    """ECE and Brier score of the leading candidate's probability at a level."""
    pairs = []
    for one in answers:
        leading = next((c for c in one.ranking.candidates if len(c.ec_levels) >= level), None)
        if leading is not None:
            stated = leading.ec_levels[level - 1]
            pairs.append((stated.probability, one.is_right(stated.ec_number, level)))
    brier = float(np.mean([(p - right) ** 2 for p, right in pairs]))
    return expected_calibration_error(pairs), round(brier, 4)


def expected_calibration_error(pairs: Sequence[tuple[float, bool]]) -> float:
    """Mean distance of probability and share right over ten equal bins, weighted by size."""
    total = 0.0
    for _, mean, right, count in _bins(pairs):
        total += count * abs(mean - right)
    return round(total / max(1, len(pairs)), 4)


def reliability(pairs: Sequence[tuple[float, bool]]) -> list[dict[str, float]]:
    """Mean probability, share right and count in each bin that has any."""
    return [
        {"bin": low, "mean": round(mean, 3), "right": round(right, 3), "n": count}
        for low, mean, right, count in _bins(pairs)
    ]


def _bins(pairs: Iterable[tuple[float, bool]]) -> list[tuple[float, float, float, int]]:
    groups: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for probability, right in pairs:
        groups[min(BINS - 1, int(probability * BINS))].append((probability, right))
    return [
        (
            index / BINS,
            float(np.mean([p for p, _ in group])),
            float(np.mean([r for _, r in group])),
            len(group),
        )
        for index, group in sorted(groups.items())
    ]


def by_tier(answers: Sequence[Answer]) -> dict[str, dict[str, float]]:
    """How many proteins are in each tier, and how many EC numbers as reported are right."""
    tiers = {}
    for tier in ("high", "medium", "low"):
        group = [one for one in answers if one.ranking.tier == tier]
        right = [is_reported_right(one) for one in group if one.ranking.candidates[0].ec_number]
        full = [one for one in group if ec_level(one.ranking.candidates[0].ec_number) == 4]
        tiers[tier] = {"n": len(group), "right": share(right), "four_levels": len(full)}
    tiers["abstain"] = {"n": sum(one.ranking.tier == "abstain" for one in answers)}
    return tiers


def risk_coverage(answers: Sequence[Answer]) -> dict[str, float]:
    """Mean precision at level 4 over all coverages, by our probability and by identity.

    Ours names one EC number a protein. The best hit is given its first EC number, and, to its
    advantage, all of them, of which one must be right.
    """
    ours = [(leading_probability(one), one.is_right(one.full, 4)) for one in answers]
    first = [
        (one.best_pident, any(one.is_right(ec, 4) for ec in one.best_hit[:1])) for one in answers
    ]
    whole = [(one.best_pident, any(one.is_right(ec, 4) for ec in one.best_hit)) for one in answers]
    return {
        "mean_precision": mean_precision(ours),
        "mean_precision_identity": mean_precision(first),
        "mean_precision_identity_any_ec": mean_precision(whole),
    }


def leading_probability(answer: Answer) -> float:
    """Probability of the leading candidate's full EC number."""
    leading = next((one for one in answer.ranking.candidates if one.ec_levels), None)
    return leading.ec_levels[-1].probability if leading else 0.0


def mean_precision(pairs: Sequence[tuple[float, bool]]) -> float:
    """Average over n of the share right among the n most confident; ties in input order."""
    ordered = sorted(pairs, key=lambda pair: -pair[0])
    right = np.cumsum([float(is_right) for _, is_right in ordered])
    return round(float(np.mean(right / np.arange(1, len(right) + 1))), 4)


def share(values: Sequence[bool], total: int = 0) -> float:
    """Share that is true, of all or of ``total``."""
    return round(sum(values) / max(1, total or len(values)), 4)
