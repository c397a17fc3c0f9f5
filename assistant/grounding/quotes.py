"""Quotes: words between quotation marks must be the source's own, one after the other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.grounding.cited import quotable
from assistant.grounding.words import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.evidence.base import Evidence

LEAST_QUOTED_WORDS: Final = 3
# "..." leaves words out; "[...]" is an editor's note.
_OMITTED: Final = re.compile(r"\s*(?:\.\.\.|…)\s*")
_NOTE: Final = re.compile(r"\[[^\]]*\]")
# Decimals, EC numbers and signs stay whole; all other punctuation counts as space.
_WORD: Final = re.compile(r"[-+]?\d[\d.,]*\d|\d|[^\W\d_][^\W_]*|%|[<>≤≥]")


def quote_words(text: str) -> list[str]:
    """Cut a text into the words that a quote is compared by."""
    return _WORD.findall(fold(text).lower())


def is_verbatim(quote: str, item: Evidence) -> bool:
    """Tell whether all parts of a quote stand in one text of an item, in order."""
    parts = [quote_words(part) for part in _OMITTED.split(_NOTE.sub(" ", quote))]
    parts = [part for part in parts if part]
    if not parts or any(len(part) < LEAST_QUOTED_WORDS for part in parts):
        return False
    return any(_in_order(parts, quote_words(text)) for text in quotable(item))


def _in_order(parts: Sequence[Sequence[str]], words: Sequence[str]) -> bool:
    start = 0
    for part in parts:
        size = len(part)
        places = range(start, len(words) - size + 1)
        found = next((at for at in places if list(words[at : at + size]) == list(part)), None)
        if found is None:
            return False
        start = found + size
    return True
