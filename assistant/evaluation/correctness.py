"""When is an EC number right? Compared with the true ones, down to a level or to its own depth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.votes import common_level, ec_prefix
from ingest.vocab import ec_level

if TYPE_CHECKING:
    from collections.abc import Sequence

LEVELS = (1, 2, 3, 4)


def truth_reaches(truth: Sequence[str], level: int) -> bool:
    """Tell whether a true EC number states this level, so that an answer can be right there."""
    return any(ec_level(ec) >= level for ec in truth)


def is_right(ec_number: str, truth: Sequence[str], level: int) -> bool:
    """Tell whether an EC number agrees with a true one in its first ``level`` fields.

    >>> is_right("3.2.1.23", ("3.2.1.1",), 3), is_right("3.2.1.-", ("3.2.1.1",), 4)
    (True, False)
    """
    if not ec_number or ec_level(ec_number) < level:
        return False
    prefix = ec_prefix(ec_number, level)
    return any(ec_level(ec) >= level and ec_prefix(ec, level) == prefix for ec in truth)


def verdict(ec_number: str, truth: Sequence[str], level: int) -> bool | None:
    """Judge an EC number at a level; None where the truth stops before it and agrees so far.

    >>> verdict("3.2.1.23", ("3.2.1.-",), 4) is None, verdict("3.2.1.23", ("3.5.-.-",), 4)
    (True, False)
    """
    if is_right(ec_number, truth, level):
        return True
    agreeing = (ec for ec in truth if common_level(ec, ec_number) == ec_level(ec) < level)
    return None if any(agreeing) else False
