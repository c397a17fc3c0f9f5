"""The frame around the pages: navigation, what is open, and errors as messages."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from assistant.ui import state

_FOLDER = Path(__file__).parent / "pages"

# File and title; a page's address is its file's name. The order is that of a working day.
PAGES = (
    ("chat.py", "Chat"),
    ("genes.py", "Genes"),
    ("review.py", "Review"),
    ("reports.py", "Reports"),
    ("knowledge_base.py", "Knowledge base"),
)


def show() -> None:
    """Draw the frame and the page that was chosen."""
    st.set_page_config(page_title="Metalumen", layout="wide")
    pages = [st.Page(_FOLDER / name, title=title) for name, title in PAGES]
    chosen = st.navigation(pages)
    _sidebar()
    chosen.run()


def _sidebar() -> None:
    opened = state.opened()
    with st.sidebar:
        st.caption("Machine-drafted, not experimentally verified, until a named person accepts it.")
        st.text_input("Knowledge base folder", key=state.KNOWLEDGE_BASE)
        st.text_input("Run folder", key=state.RUN)
        st.text_input(
            "Language model",
            key=state.LLM,
            help="none | bundled | gguf:PATH | openai:http://127.0.0.1:8000/v1#MODEL",
        )
        for path, name in ((opened.knowledge_base, "knowledge base"), (opened.run, "run")):
            if path is None:
                st.caption(f"No {name} is open.")
