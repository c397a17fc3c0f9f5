"""LangChain's interfaces over the knowledge base and the backends, for chains of the user's own.

    retriever = KnowledgeBaseRetriever(base=base, k=5)
    model = BackendChatModel(backend=load_backend("bundled"))
    chain = retriever | ... | model

The retriever's documents carry reference, kind and scores as metadata. Nothing is pickled and
nothing is sent anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langchain_core.documents import Document
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.retrievers import BaseRetriever

from assistant.llm.base import Message
from retrieval.documents import without_metadata

if TYPE_CHECKING:
    from langchain_core.callbacks import (
        CallbackManagerForLLMRun,
        CallbackManagerForRetrieverRun,
    )
    from langchain_core.messages import BaseMessage

# LangChain's names of roles and those of chat templates.
_ROLES = {"human": "user", "ai": "assistant", "system": "system"}


class KnowledgeBaseRetriever(BaseRetriever):
    """Retrieve texts of a knowledge base: hybrid search, retracted papers left out.

    ``base`` is an open ``retrieval.knowledge_base.KnowledgeBase`` (typed loosely, since
    LangChain's models want classes that they can check).
    """

    base: Any
    k: int = 5
    scope: str = "all"

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        del run_manager
        hits = self.base.search(query, self.k, self.scope)
        attributes = {}
        if any(hit.kind == "sample" for hit in hits):
            attributes = {it.samp_name: it.attributes for it in self.base.samples()}
        return [
            Document(
                # What LangChain retrieves goes into prompts: no metadata of samples in it.
                page_content=without_metadata(hit.text, attributes.get(hit.owner_id, ()))
                if hit.kind == "sample"
                else hit.text,
                metadata={
                    "id": hit.id,
                    "title": hit.title,
                    "reference": hit.reference,
                    "kind": hit.kind,
                    "score": hit.score,
                    "why": hit.why,
                },
            )
            for hit in hits
        ]


class BackendChatModel(BaseChatModel):
    """A chat model over one of our language-model backends."""

    backend: Any
    max_tokens: int = 512
    seed: int = 0

    @property
    def _llm_type(self) -> str:
        return f"metalumen-{self.backend.name}"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401 - the signature is LangChain's
    ) -> ChatResult:
        del run_manager, kwargs
        turns = [Message(_ROLES.get(item.type, "user"), str(item.text)) for item in messages]
        completion = self.backend.generate(turns, max_tokens=self.max_tokens, seed=self.seed)
        text = _cut_at(completion.text, stop or [])
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])


def _cut_at(text: str, stops: list[str]) -> str:
    for stop in stops:
        text = text.partition(stop)[0]
    return text
