"""Answer by extraction: the best sentences of the best sources, word for word. No model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.chat.checking import checked_extracts
from assistant.chat.question_words import telling_words
from ingest.addressed_text import LEFT_OUT, without_orders

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.chat.answers import AnswerSentence, Source
    from retrieval.hits import TextHit

_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"(])")
# Share of the weight of the question's telling words that a source must hold to count, and the
# cosine above which half of that is enough. Chosen on questions with and without an answer in
# the starter knowledge base: tests/assistant/chat/test_chat.py holds both lists.
WORDS_NEEDED: Final = 0.5
CLOSE_IN_MEANING: Final = 0.5
MOST_SENTENCES: Final = 4
#: Share of the weight above which a text comes before the others, and the least that a sentence
#: and the title of its text must hold together to be shown.
MOST_WORDS: Final = 0.75
WORDS_SHOWN: Final = 0.45
#: A sentence must hold, with its title, this much of what the best one holds.
NEAR_THE_BEST: Final = 0.66
#: What a study set out to do is no finding: such a sentence counts for less.
_AIM: Final = re.compile(
    r"^(?:OBJECTIVES?|AIMS?|PURPOSE|METHODS?|BACKGROUND|INTRODUCTION|DESIGN)\b"
    r"|\baim(?:s|ed) (?:to|at)"
    r"|\b(?:objective|aim|purpose|goal) (?:of|was|is)\b|\bwe (?:aim|sought|review|investigat)\w*\b",
)
_AIM_COUNTS: Final = 0.75
#: How sources were found that are one statement, made for the question.
LOOKED_UP: Final = frozenset(
    {
        "by its identifier",
        "by its name",
        "named in the question",
        "curated table of drug transformations",
        "counted",
    }
)


def is_relevant(weights: Mapping[str, float], hit: TextHit) -> bool:
    """Tell whether a hit speaks of what the question is about."""
    held = share(weights, f"{hit.title} {hit.text}")
    is_close = (hit.dense or 0.0) >= CLOSE_IN_MEANING
    return held >= WORDS_NEEDED or (is_close and held >= WORDS_NEEDED / 2)


def share(weights: Mapping[str, float], text: str) -> float:
    """Return the share of the question's weight that a text holds, 0 to 1."""
    total = sum(weights.values())
    found = telling_words(text)
    return sum(weight for word, weight in weights.items() if word in found) / total if total else 0


def extracted(weights: Mapping[str, float], sources: Sequence[Source]) -> list[AnswerSentence]:
    """Choose the sentence of each source that holds most of the question's words.

    What was looked up is said whole. Each sentence is checked as a model's would be, and said
    once.
    """
    chosen: dict[str, Source] = {}
    for source, best in _near_the_best(weights, sources):
        if len(chosen) < MOST_SENTENCES:
            chosen.setdefault(best, source)
    return list(checked_extracts((source, best) for best, source in chosen.items()))


def _near_the_best(
    weights: Mapping[str, float], sources: Sequence[Source]
) -> list[tuple[Source, str]]:
    """Take each source's best sentence, less those that hold much less than the best of all.

    Where one text speaks of tributyltin and bile acids, one on bile acids alone is no answer.
    """
    found = [(source, best) for source in sources if (best := _best(weights, source))]
    texts = [(it, best) for it, best in found if it.why not in LOOKED_UP]
    held = {best: share(weights, f"{it.title} {best}") for it, best in texts}
    least = NEAR_THE_BEST * max(held.values(), default=0.0)
    near = [(it, best) for it, best in found if held.get(best, 1.0) >= least]
    return sorted(near, key=lambda one: bool(one[1] in held and _AIM.search(one[1])))


def _best(weights: Mapping[str, float], source: Source) -> str:
    if source.quote and source.why in LOOKED_UP:
        return source.quote
    best = best_sentence(weights, source.text)
    if source.kind == "gene":
        return best
    # A title says what its sentences are about, but a sentence must add to it.
    has_words = share(weights, best) > 0
    return best if has_words and share(weights, f"{source.title} {best}") >= WORDS_SHOWN else ""


def best_sentence(weights: Mapping[str, float], text: str) -> str:
    """Pick the sentence that holds most of the question; the first of equals."""

    def worth(sentence: str) -> float:
        return share(weights, sentence) * (_AIM_COUNTS if _AIM.search(sentence) else 1.0)

    return max(sentences_of(text), key=worth, default="")


def sentences_of(text: str) -> list[str]:
    """Part a text into its sentences, less orders to a reading model."""
    return [
        sentence.strip()
        for part in without_orders(text).split(LEFT_OUT)
        for sentence in _SENTENCE_END.split(part)
        if sentence.strip()
    ]
