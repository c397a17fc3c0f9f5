"""An answer in plain text: what it is about, where it was looked for, sentences with checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.report.words import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.chat.answers import Answer, AnswerSentence
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
        parts.append(f"{answer.scope.left_out} texts that do not name it were left out.")
    return " ".join(parts)


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
    for sentence in answer.sentences:
        yield f"{VERDICTS[sentence.verdict].sign} {sentence.text} {_marks(sentence)}"
    if answer.note:
        yield answer.note
    if answer.rejected:
        yield "\nNot supported by the sources (shown so that you can judge):"
        yield from (f"  - {one.text} ({one.verdict}{_why(one)})" for one in answer.rejected)
    if answer.sources:
        yield "\nSources"
    for source in answer.sources:
        yield f"[{source.key}] {source.title.rstrip('. ')}. {source.reference} ({source.why})"
    if answer.steps:
        yield "\nSteps of the agent"
        yield from (f"  {number}. {step}" for number, step in enumerate(answer.steps, start=1))
    told = [words for words in (about_words(answer), scope_words(answer)) if words]
    if told:
        yield f"\n{' '.join(told)}"


def _why(sentence: AnswerSentence) -> str:
    failed = next((one.detail for one in sentence.checks if not one.passed and one.detail), "")
    return f": {failed}" if failed else ""


def _marks(sentence: AnswerSentence) -> str:
    return "".join(f"[{key}]" for key in sentence.keys)


def _labels(subjects: tuple[Subject, ...]) -> str:
    return "; ".join(subject.label for subject in subjects)
