"""Open the language model of the settings: its cache, its loading on demand, its giving up.

Answers are kept in the knowledge base's cache. A model that was loaded for it before, and lies
there unchanged, is loaded only when a question is asked whose answer is not kept.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from assistant.completion_cache import (
    CachedBackend,
    KnownModel,
    identity_of,
    keep_known,
    known_model,
)
from assistant.llm import NO_LLM, SCRIPTED, load_backend
from assistant.llm.giving_up import GivingUpBackend
from assistant.llm.on_demand import OnDemandBackend
from assistant.llm.openai_compatible import OpenAICompatibleBackend
from ingest.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.llm.base import LLMBackend
    from assistant.settings import Settings


def open_backend(
    knowledge_base: Path, settings: Settings, *, gives_up: bool = False
) -> LLMBackend | None:
    """Open the model of the settings; scripted answers are not kept.

    Args:
        knowledge_base: Whose cache is used.
        settings: Names the model.
        gives_up: Stop asking a server that is gone, as a batch should; a person in a
            conversation decides alone when to ask again.

    Raises:
        UserError: The spec is wrong, or the model is not there.
    """
    if settings.llm == NO_LLM:
        return None
    if not _keeps_answers(settings):
        return _load_model(settings, gives_up=gives_up)
    folder, identity = _answers_of(knowledge_base), identity_of(settings.llm)
    backend: LLMBackend
    if known := known_model(folder, identity):
        load = partial(_load_model, settings, gives_up=gives_up)
        backend = OnDemandBackend(load, known.name, known.model)
    else:
        backend = _load_model(settings, gives_up=gives_up)
        keep_known(folder, identity, KnownModel(backend.name, backend.model))
    is_here = backend.name != OpenAICompatibleBackend.name
    return CachedBackend(backend, folder, identity, keeps_cut=is_here)


def model_name(knowledge_base: Path, settings: Settings) -> str:
    """Load the model once before anything is written: a wrong spec fails here.

    One that was loaded before for this knowledge base, and lies there unchanged, is not.

    Raises:
        UserError: There is no such model, or nobody answers at the server's address.
    """
    if settings.llm == NO_LLM:
        return ""
    known = None
    if _keeps_answers(settings):
        known = known_model(_answers_of(knowledge_base), identity_of(settings.llm))
    if known and known.name != OpenAICompatibleBackend.name:
        return known.model
    backend = _load_model(settings, gives_up=False)
    try:
        if isinstance(backend, OpenAICompatibleBackend):
            backend.check_reachable()
    finally:
        backend.close()
    return backend.model


def _load_model(settings: Settings, *, gives_up: bool) -> LLMBackend:
    """Load a model, or prepare to ask a server.

    Raises:
        UserError: The spec is wrong, or the model is not there.
    """
    backend = load_backend(settings.llm, online=settings.online, threads=settings.threads)
    if backend is None:
        raise UserError("no language model is set", where="--llm")
    if isinstance(backend, OpenAICompatibleBackend):
        backend.wait_at_most(settings.llm_timeout)
        return GivingUpBackend(backend, backend) if gives_up else backend
    return backend


def _keeps_answers(settings: Settings) -> bool:
    return settings.llm_cache and not settings.llm.startswith(SCRIPTED)


def _answers_of(knowledge_base: Path) -> Path:
    return knowledge_base / "cache" / "completions"
