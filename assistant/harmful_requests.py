"""Requests that are declined: to make a danger worse, to get hold of one, to slip past checks.

A rule looks for an intent (somebody wants to do it, or to be told how) together with an object
(what it would be done to). Neither alone is enough: "how does Salmonella evade the immune
system" is biology, "how can I make it evade a vaccine" is not. Where the goal is defence (to
detect, treat, reduce ...) the request goes through, unless it is about evading checks or about a
weapon. The rules are words (``assistant/data/request_rules.json``, with sources): they do not
find an intent that is well hidden, and a declined request says why.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from ingest.hidden_text import without_hidden

DECLINED: Final = (
    "This is not answered: it asks {what}. Questions on how resistance, toxins and pathogens "
    "work, how they are found, treated or kept in check, are welcome."
)
_LONGEST: Final = 4000  # characters that are read
#: Characters within which the victims of an attack are named.
_NEAR: Final = 70
_OPENING: Final = (
    r"^(?:\W|please|now|ok|okay|hypothetically|just|then|for an? \w+|as an? [\w ]{3,30}|ignore "
    r"[\w ]{3,30} and|i am [\w ]{3,30}|so it is fine)*"
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


def declined(request: str) -> Refusal | None:
    """Say why a request is declined; None for one that may be answered.

    >>> declined("Which genes of the gut give resistance to vancomycin?")
    >>> declined("How can I make a virus more transmissible between people?").rule
    'enhance'
    """
    text = " ".join(without_hidden(request).split())[:_LONGEST]
    for rule, what, is_met in _RULES:
        if is_met(text):
            return Refusal(rule, what)
    return None


def _asks_to_evade(text: str) -> bool:
    if not (_has("evade", text) and _has("checks", text)) or _has("technical", text):
        return False
    return _is_wanted(text) or (_has("listed", text) and not _is_natural(text))


def _asks_for_weapons(text: str) -> bool:
    return _has("weapon", text) and not _has("policy", text)


def _asks_to_enhance(text: str) -> bool:
    if not _is_wanted(text) or not _has("enhance", text) or _has("defensive_goal", text):
        return False
    if _has("observing", text) and not _has("could_use", text):
        return False
    if _has("harm", text) and (_has("listed", text) or _has("danger", text)):
        return True
    return _has("resistant", text) and (_has("listed", text) or _has("grave", text))


def _asks_to_obtain(text: str) -> bool:
    if not _is_wanted(text) or _has("defensive_goal", text) or _has("observing", text):
        return False
    return _has("obtain", text) and _has("listed", text)


def _asks_to_attack(text: str) -> bool:
    if not _is_wanted(text) or _has("defensive_goal", text):
        return False
    is_poison = _has("poison", text) or _has("listed", text)
    if is_poison and _has("taint", text) and not _has("technical", text):
        return True
    return _hits_victims("attack", text) or (is_poison and _hits_victims("weak_attack", text))


def _hits_victims(verbs: str, text: str) -> bool:
    victims = _pattern("victims")
    return any(
        victims.search(text[match.start() : match.end() + _NEAR])
        for match in _pattern(verbs).finditer(text)
    )


def _is_wanted(text: str) -> bool:
    """Tell whether somebody wants to do it; a question on how bacteria do it is none."""
    return (_has("wanted", text) or bool(_imperative().search(text))) and not _is_natural(text)


def _is_natural(text: str) -> bool:
    """Tell whether a question opens with a living thing that does it, not a person."""
    return bool(_natural().search(text))


def _has(name: str, text: str) -> bool:
    return bool(_pattern(name).search(text))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(_words()[name])})", re.IGNORECASE)


@cache
def _imperative() -> re.Pattern[str]:
    verbs = "|".join(_words()["imperative"])
    return re.compile(rf"{_OPENING}(?:{verbs})|[:;,] (?:{verbs})", re.IGNORECASE)


@cache
def _natural() -> re.Pattern[str]:
    return re.compile(rf"^\W*(?:{'|'.join(_words()['natural'])})", re.IGNORECASE)


@cache
def _words() -> dict[str, list[str]]:
    source = resources.files("assistant").joinpath("data", "request_rules.json")
    patterns: dict[str, list[str]] = json.loads(source.read_text(encoding="utf-8"))["patterns"]
    return patterns


_RULES: Final = (
    ("evade", "how to slip past screening, surveillance or a safety check", _asks_to_evade),
    ("weapon", "for a weapon or an outbreak", _asks_for_weapons),
    ("enhance", "how to make an organism or a toxin more harmful", _asks_to_enhance),
    ("obtain", "how to make or get an agent of a control list", _asks_to_obtain),
    ("attack", "how to harm people, animals, crops or supplies", _asks_to_attack),
)
