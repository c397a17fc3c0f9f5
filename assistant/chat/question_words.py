"""The words of a question that say what it is about."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# Words of questions that say nothing about the subject.
_STOP_WORDS: Final = """
a about all also am an and any are as at be because been being both but by can could did do does
done each for from get give had has have here how i if in into is it its kind list many may me
might more most much my no not of on one or our out over please role same say should show so some
such tell than that the their them then there these they this those through to under up us use
used uses very was we were what when where which while who why will with without would you your
gene genes protein proteins function functions known know evidence paper papers
"""
STOP: Final = frozenset(_STOP_WORDS.split())
# Words that stand in most texts of the field: they count only where a question has no other.
_FIELD_WORDS: Final = """
bacteria bacterial bacterium enzyme enzymes gut human intestinal microbe microbes microbial
microbiome microbiota organism organisms species strain strains
"""
FIELD: Final = frozenset(_FIELD_WORDS.split())
_WORD: Final = re.compile(r"[^\W_][\w'-]*")


#: Texts whose words are remembered: a search judges the same hits and sentences several times.
_REMEMBERED: Final = 4096


@lru_cache(maxsize=_REMEMBERED)
def telling_words(text: str) -> frozenset[str]:
    """List the words that say what a text is about, cut to a common stem.

    >>> sorted(telling_words("Which gut enzymes inactivate digoxin?"))
    ['digoxi', 'inacti']
    """
    words = words_of(text)
    return frozenset(stem(word) for word in words - FIELD or words)


def words_of(text: str) -> frozenset[str]:
    """List the words of a text in small letters, less those that only ask."""
    words = {word.lower() for word in _WORD.findall(text)} - STOP
    return frozenset(word for word in words if len(word) > 1)


def stem(word: str) -> str:
    """Cut a word to what it shares with its other forms."""
    # Six letters tell apart what matters here, and join inactivate with inactivation.
    return word[:6].rstrip("s") if len(word) > 3 else word
