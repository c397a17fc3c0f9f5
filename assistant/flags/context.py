"""Flags of genomic context: the neighbours speak for another process than the proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.claims import FlagNote
    from assistant.flags.case import Case


def context_notes(case: Case) -> Iterator[FlagNote]:
    """Flag a proposal that shares nothing with neighbours that agree among themselves."""
    del case
    yield from ()
