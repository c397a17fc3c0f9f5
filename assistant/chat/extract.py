"""Answer by extraction: the best sentences of the best sources, word for word. No model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.chat.answers import AnswerSentence
from ingest.addressed_text import addresses_reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.chat.answers import Source
    from retrieval.hits import TextHit

# Words of questions that say nothing about the subject.
_STOP_WORDS: Final = """
a about all also am an and any are as at be because been being both but by can could did do does
done each for from get give had has have here how i if in into is it its kind list many may me
might more most much my no not of on one or our out over please role same say should show so some
such tell than that the their them then there these they this those through to under up us use
used uses very was we were what when where which while who why will with without would you your
gene genes protein proteins function functions known know evidence paper papers
"""
STOP: Final = frozenset(_STOP_WORDS.split())
# Words that stand in most texts of the field: they count only where a question has no other.
_FIELD_WORDS: Final = """
bacteria bacterial bacterium enzyme enzymes gut human intestinal microbe microbes microbial
microbiome microbiota organism organisms species strain strains
"""
FIELD: Final = frozenset(_FIELD_WORDS.split())
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9'-]*")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"(])")
# Share of the question's telling words that a source must hold to count, and the cosine above
# which half of that is enough. Chosen on questions with and without an answer in the starter
# knowledge base: tests/assistant/chat/test_chat.py holds both lists.
WORDS_NEEDED: Final = 0.5
CLOSE_IN_MEANING: Final = 0.5
MOST_SENTENCES: Final = 4


def telling_words(text: str) -> frozenset[str]:
    """List the words that say what a text is about, cut to a common stem.

    >>> sorted(telling_words("Which gut enzymes inactivate digoxin?"))
    ['digoxi', 'inacti']
    """
    words = {word.lower() for word in _WORD.findall(text)} - STOP
    chosen = words - FIELD or words
    return frozenset(_stem(word) for word in chosen if len(word) > 1)


def _stem(word: str) -> str:
    # Six letters tell apart what matters here, and join inactivate with inactivation.
    return word[:6].rstrip("s") if len(word) > 3 else word


def is_relevant(question: str, hit: TextHit) -> bool:
    """Tell whether a hit speaks of what the question is about."""
    wanted = telling_words(question)
    if not wanted:
        return False
    share = len(wanted & telling_words(f"{hit.title} {hit.text}")) / len(wanted)
    is_close = (hit.dense or 0.0) >= CLOSE_IN_MEANING
    return share >= WORDS_NEEDED or (is_close and share >= WORDS_NEEDED / 2)


def extracted(question: str, sources: Sequence[Source]) -> Iterator[AnswerSentence]:
    """Choose the sentence of each source that holds most of the question's words."""
    wanted = telling_words(question)
    for source in sources[:MOST_SENTENCES]:
        is_named = source.kind in {"gene", "drug"}
        best = source.quote if source.kind == "drug" else best_sentence(wanted, source.text)
        if best and (is_named or wanted & telling_words(best)):
            yield AnswerSentence(text=best, keys=(source.key,), origin="rule", verdict="supported")


def best_sentence(wanted: frozenset[str], text: str) -> str:
    """Pick the sentence with most of the wanted words; the first of equals."""
    sentences = [
        sentence.strip()
        for sentence in _SENTENCE_END.split(text)
        if sentence.strip() and not addresses_reader(sentence)
    ]
    if not sentences:
        return ""
    return max(sentences, key=lambda sentence: len(wanted & telling_words(sentence)))
