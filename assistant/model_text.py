"""What is taken out of a model's text before anybody sees it, even where it is shown as failed.

A claim that fails its checks is shown, so that a person can judge it. Two things are not: a
sequence that no cited text holds (nothing here may write a new one), and a link, which would be
a way out for what a text smuggled in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.grounding.facts import sequences_in
from assistant.grounding.words import fold
from assistant.llm.untrusted import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

SEQUENCE: Final = "[sequence left out]"
LINK: Final = "[link left out]"
_LINK: Final = re.compile(
    r"!?\[[^\]]*\]\([^)]*\)|\b(?:https?|ftp|data|javascript|mailto|file):\S+|\bwww\.\S+"
    r"|\b[\w.+-]+@[\w-]+\.[\w.]+|\b(?:[\w-]+\.)+(?:com|net|io|example|info|biz|xyz|app|ru|cn)\b\S*",
    re.IGNORECASE,
)


def tamed(text: str, sources: Iterable[str]) -> str:
    """Take links and new sequences out of a model's text, and what nobody sees.

    Args:
        text: What the model wrote.
        sources: The texts that it was shown; a sequence that stands there may be repeated.

    >>> tamed("See www.x.example: MKKLLATAVLLSG.", ["It is a lipase."])
    'See [link left out] [sequence left out].'
    """
    plain = _LINK.sub(LINK, visible(text))
    found = sequences_in(plain)
    if not found:
        return plain
    said = fold(" ".join(sources))
    plain = fold(plain)
    for sequence in sorted(found, key=len, reverse=True):
        if sequence not in said:
            plain = plain.replace(sequence, SEQUENCE)
    return plain
