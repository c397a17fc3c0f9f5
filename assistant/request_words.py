"""What a request is made of: which concepts it names, in which order.

A request is read as the concepts that its words stand for (who asks, what shall be done, to
which organism, against which protection ...; ``assistant/data/request_concepts.json``, main words
in nine languages), so that another wording of the same intent reads the same. Spelling is mended
first: hidden characters, look-alike digits, letters set apart, a wrong letter in a long word.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from itertools import combinations, pairwise
from typing import Final

from ingest.hidden_text import without_hidden

_LONGEST: Final = 4000  # characters that are read
_LOOK_ALIKES: Final = str.maketrans("013457@$!", "oleastasi")
_LOOK_ALIKES_I: Final = str.maketrans("013457@$!", "oieastasi")
_SET_APART: Final = re.compile(r"\b(?:[a-z0-9][ .\-_*]){3,}[a-z0-9]\b")
_SEPARATORS: Final = re.compile(r"[.\-_* ]")
_IDEOGRAPH: Final = re.compile("[\u3040-\u9fff]")
_WORD: Final = re.compile(r"\w+")
_EDGES: Final = ".,;:?!()\"'"
#: Words of these concepts are recognised with one wrong letter.
_MENDED: Final = (
    "listed",
    "harm_prop",
    "spread_prop",
    "pathogen",
    "toxin",
    "weapon",
    "evade",
    "release",
    "raise",
    "counter",
)
_LEAST_MENDED: Final = 7  # letters; shorter words have too many neighbours
# Weight of one group of letters next to a concept: there are many to a word.
_OF_LETTERS: Final = 0.5
_LETTERS: Final = (3, 5)


def plain(request: str) -> str:
    """Return a request in small letters with its spelling mended.

    >>> plain("How do I cul-ti-vate b.o.t.u.l.i.n.u.m t0xin?")
    'how do i cultivate botulinum toxin?'
    """
    text = unicodedata.normalize("NFKC", without_hidden(request))[:_LONGEST].lower()
    text = _SET_APART.sub(lambda match: _SEPARATORS.sub("", match.group()), text)
    words = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split()
    return " ".join(_mended(word.strip(_EDGES)) + _end_of(word) for word in words)


def concepts(text: str) -> list[str]:
    """Name the concepts of a plain request in the order of its words.

    >>> concepts("how can i make it")
    ['how', 'can', 'asker', 'make']
    """
    found = [
        (match.start(), -len(match.group()), name)
        for name, pattern in _phrases().items()
        for match in pattern.finditer(text)
    ]
    for match in _WORD.finditer(text):
        word = match.group()
        found += [(match.start(), -len(word), name) for name in _concepts_of(word)]
    return [name for *_, name in sorted(found)]


def words_of(text: str, names: frozenset[str]) -> str:
    """Return those words of a plain request that stand for some of the named concepts.

    >>> words_of("what is known about the anthrax toxin?", frozenset({"listed", "toxin"}))
    'anthrax toxin'
    """
    words = (match.group() for match in _WORD.finditer(text))
    return " ".join(word for word in words if names.intersection(_concepts_of(word)))


def features(text: str) -> dict[str, float]:
    """Measure a plain request: concepts, those side by side, those together, groups of letters."""
    named = concepts(text)
    measured = {f"~{group}": _OF_LETTERS for group in _groups(text)}
    measured.update(dict.fromkeys(named, 1.0))
    measured.update({f"{one} > {two}": 1.0 for one, two in pairwise(named)})
    measured.update({f"{one} + {two}": 1.0 for one, two in combinations(sorted(set(named)), 2)})
    if named:
        measured[f"^ {named[0]}"] = 1.0
    if len(named) > 1:
        measured[f"^ {named[0]} > {named[1]}"] = 1.0
    if not text.endswith(("?", "\N{FULLWIDTH QUESTION MARK}")):
        measured["no question"] = 1.0
    return measured


def _groups(text: str) -> set[str]:
    words = {f" {word} " for word in re.findall(r"[\w'-]+", text)}
    shortest, longest = _LETTERS
    return {
        word[at : at + size]
        for word in words
        for size in range(shortest, longest + 1)
        for at in range(len(word) - size + 1)
    }


def _end_of(word: str) -> str:
    return word[-1] if word[-1] in ".?!;" else ""


@lru_cache(maxsize=20_000)
def _mended(word: str) -> str:
    if not word.isascii() or _is_known(word):
        return word
    joined = _SEPARATORS.sub("", word)
    tried = [joined] if len(joined) > 3 else []
    if re.search("[a-z]", word) and re.search(r"[0-9@$!]", word):
        tried += [joined.translate(_LOOK_ALIKES), joined.translate(_LOOK_ALIKES_I)]
    for one in tried:
        if one != word and _is_known(one):
            return one
    return _nearest(joined) or word


@cache
def _stems() -> dict[str, tuple[tuple[str, bool], ...]]:
    """Return the words that are mended by their first letter, and whether they are open."""
    words = {word for name in _MENDED for word in _words()[name] if " " not in word}
    stems = sorted({(word.strip("*"), word.endswith("*")) for word in words if word.isascii()})
    kept = [stem for stem in stems if len(stem[0]) >= _LEAST_MENDED]
    firsts = {stem[0][0] for stem in kept}
    return {first: tuple(stem for stem in kept if stem[0][0] == first) for first in firsts}


def _nearest(word: str) -> str:
    if len(word) < _LEAST_MENDED or not word.isalpha():
        return ""
    for stem, is_open in _stems().get(word[0], ()):
        heads = {word, word[: len(stem)], word[: len(stem) + 1]} if is_open else {word}
        if any(one_apart(head, stem) for head in heads):
            return stem
    return ""


def one_apart(one: str, two: str) -> bool:
    """Tell whether two words differ by one letter, or by two that changed places."""
    longer, shorter = (one, two) if len(one) >= len(two) else (two, one)
    if len(longer) - len(shorter) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), None)
    if at is None:
        return True
    if len(longer) > len(shorter):
        return longer[at + 1 :] == shorter[at:]
    swapped = longer[:at] + longer[at : at + 2][::-1] + longer[at + 2 :]
    return longer[at + 1 :] == shorter[at + 1 :] or swapped == shorter


def _is_known(word: str) -> bool:
    return bool(_concepts_of(word)) or any(
        pattern.fullmatch(word) for pattern in _phrases().values()
    )


@lru_cache(maxsize=20_000)
def _concepts_of(word: str) -> tuple[str, ...]:
    """Name the concepts of one word: the whole word, or a beginning or an ending of it."""
    whole, heads, tails = _single()
    named = set(whole.get(word, ()))
    for at in range(1, len(word) + 1):
        named.update(heads.get(word[:at], ()))
        named.update(tails.get(word[-at:], ()))
    return tuple(sorted(named))


_Index = dict[str, tuple[str, ...]]


@cache
def _single() -> tuple[_Index, _Index, _Index]:
    """Return the words of the list by what of them must agree: all, the beginning, the end."""
    indexes: tuple[_Index, _Index, _Index] = ({}, {}, {})
    for name, words in _words().items():
        for word in filter(_is_single, words):
            index = indexes[1 if word.endswith("*") else 2 if word.startswith("*") else 0]
            stem = word.strip("*")
            index[stem] = (*index.get(stem, ()), name)
    return indexes


def _is_single(word: str) -> bool:
    return bool(_WORD.fullmatch(word.strip("*"))) and not _IDEOGRAPH.search(word)


@cache
def _phrases() -> dict[str, re.Pattern[str]]:
    """Return patterns of what is more than a word; Chinese has no spaces between words."""
    phrases = {
        name: [word for word in words if not _is_single(word)] for name, words in _words().items()
    }
    return {
        name: re.compile("|".join(map(_pattern, sorted(words, key=len, reverse=True))))
        for name, words in phrases.items()
        if words
    }


def _pattern(word: str) -> str:
    written = re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"[\s-]+")
    return written if _IDEOGRAPH.search(word) else rf"(?<!\w){written}(?!\w)"


@cache
def _words() -> dict[str, list[str]]:
    source = resources.files("assistant").joinpath("data", "request_concepts.json")
    words: dict[str, list[str]] = json.loads(source.read_text(encoding="utf-8"))["concepts"]
    return words
