"""EC numbers that were given a new number, and the number that they have today.

Source: the IUBMB Enzyme List (transferred entries; most are the translocases that became class 7
in August 2018). Only one-to-one transfers are here: an entry that was split is left as it is,
since no table can tell which of the new numbers a protein has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Old number, new number; a line a transfer.
_TRANSFERS: Final = """
1.1.99.5 1.1.5.3
1.2.1.2 1.17.1.9
1.3.99.1 1.3.5.1
1.6.1.5 7.1.1.1
1.6.5.3 7.1.1.2
1.6.5.8 7.2.1.1
1.9.3.1 7.1.1.9
1.10.2.2 7.1.1.8
1.10.3.10 7.1.1.3
1.10.3.12 7.1.1.5
1.10.3.13 7.1.1.4
1.10.3.14 7.1.1.7
1.10.9.1 7.1.1.6
1.14.13.70 1.14.14.154
1.17.1.2 1.17.7.4
1.18.1.8 7.2.1.2
2.1.1.86 7.2.1.4
3.1.22.4 3.1.21.10
3.6.3.1 7.6.2.1
3.6.3.2 7.2.2.14
3.6.3.3 7.2.2.21
3.6.3.4 7.2.2.9
3.6.3.5 7.2.2.12
3.6.3.6 7.1.2.1
3.6.3.7 7.2.2.3
3.6.3.8 7.2.2.10
3.6.3.9 7.2.2.13
3.6.3.10 7.2.2.19
3.6.3.12 7.2.2.6
3.6.3.14 7.1.2.2
3.6.3.15 7.2.2.1
3.6.3.16 7.3.2.7
3.6.3.18 7.5.2.2
3.6.3.19 7.5.2.1
3.6.3.20 7.6.2.10
3.6.3.21 7.4.2.1
3.6.3.22 7.4.2.2
3.6.3.23 7.4.2.6
3.6.3.24 7.2.2.11
3.6.3.25 7.3.2.3
3.6.3.26 7.3.2.4
3.6.3.27 7.3.2.1
3.6.3.28 7.3.2.2
3.6.3.29 7.3.2.5
3.6.3.30 7.2.2.7
3.6.3.31 7.6.2.11
3.6.3.32 7.6.2.9
3.6.3.33 7.6.2.8
3.6.3.35 7.2.2.5
3.6.3.36 7.6.2.7
3.6.3.38 7.6.2.12
3.6.3.39 7.5.2.5
3.6.3.40 7.5.2.4
3.6.3.41 7.6.2.5
3.6.3.42 7.5.2.3
3.6.3.43 7.4.2.5
3.6.3.44 7.6.2.2
3.6.3.46 7.2.2.2
3.6.3.47 7.6.2.4
3.6.3.49 5.6.1.6
3.6.3.50 7.4.2.8
3.6.3.51 7.4.2.3
3.6.3.52 7.4.2.4
3.6.3.53 7.2.2.15
3.6.3.54 7.2.2.8
3.6.3.55 7.3.2.6
4.1.1.41 7.2.4.3
4.1.1.70 7.2.4.5
4.1.1.89 7.2.4.4
4.2.1.52 4.3.3.7
4.2.1.60 4.2.1.59
5.99.1.2 5.6.2.1
5.99.1.3 5.6.2.2
"""
TRANSFERS: Final[dict[str, str]] = dict(line.split(" ") for line in _TRANSFERS.strip().splitlines())
#: The sub-subclass that was withdrawn as a whole; the entries that are not above were split.
WITHDRAWN: Final = "3.6.3."
FORMER: Final[dict[str, str]] = {new: old for old, new in TRANSFERS.items()}


def current_ec(ec_number: str) -> str:
    """Return the number that an EC number has today; most have not changed.

    >>> current_ec("3.6.3.14"), current_ec("2.7.1.17")
    ('7.1.2.2', '2.7.1.17')
    """
    return TRANSFERS.get(ec_number, ec_number)


def current_ecs(ec_numbers: Iterable[str]) -> tuple[str, ...]:
    """Bring EC numbers up to date, each once, in order."""
    return tuple(dict.fromkeys(current_ec(ec) for ec in ec_numbers))
