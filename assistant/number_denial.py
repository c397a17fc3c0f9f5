"""EC numbers that the name of their own entry denies.

Automatic entries carry some by mistake, and one of them would number every protein that resembles
it: transporters with the number of an enzyme beside them, regulators with that of their operon.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class _Trade:
    """Names of proteins that do one thing, and the EC numbers that this thing may have."""

    names: re.Pattern[str]
    numbers: tuple[str, ...]


_TRANSPORT: Final = _Trade(
    re.compile(
        r"\b(?:transporter|permease|symporter|antiporter|uniporter|porin|exporter|efflux"
        r"|(?:substrate|solute)[- ]binding protein)\b",
        re.IGNORECASE,
    ),
    # Translocases, ATPases, sugars phosphorylated on their way in.
    ("7.", "3.6.", "2.7.1.", "2.7.-", "3.-", "2.-"),
)
_REGULATION: Final = _Trade(
    re.compile(
        r"\b(?:transcription(?:al)? (?:regulator|repressor|activator|factor)"
        r"|(?:transcriptional|response) regulator\w* protein|response regulator)\b",
        re.IGNORECASE,
    ),
    # Kinases and sugars' phosphotransferases, repressors that cut themselves (LexA), ATPases.
    ("2.7.", "3.4.21.", "3.6.", "2.-", "3.-"),
)
#: A word of an enzyme, but for those that belong to transporters, and proteins with two trades.
_ENZYME: Final = re.compile(
    r"(?<![a-z])(?!(?:permease|translocase|flippase|atpase)\b)[\w-]*ase\b"
    r"|\benzymes?\b|\b(?:bi|tri|multi)functional\b",
    re.IGNORECASE,
)


def is_denied_by_name(product: str, ec_numbers: Sequence[str]) -> bool:
    """Tell whether a name of a transporter or regulator stands beside another reaction's number.

    A name that also names an enzyme denies nothing.

    >>> is_denied_by_name("ABC transporter substrate-binding protein", ["3.1.3.26"])
    True
    >>> is_denied_by_name("LysR family transcriptional regulator", ["2.3.1.85"])
    True
    >>> is_denied_by_name("Vitamin B12 ABC transporter ATPase BtuD", ["7.6.2.8"])
    False
    >>> is_denied_by_name("Permease / adenosylcobinamide amidohydrolase", ["3.5.1.90"])
    False
    """
    if _ENZYME.search(product):
        return False
    trades = [it for it in (_TRANSPORT, _REGULATION) if it.names.search(product)]
    fitting = tuple(number for trade in trades for number in trade.numbers)
    return bool(trades) and not any(number.startswith(fitting) for number in ec_numbers)
