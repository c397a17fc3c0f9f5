"""Flags of genomic context: the neighbours speak for another process than the proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.claims import FlagNote
from assistant.context_support import context_support, theme_of
from assistant.scoring import best_name
from assistant.votes import common_level
from retrieval.evidence.base import Terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.flags.case import Case

#: Enzymes that share this many EC digits may well work side by side.
KIND_LEVEL: Final = 3


def context_notes(case: Case) -> Iterator[FlagNote]:
    """Flag a proposal below "high" that shares nothing with neighbours that share a theme.

    On the names of E. coli K-12 the rule speaks against 19 % of the true names that lie inside a
    theme, and against nearly all names drawn at random: a reason to look, not a verdict.
    """
    theme = theme_of(case.evidence)
    if case.leader is None or case.tier in {"abstain", "high"} or theme is None:
        return
    gene = next((vote.gene for vote in case.leader.supporting if vote.gene), "")
    own = Terms(product=best_name(case.leader), gene=gene)
    if not own.product or context_support(own, case.evidence) or _shares_kind(case):
        return
    count = len(theme.evidence_ids)
    reason = (
        f"{count} neighbours in the same operon-like run, on both sides, share "
        f'"{theme.shared}" in their names; {case.subject}, shares nothing with any of them.'
    )
    yield FlagNote(flag="context_disagrees", reason=reason)


def _shares_kind(case: Case) -> bool:
    numbers = [
        ec
        for item in case.evidence
        if item.context is not None
        for ec in item.context.terms.ec_numbers
    ]
    return any(common_level(case.ec_number, ec) >= KIND_LEVEL for ec in numbers if case.ec_number)
