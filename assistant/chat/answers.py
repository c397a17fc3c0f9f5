"""What an answer is: sentences that point to sources, and what was turned down."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from assistant.claims import Check, Origin, Verdict

NOTHING_FOUND = (
    "No evidence on this was found in this knowledge base. That says nothing about the world: "
    "add papers or proteins on the subject, or ask with other words."
)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Model):
    """A text that an answer may cite; ``why`` says which search found it."""

    key: str
    kind: str
    title: str
    reference: str
    text: str
    quote: str = ""
    why: str = ""
    score: float = Field(default=0.0, ge=0, le=1)


class AnswerSentence(_Model):
    """One sentence with the keys of its sources and how its checks went."""

    text: str
    keys: tuple[str, ...]
    origin: Origin
    verdict: Verdict
    checks: tuple[Check, ...] = ()


class Answer(_Model):
    """What is shown for a question; ``rejected`` never counts as an answer."""

    question: str
    sentences: tuple[AnswerSentence, ...] = ()
    rejected: tuple[AnswerSentence, ...] = ()
    sources: tuple[Source, ...] = ()
    note: str = ""
    model: str = ""
