"""The whole objects of a JSON document that is broken or cut short: one fault takes one object."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: An object in a list: one behind another, or the first, with the name of the list.
_OBJECT: Final = re.compile(r'(?:\}\s*,|(?:"([\w.-]{1,60})"\s*:\s*)?\[)\s*\{')
#: Objects that cannot be read, after which no more is looked for.
_MOST_FAULTS: Final = 2000
#: Lists of papers that are cited: they are no records of their own.
_CITED: Final = re.compile(r"referenc|cit(?:ation|ed|ing)|bib_|related", re.IGNORECASE)
_NEXT: Final = re.compile(r"\s*,\s*\{")
_END: Final = re.compile(r"\s*\]")


def whole_objects(
    text: str, is_record: Callable[[dict[str, Any]], bool]
) -> Iterator[dict[str, Any] | None]:
    """Yield records in order, and None once for each stretch among them that cannot be read.

    Args:
        text: The document, in which lists hold the records.
        is_record: Tells records from other objects, which are left out.
    """
    decoder = json.JSONDecoder()
    opening = _OBJECT.search(text)
    is_broken, faults = False, 0
    while opening and faults < _MOST_FAULTS:
        place = opening.end() - 1
        if _is_of_cited(opening):
            is_broken = True
            break  # where the list ends nobody can tell: what follows may be cited papers
        try:
            found, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            is_broken, faults = True, faults + 1
            opening = _OBJECT.search(text, place + 1)
            continue
        if is_record(found):
            # What is broken around a list of records is told by the records themselves.
            if is_broken and "[" not in opening[0]:
                yield None
            is_broken = False
            yield found
        following = _NEXT.match(text, end)
        is_broken |= not (following or _END.match(text, end))
        opening = following or _OBJECT.search(text, max(end - 1, place + 1))
    if is_broken:
        yield None


def _is_of_cited(opening: re.Match[str]) -> bool:
    return opening.lastindex is not None and _CITED.search(opening[1]) is not None
