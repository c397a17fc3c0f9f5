"""How numbers and lists are written in the statements of evidence. No biology here."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SMALLEST_EVALUE = 1e-300  # below it programs print 0, which no E-value is


def percent(value: float) -> str:
    """Write a value in percent; only 100 itself becomes "100 %", only 0 itself "0 %".

    >>> percent(62.4), percent(99.97), percent(100.0), percent(0.2)
    ('62 %', '99.9 %', '100 %', '0.2 %')
    """
    if 99 < value < 100:
        return f"{math.floor(value * 10) / 10:g} %"
    if 0 < value < 1:
        return f"{math.ceil(value * 10) / 10:g} %"
    return f"{value:.0f} %"


def evalue_text(evalue: float) -> str:
    """Write an E-value with one digit: ``1e-80``, ``0.002``, ``3``.

    >>> evalue_text(1.2e-80), evalue_text(0.0), evalue_text(2.7)
    ('1e-80', 'below 1e-300', '3')
    """
    return "below 1e-300" if evalue < _SMALLEST_EVALUE else f"{evalue:.1g}"


def number(value: float) -> str:
    """Write a measured value with three significant digits and thousands marked.

    >>> number(1234567.0), number(12.345), number(0.00012345)
    ('1,234,567', '12.3', '0.000123')
    """
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def counted(count: int, noun: str) -> str:
    """Write a count with its noun: ``1 gene``, ``2 genes``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def listed(items: Sequence[str], most: int = 0) -> str:
    """Join as ``a, b and c``; with ``most``, cut the list there and count the rest.

    >>> listed(["a", "b", "c"]), listed(["a", "b", "c", "d"], most=2)
    ('a, b and c', 'a, b and 2 more')
    """
    shown = list(items)
    if most and len(shown) > most:
        shown = [*shown[:most], f"{len(shown) - most} more"]
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def sentence(text: str) -> str:
    """End a statement with exactly one full stop and no line breaks."""
    return " ".join(text.split()).rstrip(" .") + "."
