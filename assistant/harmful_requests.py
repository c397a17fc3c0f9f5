"""Requests that are declined: to make a danger worse, to get hold of one, to slip past checks.

A request is read as concepts (``assistant.request_words``): who asks, what shall be done, to which
organism or toxin, against whom. Weights say how much each of them, their order and their company
speak for a wish to do harm ("how can I make it evade a vaccine") against a question of biology
("how does Salmonella evade the immune system"). They were fitted to requests of our own making
by ``benchmarks/fit_requests.py``; the file beside says on how many and how often they were wrong on
unseen ones. Nothing but the words is read: an intent that is well hidden is not found, and a
declined request says why.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from assistant.request_words import concepts, features, plain, words_of
from ingest.chunking import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

DECLINED: Final = (
    "This is not answered: it asks {what}. Questions on how resistance, toxins and pathogens "
    "work, how they are found, treated or kept in check, are welcome."
)
_WEIGHTS: Final = "request_weights_2026-11-21.json"
#: Turns of a conversation that "it" may stand for.
_TURNS: Final = 3
#: Concepts by which a request has an object of its own; without one, "it" is something earlier.
_OBJECTS: Final = frozenset({"listed", "pathogen", "toxin", "benign"})
_POINTER: Final = re.compile(r"\b(?:its|it|that|this|them|these|those|they|their|one|ones)\b")
#: The reason that is given: the first whose concepts are all named.
_REASONS: Final = (
    (("evade", "checks"), "evade", "how to slip past screening, surveillance or a safety check"),
    (("weapon",), "weapon", "for a weapon or an outbreak"),
    (("release", "victim"), "attack", "how to harm people, animals, crops or supplies"),
    (("hurt", "victim"), "attack", "how to harm people, animals, crops or supplies"),
    (("acquire", "listed"), "obtain", "how to make or get a dangerous agent"),
    (("grow", "listed"), "obtain", "how to make or get a dangerous agent"),
    (("checks",), "evade", "how to slip past screening, surveillance or a safety check"),
    ((), "enhance", "how to make an organism or a toxin more harmful"),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is declined: the rule, and in plain words what was asked."""

    rule: str
    what: str

    @property
    def text(self) -> str:
        """The answer that is shown instead."""
        return DECLINED.format(what=self.what)


def declined(request: str, earlier: Sequence[str] = ()) -> Refusal | None:
    """Say why a request is declined; None for one that may be answered.

    Args:
        request: What is asked.
        earlier: What was asked before it, oldest first: "it" may stand for something there.

    >>> declined("Which genes of the gut give resistance to vancomycin?")
    >>> declined("How can I make a virus more transmissible between people?").rule
    'enhance'
    """
    text = plain(request)
    read = [*_parts(text), *in_context(text, [plain(turn) for turn in earlier])]
    return next((_reason(part) for part in read if hazard(part) >= _fitted().threshold), None)


def in_context(text: str, earlier: Sequence[str]) -> list[str]:
    """Put the organisms and toxins of earlier turns in the place of "it"; all texts are plain.

    >>> in_context("now make it evade a vaccine", ["what is known about salmonella?"])
    ['now make salmonella evade a vaccine']
    """
    if _OBJECTS.intersection(concepts(text)):
        return []
    objects = [words_of(turn, _OBJECTS) for turn in earlier[-_TURNS:]]
    named = [one for one in objects if one]
    if _POINTER.search(text):
        return [_POINTER.sub(one, text, count=1) for one in named]
    return [f"{text} {one}" for one in named]


def hazard(text: str) -> float:
    """Return by how much a plain request looks harmful, in log-odds."""
    fitted = _fitted()
    measured = features(text).items()
    return fitted.intercept + math.fsum(fitted.weights.get(name, 0) * x for name, x in measured)


def _parts(text: str) -> list[str]:
    """Return a request and its sentences: what surrounds an intent does not hide it."""
    each = [text[start:end] for start, end in sentences(text)]
    return [text, *each] if len(each) > 1 else [text]


def _reason(text: str) -> Refusal:
    named = set(concepts(text))
    return next(Refusal(rule, what) for asked, rule, what in _REASONS if named.issuperset(asked))


@dataclass(frozen=True, slots=True)
class _Fitted:
    weights: dict[str, float]
    intercept: float
    threshold: float


@cache
def _fitted() -> _Fitted:
    source = resources.files("assistant").joinpath("data", _WEIGHTS)
    content = json.loads(source.read_text(encoding="utf-8"))
    return _Fitted(content["weights"], content["intercept"], content["threshold"])
