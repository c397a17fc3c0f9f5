"""Papers that a question names by PMID, PMCID or DOI: what they say of the rest of the question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.chat.answers import Source
from assistant.chat.extract import best_sentence, sentences_of, share
from assistant.chat.looking_up import BY_IDENTIFIER
from assistant.chat.papers_named import paper_held, short_citation, without_references
from assistant.chat.question_words import telling_words

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from assistant.chat.subjects import Subject
    from ingest.records import Publication


def paper_sources(
    question: str, subjects: Iterable[Subject], connection: sqlite3.Connection
) -> Iterator[Source]:
    """Make a source of each paper that is named and held.

    Quoted is the sentence with most of the question; where nothing but the paper is asked about,
    or no sentence has anything of it, the last one of its abstract, which concludes.
    """
    asked = dict.fromkeys(telling_words(without_references(question)), 1.0)
    for subject in subjects:
        paper = paper_held(subject.name, connection) if subject.kind == "paper" else None
        if paper is not None:
            yield _source(paper, asked)


def papers_not_held(subjects: Iterable[Subject], connection: sqlite3.Connection) -> Iterator[str]:
    """Say which of the papers that are named the knowledge base does not hold."""
    for subject in subjects:
        if subject.kind == "paper" and paper_held(subject.name, connection) is None:
            yield f"{subject.name} is not in this knowledge base."


def _source(paper: Publication, asked: dict[str, float]) -> Source:
    text = " ".join(paper.abstract.split())
    sentences = sentences_of(text)
    best = best_sentence(asked, text)
    quote = best if share(asked, best) > 0 else (sentences[-1] if sentences else "")
    return Source(
        key="",
        kind="passage",
        title=paper.title,
        reference=paper.reference,
        text=text or "The knowledge base holds no abstract of this paper.",
        quote=quote,
        why=BY_IDENTIFIER,
        score=1.0,
        citation=short_citation(paper),
        caution=_caution(paper),
    )


def _caution(paper: Publication) -> str:
    if paper.is_retracted:
        return "RETRACTED"
    if paper.has_concern:
        return "EXPRESSION OF CONCERN"
    return "PREPRINT" if paper.is_preprint else ""
