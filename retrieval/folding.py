"""Which of many found passages are shown: few of a paper, one of several that say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.words import plain_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from retrieval.fusion import Fused

#: Words of a shingle, and the share of common shingles from which two texts say the same: the
#: same abstract after proof-reading, not two reports of one group.
_SHINGLE: Final = 3
_SAME_FROM: Final = 0.8


def thinned(
    fused: Iterable[Fused],
    papers: Mapping[int, int],
    most: int,
    hidden: Collection[int] = frozenset(),
) -> Iterator[Fused]:
    """Let at most ``most`` passages of a paper through, and none of the papers in ``hidden``.

    Args:
        fused: Texts, best first.
        papers: Text row -> row of its paper, if it is of one.
        most: Passages of one paper.
        hidden: Rows of papers.
    """
    seen: dict[int, int] = {}
    for it in fused:
        paper = papers.get(it.id)
        if paper is None:
            yield it
        elif paper not in hidden:
            seen[paper] = seen.get(paper, 0) + 1
            if seen[paper] <= most:
                yield it


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Return the runs of three words of a text; a shorter text is one run."""
    words = plain_words(text)
    last = max(1, len(words) - _SHINGLE + 1)
    return frozenset(tuple(words[n : n + _SHINGLE]) for n in range(last))


def say_the_same(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    """Tell whether two texts are nearly equal, by their shingles (Broder 1997)."""
    union = len(one | other)
    return union > 0 and len(one & other) >= _SAME_FROM * union
