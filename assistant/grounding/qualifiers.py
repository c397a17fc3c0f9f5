"""What an extract leaves out: names cut short, agents, and words that limit what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.grounding.lexicon import (
    EVERYWHERE,
    EXACT_CLASSES,
    FOLLOWERS,
    HEDGES,
    NEVER_SKIPPED,
    QUALIFIERS,
    STANDS_IN,
    WHOLE_SENTENCE,
    backed_before,
    needs_backing,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.grounding.words import Token

_NOTHING: Final[frozenset[str]] = frozenset()


def left_out(
    clause: Sequence[Token],
    said: Sequence[Token],
    places: Sequence[int],
    before: Sequence[Token],
    after: Sequence[Token],
) -> tuple[str, str]:
    """Say what a clause leaves out of the sentence that it is taken from, and by which word.

    Both are empty for nothing.

    Args:
        clause: Words of the claim.
        said: Words of the sentence of evidence.
        places: Where the words of the claim stand in it.
        before: The part of the sentence before them that belongs to the same thought.
        after: The part behind them that does.
    """
    claimed = {token.text for token in clause}
    skipped = sorted((_agents(said, places) & NEVER_SKIPPED) - claimed)
    if skipped:
        return f'leaves out "{skipped[0]}"', skipped[0]
    cut = _cut_name(said, places, claimed)
    if cut:
        return f'cuts a name short: leaves out "{cut.surface}"', cut.text
    if not _doubts_kept(clause, said, places, before):
        return "leaves out a word of doubt, or puts it elsewhere", ""
    return _dropped(clause, said, places, before, after)


def _agents(said: Sequence[Token], places: Sequence[int]) -> set[str]:
    """The words inside an extract, without the "by" of amounts ("by 62 %")."""
    return {
        said[place].text
        for place in range(places[0], places[-1] + 1)
        if said[place].text != "by" or said[place + 1].kind != "number"
    }


def _cut_name(said: Sequence[Token], places: Sequence[int], claimed: set[str]) -> Token | None:
    """Find a skipped word right behind a taken one: "beta-lactamase [inhibitor]"."""
    for place in places:
        if said[place].kind != "word" or place + 1 >= len(said):
            continue
        follower = said[place + 1]
        is_free = follower.text in FOLLOWERS or follower.text.endswith("ly")
        is_taken = place + 1 in places or follower.text in claimed
        if follower.kind == "word" and needs_backing(follower) and not is_free and not is_taken:
            return follower
    return None


def _doubts_kept(
    clause: Sequence[Token], said: Sequence[Token], places: Sequence[int], before: Sequence[Token]
) -> bool:
    """Tell whether each doubt of the evidence stands in the claim, no later than there."""
    opening = places[0] - len(before)
    doubts = [
        sum(at < place for at in places)
        for place in range(opening, places[-1] + 1)
        if said[place].text in HEDGES
    ]
    claimed = backed_before(clause, HEDGES)
    if not doubts or (claimed and claimed[0] == 0):
        return True
    pairs = zip(claimed, doubts, strict=False)
    return len(claimed) >= len(doubts) and all(one <= other for one, other in pairs)


def _dropped(
    clause: Sequence[Token],
    said: Sequence[Token],
    places: Sequence[int],
    before: Sequence[Token],
    after: Sequence[Token],
) -> tuple[str, str]:
    claimed = {token.text for token in clause}
    hedges = backed_before(clause, HEDGES)
    near = {token.text for token in (*before, *said[places[0] : places[-1] + 1])}
    behind = {token.text for token in after}
    sentence = {token.text for token in said[places[-1] :]}
    for name, words in QUALIFIERS:
        far = sentence if name in WHOLE_SENTENCE else behind if name in EVERYWHERE else _NOTHING
        found = (near | far) & words
        # A hedge stands in for another limit only where it opens the claim: "may be a ...".
        if not found or (name in STANDS_IN and hedges and hedges[0] == 0):
            continue
        missing = found - claimed if name in EXACT_CLASSES or not found & claimed else _NOTHING
        if missing and not (name not in EXACT_CLASSES and claimed & words):
            return f'leaves out "{min(missing)}" ({name})', min(missing)
    return "", ""
