"""Words that mean the same in the field's prose, and abbreviations with what they stand for.

Used only to tell a restatement from an invention: a claim whose words are in the evidence only
by way of this file is "partial" at best, never "supported".
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from assistant.grounding.words import stem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from assistant.grounding.words import Token

#: Classes of words, one a line; a word may be in several.
_SAME_MEANING: Final = "same_meaning.txt"
_SHORTEST_PREFIX: Final = 5
_PREFIX_OF: Final = 0.62  # share of the longer word that must agree from its start
_ACRONYM: Final = re.compile(r"[A-Z][A-Za-z\d-]*[A-Z]s?|[A-Z]{2,}s?")
_ROMAN: Final = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_LONGEST_FORM: Final = 6  # words


@cache
def _classes() -> Mapping[str, frozenset[int]]:
    source = resources.files("assistant").joinpath("data", _SAME_MEANING)
    found: dict[str, set[int]] = {}
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines()):
        for word in () if line.startswith("#") else line.split():
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


_NONE: Final[frozenset[int]] = frozenset()


def concepts(word: str) -> frozenset[int]:
    """Return the classes of meaning of a stem; none for most words."""
    return _classes().get(word, _NONE)


def means_same(one: str, other: str) -> bool:
    """Tell whether two stems may stand for each other in a restatement.

    >>> means_same(stem("cleaves"), stem("hydrolysed")), means_same(stem("binds"), stem("cleaves"))
    (True, False)
    """
    if one == other or concepts(one) & concepts(other):
        return True
    one, other = american(one), american(other)
    return one == other or _inflected(one, other)


def american(word: str) -> str:
    """Write ae and oe as e: endotoxaemia, oestrogen, faecal."""
    return word.replace("ae", "e").replace("oe", "e")


def _inflected(one: str, other: str) -> bool:
    """Tell whether two words agree from their start: express, expression; not inter-, intra-."""
    if not (one.isalpha() and other.isalpha()):
        return False
    shared = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        shared += 1
    longest = max(len(one), len(other))
    return shared >= _SHORTEST_PREFIX and shared >= _PREFIX_OF * longest


def is_said_loosely(word: str, said: Collection[str]) -> bool:
    """Tell whether a stem, or another that may stand for it, is among those that were said."""
    return word in said or any(means_same(word, other) for other in said)


def abbreviated(short: str, tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Find the neighbouring words of a text that an abbreviation stands for, if there are any.

    Each letter must be found in order, the first at the start of a word, and each of the words
    must give its first letter: UC, ulcerative colitis; GABA, gamma-aminobutyrate.
    """
    letters = short.removesuffix("s").replace("-", "").lower()
    if not _ACRONYM.fullmatch(short) or not letters.isalnum():
        return ()
    words = tuple(token for token in tokens if token.kind in {"word", "number"})
    for size in range(1, min(_LONGEST_FORM, len(letters)) + 1):
        for start in range(len(words) - size + 1):
            window = words[start : start + size]
            if _spells(letters, [_spelled(token) for token in window]):
                return window
    return ()


def _spelled(token: Token) -> str:
    lower = token.surface.lower()
    return _ROMAN.get(lower, lower)


def _spells(letters: str, words: Sequence[str]) -> bool:
    """Tell whether words give the letters in order, each word at least its first one."""
    if not letters:
        return not words
    if not words or words[0][:1] != letters[0]:
        return False
    head, *rest = words
    for used in range(1, len(letters) + 1):
        if not _in_order(letters[:used], head):
            return False
        if _spells(letters[used:], rest):
            return True
    return False


def _in_order(letters: str, word: str) -> bool:
    place = -1
    for letter in letters:
        place = word.find(letter, place + 1)
        if place < 0:
            return False
    return len(letters) == 1 or len(word) > len(letters) + 1
