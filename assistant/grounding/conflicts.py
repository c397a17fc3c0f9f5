"""Evidence against evidence: two papers that say opposite things, two functions for one gene.

Found by words, so what is found may be no conflict at all (another strain, another dose); it is
shown to the reviewer as a question, with both sentences. What is not found may be one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Final, Literal

from assistant.grounding.alignment import content_of
from assistant.grounding.cited import cite, units_of
from assistant.grounding.concepts import means_same
from assistant.grounding.directions import turned
from assistant.grounding.lexicon import NEGATION
from assistant.grounding.polarity import is_turning
from ingest.vocab import ec_level, ec_numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.grounding.cited import Unit
    from retrieval.evidence.base import Evidence

#: Share of the things that each of two sentences names, for them to be about the same.
SAME_MATTER: Final = 0.6
#: Things that two sentences must share at least: fewer are too common.
_LEAST_SHARED: Final = 3
_OWN_KINDS: Final = frozenset({"similarity", "families", "prior_annotation"})


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two items that disagree, with what each says."""

    kind: Literal["sources", "functions"]
    first: Evidence
    second: Evidence
    said: tuple[str, str]

    @property
    def text(self) -> str:
        """The conflict as a sentence for the reviewer."""
        what = "Two sources disagree" if self.kind == "sources" else "Two functions are proposed"
        first, second = (
            f'"{words.rstrip(".")}" ({item.reference})'
            for words, item in zip(self.said, (self.first, self.second), strict=True)
        )
        return f"{what}: {first}, but {second}."


def conflicts(evidence: Sequence[Evidence]) -> tuple[Conflict, ...]:
    """Find pairs of items that disagree, in the order of the evidence."""
    papers = [item for item in evidence if item.kind == "literature" and item.quote]
    own = [item for item in evidence if item.kind in _OWN_KINDS and item.terms.ec_numbers]
    return (
        *(found for one, other in combinations(papers, 2) for found in _sources(one, other)),
        *(found for one, other in _first_of_each(own) for found in _functions(one, other)),
    )


def _sources(one: Evidence, other: Evidence) -> Iterator[Conflict]:
    """Yield the first pair of sentences of two papers that turn each other round."""
    if one.reference == other.reference:
        return
    for first in _quoted(one):
        for second in _quoted(other):
            if _is_same_matter(first, second) and _disagree(first, second, other):
                yield Conflict("sources", one, other, (first.text, second.text))
                return


def _quoted(item: Evidence) -> list[Unit]:
    """The sentences of what is quoted of a paper."""
    found = units_of(_quote_only(item))
    return [unit for unit in found if unit.part == "source" and unit.tokens]


def _quote_only(item: Evidence) -> Evidence:
    return replace(item, statement="", title="")


def _is_same_matter(first: Unit, second: Unit) -> bool:
    ours, theirs = _things(first), _things(second)
    shared = {one for one in ours if any(means_same(one, other) for other in theirs)}
    least = min(len(ours), len(theirs))
    return len(shared) >= _LEAST_SHARED and len(shared) >= SAME_MATTER * least


def _things(unit: Unit) -> frozenset[str]:
    return frozenset(token.text for token in content_of(unit.tokens) if not is_turning(token.text))


def _disagree(first: Unit, second: Unit, other: Evidence) -> bool:
    denied = [any(token.text in NEGATION for token in unit.tokens) for unit in (first, second)]
    if denied[0] != denied[1]:
        return True
    return bool(turned(first.text, cite((_quote_only(other),))))


def _first_of_each(items: Sequence[Evidence]) -> Iterator[tuple[Evidence, Evidence]]:
    """Pair the strongest item with the strongest one of each other function."""
    if items:
        seen: set[tuple[str, ...]] = set()
        for item in items[1:]:
            key = tuple(sorted(item.terms.ec_numbers))
            if key not in seen:
                seen.add(key)
                yield items[0], item


def _functions(one: Evidence, other: Evidence) -> Iterator[Conflict]:
    """Yield a conflict when no EC numbers of two items agree to the third digit."""
    ours, theirs = (ec_numbers_of(item.terms.ec_numbers) for item in (one, other))
    if ours and theirs and not any(_agree(first, second) for first in ours for second in theirs):
        said = (_named(one, ours), _named(other, theirs))
        yield Conflict("functions", one, other, said)


def _agree(first: str, second: str) -> bool:
    level = min(ec_level(first), ec_level(second), 3)
    return first.split(".")[:level] == second.split(".")[:level]


def _named(item: Evidence, ecs: Sequence[str]) -> str:
    return f"{item.terms.product or 'an enzyme'}, EC {', '.join(ecs)}"
