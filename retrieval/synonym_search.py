"""Search by the other names of a question's entities: any of an entity's names is as good.

The names of one entity count as one term (Pirkola 1998), as far as full-text search lets them: a
text's score is that by its best name, not their sum, and each name weighs as if it were as common
as all names of the entity together. Without that, a paper that mentions a rare name in passing
would stand above those that are on the entity under its usual name.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from retrieval.lexical_index import synonym_wording

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from retrieval.expansion import Expansion
    from retrieval.lexical_index import LexicalIndex


def search_by_names(
    index: LexicalIndex, entities: Sequence[Expansion], k: int, kinds: Collection[str]
) -> dict[int, float]:
    """Score texts by the other names of entities: document row -> score, higher is better.

    Best of the names of an entity, summed over entities. Best first, ties by row.
    """
    total: dict[int, float] = {}
    for entity in entities:
        for row, score in _by_best_name(index, entity, k, kinds).items():
            total[row] = total.get(row, 0.0) + score
    return dict(sorted(total.items(), key=lambda it: (-it[1], it[0]))[:k])


def _by_best_name(
    index: LexicalIndex, entity: Expansion, k: int, kinds: Collection[str]
) -> dict[int, float]:
    best: dict[int, float] = {}
    common = index.papers_with_any([entity.found, *entity.synonyms])
    for name in entity.synonyms:
        part = _as_common(index.papers_with_any([name]), common, index.papers)
        for row, score in index.search(synonym_wording([name]), k, kinds).items():
            best[row] = max(best.get(row, 0.0), part * score)
    return best


def _as_common(with_name: int, with_any: int, papers: int) -> float:
    """Turn the weight of a name into that of all names, by the formula of BM25.

    >>> _as_common(1, 1, 1000), round(_as_common(1, 100, 1000), 2)
    (1.0, 0.34)
    """
    own, common = _rarity(with_name, papers), _rarity(with_any, papers)
    return common / own if own > common > 0 else 1.0


def _rarity(with_it: int, papers: int) -> float:
    return math.log((max(papers - with_it, 0) + 0.5) / (with_it + 0.5))
