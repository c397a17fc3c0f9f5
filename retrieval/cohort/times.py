"""Times of samples as studies write them: numbers, dates, ``visit 1``, ``baseline`` and ``week 4``.

They become numbers in the column's own unit, or days where several units or dates are written; a
note says how they were read.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ingest.errors import UserError
from ingest.sample_join import parse_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from retrieval.cohort.metadata import Metadata

_SLASHED: Final = re.compile(r"(\d{1,2})[/](\d{1,2})[/](\d{4}|\d{2})(?:[ T].*)?")
#: One number with a word before or behind it: week 4, D-7, T0, 6mo, visit_2.
_WORD_FIRST: Final = re.compile(r"(?P<word>[A-Za-z]+)[\s._:#]*(?P<number>-?\d+(?:\.\d+)?)")
_NUMBER_FIRST: Final = re.compile(r"(?P<number>-?\d+(?:\.\d+)?)[\s._-]*(?P<word>[A-Za-z]+)")
#: Days in a unit of time, by its spellings.
_DAYS: Final = {
    **dict.fromkeys(("d", "day", "days"), 1.0),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), 7.0),
    **dict.fromkeys(("m", "mo", "mon", "mth", "month", "months"), 30.4375),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), 365.25),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 1 / 24),
}
#: Words for the beginning of a study.
_START: Final = frozenset({"baseline", "screening", "start", "bl", "enrollment", "enrolment"})


def with_times(metadata: Metadata, column: str) -> tuple[Metadata, str]:
    """Return the metadata with a column of times as numbers, and a note where they were read.

    Raises:
        UserError: A value is no time, or dates can be read in two ways.
    """
    if not column or metadata.is_numeric(column):
        return metadata, ""
    texts = metadata.column(column)
    known = sorted({text for text in texts if text})
    days = _dates(known, column)
    how = "days since the first date"
    if days is None:
        days, how = _worded(known, column)
    values = tuple(repr(days[text]) if text else "" for text in texts)
    note = f"times in column {column!r} are read as {how}"
    return replace(metadata, columns={**metadata.columns, column: values}), note


def _dates(texts: Sequence[str], column: str) -> dict[str, float] | None:
    """Read dates as days since the first; None where some text is no date.

    Raises:
        UserError: Day and month cannot be told apart.
    """
    found = [parse_date(text) for text in texts]
    if texts and all(_SLASHED.fullmatch(text) for text in texts):
        found = [*_slashed(texts, column)]
    if not texts or None in found:
        return None
    told = [it for it in found if it is not None]
    first = min(told)
    return {text: float((it - first).days) for text, it in zip(texts, told, strict=True)}


def _slashed(texts: Sequence[str], column: str) -> list[date | None]:
    parts = [match.groups() for text in texts if (match := _SLASHED.fullmatch(text))]
    day_first = any(int(first) > 12 for first, _, _ in parts)
    month_first = any(int(second) > 12 for _, second, _ in parts)
    if day_first == month_first:
        what = f"dates in column {column!r} can be read as day/month or month/day: {texts[0]!r}"
        raise UserError(what, where="--time", hint="Write them as 2024-01-31")
    made = []
    for first, second, year in parts:
        day, month = (first, second) if day_first else (second, first)
        century = 2000 if len(year) == 2 else 0
        made.append(parse_date(f"{century + int(year):04d}-{int(month):02d}-{int(day):02d}"))
    return made


def _worded(texts: Sequence[str], column: str) -> tuple[dict[str, float], str]:
    """Read numbers with words: of one word as they are, of several units as days.

    Raises:
        UserError: A text has no number, or words are of no unit of time.
    """
    read: dict[str, tuple[float, str]] = {}
    starts = []
    for text in texts:
        match = _WORD_FIRST.fullmatch(text) or _NUMBER_FIRST.fullmatch(text)
        if text.casefold() in _START:
            starts.append(text)
        elif match is None and not _is_number(text):
            what = f"column {column!r} holds {text!r}, which is no time"
            hint = "Write numbers, dates (2024-01-31), or one word with numbers (week 4)"
            raise UserError(what, where="--time", hint=hint)
        else:
            word = match["word"].casefold() if match else ""
            read[text] = float(match["number"] if match else text), word
    words = {word for _, word in read.values()}
    times, how = _in_one_unit(read, words, column)
    if starts and min(times.values(), default=1.0) <= 0:
        what = f"column {column!r} holds {starts[0]!r} beside times at or before 0"
        raise UserError(what, where="--time", hint="Write all times as numbers")
    return times | dict.fromkeys(starts, 0.0), how + (f", {starts[0]!r} as 0" if starts else "")


def _in_one_unit(
    read: dict[str, tuple[float, str]], words: set[str], column: str
) -> tuple[dict[str, float], str]:
    if len(words) <= 1:
        word = next(iter(words), "")
        return {text: number for text, (number, _) in read.items()}, f"numbers of {word!r}"
    if words <= set(_DAYS):
        return {text: number * _DAYS[word] for text, (number, word) in read.items()}, "days"
    what = f"column {column!r} mixes {', '.join(sorted(words)[:4])}: no one unit of time"
    raise UserError(what, where="--time", hint="Write all times as numbers")


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(?:\.\d+)?", text) is not None
