"""Does a sentence of the evidence say what the claim says? By words, in order, unweakened.

A claim (or each of its clauses) must be an extract of one sentence: all its words that carry
meaning stand there, in the same order. Then the sentence is read around the extract: what is
denied there may not be affirmed, and words that limit it (putative, neighbouring, mutant, in
mice ...) must be kept. This proves no entailment. It is a bar that a claim clears by adding
nothing, which is what "supported" means here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from assistant.grounding.lexicon import (
    AFTER_COMMA,
    AUXILIARIES,
    CONTRAST,
    NEGATION,
    PRONOUNS,
    STRONG_BOUNDARY,
    backed_before,
    needs_backing,
)
from assistant.grounding.numbers import same_number
from assistant.grounding.qualifiers import left_out
from assistant.grounding.words import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.grounding.cited import Unit
    from assistant.grounding.words import Token

Reading: TypeAlias = Literal["says", "weaker", "denies"]

#: Meaning-carrying words below which a claim says too little to be checked.
LEAST_WORDS: Final = 2
_FIRST_LETTER: Final = 1
#: What is identical in part is similar; not the other way round.
WEAKER_LIKENESS: Final = frozenset({stem("similar"), stem("resembles")})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one sentence of the evidence reads beside a clause of a claim."""

    unit: Unit
    reading: Reading
    detail: str = ""
    missing: str = ""  # the stem that the clause leaves out, where it is one


