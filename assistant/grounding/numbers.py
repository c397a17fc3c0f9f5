"""Numbers: a number of a claim is one of its evidence, rounded or not, with the same unit."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.grounding.words import Token

#: Units as they are written after a number, to one form each.
UNITS: Final = {
    "%": "%",
    "percent": "%",
    "fold": "fold",
    "x": "fold",
    "times": "fold",
    "aa": "aa",
    "residue": "aa",
    "bp": "bp",
    "nt": "bp",
    "kb": "kb",
    "kbp": "kb",
    "mb": "mb",
    "da": "da",
    "kda": "kda",
    "mm": "mm",
    "um": "um",
    "nm": "nm",
    "pm": "pm",
    "m": "m",
    "mg": "mg",
    "ug": "ug",
    "ng": "ng",
    "ml": "ml",
    "ul": "ul",
    "°c": "c",
    "c": "c",
    "min": "min",
    "minut": "min",
    "h": "h",
    "hour": "h",
    "g": "g",
    "kg": "kg",
    "l": "l",
    "s": "s",
    "sec": "s",
    "second": "s",
    "week": "week",
    "month": "month",
    "day": "day",
    "year": "year",
    "bit": "bit",
    "cpm": "cpm",
    "rpk": "rpk",
    "gene": "gene",
    "sampl": "sample",
}
#: Units that measure the same, with what one of each is in the smallest of them.
_SCALES: Final[tuple[dict[str, Decimal], ...]] = tuple(
    {unit: Decimal(size) for unit, size in scale.items()}
    for scale in (
        {"bp": "1", "kb": "1000", "mb": "1000000"},
        {"da": "1", "kda": "1000"},
        {"pm": "1", "nm": "1000", "um": "1000000", "mm": "1000000000", "m": "1000000000000"},
        {"ng": "1", "ug": "1000", "mg": "1000000", "g": "1000000000", "kg": "1000000000000"},
        {"ul": "1", "ml": "1000", "l": "1000000"},
        {"s": "1", "min": "60", "h": "3600", "day": "86400", "week": "604800"},
        {"month": "1", "year": "12"},
    )
)
#: Words before a number that say that it is not exact, and how far it may then be off.
ABOUT: Final = frozenset(
    {"about", "approximately", "around", "roughly", "nearly", "almost", "circa", "ca", "~", "≈"}
)
_FOLDS: Final = {
    f"{word}fold": str(number)
    for number, word in enumerate(
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=2
    )
}
#: What stands between the two numbers of a range.
_RANGE: Final = frozenset({"to", "and", "or", "vs", "versus"})
#: "two thirds" is about 67 %.
_PARTS: Final = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_ABOUT_SHARE: Final = Decimal("0.06")
_EXACT: Final = frozenset({Decimal(0), Decimal(100)})
_ROUNDINGS: Final = (ROUND_HALF_UP, ROUND_HALF_EVEN)


def numbers_of(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Yield each number with the unit behind it, "" for none; "eightfold" is 8 fold."""
    for number, unit, _ in measures_of(tokens):
        yield number, unit


def measures_of(tokens: Sequence[Token]) -> Iterator[tuple[str, str, bool]]:
    """Yield each number with its unit, and whether a word before it says that it is not exact."""
    for place, token in enumerate(tokens):
        is_loose = place > 0 and tokens[place - 1].surface.lower() in ABOUT
        behind = tokens[place + 1] if place + 1 < len(tokens) else None
        if token.kind == "number" and behind and behind.text in _PARTS and token.text.isdigit():
            yield f"{100 * int(token.text) / _PARTS[behind.text]:.1f}", "%", True
        elif token.kind == "number":
            unit = UNITS.get(behind.surface.lower(), "") if behind else ""
            unit = unit or (UNITS.get(behind.text, "") if behind else "")
            yield token.text, unit or _unit_of_range(tokens[place + 1 : place + 4]), is_loose
        elif token.text in _FOLDS:
            yield _FOLDS[token.text], "fold", is_loose


def _unit_of_range(behind: Sequence[Token]) -> str:
    """Read the unit of "0.5" in "0.5 to 4 mg"."""
    if len(behind) < 3 or behind[0].text not in _RANGE or behind[1].kind != "number":
        return ""
    return UNITS.get(behind[2].surface.lower(), "") or UNITS.get(behind[2].text, "")


def is_said(number: str, unit: str, said: Sequence[tuple[str, str]]) -> bool:
    """Tell whether the evidence has this number with this unit."""
    return any(unit == other_unit and same_number(number, other) for other, other_unit in said)


