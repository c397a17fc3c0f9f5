"""An answer in plain text: what it is about, where it was looked for, sentences with checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.report.words import VERDICTS
from retrieval.evidence.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assistant.chat.answers import Answer, AnswerSentence, Source
    from assistant.chat.subjects import Subject

_HELD = (
    ("publications", "papers"),
    ("proteins", "reference proteins"),
    ("genes", "own genes"),
    ("features", "community features"),
    ("samples", "samples"),
)


def answer_text(answer: Answer) -> str:
    """Write an answer for a terminal."""
    return "\n".join(_lines(answer))


def about_words(answer: Answer) -> str:
    """Say what was recognised in a question, and what was kept from earlier ones."""
    parts = []
    if answer.subjects:
        parts.append(f"Recognised: {_labels(answer.subjects)}.")
    if answer.carried:
        parts.append(f"Kept from before: {_labels(answer.carried)}.")
    if answer.scope.left_out:
        parts.append(_left_out_words(answer))
    return " ".join(parts)


def _left_out_words(answer: Answer) -> str:
    """Say how many texts were left out, and what they do not name."""
    count = answer.scope.left_out
    subjects = (*answer.subjects, *answer.carried)
    named = listed([it.name for it in subjects if it.kind in {"taxon", "drug"}])
    verbs = "does not name {} was" if count == 1 else "do not name {} were"
    what = named or "the disease that is asked about"
    return f"{counted(count, 'text')} that {verbs.format(what)} left out."


def counted_sources(sources: Sequence[Source]) -> str:
    """Count sources: passages of one paper are one paper.

    >>> counted_sources(())
    '0 sources'
    """
    papers = {it.reference for it in sources if it.kind == "passage"}
    passages = sum(it.kind == "passage" for it in sources)
    others = len(sources) - passages
    parts = []
    if passages:
        of = f" of {counted(len(papers), 'paper')}" if passages > 1 else " of a paper"
        parts.append(f"{counted(passages, 'passage')}{of}")
    if others or not passages:
        parts.append(counted(others, "other source" if passages else "source"))
    return " and ".join(parts)


def sources_by_paper(sources: Iterable[Source]) -> list[list[Source]]:
    """Put passages of one paper together, in the order of the first; each other source alone."""
    groups: dict[str, list[Source]] = {}
    for source in sources:
        name = source.reference if source.kind == "passage" else source.key
        groups.setdefault(name, []).append(source)
    return list(groups.values())


def sentence_text(answer: Answer, sentence: AnswerSentence) -> str:
    """Write a sentence: in quotation marks what stands in a text, else with the sign of its check.

    What must be known of a paper stands behind it.
    """
    keys = {source.key: source.caution for source in answer.sources}
    cautions = " ".join(dict.fromkeys(filter(None, (keys.get(key, "") for key in sentence.keys))))
    behind = f" {_marks(sentence)}{f' {cautions}' if cautions else ''}"
    if answer.is_verbatim(sentence):
        return f"“{sentence.text}”{behind}"
    return f"{VERDICTS[sentence.verdict].sign} {sentence.text}{behind}"


def scope_words(answer: Answer) -> str:
    """Say where the answer was looked for: which base, how much it holds, which run."""
    scope = answer.scope
    if not scope.knowledge_base:
        return ""
    held = ", ".join(
        f"{scope.counts[key]:,} {word}" for key, word in _HELD if scope.counts.get(key)
    )
    run = f"; run {scope.run} ({scope.run_genes:,} genes)" if scope.run else "; no run"
    return f"Searched: knowledge base {scope.knowledge_base} ({held or 'empty'}){run}."


def _lines(answer: Answer) -> Iterator[str]:
    yield from (sentence_text(answer, sentence) for sentence in answer.sentences)
    if answer.note:
        yield answer.note
    yield from answer.not_found
    if answer.rejected:
        yield "\nNot supported by the sources (shown so that you can judge):"
        yield from (f"  - {one.text} ({one.verdict}{_why(one)})" for one in answer.rejected)
    near = [source for source in answer.sources if source not in answer.quoted]
    if answer.quoted:
        yield f"\nSources: {counted_sources(answer.quoted)}"
        yield from map(_source_line, sources_by_paper(answer.quoted))
    if near:
        yield f"\nNear to the question, not quoted: {counted_sources(near)}"
        yield from map(_source_line, sources_by_paper(near))
    if answer.steps:
        yield "\nSteps of the agent"
        yield from (f"  {number}. {step}" for number, step in enumerate(answer.steps, start=1))
    told = [words for words in (about_words(answer), scope_words(answer)) if words]
    if told:
        yield f"\n{' '.join(told)}"


def _source_line(passages: Sequence[Source]) -> str:
    first = passages[0]
    keys = "".join(f"[{it.key}]" for it in passages)
    caution = f" {first.caution}:" if first.caution else ""
    cited = f" {first.citation}" if first.citation else ""
    return f"{keys}{caution} {first.title.rstrip('. ')}. {first.reference}{cited} ({first.why})"


def _why(sentence: AnswerSentence) -> str:
    failed = next((one.detail for one in sentence.checks if not one.passed and one.detail), "")
    return f": {failed}" if failed else ""


def _marks(sentence: AnswerSentence) -> str:
    return "".join(f"[{key}]" for key in sentence.keys)


def _labels(subjects: tuple[Subject, ...]) -> str:
    return "; ".join(subject.label for subject in subjects)
