"""Retracted papers that speak of a question: they are named, and not used."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from assistant.chat.extract import is_relevant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrieval.knowledge_base import KnowledgeBase
    from retrieval.search_options import SearchOptions

_HAS_RETRACTED: Final = "SELECT EXISTS (SELECT 1 FROM publications WHERE is_retracted)"


def retracted_on(
    base: KnowledgeBase,
    text: str,
    k: int,
    options: SearchOptions,
    weights: Mapping[str, float],
) -> list[str]:
    """List the retracted papers that speak of a question, best first, by their references."""
    if not base.facts.connection.execute(_HAS_RETRACTED).fetchone()[0]:
        return []
    filters = replace(options.filters, include_retracted=True)
    # What orders and widens the hits does not change what a paper speaks of.
    plain = replace(options, filters=filters, reranker="", feedback=False)
    every = base.search(text, k, "literature", plain)
    speaking = (hit for hit in every if hit.is_retracted and is_relevant(weights, hit))
    return list(dict.fromkeys(hit.reference for hit in speaking))
