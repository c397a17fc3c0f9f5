"""A conversation: one knowledge base, perhaps a run, perhaps a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.chat.about_base import AboutBase, is_whole_answer
from assistant.chat.agent_tools import ReadOnlyTools
from assistant.chat.answers import NOTHING_FOUND, Answer, Scope
from assistant.chat.conversation import before
from assistant.chat.drug_sources import drug_sources, drugs_of_taxa
from assistant.chat.extract import extracted
from assistant.chat.following import understand
from assistant.chat.llm_answer import llm_sentences
from assistant.chat.looking_up import LookUp
from assistant.chat.not_found import not_found
from assistant.chat.paper_sources import paper_sources
from assistant.chat.papers_named import short_citation
from assistant.chat.question_words import telling_words
from assistant.chat.similar_samples import similar_sources
from assistant.chat.sources import numbered, private_source, text_sources
from assistant.chat.subjects import subjects_of
from assistant.chat.word_weights import word_weights
from assistant.harmful_requests import declined
from ingest.errors import BackendError, UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType
    from typing import Self

    from assistant.chat.agent import Agent
    from assistant.chat.answers import AnswerSentence, Source
    from assistant.chat.following import Understood
    from assistant.claims import AnnotationRecord
    from assistant.llm.base import LLMBackend
    from retrieval.knowledge_base import KnowledgeBase

# Hits that are looked at before the relevance bar.
DEPTH: Final = 12
# Sources by rule that come before those of an agent, and all of both.
MOST_BY_RULE: Final = 3
MOST_WITH_AGENT: Final = 8
# Telling words without which nothing but a gene's id is asked.
LEAST_TOLD: Final = 1
# Sources by identifier: the others leave room for texts.
MOST_LOOKED_UP: Final = 4
# Weight of the words that a follow-up adds, next to those of the question before it.
ADDED: Final = 2.0
FROM_SOURCES: Final = "Sentences in quotation marks are word for word from the sources."
COUNTED: Final = "Counted or looked up; no text is quoted."
NO_SENTENCE: Final = (
    "No sentence of these sources answers this; they are listed because they are near to it."
)
MODEL_FAILED: Final = (
    "The language model gave no usable answer ({}); quoted from the sources instead."
)
NONE_SUPPORTED: Final = (
    "Nothing that the language model wrote is supported by the sources; quoted from them instead."
)


class Chat:
    """Answer questions: what a question names is looked up, then texts are searched.

    Args:
        base: The open knowledge base; ``close`` closes it.
        records: Records of a run, so that its genes can be asked about.
        backend: A language model, or None to quote the sources.
        seed: Seed of the model.
        prompt_columns: Metadata columns of samples that the model may see; none by default.
        run_name: What the run is called, for the reader.
        agent: A model that looks for more sources with tools; ``backend`` answers from them.
    """

    def __init__(
        self,
        base: KnowledgeBase,
        records: Sequence[AnnotationRecord] = (),
        backend: LLMBackend | None = None,
        seed: int = 0,
        prompt_columns: Sequence[str] = (),
        run_name: str = "",
        agent: Agent | None = None,
    ) -> None:
        """Keep what answers are made from."""
        self._base = base
        self._records = {record.gene.id: record for record in records}
        self._backend = backend
        self._seed = seed
        self._prompt_columns = tuple(prompt_columns)
        self._run_name = run_name
        self._agent = agent

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the knowledge base and the model."""
        self._base.close()
        if self._backend is not None:
            self._backend.close()

    def ask(
        self, question: str, given: Sequence[Source] = (), earlier: Sequence[Answer] = ()
    ) -> Answer:
        """Answer a question from the sources, or say that there are none.

        Args:
            question: The question.
            given: Sources that it is about; they come first.
            earlier: The answers before it, oldest first: a question may point back to them.

        Raises:
            UserError: The question is empty.
        """
        if not question.strip():
            raise UserError("the question is empty", where="ask")
        # What "it" stands for may be what makes a request one to decline.
        if refusal := declined(question, [answer.question for answer in earlier]):
            return Answer(question=question, note=refusal.text)
        asked = self.understood(question, earlier)
        sources, left_out = self._sources(asked, given)
        weights = self._weights(asked.text, asked)
        steps: tuple[str, ...] = ()
        if self._agent is not None:
            sources, steps = self._with_agent(asked, sources, self._agent)
        sentences = tuple(extracted(weights, sources))
        answer = Answer(
            question=question,
            sentences=sentences,
            sources=sources,
            note=_note(asked, sources, sentences),
            subjects=asked.own,
            carried=asked.carried,
            searched=asked.text,
            scope=self.scope(left_out),
            steps=steps,
        )
        if self._backend is not None and sources:
            answer = self._with_model(answer, self._backend)
        told = tuple(not_found(answer, asked, weights, self._base))
        return answer.model_copy(update={"not_found": told})

    def understood(self, question: str, earlier: Sequence[Answer] = ()) -> Understood:
        """Say what a question is about, in the light of the answers before it."""
        own = subjects_of(question, self._base.facts, self._records)
        return understand(question, own, before(earlier))

    def scope(self, left_out: int = 0) -> Scope:
        """Say where answers are looked for."""
        return Scope(
            knowledge_base=self._base.path.name,
            counts=self._base.facts.counts(),
            run=self._run_name,
            run_genes=len(self._records),
            left_out=left_out,
        )

    def _sources(
        self, asked: Understood, given: Sequence[Source]
    ) -> tuple[tuple[Source, ...], int]:
        """Find sources; those that do not name the taxon or drug in question are counted only."""
        if any(it.kind == "paper" for it in asked.subjects):
            named = paper_sources(asked.question, asked.subjects, self._base.facts.connection)
            return numbered([*given, *named]), 0
        found = LookUp(self._base.facts, self._records).sources(asked.subjects, asked.aspect)
        alike = similar_sources(asked.question, asked.subjects, self._base)
        counted = list(AboutBase(self._base.facts, self._records).sources(asked.question))
        if any(is_whole_answer(source) for source in counted):
            return numbered([*given, *counted, *found]), 0
        looked_up = [*given, *alike, *counted, *found][:MOST_LOOKED_UP]
        drugs = " ".join(name for it in asked.subjects if it.kind == "drug" for name in it.names)
        about = (
            *drug_sources(drugs, self._records.values()),
            *drugs_of_taxa(asked),
            *self._texts(asked),
        )
        fitting = [source for source in about if asked.is_about(_all_of(source))]
        return numbered(_distinct([*looked_up, *fitting])), len(about) - len(fitting)

    def _texts(self, asked: Understood) -> tuple[Source, ...]:
        """Search texts; a gene's draft names the subject that papers are about, its id does not."""
        names = self._functions(asked)
        genes = {it.name for it in asked.subjects if it.kind == "gene"}
        words = " ".join(word for word in asked.text.split() if word.strip("@?.,;") not in genes)
        told = " ".join(names) or words
        if asked.is_own_matter or (genes and len(telling_words(told)) < LEAST_TOLD):
            return ()
        hits = self._base.search(" ".join([words, *names]), DEPTH, "all")
        papers = {it.owner_id: self._base.publication(it.owner_id) for it in hits}
        citations = {name: short_citation(paper) for name, paper in papers.items() if paper}
        return tuple(text_sources(self._weights(told, asked), hits, citations))

    def _weights(self, text: str, asked: Understood) -> dict[str, float]:
        """Weigh the words of a text; what a follow-up adds to the question before tells more."""
        weights = word_weights(text, self._base.facts.connection)
        added = telling_words(asked.question) if asked.text != asked.question else frozenset()
        return {word: it * (ADDED if word in added else 1) for word, it in weights.items()}

    def _functions(self, asked: Understood) -> list[str]:
        records = (self._records.get(it.name) for it in asked.subjects if it.kind == "gene")
        leading = (record.hypothesis.leading for record in records if record)
        return [one.product for one in leading if one]

    def _with_agent(
        self, asked: Understood, sources: tuple[Source, ...], agent: Agent
    ) -> tuple[tuple[Source, ...], tuple[str, ...]]:
        """Add what an agent finds to what rules found; when it fails, that stands alone."""
        tools = ReadOnlyTools(self._base, self._records, self._for_prompt)
        failed: list[str] = []
        try:
            agent.gather(asked.text, tools)
        except BackendError as error:
            failed = [f"stopped: {error.what}"]
        found = [
            it for it in tools.found.values() if it.kind == "gene" or asked.is_about(_all_of(it))
        ]
        joined = numbered(_distinct([*sources[:MOST_BY_RULE], *found, *sources]), MOST_WITH_AGENT)
        return joined, (*tools.calls, *failed)

    def _for_prompt(self, sources: Sequence[Source]) -> tuple[Source, ...]:
        """Keep the metadata of samples from the model; the person sees them all the same."""
        if not any(source.kind == "sample" for source in sources):
            return tuple(sources)
        attributes = {it.samp_name: it.attributes for it in self._base.samples()}
        return tuple(
            private_source(source, attributes.get(source.reference, ()), self._prompt_columns)
            for source in sources
        )

    def _with_model(self, quoted: Answer, backend: LLMBackend) -> Answer:
        try:
            shown = self._for_prompt(quoted.sources)
            written = llm_sentences(quoted.searched, shown, backend, seed=self._seed)
        except BackendError as error:
            return quoted.model_copy(
                update={"note": MODEL_FAILED.format(error.what), "model": backend.model}
            )
        supported = tuple(item for item in written if item.verdict == "supported")
        rejected = tuple(item for item in written if item.verdict != "supported")
        return quoted.model_copy(
            update={
                "sentences": supported or quoted.sentences,
                "rejected": rejected,
                "note": "" if supported else NONE_SUPPORTED,
                "model": backend.model,
            }
        )


def _all_of(source: Source) -> str:
    return f"{source.title} {source.text}"


def _distinct(sources: Iterable[Source]) -> list[Source]:
    """Keep the first of sources that say the same of the same."""
    first: dict[tuple[str, str, str], Source] = {}
    for source in sources:
        # A row of a table is told with its figures once, however it was found.
        text = "" if source.kind in {"feature", "sample"} else source.text
        first.setdefault((source.reference, source.title, text), source)
    return list(first.values())


def _note(asked: Understood, sources: Sequence[Source], sentences: Sequence[AnswerSentence]) -> str:
    """Say how sentences were made, or why there are none."""
    if sentences:
        answer = Answer(question=asked.question, sentences=tuple(sentences), sources=tuple(sources))
        return FROM_SOURCES if any(map(answer.is_verbatim, sentences)) else COUNTED
    return NO_SENTENCE if sources else _nothing(asked)


def _nothing(asked: Understood) -> str:
    """Say that nothing was found, and what it was looked for."""
    if not asked.subjects:
        return NOTHING_FOUND
    named = "; ".join(subject.label for subject in asked.subjects)
    return f"{NOTHING_FOUND} Looked for: {named}."
