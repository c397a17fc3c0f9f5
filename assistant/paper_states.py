"""What must be known of the papers of a knowledge base as a whole: how many are in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

#: The word for papers in a state, and the condition.
_STATES: Final = (
    ("retracted", "is_retracted"),
    ("with an expression of concern", "has_concern AND NOT is_retracted"),
    ("preprint", "is_preprint"),
    ("without an abstract or full text", "abstract = '' AND sections = '[]'"),
)
_YEARS: Final = "SELECT MIN(year), MAX(year) FROM publications WHERE year != ''"


def paper_states(connection: sqlite3.Connection) -> dict[str, int]:
    """Count the papers of each state that there is one of."""
    # Only our own conditions are put into the statement.
    counts = {
        word: connection.execute(f"SELECT COUNT(*) FROM publications WHERE {condition}").fetchone()[  # noqa: S608 - see above
            0
        ]
        for word, condition in _STATES
    }
    return {word: count for word, count in counts.items() if count}


def paper_years(connection: sqlite3.Connection) -> tuple[str, str]:
    """Return the years of the oldest and the newest paper; "" where none has a year."""
    first, last = connection.execute(_YEARS).fetchone()
    return first or "", last or ""


def states_told(states: Mapping[str, int], years: tuple[str, str]) -> str:
    """Say the states and years of papers in a sentence; "" where there is nothing to say.

    >>> states_told({"retracted": 7, "preprint": 1}, ("1977", "2021"))
    'Of the papers: 7 retracted, 1 preprint; years 1977 to 2021.'
    """
    told = ", ".join(
        f"{count:,} {word}{'s' if word == 'preprint' and count > 1 else ''}"
        for word, count in states.items()
    )
    span = f"years {years[0]} to {years[1]}" if years[0] else ""
    parts = "; ".join(part for part in (told, span) if part)
    return f"Of the papers: {parts}." if parts else ""
