"""What of a question was not found: an answer says it, so that it never seems to say more.

A sentence that shares words with a question need not answer it. What the quoted sentences do not
even name is told, and so are words that no text has, papers that are not held, and retracted
papers that were left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.chat.about_base import PAPERS_WITH, is_whole_answer
from assistant.chat.paper_sources import papers_not_held
from assistant.chat.papers_named import without_references
from assistant.chat.question_words import stem, telling_words
from assistant.chat.retracted import retracted_on
from assistant.chat.similar_samples import why_none_alike
from assistant.chat.unknown_words import unknown_told, unknown_words
from retrieval.evidence.wording import counted, listed
from retrieval.search_options import SearchOptions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from assistant.chat.answers import Answer, Source
    from assistant.chat.following import Understood
    from retrieval.knowledge_base import KnowledgeBase

#: Share of the question's weight from which a word that no sentence has is told.
_TOLD: Final = 0.12
_DEPTH: Final = 8
_MOST_NAMED: Final = 5
_OPTIONS: Final = SearchOptions()
#: Words that ask for an answer of a sort.
_ASKING: Final = frozenset(
    {"compare", "describe", "discuss", "explain", "overview", "report", "review", "say", "says"}
    | {"summarise", "summarize", "summary"}
)
#: Beginnings of words that say nearly the same: where one is asked for, the others do.
_ALIKE: Final = (
    (
        "affect",
        "alter",
        "chang",
        "disrup",
        "distur",
        "effect",
        "impact",
        "influe",
        "modif",
        "modula",
        "shift",
        "decrea",
        "increa",
        "reduc",
    ),
    ("catabo", "consum", "decomp", "degrad", "digest", "ferment", "hydrol", "metabo", "utili"),
    ("biosyn", "generat", "make", "produc", "releas", "secret", "synthe"),
    ("cause", "contri", "induc", "lead", "respon", "trigge"),
    ("block", "counte", "inhib", "preven", "suppre"),
    ("convert", "inacti", "metabo", "transf"),
    ("associ", "correl", "involv", "link", "relat", "role"),
    ("cure", "improv", "therap", "treat"),
)


def not_found(
    answer: Answer, asked: Understood, weights: Mapping[str, float], base: KnowledgeBase
) -> Iterator[str]:
    """Say what of a question the answer does not speak of, and what was left out."""
    yield from papers_not_held(asked.subjects, base.facts.connection)
    if why := why_none_alike(asked.question, asked.subjects, base):
        yield why
        return
    if any(_is_counted(source) for source in answer.sources):
        return  # what is counted in the base is not looked for in texts
    names = {name for it in asked.subjects for name in it.names}
    but = _words_of(names) | {it for it in _left(asked).split() if it.lower() in _ASKING}
    said = _said(answer)
    unknown = [
        it
        for it in unknown_words(_left(asked), base.facts.connection, but)
        if not _has_alike(stem(it.word.lower()), said)
    ]
    if told := unknown_told(asked.question, unknown):
        yield told
    if not answer.sources:
        yield from _apart(asked, weights, {it.word.lower() for it in unknown})
    is_count = any(is_whole_answer(source) for source in answer.sources)
    missing = [] if is_count else missing_words(answer, asked, weights)
    if missing := [word for word in missing if word not in {it.word.lower() for it in unknown}]:
        words = listed([f"“{word}”" for word in missing])
        yield f"No sentence of this answer speaks of {words}: it may not answer the question."
    if not any(it.kind == "paper" for it in asked.subjects):
        yield from _retracted(asked, weights, base)


def _is_counted(source: Source) -> bool:
    is_list_of_papers = source.title.startswith(PAPERS_WITH)
    return source.kind == "run" or (is_whole_answer(source) and not is_list_of_papers)


def missing_words(answer: Answer, asked: Understood, weights: Mapping[str, float]) -> list[str]:
    """List the question's telling words that neither a sentence nor its title or draft has."""
    if not answer.sentences:
        return []
    said = _said(answer)
    named = {stem(word) for it in asked.subjects for word in _words_of(it.names)}
    total = sum(weights.values())
    return [
        word
        for word in _words_in_order(_left(asked))
        if word not in _ASKING
        and stem(word) not in named
        and weights.get(stem(word), 0.0) >= _TOLD * total
        and stem(word) not in said
        and not _has_alike(stem(word), said)
    ]


def _said(answer: Answer) -> frozenset[str]:
    """List the stems of what the sentences and the titles of their sources say."""
    titles = (source.title for source in answer.quoted)
    return telling_words(" ".join([*titles, *(it.text for it in answer.sentences)]))


def _has_alike(asked: str, said: Collection[str]) -> bool:
    """Tell whether a word that says nearly the same is among those that were said."""
    alike = [group for group in _ALIKE if asked.startswith(group)]
    return any(word.startswith(group) for group in alike for word in said)


def _apart(
    asked: Understood, weights: Mapping[str, float], unknown: Collection[str]
) -> Iterator[str]:
    """Name the words that texts have, where none has enough of them together."""
    words = [
        word
        for word in _words_in_order(_left(asked))
        if stem(word) in weights and word not in {*unknown, *_ASKING}
    ]
    if len(words) > 1 or (words and unknown):
        named = listed([f"“{word}”" for word in words], most=_MOST_NAMED)
        yield f"Texts here have {named}, none enough of what is asked: search for one alone."


def _left(asked: Understood) -> str:
    return without_references(asked.question)


def _words_of(names: Iterable[str]) -> set[str]:
    """Take names apart, as they are written and in small letters."""
    written = " ".join(names)
    return {*written.split(), *_words_in_order(written)}


def _words_in_order(text: str) -> list[str]:
    return list(dict.fromkeys(word.lower() for word in re.findall(r"[^\W_][\w'-]*", text)))


def _retracted(
    asked: Understood, weights: Mapping[str, float], base: KnowledgeBase
) -> Iterator[str]:
    if found := retracted_on(base, asked.text, _DEPTH, _OPTIONS, weights):
        verb = "speaks of this and is" if len(found) == 1 else "speak of this and are"
        papers = counted(len(found), "retracted paper")
        yield f"{papers} {verb} not used: {listed(found, most=_MOST_NAMED)}."
