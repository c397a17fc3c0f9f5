"""Names of what the session keeps, and what is open at the moment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from assistant.ui.server import OPEN_KNOWLEDGE_BASE, OPEN_LLM, OPEN_RUN

KNOWLEDGE_BASE = "open_knowledge_base"
RUN = "open_run"
LLM = "open_llm"
REVIEWER = "reviewer_name"
CONVERSATION = "conversation"
CONVERSATION_NAME = "conversation_name"
CHOSEN_GENE = "chosen_gene"
COHORT = "cohort_result"
# A question that another page asks, with the sources that it is about.
PENDING = "pending_question"

# What the demo makes in the current folder; opened when nothing else is named.
DEMO_KNOWLEDGE_BASE = Path("demo/kb")
DEMO_RUN = Path("demo/run")

_PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True, slots=True)
class Opened:
    """What the pages show; None where nothing is open."""

    knowledge_base: Path | None
    run: Path | None
    llm: str


def set_defaults() -> None:
    """Open what the command line named, else the demo; called once before anything is drawn."""
    first = {
        KNOWLEDGE_BASE: os.environ.get(OPEN_KNOWLEDGE_BASE, _if_there(DEMO_KNOWLEDGE_BASE)),
        RUN: os.environ.get(OPEN_RUN, _if_there(DEMO_RUN)),
        LLM: os.environ.get(OPEN_LLM, "none"),
        CONVERSATION: [],
    }
    for key, value in first.items():
        st.session_state.setdefault(key, value)


def opened() -> Opened:
    """Read what is open in this session."""
    base, run = _path(KNOWLEDGE_BASE), _path(RUN)
    return Opened(base, run, st.session_state[LLM].strip() or "none")


def page_file(name: str) -> Path:
    """Return the file of a page, to list it or to go there."""
    return _PAGES / name


def _path(key: str) -> Path | None:
    text = st.session_state[key].strip()
    return Path(text).expanduser() if text else None


def _if_there(path: Path) -> str:
    return str(path) if path.is_dir() else ""
