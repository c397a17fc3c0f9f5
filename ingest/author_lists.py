"""Lists of authors in one cell, as databases and reference managers write them."""

from __future__ import annotations

import ast
import re
from typing import Final

from ingest.paper_ids import given_first, is_group

#: What parts names for sure.
_CLEAR: Final = re.compile(r"\s*(?:;|\||\n|\s+and\s+|\s+&\s+)\s*")
#: A name that ends with initials: "Liu R.", "Zhang X", "van der Berg J.-P.".
_WITH_INITIALS: Final = re.compile(r"[^\d,]*\S\s+(?:[A-Z]\.?-?){1,4}")
#: "AB Doe", "J. van der Berg": initials first.
_INITIALS_FIRST: Final = re.compile(r"(?:[A-Z]\.?[ -]?){1,4} ?(?:[a-z]+ )*[A-Z][^\d,]*[a-z]")
#: "Ann B. Doe": an initial between two words.
_INITIAL_INSIDE: Final = re.compile(r"[A-Z][\w'-]+ (?:[A-Z]\. ?)+ ?[A-Z][\w'-]+")
_TWO_WORDS: Final = re.compile(r"[^\d,]+\s[^\d,]+")
_OTHERS: Final = frozenset({"et al", "et al.", "others", "and others", ""})


def split_authors(cell: str) -> list[str]:
    """Split a cell into names, each as ``Family I`` or as it stands.

    >>> split_authors("Zhang, Xiaoli; Pan, Zui"), split_authors("Liu R., Adler D.G.")
    (['Zhang X', 'Pan Z'], ['Liu R', 'Adler DG'])
    """
    cell = cell.strip()
    if cell.startswith("[") and cell.endswith("]"):
        parts = _literal(cell)
    elif _CLEAR.search(cell):
        parts = _CLEAR.split(cell)
    else:
        parts = _by_comma(cell)
    names = (part.strip(" ,") for part in parts)
    return [given_first(name) for name in names if name.casefold() not in _OTHERS]


def _literal(cell: str) -> list[str]:
    """Read a list as Python and R write it into a cell."""
    try:
        value = ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return [part.strip(" '\"") for part in cell[1:-1].split("', '")]
    return [str(item) for item in value] if isinstance(value, list) else []


def _by_comma(cell: str) -> list[str]:
    """Take commas for the ends of names only where every part is a whole name."""
    parts = [part.strip().rstrip(".") for part in cell.rstrip(".").split(",") if part.strip()]
    rest = [part for part in parts if part.casefold() not in _OTHERS]
    persons = [part for part in rest if not is_group(part)]
    if len(rest) > 1 and persons and all(_WITH_INITIALS.fullmatch(part) for part in persons):
        return rest
    if len(rest) > 1 and persons and all(_INITIALS_FIRST.fullmatch(part) for part in persons):
        return rest
    if len(rest) > 2 and all(_TWO_WORDS.fullmatch(part) for part in rest):
        return rest
    if len(rest) == 2 and all(_TWO_WORDS.fullmatch(part) for part in rest):
        return rest if _INITIAL_INSIDE.fullmatch(rest[0]) else [cell]
    # "Zhang, X., Pan, Z.": family and initials in turn.
    if len(rest) % 2 == 0 and len(rest) > 2 and all(len(part) <= 6 for part in rest[1::2]):
        return [f"{family}, {given}" for family, given in zip(rest[::2], rest[1::2], strict=True)]
    return [cell] if len(rest) <= 2 else rest
