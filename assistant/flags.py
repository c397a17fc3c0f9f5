"""Flags: what a reviewer should know before trusting a proposal, each by a stated rule.

A flag is a short name; ``assistant.report.words`` says it in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.scoring import best_name, is_domain_only, is_rival
from assistant.votes import common_level, informative_words
from ingest.records import clean_sequence
from ingest.vocab import is_uncharacterized

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.scoring import Scored
    from assistant.votes import Vote
    from ingest.records import Gene

#: A rival is a conflict when it has at least this share of the leader's probability.
CONFLICT: Final = 0.5
#: A protein shorter than this is hard to tell from chance (Prodigal's shortest gene is 90 bp).
SHORT_PROTEIN: Final = 60
#: A gene that comes this near to the contig's end may be cut off, base pairs.
CONTIG_EDGE_BP: Final = 20


def gene_flags(gene: Gene) -> list[str]:
    """Flag what the gene's own record gives a reviewer to think of."""
    place = gene.location
    at_edge = place is not None and (
        place.start <= CONTIG_EDGE_BP or 0 < gene.contig_length <= place.end + CONTIG_EDGE_BP
    )
    is_short = 0 < len(clean_sequence(gene.translation)) < SHORT_PROTEIN
    known = bool(gene.ec_numbers) or not is_uncharacterized(gene.product)
    named = {
        "partial": gene.partial,
        "contig_edge": at_edge,
        "short_protein": is_short,
        "already_annotated": known,
    }
    return [flag for flag, applies in named.items() if applies]


def vote_flags(scored: Sequence[Scored], votes: Sequence[Vote], level: int) -> list[str]:
    """Flag how the votes stand behind the leader, which is reported at an EC ``level``."""
    first = scored[0]
    named = {
        "domain_only": is_domain_only(first.cut(level).supporting),
        "single_source": first.sources(level) == 1,
        "conflicting_functions": any(_conflicts(first, other) for other in scored[1:]),
        "prior_annotation_disagrees": _prior_disagrees(first, votes),
    }
    return [flag for flag, applies in named.items() if applies]


def _conflicts(first: Scored, other: Scored) -> bool:
    """A rival conflicts when it parts from the leader and is at least half as probable there."""
    if not is_rival(first, other):
        return False
    shared = common_level(first.ec_number, other.ec_number) if other.ec_number else 0
    shared = shared if first.ec_number else 0
    if not first.ec_number and not other.ec_number:
        return other.score >= CONFLICT * first.score
    depth = min(shared, len(first.levels) - 1, len(other.levels) - 1)
    return other.levels[depth] >= CONFLICT * first.levels[depth]


def _prior_disagrees(first: Scored, votes: Sequence[Vote]) -> bool:
    opposing = {vote.evidence_id for vote in first.opposing}
    words = set(informative_words(best_name(first)))
    return any(
        vote.ballot == "prior" and vote.evidence_id in opposing and words.isdisjoint(vote.words)
        for vote in votes
    )