def is_said_loosely(
    measure: tuple[str, str, bool],
    tokens: Sequence[Token],
) -> bool:
    """Tell whether the evidence has this number, in another unit, or nearly where "about" says."""
    number, unit, is_loose = measure
    said = tuple(numbers_of(tokens))
    if is_said(number, unit, said) or is_near(number, unit, said, tokens):
        return True
    return is_loose and any(
        unit == other_unit and is_about(number, other) for other, other_unit in said
    )


def is_near(
    number: str, unit: str, said: Sequence[tuple[str, str]], tokens: Sequence[Token]
) -> bool:
    """Tell whether the evidence has a number in other words: another unit, a share, "half".

    Two weeks are 14 days, 59 % are 71 of 120; "about 11" may be 11.2. Good for "partial" only.
    """
    converted = (
        same_number(str(value), other) or same_number(other, str(value))
        for other, other_unit in said
        for value in _converted(number, unit, other_unit)
    )
    if unit == "fold":
        return any(_ratios(number, tokens))
    return any(converted) or (unit == "%" and any(_shares(number, tokens)))


def is_about(number: str, said: str) -> bool:
    """Tell whether a number that is called inexact is close to one that was said."""
    try:
        one, other = Decimal(_plain(number)), Decimal(_plain(said))
    except InvalidOperation:
        return False
    return abs(one - other) <= _ABOUT_SHARE * abs(other)


def _converted(number: str, unit: str, other_unit: str) -> Iterator[Decimal]:
    """Write a number in another unit of the same scale."""
    for scale in _SCALES:
        if unit in scale and other_unit in scale and unit != other_unit:
            try:
                yield (Decimal(_plain(number)) * scale[unit] / scale[other_unit]).normalize()
            except InvalidOperation:
                return


def _shares(number: str, tokens: Sequence[Token]) -> Iterator[bool]:
    """Compare a percentage with each "71 of 120" of a text."""
    for place, token in enumerate(tokens):
        behind = [one for one in tokens[place + 1 : place + 4] if one.text not in {"the", "all"}]
        if token.kind != "number" or len(behind) < 2 or behind[0].text != "of":
            continue
        part, whole = token.text, behind[1].text
        if behind[1].kind == "number" and part.isdigit() and whole.isdigit() and int(whole):
            yield same_number(number, f"{100 * int(part) / int(whole):.4f}")


def _ratios(number: str, tokens: Sequence[Token]) -> Iterator[bool]:
    """Compare a fold change with each "from 0.5 to 4" of a text."""
    for place, token in enumerate(tokens):
        rest = [one for one in tokens[place + 1 : place + 5] if one.kind == "number"][:1]
        is_change = place > 0 and tokens[place - 1].text == "from"
        if token.kind == "number" and rest and is_change:
            try:
                first, second = Decimal(_plain(token.text)), Decimal(_plain(rest[0].text))
            except InvalidOperation:
                continue
            if first and second:
                ratio = max(first / second, second / first)
                yield same_number(number, f"{ratio:.4f}")


def same_number(claimed: str, said: str) -> bool:
    """Tell whether the claimed number is the said one, as it is or rounded.

    A claim may round to fewer digits ("41 %" for 41.3 %) but never add digits.
    Nothing is rounded to 0 or to 100: those mean "none" and "all".

    >>> [same_number(claimed, "41.3") for claimed in ("41.3", "41", "41.30", "42", "40", "41.4")]
    [True, True, True, False, False, False]
    >>> same_number("1e-80", "1.2e-80"), same_number("1e-8", "1e-80")
    (True, False)
    """
    try:
        one, other = Decimal(_plain(claimed)), Decimal(_plain(said))
    except InvalidOperation:
        return claimed == said
    if one == other:
        return True
    if other == 0 or one in _EXACT:
        return False
    digits = one.as_tuple().digits
    exponent = int(one.as_tuple().exponent)
    if int(other.as_tuple().exponent) > exponent or (exponent > 0 and len(digits) == 1):
        return False
    step = Decimal(1).scaleb(exponent)
    return any(other.quantize(step, rounding=way) == one for way in _ROUNDINGS)


def _plain(number: str) -> str:
    """Write ``2.3 x 10^-50`` as ``2.3e-50`` and ``10^5`` as ``1e5``."""
    compact = "".join(number.split()).replace("×", "x")
    if compact.startswith("10^"):
        return f"1e{compact[3:]}"
    head, mark, power = compact.replace("^", "").partition("x10")
    return f"{head}e{power}" if mark else compact
