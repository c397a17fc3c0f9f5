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
CHOSEN_GENE = "chosen_gene"

# What the demo makes in the current folder; opened when nothing else is named.
DEMO_KNOWLEDGE_BASE = Path("demo/kb")
DEMO_RUN = Path("demo/run")


@dataclass(frozen=True, slots=True)
class Opened:
    """What the pages show; None where nothing is open."""

    knowledge_base: Path | None
    run: Path | None
    llm: str


def opened() -> Opened:
    """Read what is open: from the session, else the command line, else the demo."""
    remember(KNOWLEDGE_BASE, os.environ.get(OPEN_KNOWLEDGE_BASE, _if_there(DEMO_KNOWLEDGE_BASE)))
    remember(RUN, os.environ.get(OPEN_RUN, _if_there(DEMO_RUN)))
    remember(LLM, os.environ.get(OPEN_LLM, "none"))
    base, run = st.session_state[KNOWLEDGE_BASE], st.session_state[RUN]
    return Opened(Path(base) if base else None, Path(run) if run else None, st.session_state[LLM])


def remember(key: str, value: object) -> None:
    """Set a session value once; keep it across pages.

    Streamlit drops the value of a widget that a page does not draw; assigning it anew keeps it.
    """
    st.session_state[key] = st.session_state.get(key, value)


def _if_there(path: Path) -> str:
    return str(path) if path.is_dir() else ""