def content_of(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Keep the words that need backing."""
    return tuple(token for token in tokens if needs_backing(token))


def clauses_of(tokens: Sequence[Token]) -> tuple[tuple[Token, ...], ...]:
    """Cut a claim's sentence at commas, semicolons, "and", "but"; short pieces stay together."""
    pieces: list[list[Token]] = [[]]
    for token in tokens:
        if token.text in {",", ";", "and"} or token.text in CONTRAST:
            pieces.append([])
        else:
            pieces[-1].append(token)
    joined: list[list[Token]] = []
    for piece in pieces:
        if joined and len(content_of(piece)) < LEAST_WORDS + 1:
            joined[-1] += piece
        elif piece:
            joined.append(piece)
    if len(joined) > 1 and len(content_of(joined[0])) < LEAST_WORDS + 1:
        first = joined.pop(0)
        joined[0] = first + joined[0]
    return tuple(tuple(piece) for piece in joined)


def read(clause: Sequence[Token], unit: Unit) -> Outcome | None:
    """Read a sentence of evidence beside a clause; None when it does not hold its words."""
    content = content_of(clause)
    if len(content) < LEAST_WORDS:
        return None
    places = _shortest_extract(content, unit.tokens)
    if not places:
        return None
    if unit.is_question:
        return Outcome(unit, "weaker", "the evidence only asks it")
    return _compared(clause, unit, places)


def matches(claimed: Token, said: Token) -> bool:
    """Tell whether two words are the same: numbers rounded, EC numbers cut, genera initialled."""
    if claimed.text == said.text:
        return True
    if said.text == "identical" and claimed.text in WEAKER_LIKENESS:
        return True
    if claimed.kind == "number" and said.kind == "number":
        return same_number(claimed.text, said.text)
    if claimed.kind == "code" and said.kind == "code":
        return is_broader_ec(claimed.text, said.text)
    initial = len(claimed.surface) == _FIRST_LETTER and claimed.surface.isupper()
    return initial and said.surface[:1] == claimed.surface and len(said.surface) > _FIRST_LETTER


def is_broader_ec(claimed: str, said: str) -> bool:
    """Tell whether an EC number is another one with digits left out: 3.2.-.- of 3.2.1.23."""
    known = claimed.rstrip("-.")
    return claimed.endswith("-") and (said == known or said.startswith(f"{known}."))


def _shortest_extract(content: Sequence[Token], said: Sequence[Token]) -> tuple[int, ...]:
    """Find all words in order in the shortest stretch of a sentence; empty when they are not."""
    best: tuple[int, ...] = ()
    for start, token in enumerate(said):
        if matches(content[0], token):
            places = _places(content, said, start)
            if places and (not best or places[-1] - places[0] < best[-1] - best[0]):
                best = places
    return best


def _places(content: Sequence[Token], said: Sequence[Token], start: int) -> tuple[int, ...]:
    places = [start]
    for wanted in content[1:]:
        rest = range(places[-1] + 1, len(said))
        found = next((place for place in rest if matches(wanted, said[place])), None)
        if found is None:
            return ()
        places.append(found)
    return tuple(places)


def _compared(clause: Sequence[Token], unit: Unit, places: Sequence[int]) -> Outcome:
    """Compare what stands around and between the words that a clause takes."""
    polarity = _polarity(clause, unit.tokens, places)
    if polarity is not None:
        return Outcome(unit, *polarity)
    before = _before(unit.tokens, places[0])
    after = _after(unit.tokens, places[-1])
    missing, word = left_out(clause, unit.tokens, places, before, after)
    return Outcome(unit, "weaker", missing, word) if missing else Outcome(unit, "says")


def _polarity(
    clause: Sequence[Token], said: Sequence[Token], places: Sequence[int]
) -> tuple[Reading, str, str] | None:
    """Compare negations: whether there are any, and before which word they stand."""
    claimed = backed_before(clause, NEGATION)
    behind = _after(said, places[-1])
    opening = places[0] - len(_before(said, places[0]))
    # "X is absent": where the claim ends with its negation, so may the evidence.
    closing = places[-1] + (len(behind) if len(places) in claimed else 0)
    negations = [
        sum(at < place for at in places)
        for place in range(opening, closing + 1)
        if said[place].text in NEGATION and not _is_aside(said, place, places)
    ]
    if bool(negations) != bool(claimed):
        return "denies", "one of the two is negated", ""
    pairs = zip(claimed, negations, strict=False)
    if len(claimed) != len(negations) or any(one > other for one, other in pairs):
        return "weaker", "other words are negated", ""
    is_read = closing > places[-1]
    denying = {token.text for token in behind} & NEGATION
    if denying and not is_read:
        return "weaker", "the evidence goes on with a negation", min(denying)
    return None


def _is_aside(said: Sequence[Token], place: int, places: Sequence[int]) -> bool:
    """Tell whether a negation is about words that the claim leaves out ("but not maltose")."""
    before = said[place - 1].text if place else ""
    if before not in {",", "and"} and before not in CONTRAST:
        return False
    for follower in range(place + 1, len(said)):
        token = said[follower]
        if needs_backing(token) and not token.text.endswith("ly"):
            return follower not in places
    return False


def _before(tokens: Sequence[Token], first: int) -> Sequence[Token]:
    """The clause before an extract.

    Commas do not end it ("we asked whether, in vitro, X"), but the one after "although" does.
    """
    for place in range(first - 1, -1, -1):
        if tokens[place].text in STRONG_BOUNDARY:
            return tokens[place + 1 : first]
        if tokens[place].text in CONTRAST:
            commas = [at for at in range(place + 1, first) if tokens[at].text == ","]
            return tokens[(commas[0] if commas else place) + 1 : first]
    return tokens[:first]


def _after(tokens: Sequence[Token], last: int) -> Sequence[Token]:
    """The clause after an extract, up to where another thought begins."""
    rest = tokens[last + 1 :]
    is_comma = False
    for place, token in enumerate(rest):
        following = rest[place + 1].text if place + 1 < len(rest) else ""
        if token.text in STRONG_BOUNDARY or token.text in CONTRAST:
            return rest[:place]
        if token.text == "," and following in AFTER_COMMA:
            return rest[:place]
        if token.text == "and" and following in AUXILIARIES | (PRONOUNS if is_comma else set()):
            return rest[:place]
        is_comma = token.text == ","
    return rest
