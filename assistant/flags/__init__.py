"""Flags: what a reviewer should know before trusting a proposal, each by a stated rule.

A flag is a short name with a sentence that says why it was raised, with numbers. Most stand
for one of the classes in which curators sorted the errors of function predictors
(``assistant.flags.classes``). ``repeats`` looks at a whole run; all others at one gene.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.flags.case import Case
from assistant.flags.context import context_notes
from assistant.flags.known import known_notes
from assistant.flags.own_record import record_notes
from assistant.flags.safety import safety_notes
from assistant.flags.support import support_notes

if TYPE_CHECKING:
    from assistant.claims import FlagNote

__all__ = ["Case", "review_flags"]

_RULES: Final = (record_notes, known_notes, support_notes, context_notes, safety_notes)


def review_flags(case: Case) -> tuple[FlagNote, ...]:
    """Raise the flags of one gene, each once, in a fixed order."""
    notes = {note.flag: note for rule in reversed(_RULES) for note in reversed(tuple(rule(case)))}
    return tuple(reversed(notes.values()))
