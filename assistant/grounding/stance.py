"""Does a text lean towards a claim or against it? By words alone: a score, no proof.

The clauses of the text that share most words with the claim are read for direction (more,
less), for denial, and for the direction nearest to what the claim says changes. A small
logistic function with readable weights (``assistant/data/stance_*.json``, fitted by
``benchmarks/fit_stance.py`` on the training claims of SciFact) makes one number of it: the
probability that the text supports the claim rather than contradicts it, given that it is
about the same matter at all. It is right about three times in four, so no verdict rests on it
alone.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from assistant.grounding.polarity import (
    DENIAL,
    SCALES,
    clauses,
    directions,
    is_denied,
    is_turning,
    with_ratios_read,
)
from assistant.grounding.words import sentence_texts, stem, tokens_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WEIGHTS_NAME: Final = "stance_2026-11-21.json"
#: Clauses that are read, and the least share of the claim's words that one must hold.
MOST_CLAUSES: Final = 5
LEAST_SHARE: Final = 0.15
#: A title and the last sentences say what was found.
_CONCLUDING: Final = 2
_CONCLUDING_BONUS: Final = 0.08
_CONCLUDING_WEIGHT: Final = 1.3
#: Words around a match that still belong to it, and the farthest that a direction may stand.
_MARGIN: Final = 4
_REACH: Final = 6
_NEGATION_REACH: Final = 4
_PREFIX: Final = 6  # letters in which inflections agree: inhibit, inhibition
_SHRINK: Final = 0.02  # keeps averages of almost no overlap near zero
_DAMPED: Final = 0.3  # how much a direction counts where one of the two is denied
_STOP_WORDS: Final = """
a an the of in on at for with as and is be been has have do its it this that these those which who
whose there here such than then also thus therefore both our their they we or to from by into during
between within via using use used when where while but if so only other any all each some after
before can may might could are was were among
"""
_STOP: Final = frozenset(map(stem, _STOP_WORDS.split()))


@dataclass(frozen=True, slots=True)
class Weights:
    """What was fitted: a weight per feature, and how common each word is."""

    weights: Mapping[str, float]
    intercept: float
    document_counts: Mapping[str, int]
    documents: int
    rare_count: int


@dataclass(frozen=True, slots=True)
class Stance:
    """How a text stands to a claim.

    ``support`` is the probability that it supports rather than contradicts, ``share`` the
    weighted share of the claim's words in its best clause, and ``denies`` tells that the best
    clause turns the claim round by a plain word: a negation or the opposite direction.
    """

    support: float
    share: float
    denies: bool = False


@dataclass(frozen=True, slots=True)
class _Subject:
    """A claim taken apart: its words with weights, its directions with what they act on."""

    words: tuple[str, ...]
    weights: Mapping[str, float]
    prefixes: Mapping[str, str]
    signs: tuple[tuple[int, int], ...]
    is_denied: bool

    @property
    def total(self) -> float:
        return sum(self.weights.values()) or 1.0

    def found(self, word: str) -> str | None:
        """Return the claim's word that this one stands for, if any."""
        if word in self.weights:
            return word
        return self.prefixes.get(word[:_PREFIX]) if len(word) >= _PREFIX - 1 else None


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause of the text: its words and where those of the claim stand."""

    words: tuple[str, ...]
    signs: tuple[tuple[int, int], ...]
    places: Mapping[str, tuple[int, ...]]
    share: float
    weight: float
    is_denied: bool
    order: int


def stance_of(claim: str, texts: Sequence[str]) -> Stance:
    """Say how texts (title first, then the rest) stand to a claim.

    >>> stance_of("Drug X lowers mortality.", ["", "Drug X did not lower mortality."]).denies
    True
    """
    measured, best = features_of(claim, texts)
    weights = _weights()
    total = weights.intercept + sum(
        weights.weights[name] * value for name, value in measured.items()
    )
    return Stance(1 / (1 + math.exp(-total)), best, _turns(measured))


def features_of(claim: str, texts: Sequence[str]) -> tuple[dict[str, float], float]:
    """Measure a claim against texts: features by name, and the share of its best clause."""
    subject = _subject(claim.rstrip(". "))
    read = _clauses(subject, texts)
    ranked = sorted(read, key=lambda one: (-one.share - _bonus(one), one.order))
    top = [one for one in ranked[:MOST_CLAUSES] if one.share > LEAST_SHARE] or ranked[:1]
    total = sum(one.weight for one in top) + _SHRINK
    features = dict.fromkeys(_MEASURES, 0.0)
    for clause in top:
        for name, value in _measured(subject, clause).items():
            features[name] += clause.weight * value / total
    said = frozenset(word for one in read for word in one.words)
    signs = subject.signs
    missing = sum(subject.words[place] not in said for place, _ in signs)
    features |= {
        "claim_denies": float(subject.is_denied),
        "claim_lowers": float(any(one < 0 for _, one in signs)),
        "direction_missing": missing / len(signs) if signs else 0.0,
    }
    return features, ranked[0].share if ranked else 0.0


_MEASURES: Final = ("direction", "parity", "nearest", "denied", "agreed", "affirmed", "opposed")


def _measured(subject: _Subject, clause: _Clause) -> dict[str, float]:
    """Measure one clause: each value is between -1 and 1."""
    taken = [place for places in clause.places.values() for place in places[:1]]
    first, last = (min(taken), max(taken)) if taken else (0, len(clause.words) - 1)
    window_places = range(max(0, first - _MARGIN), last + _MARGIN + 1)
    window = clause.words[window_places.start : window_places.stop]
    signs = [one for place, one in clause.signs if place in window_places]
    ups, downs = signs.count(1), signs.count(-1)
    raised = sum(one > 0 for _, one in subject.signs)
    lowered = len(subject.signs) - raised
    denied = clause.is_denied or any(word in DENIAL for word in window)
    damped = _DAMPED if denied != subject.is_denied else 1.0
    is_directed = bool(subject.signs) and bool(ups or downs)
    opposed = (raised and not lowered and downs and not ups) or (
        lowered and not raised and ups and not downs
    )
    same = (lowered - downs) % 2 == 0
    return {
        "direction": math.tanh(raised - lowered) * math.tanh(ups - downs) * damped,
        "parity": (1.0 if same else -1.0) * damped if is_directed else 0.0,
        "nearest": _nearest(subject, clause),
        "denied": float(denied and not subject.is_denied),
        "agreed": float(denied and subject.is_denied),
        "affirmed": float(subject.is_denied and not denied),
        "opposed": float(bool(opposed)),
    }


def _nearest(subject: _Subject, clause: _Clause) -> float:
    """Compare each direction of the claim with the one nearest to its object in the clause."""
    if not clause.signs or not subject.signs:
        return 0.0
    values = (_compared(subject, clause, place, one, clause.signs) for place, one in subject.signs)
    return sum(values) / len(subject.signs)


def _compared(
    subject: _Subject, clause: _Clause, place: int, wanted: int, said: Sequence[tuple[int, int]]
) -> float:
    around = subject.words[place + 1 : place + 1 + _REACH]
    objects = [word for word in around if word in clause.places][:_MARGIN]
    if not objects:
        around = subject.words[max(0, place - _REACH) : place]
        objects = [word for word in around if word in clause.places][-_MARGIN:]
    own = subject.words[place]
    distances = [
        # A direction mostly stands before its object; the claim's own word is the likeliest.
        (abs(at - spot) + 1.5 * (at > spot) - 1.5 * (clause.words[at] == own), -one, at)
        for word in objects
        for spot in clause.places[word]
        for at, one in said
    ]
    if not distances or min(distances)[0] > _REACH:
        return 0.0
    distance, negative, at = min(distances)
    before = clause.words[max(0, at - _NEGATION_REACH) : at]
    claimed = subject.words[max(0, place - _NEGATION_REACH) : place]
    is_same = any(word in DENIAL for word in before) == any(word in DENIAL for word in claimed)
    return -negative * wanted * (1.0 if is_same else -0.5) / (1 + 0.15 * max(distance, 0.0))


def _turns(features: Mapping[str, float]) -> bool:
    """Tell whether a plain word turns the claim round, by all that was read."""
    denied = max(features["denied"], features["affirmed"])
    return denied > 1 - LEAST_SHARE or features["nearest"] < -LEAST_SHARE


def _subject(claim: str) -> _Subject:
    words = tuple(token.text for token in tokens_of(claim))
    weights = {word: _weight(word) for word in dict.fromkeys(words) if _is_content(word)}
    denied = is_denied(claim) or any(word in DENIAL for word in words)
    prefixes = {word[:_PREFIX]: word for word in weights}
    return _Subject(words, weights, prefixes, directions(words), denied)


def _clauses(subject: _Subject, texts: Sequence[str]) -> list[_Clause]:
    sentences = [(place == 0, one) for place, text in enumerate(texts) for one in _split(text)]
    read: list[_Clause] = []
    for place, (is_title, sentence) in enumerate(sentences):
        concludes = is_title or place >= len(sentences) - _CONCLUDING
        for text in clauses(with_ratios_read(sentence)):
            read.append(_read(subject, text, len(read), concludes=concludes))
    return read


def _read(subject: _Subject, text: str, order: int, *, concludes: bool) -> _Clause:
    words = tuple(token.text for token in tokens_of(text))
    places: dict[str, tuple[int, ...]] = {}
    for place, word in enumerate(words):
        if own := subject.found(word):
            places[own] = (*places.get(own, ()), place)
    share = sum(subject.weights[word] for word in places) / subject.total
    weight = share**2 * (_CONCLUDING_WEIGHT if concludes else 1.0)
    return _Clause(words, directions(words), places, share, weight, is_denied(text), order)


def _bonus(clause: _Clause) -> float:
    return _CONCLUDING_BONUS if clause.weight > clause.share**2 else 0.0


@lru_cache(maxsize=256)
def _split(text: str) -> tuple[str, ...]:
    return tuple(sentence_texts(text)) if text.strip() else ()


def _is_content(word: str) -> bool:
    is_long = len(word) > 1 or word.isdigit()
    is_thing = word in SCALES or not is_turning(word)
    return is_long and word[0].isalnum() and word not in _STOP and is_thing


def _weight(word: str) -> float:
    """Weigh a word by its rarity: the logarithm of one over its share of abstracts."""
    known = _weights()
    count = known.document_counts.get(word, known.rare_count)
    return math.log((known.documents + 1) / (count + 1))


@cache
def _read_weights() -> Weights:
    source = resources.files("assistant").joinpath("data", WEIGHTS_NAME)
    content = json.loads(source.read_text(encoding="utf-8"))
    names = ("weights", "intercept", "document_counts", "documents", "rare_count")
    return Weights(*(content[name] for name in names))


def use_weights(weights: Weights | None) -> None:
    """Use other weights than those that are shipped: for fitting. None returns to them."""
    _USED[:] = [weights] if weights else []


def _weights() -> Weights:
    return _USED[0] if _USED else _read_weights()


_USED: Final[list[Weights]] = []
