"""Sources of an answer: texts that searches found; what of a sample a model may see."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from assistant.chat.answers import Source
from assistant.chat.extract import MOST_WORDS, best_sentence, is_relevant, share
from retrieval.documents import without_metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from retrieval.hits import TextHit

MOST_SOURCES: Final = 6


def text_sources(
    weights: Mapping[str, float],
    hits: Sequence[TextHit],
    citations: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Source]:
    """Make sources of the hits that speak of what the question is about.

    Those that hold most of its words come first; else the order of the search stays.

    Args:
        weights: The question's telling words, each with its weight.
        hits: What searches found, best first.
        citations: First author, year and journal of papers, by the id of the paper.
    """
    relevant = [hit for hit in hits if is_relevant(weights, hit)]
    for hit in sorted(
        relevant, key=lambda it: share(weights, f"{it.title} {it.text}") < MOST_WORDS
    ):
        yield Source(
            key="",
            kind=hit.kind,
            title=hit.title,
            reference=hit.reference,
            text=hit.text,
            quote=best_sentence(weights, hit.text),
            why=hit.why,
            score=hit.score,
            citation=citations.get(hit.owner_id, ""),
            caution=hit.caution,
        )


def private_source(
    source: Source, attributes: Sequence[tuple[str, str]], allowed: Sequence[str]
) -> Source:
    """Take a sample's metadata out of a source, but for the columns that were allowed by name."""
    if source.kind != "sample":
        return source
    text = without_metadata(source.text, attributes, allowed)
    quote = source.quote if source.quote in text else ""
    return source.model_copy(update={"text": text, "quote": quote})


def numbered(sources: Iterable[Source], most: int = MOST_SOURCES) -> tuple[Source, ...]:
    """Give the first sources their keys, S1, S2 ...; they are valid in one answer only."""
    chosen = list(sources)[:most]
    return tuple(
        source.model_copy(update={"key": f"S{number}"})
        for number, source in enumerate(chosen, start=1)
    )
