"""Answer with a language model: a schema per call, and every sentence checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.chat.checking import QUESTION_ID, as_evidence, checked_claims
from assistant.claims import Citation, Claim
from assistant.llm.base import Message
from assistant.llm.untrusted import as_data
from assistant.model_text import tamed
from ingest.errors import BackendError
from ingest.records import Gene, digest_of
from prompts import render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.chat.answers import AnswerSentence, Source
    from assistant.llm.base import Completion, Json, LLMBackend, Schema
    from retrieval.evidence.base import Evidence

MOST_SENTENCES: Final = 4
LONGEST_SENTENCE: Final = 300  # characters
LONGEST_SOURCE: Final = 900  # characters in the prompt: six of them fit a small model's context
ANSWER_TOKENS: Final = 400
_PROMPT: Final = "chat_answer"
_CORRECTION: Final = (
    "That answer cannot be used: {problem}. Write the JSON again, shorter, in the form asked for."
)


class DraftSentence(BaseModel):
    """A sentence as the model wrote it."""

    model_config = ConfigDict(extra="forbid")

    sources: tuple[str, ...]
    quote: str
    text: str


class ChatDraft(BaseModel):
    """The model's answer before its checks."""

    model_config = ConfigDict(extra="forbid")

    sentences: tuple[DraftSentence, ...]


def schema_for(sources: Sequence[Source]) -> Schema:
    """Build the JSON schema of one call; a source that is not there cannot be named."""
    keys: list[Json] = [source.key for source in sources]
    sentence: Schema = {
        "type": "object",
        "properties": {
            "sources": {
                "type": "array",
                "items": {"type": "string", "enum": keys},
                "minItems": 1,
                "maxItems": 2,
            },
            "quote": {"type": "string", "maxLength": LONGEST_SENTENCE},
            "text": {"type": "string", "maxLength": LONGEST_SENTENCE},
        },
        "required": ["sources", "quote", "text"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {
            "sentences": {"type": "array", "items": sentence, "maxItems": MOST_SENTENCES}
        },
        "required": ["sentences"],
        "additionalProperties": False,
    }


def llm_sentences(
    question: str, sources: Sequence[Source], backend: LLMBackend, *, seed: int
) -> tuple[AnswerSentence, ...]:
    """Ask the model and check each sentence against the sources that it cites.

    Raises:
        BackendError: The model failed, or its answer does not fit the schema.
    """
    draft = _ask(question, sources, backend, seed)
    by_key = {source.key: as_evidence(source) for source in sources}
    claims = [_claim(sentence, by_key) for sentence in draft.sentences if sentence.text.strip()]
    return checked_claims(claims, by_key, Gene(QUESTION_ID))


def _ask(question: str, sources: Sequence[Source], backend: LLMBackend, seed: int) -> ChatDraft:
    # The fence below cannot be foreseen by a text that wants to close it.
    safe = [
        {"key": source.key, "kind": source.kind, "text": as_data(_told(source), LONGEST_SOURCE)}
        for source in sources
    ]
    fence = digest_of(question, *(source["text"] for source in safe))[:8]
    prompt = render(
        _PROMPT, question=as_data(question, keep_orders=True), fence=fence, sources=safe
    )
    messages = [Message(role, content) for role, content in prompt.turns]
    schema = schema_for(sources)
    completion = backend.generate(messages, schema, max_tokens=ANSWER_TOKENS, seed=seed)
    draft, problem = _parsed(completion)
    if draft is None:
        # Once more, with the reason: small models and servers without schemas need it.
        messages.append(Message("user", _CORRECTION.format(problem=problem)))
        completion = backend.generate(messages, schema, max_tokens=ANSWER_TOKENS, seed=seed)
        draft, problem = _parsed(completion)
    if draft is None:
        raise BackendError(f"the model's answer does not fit the schema: {problem}")
    return draft


def _parsed(completion: Completion) -> tuple[ChatDraft | None, str]:
    if completion.truncated:
        return None, "it was cut off before its end"
    try:
        return ChatDraft.model_validate_json(completion.text), ""
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        return None, as_data(f"{place}: {first['msg']}".strip(": "), LONGEST_SENTENCE)


def _told(source: Source) -> str:
    return f"{source.title}. {source.text}"


def _claim(sentence: DraftSentence, by_key: Mapping[str, Evidence]) -> Claim:
    shown = [f"{item.title} {item.quote}" for item in by_key.values()]
    text = tamed(sentence.text, shown)
    citations = tuple(
        # A key that is not there stays as it is: the check of keys will fail it.
        Citation(
            evidence_id=by_key[key].id if key in by_key else key,
            quote=tamed(sentence.quote, shown),
        )
        for key in dict.fromkeys(sentence.sources)
    )
    return Claim(id=f"chat-{digest_of(text)}", text=text, origin="llm", citations=citations)
