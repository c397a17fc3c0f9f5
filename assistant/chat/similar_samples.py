"""Sources on samples that are like a sample of the question: one sentence each, computed here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from assistant.chat.looking_up import BY_NAME, source
from ingest.errors import UserError
from retrieval.evidence.wording import number
from retrieval.profiles.search import AskedSample
from retrieval.profiles.vocabulary import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assistant.chat.answers import Source
    from assistant.chat.subjects import Subject
    from retrieval.knowledge_base import KnowledgeBase
    from retrieval.profiles.search import SimilarSample, SimilarSamples

#: Samples told for one question.
MOST_TOLD: Final = 3
_ASKED: Final = re.compile(
    r"\b(?:like|alike|akin|similar\w*|resembl\w+|nearest|closest|near to|close to|neighbou?rs?"
    r"|the same profile)\b",
    re.IGNORECASE,
)
#: What a question may want samples to be compared by.
_KINDS: Final = (
    ("genus", r"\bgenus|\bgenera\b"),
    ("higher", r"\bphyl(?:um|a)\b|\bhigher taxa\b"),
    ("pathway", r"\bpathway"),
    ("ko", r"\bKEGG|\bKOs?\b|\borthologs?\b"),
    ("ec", r"\bEC numbers?\b|\benzymes?\b"),
    ("family", r"\bgene famil|\bUniRef"),
    ("species", r"\bspecies\b"),
)


def asks_for_like_samples(question: str) -> bool:
    """Tell whether a question that names a sample asks what is like it.

    >>> asks_for_like_samples("Which samples are like S12?"), asks_for_like_samples("What is S12?")
    (True, False)
    """
    return bool(_ASKED.search(question))


def similar_sources(
    question: str, subjects: Iterable[Subject], base: KnowledgeBase
) -> Iterator[Source]:
    """Yield the samples most like the first sample that is named, where that is asked."""
    sample = next((it.name for it in subjects if it.kind == "sample"), "")
    if sample and asks_for_like_samples(question):
        yield from sources_like(sample, base, _kind(question))


def sources_like(sample: str, base: KnowledgeBase, kind: str = "") -> Iterator[Source]:
    """Yield the samples most like one; none where it has no profile (of that kind)."""
    try:
        answer = base.similar_samples(AskedSample(sample, kind), MOST_TOLD)
    except UserError:
        return
    for rank, hit in enumerate(answer.found, start=1):
        title = f"Sample {hit.sample} beside {answer.sample}"
        yield source("similar_sample", title, hit.sample, _told(answer, hit, rank), BY_NAME)


def why_none_alike(question: str, subjects: Iterable[Subject], base: KnowledgeBase) -> str:
    """Say why no sample can be told that is like the one that is named; "" where one is told."""
    sample = next((it.name for it in subjects if it.kind == "sample"), "")
    if not sample or not asks_for_like_samples(question):
        return ""
    try:
        found = base.similar_samples(AskedSample(sample, _kind(question)), 1).found
    except UserError as error:
        return f"No sample like {sample} can be told: {error}."
    return "" if found else f"No sample has anything in common with {sample}."


def _kind(question: str) -> str:
    found = (kind for kind, words in _KINDS if re.search(words, question, re.IGNORECASE))
    return next(found, "")


def _told(answer: SimilarSamples, hit: SimilarSample, rank: int) -> str:
    """Write one sentence with exact numbers; metadata are no part of it."""
    label = LABELS[answer.kind]
    place = f"number {rank} of {answer.compared:,} samples" if rank > 1 else "nearest of all"
    most = hit.alike[0] if hit.alike else None
    common = (
        f", most of all {most.name} ({number(100 * most.share)} % in {answer.sample} and"
        f" {number(100 * most.other_share)} % in {hit.sample})"
        if most
        else ""
    )
    files = hit.source if hit.source == hit.compared_with else f"{hit.compared_with}, {hit.source}"
    tool = ", made by another tool" if hit.is_other_tool else ""
    return (
        f"Sample {hit.sample} is like sample {answer.sample} by {label} ({place}): Hellinger"
        f" distance {hit.hellinger:.3f} and Bray-Curtis distance {hit.bray_curtis:.3f}, where 0 is"
        f" the same and 1 nothing in common; they share {hit.shared:,} of the"
        f" {answer.features:,} and {hit.features:,} {label} that they have{common} (computed from"
        f" {files}{tool})."
    )
