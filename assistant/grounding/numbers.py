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
    "day": "day",
    "year": "year",
    "bit": "bit",
    "cpm": "cpm",
    "rpk": "rpk",
    "gene": "gene",
    "sampl": "sample",
}
_EXACT: Final = frozenset({Decimal(0), Decimal(100)})
_ROUNDINGS: Final = (ROUND_HALF_UP, ROUND_HALF_EVEN)


def numbers_of(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Yield each number with the unit behind it, "" for none."""
    for place, token in enumerate(tokens):
        if token.kind == "number":
            behind = tokens[place + 1] if place + 1 < len(tokens) else None
            unit = UNITS.get(behind.surface.lower(), "") if behind else ""
            unit = unit or (UNITS.get(behind.text, "") if behind else "")
            yield token.text, unit


def is_said(number: str, unit: str, said: Sequence[tuple[str, str]]) -> bool:
    """Tell whether the evidence has this number with this unit."""
    return any(unit == other_unit and same_number(number, other) for other, other_unit in said)


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
