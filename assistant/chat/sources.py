"""Sources of an answer: texts that searches found, and genes that the question names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.chat.answers import Source
from assistant.chat.extract import best_sentence, is_relevant, telling_words
from assistant.claims import DRAFT_NOTICE
from retrieval.documents import without_metadata
from retrieval.evidence.base import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from assistant.claims import AnnotationRecord
    from retrieval.hits import TextHit

MOST_SOURCES: Final = 6
EVIDENCE_PER_GENE: Final = 3
# Any run of characters that a gene id may hold, with or without the @ before it.
_NAME: Final = re.compile(r"@?([^\s,;?!()\"']+)")
#: The gene id under which chat claims are checked: they are about the question, not a gene.
QUESTION_ID: Final = "question"


def genes_named(
    question: str, records: Mapping[str, AnnotationRecord]
) -> Iterator[AnnotationRecord]:
    """List the run's genes whose id stands in the question."""
    names = (name.rstrip(".:") for name in _NAME.findall(question))
    return (records[name] for name in dict.fromkeys(names) if name in records)


def gene_sources(records: Iterable[AnnotationRecord]) -> Iterator[Source]:
    """Make one source of each gene: its draft, marked as one, and its best evidence."""
    for record in records:
        draft = record.hypothesis
        evidence = [item.statement for item in record.evidence[:EVIDENCE_PER_GENE]]
        yield Source(
            key="",
            kind="gene",
            title=f"Draft on {record.gene.id} ({DRAFT_NOTICE.lower()})",
            reference=f"gene:{record.gene.id}",
            text=" ".join([draft.statement, *evidence]),
            quote=draft.statement,
            why="named in the question",
            score=1.0,
        )


def text_sources(question: str, hits: Sequence[TextHit]) -> Iterator[Source]:
    """Make sources of the hits that speak of what the question is about."""
    wanted = telling_words(question)
    for hit in hits:
        if is_relevant(question, hit):
            yield Source(
                key="",
                kind=hit.kind,
                title=hit.title,
                reference=hit.reference,
                text=hit.text,
                quote=best_sentence(wanted, hit.text),
                why=hit.why,
                score=hit.score,
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


def numbered(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Give the first sources their keys, S1, S2 ...; they are valid in one answer only."""
    chosen = list(sources)[:MOST_SOURCES]
    return tuple(
        source.model_copy(update={"key": f"S{number}"})
        for number, source in enumerate(chosen, start=1)
    )


def as_evidence(source: Source) -> Evidence:
    """Present a source to the checks of claims, which read evidence."""
    return Evidence(
        gene_id=QUESTION_ID,
        kind="literature",
        eco="",
        statement=source.title,
        reference=source.reference,
        title=source.title,
        quote=source.text,
        passage_id=source.key,
    )
