"""What the pages share between reruns and sessions: one open knowledge base, one model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant import services
from assistant.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.chat import Chat
    from assistant.claims import AnnotationRecord
    from assistant.report.base import Report
    from assistant.review_desk import ReviewDesk
    from retrieval.knowledge_base import KnowledgeBase


def knowledge_base(path: Path) -> KnowledgeBase:
    """Open a knowledge base once for all sessions; anew after files were added."""
    return _knowledge_base(str(path), _stamp(path / "manifest.json"))


@st.cache_resource(show_spinner="Opening the knowledge base ...", max_entries=2)
def _knowledge_base(path: str, stamp: int) -> KnowledgeBase:  # noqa: ARG001 - part of the key
    from pathlib import Path

    return services.open_base(Path(path), load_settings())


def chat(path: Path, run: Path | None, llm: str) -> Chat:
    """Open a conversation; the model is loaded once for all sessions."""
    stamp = _stamp(path / "manifest.json"), _stamp(run / "run.json") if run else 0
    return _chat(str(path), str(run or ""), llm, stamp)


@st.cache_resource(show_spinner="Opening the knowledge base ...", max_entries=2)
def _chat(path: str, run: str, llm: str, stamp: tuple[int, int]) -> Chat:  # noqa: ARG001 - key
    from pathlib import Path

    return services.open_chat(Path(path), load_settings(llm=llm), run=Path(run) if run else None)


def records(run: Path) -> tuple[AnnotationRecord, ...]:
    """Read the records of a run once for all sessions."""
    return _records(str(run), _stamp(run / "run.json"))


@st.cache_resource(show_spinner="Reading the run ...", max_entries=2)
def _records(run: str, stamp: int) -> tuple[AnnotationRecord, ...]:  # noqa: ARG001 - key
    from pathlib import Path

    from assistant.run_folder import RunFolder

    return tuple(RunFolder.open(Path(run)).records())


def desk(run: Path) -> ReviewDesk:
    """Open a run's reviews; cheap, so done anew each time and never stale."""
    return services.open_desk(run, load_settings())


def report(run: Path, *, include_drafts: bool) -> Report:
    """Read a run with its reviews for an export."""
    return services.load_report(desk(run).run, load_settings(), include_drafts=include_drafts)


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns if path.is_file() else 0
