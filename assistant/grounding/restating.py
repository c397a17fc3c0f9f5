"""How much of a claim is in its evidence, if other words for the same are let through.

A restatement is never more than "partial": words that stand for each other rarely do so fully.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.grounding.alignment import content_of, matches
from assistant.grounding.concepts import abbreviated, means_same
from assistant.grounding.numbers import is_near, numbers_of
from assistant.grounding.words import tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.grounding.cited import Cited
    from assistant.grounding.words import Token


def unbacked(text: str, cited: Cited) -> tuple[tuple[Token, ...], int]:
    """List the words of a claim that the evidence has in no form, and count all that need one."""
    tokens = tokens_of(text)
    content = content_of(tokens)
    spelled = _spelled_out(tokens, cited)
    numbers = frozenset(token.text for token in tokens if token.kind == "number")
    missing = tuple(
        token
        for token in content
        if token.text not in cited.words
        and token.text not in spelled
        and not (token.text in numbers and _number_is_near(token, tokens, cited))
        and not is_restated(token, cited)
    )
    return missing, len(content)


def is_restated(token: Token, cited: Cited) -> bool:
    """Tell whether a word of a claim stands in the evidence in another form."""
    if any(matches(token, other) for other in cited.tokens):
        return True
    if token.kind == "word" and any(means_same(token.text, word) for word in cited.words):
        return True
    return bool(abbreviated(token.surface, cited.tokens))


def _spelled_out(tokens: Sequence[Token], cited: Cited) -> frozenset[str]:
    """Collect words of a claim that spell out an abbreviation of the evidence."""
    short = {token.surface for token in cited.tokens if token.surface[1:2].isupper()}
    return frozenset(word.text for one in short for word in abbreviated(one, tokens))


def _number_is_near(token: Token, tokens: Sequence[Token], cited: Cited) -> bool:
    said = tuple(numbers_of(cited.tokens))
    return any(
        is_near(number, unit, said, cited.tokens)
        for number, unit in numbers_of(tokens)
        if number == token.text
    )
