"""Is a claim turned round against its best sentence: more for less, done for undone, A for B?

Read with other words for the same let through, so that a restatement is not called turned. Two
turning words cancel out ("less tolerant" is "more sensitive"), and so does a comparison told
from its other side ("A more than B" is "B less than A").
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from assistant.grounding.alignment import content_of
from assistant.grounding.concepts import means_same
from assistant.grounding.lexicon import CONTRAST, NEGATION, OPPOSITES
from assistant.grounding.polarity import DENIAL, DOWN, UP, is_turning, sign
from assistant.grounding.words import sentence_texts, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.grounding.cited import Cited
    from assistant.grounding.words import Token

#: Share of a claim's things that a clause must name for its directions to be compared.
LEAST_SHARE: Final = 0.5
#: Share of a claim's words that stand in a sentence in order, for it to be a copy with changes.
COPIED: Final = 0.6
_LONGEST_REPLACED: Final = 3
_THAN: Final = frozenset({"than", "versus", "vs"})
#: "breaks down", "made up of": no direction.
_PARTICLES: Final = frozenset({"up", "down"})
_ASIDES: Final = frozenset({",", "and", "(", ";", "or"})
_CUTS: Final = frozenset({";", ":", "but", "whereas", "while", "although", "though", "however"})
_LEAST_PIECE: Final = 3  # words that carry meaning, for a clause to stand alone


def turned(text: str, cited: Cited) -> str:
    """Say what a claim turns round, in words for the reviewer; empty for nothing."""
    for sentence in sentence_texts(text):
        claimed = tokens_of(sentence)
        if found := _replaced(claimed, cited):
            return found
        best = _best_clause(claimed, cited)
        if best and (found := _compared(claimed, best)):
            return found
    return ""


def _replaced(claimed: Sequence[Token], cited: Cited) -> str:
    """Find a copied sentence in which a turning word was replaced by its opposite."""
    ours = [token.text for token in claimed]
    for unit in cited.units:
        theirs = [token.text for token in unit.tokens]
        aligned = SequenceMatcher(None, ours, theirs, autojunk=False)
        if sum(block.size for block in aligned.get_matching_blocks()) < COPIED * len(ours):
            continue
        if _is_swapped(claimed, unit.tokens):
            continue  # told from the other side: read whole, below
        for start, end, first, last in _changes(aligned):
            if start == end and (theirs[first] in CONTRAST or theirs[first] in _ASIDES):
                continue  # "hydrolyses lactose [but not starch] in vitro"
            there = " ".join(theirs[max(0, first - 1) : last + 1])
            if _are_opposite(ours[start:end], theirs[first:last]):
                return f'the evidence says "{there}" there'
    return ""


def _changes(aligned: SequenceMatcher[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield short changes between words that both have: places in the one and in the other."""
    codes = aligned.get_opcodes()
    kept = [place for place, code in enumerate(codes) if code[0] == "equal"]
    for kind, start, end, first, last in codes[kept[0] : kept[-1]] if kept else ():
        if kind != "equal" and max(end - start, last - first) <= _LONGEST_REPLACED:
            yield start, end, first, last


def _are_opposite(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Tell whether words in the same place turn each other round; two turns cancel out."""
    if NEGATION.isdisjoint(ours) != NEGATION.isdisjoint(theirs):
        return True
    if any(map(sign, ours)) and any(map(sign, theirs)):
        return (sum(word in DOWN for word in ours) - sum(word in DOWN for word in theirs)) % 2 == 1
    return any(
        not one.isdisjoint(ours) and not other.isdisjoint(theirs)
        for pair in OPPOSITES
        for one, other in (pair, pair[::-1])
    )


def _best_clause(claimed: Sequence[Token], cited: Cited) -> tuple[Token, ...]:
    """Return the clause of the evidence that names most of what the claim is about."""
    things = [token for token in content_of(claimed) if not is_turning(token.text)]
    if not things:
        return ()
    scored = [
        (_share(things, clause), -place, clause)
        for place, clause in enumerate(_clauses(cited))
        if clause
    ]
    share, _, clause = max(scored, key=lambda one: one[:2], default=(0.0, 0, ()))
    return clause if share >= LEAST_SHARE else ()


def _clauses(cited: Cited) -> list[tuple[Token, ...]]:
    """Cut the sentences of the evidence where another thought begins."""
    found: list[tuple[Token, ...]] = []
    for unit in cited.units:
        piece: list[Token] = []
        for token in (*unit.tokens, None):
            is_cut = token is None or token.text in _CUTS or token.text == "and"
            if is_cut and len(content_of(piece)) >= _LEAST_PIECE:
                found.append(tuple(piece))
                piece = []
            if token is not None:
                piece.append(token)
    return found


def _share(things: Sequence[Token], clause: Sequence[Token]) -> float:
    said = {token.text for token in clause}
    named = sum(
        thing.text in said or any(means_same(thing.text, word) for word in said) for thing in things
    )
    return named / len(things)


def _compared(claimed: Sequence[Token], clause: Sequence[Token]) -> str:
    ours, theirs = _turning(claimed), _turning(clause)
    if bool(ours & NEGATION) != bool(theirs & NEGATION):
        return ""  # negations are compared where the words are read in order
    is_odd = (_parity(claimed) != _parity(clause)) != _is_swapped(claimed, clause)
    if not is_odd:
        return ""
    for pair in OPPOSITES:
        for one, other in (pair, pair[::-1]):
            if ours & one and theirs & other and not theirs & one and not ours & other:
                return f'the evidence says the opposite: "{min(theirs & other)}"'
    return ""


def _turning(tokens: Sequence[Token]) -> frozenset[str]:
    """Collect words, without particles of verbs ("breaks down")."""
    return frozenset(
        token.text
        for before, token in zip((None, *tokens), tokens, strict=False)
        if not (token.text in _PARTICLES and before is not None and before.kind == "word")
    )


def _parity(tokens: Sequence[Token]) -> bool:
    """Tell whether an odd number of words lowers, undoes or denies."""
    words = [
        token.text
        for before, token in zip((None, *tokens), tokens, strict=False)
        if not (token.text in _PARTICLES and before is not None and before.kind == "word")
    ]
    return sum(word in DOWN or (word in DENIAL and word not in UP) for word in words) % 2 == 1


def _is_swapped(claimed: Sequence[Token], clause: Sequence[Token]) -> bool:
    """Tell whether two comparisons name their sides in another order."""
    one, other = _sides(claimed), _sides(clause)
    if one is None or other is None:
        return False
    straight = len(one[0] & other[0]) + len(one[1] & other[1])
    crossed = len(one[0] & other[1]) + len(one[1] & other[0])
    return crossed > straight


def _sides(tokens: Sequence[Token]) -> tuple[frozenset[str], frozenset[str]] | None:
    place = next((at for at, token in enumerate(tokens) if token.text in _THAN), None)
    if place is None:
        return None
    before, after = content_of(tokens[:place]), content_of(tokens[place:])
    things = (
        frozenset(one.text for one in part if not is_turning(one.text)) for part in (before, after)
    )
    first, second = things
    both = first & second
    return first - both, second - both
