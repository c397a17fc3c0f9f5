"""A conversation: one knowledge base, perhaps a run, perhaps a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.chat.answers import NOTHING_FOUND, Answer
from assistant.chat.drug_sources import drug_sources
from assistant.chat.extract import extracted
from assistant.chat.llm_answer import llm_sentences
from assistant.chat.sources import gene_sources, genes_named, numbered, private_source, text_sources
from assistant.harmful_requests import declined
from ingest.errors import BackendError, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

    from assistant.chat.answers import Source
    from assistant.claims import AnnotationRecord
    from assistant.llm.base import LLMBackend
    from retrieval.knowledge_base import KnowledgeBase

# Hits that are looked at before the relevance bar.
DEPTH: Final = 12
FROM_SOURCES: Final = "Sentences are quoted word for word from the sources."
MODEL_FAILED: Final = (
    "The language model gave no usable answer ({}); quoted from the sources instead."
)
NONE_SUPPORTED: Final = (
    "Nothing that the language model wrote is supported by the sources; quoted from them instead."
)


class Chat:
    """Answer questions; each stands alone.

    Args:
        base: The open knowledge base; ``close`` closes it.
        records: Records of a run, so that its genes can be asked about.
        backend: A language model, or None to quote the sources.
        seed: Seed of the model.
        prompt_columns: Metadata columns of samples that the model may see; none by default.
    """

    def __init__(
        self,
        base: KnowledgeBase,
        records: Sequence[AnnotationRecord] = (),
        backend: LLMBackend | None = None,
        seed: int = 0,
        prompt_columns: Sequence[str] = (),
    ) -> None:
        """Keep what answers are made from."""
        self._base = base
        self._records = {record.gene.id: record for record in records}
        self._backend = backend
        self._seed = seed
        self._prompt_columns = tuple(prompt_columns)

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

    def ask(self, question: str, given: Sequence[Source] = ()) -> Answer:
        """Answer a question from the sources, or say that there are none.

        Args:
            question: The question.
            given: Sources that it is about; they come first.

        Raises:
            UserError: The question is empty.
        """
        if not question.strip():
            raise UserError("the question is empty", where="ask")
        if refusal := declined(question):
            return Answer(question=question, note=refusal.text)
        sources = self._sources(question, given)
        if not sources:
            return Answer(question=question, note=NOTHING_FOUND)
        quoted = Answer(
            question=question,
            sentences=tuple(extracted(question, sources)),
            sources=sources,
            note=FROM_SOURCES,
        )
        return quoted if self._backend is None else self._with_model(quoted, self._backend)

    def _sources(self, question: str, given: Sequence[Source]) -> tuple[Source, ...]:
        genes = tuple(genes_named(question, self._records))
        # A gene's draft names the subject that the papers are about.
        names = [record.hypothesis.leading.product for record in genes if record.hypothesis.leading]
        hits = self._base.search(" ".join([question, *names]), DEPTH, "all")
        asked = " ".join(names) or question
        drugs = drug_sources(question, self._records.values())
        return numbered([*given, *gene_sources(genes), *drugs, *text_sources(asked, hits)])

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
            written = llm_sentences(quoted.question, shown, backend, seed=self._seed)
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
