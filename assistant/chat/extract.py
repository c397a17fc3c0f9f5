"""Answer by extraction: the best sentences of the best sources, word for word. No model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.chat.checking import checked_extracts
from assistant.chat.question_words import telling_words
from ingest.addressed_text import LEFT_OUT, without_orders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.chat.answers import AnswerSentence, Source
    from retrieval.hits import TextHit

_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"(])")
# Share of the question's telling words that a source must hold to count, and the cosine above
# which half of that is enough. Chosen on questions with and without an answer in the starter
# knowledge base: tests/assistant/chat/test_chat.py holds both lists.
WORDS_NEEDED: Final = 0.5
CLOSE_IN_MEANING: Final = 0.5
MOST_SENTENCES: Final = 4
#: How sources were found that are one statement, made for the question.
LOOKED_UP: Final = frozenset(
    {
        "by its identifier",
        "by its name",
        "named in the question",
        "curated table of drug transformations",
    }
)


def is_relevant(question: str, hit: TextHit) -> bool:
    """Tell whether a hit speaks of what the question is about."""
    wanted = telling_words(question)
    if not wanted:
        return False
    share = len(wanted & telling_words(f"{hit.title} {hit.text}")) / len(wanted)
    is_close = (hit.dense or 0.0) >= CLOSE_IN_MEANING
    return share >= WORDS_NEEDED or (is_close and share >= WORDS_NEEDED / 2)


def extracted(question: str, sources: Sequence[Source]) -> tuple[AnswerSentence, ...]:
    """Choose the sentence of each source that holds most of the question's words.

    What was looked up is said whole. Each sentence is checked as a model's would be.
    """
    wanted = telling_words(question)
    chosen = ((source, _best(wanted, source)) for source in sources[:MOST_SENTENCES])
    return checked_extracts((source, best) for source, best in chosen if best)


def _best(wanted: frozenset[str], source: Source) -> str:
    if source.quote and source.why in LOOKED_UP:
        return source.quote
    best = best_sentence(wanted, source.text)
    return best if source.kind == "gene" or wanted & telling_words(best) else ""


def best_sentence(wanted: frozenset[str], text: str) -> str:
    """Pick the sentence with most of the wanted words; the first of equals."""
    sentences = [
        sentence.strip()
        for part in without_orders(text).split(LEFT_OUT)
        for sentence in _SENTENCE_END.split(part)
        if sentence.strip()
    ]
    if not sentences:
        return ""
    return max(sentences, key=lambda sentence: len(wanted & telling_words(sentence)))
