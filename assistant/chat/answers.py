"""What an answer is: sentences that point to sources, and what was turned down."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from assistant.chat.subjects import Subject
from assistant.claims import Check, Origin, Verdict

NOTHING_FOUND = (
    "No evidence on this was found in this knowledge base. That says nothing about the world: "
    "add papers or proteins on the subject, or ask with other words."
)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Model):
    """A text that an answer may cite; ``why`` says which search found it.

    ``citation`` is a paper's first author, year and journal, ``caution`` what a reader must know
    of it before the text ("RETRACTED", "EXPRESSION OF CONCERN", "PREPRINT").
    """

    key: str
    kind: str
    title: str
    reference: str
    text: str
    quote: str = ""
    why: str = ""
    score: float = Field(default=0.0, ge=0, le=1)
    citation: str = ""
    caution: str = ""


class AnswerSentence(_Model):
    """One sentence with the keys of its sources and how its checks went."""

    text: str
    keys: tuple[str, ...]
    origin: Origin
    verdict: Verdict
    checks: tuple[Check, ...] = ()


class Scope(_Model):
    """Where an answer was looked for: counts of the knowledge base, and of the run if one is open.

    ``left_out`` counts the sources that were found and do not name what the question is about.
    """

    knowledge_base: str = ""
    counts: dict[str, int] = Field(default_factory=dict)
    run: str = ""
    run_genes: int = 0
    left_out: int = 0


class Answer(_Model):
    """What is shown for a question; ``rejected`` never counts as an answer.

    ``subjects`` are what the question names, ``carried`` what earlier turns named and it goes on
    with; ``searched`` is the text that was searched for. ``steps`` are the calls of an agent.
    ``not_found`` are sentences on what of the question was not found, or found and not used.
    """

    question: str
    sentences: tuple[AnswerSentence, ...] = ()
    rejected: tuple[AnswerSentence, ...] = ()
    sources: tuple[Source, ...] = ()
    note: str = ""
    model: str = ""
    subjects: tuple[Subject, ...] = ()
    carried: tuple[Subject, ...] = ()
    searched: str = ""
    scope: Scope = Scope()
    steps: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()

    @property
    def quoted(self) -> tuple[Source, ...]:
        """The sources that a sentence cites, in their order."""
        cited = {key for sentence in self.sentences for key in sentence.keys}
        return tuple(source for source in self.sources if source.key in cited)

    def is_verbatim(self, sentence: AnswerSentence) -> bool:
        """Tell a sentence that stands in a text from one that was counted or looked up."""
        if sentence.origin != "rule":
            return False
        sources = {source.key: source for source in self.sources}
        cited = [sources[key] for key in sentence.keys if key in sources]
        return any(it.kind == "passage" and sentence.text in it.text for it in cited)
