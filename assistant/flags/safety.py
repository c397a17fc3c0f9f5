"""Flags of safety: a toxin is named among the relatives (``assistant.biosecurity``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.biosecurity import REVIEW_FLAG, matched_rules, screen
from assistant.claims import FlagNote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.flags.case import Case


def safety_notes(case: Case) -> Iterator[FlagNote]:
    """Flag a toxin, and one of a control list, with the name that was read."""
    flags = screen(case.gene, case.evidence)
    if not flags:
        return
    names = sorted({case.gene.product, *(item.terms.product for item in case.evidence)})
    read = [name for name in names if name and matched_rules(name)]
    named = f' ("{read[0]}")' if read else ""
    for flag in flags:
        if flag == REVIEW_FLAG:
            told = f"A toxin of an official control list is named among the relatives{named}."
            advice = "Ask the biosafety officer before any work with the gene."
        else:
            told = f"A toxin is named among the relatives{named}."
            advice = "Only computation and detection are proposed."
        yield FlagNote(flag=flag, reason=f"{told} {advice}")
