"""The frame around the pages: navigation, and what is open."""

from __future__ import annotations

import streamlit as st

from assistant.ui import state
from assistant.ui.components.styles import draw_styles

# File and title; a page's address is its file's name. The order is that of a working day.
PAGES = (
    ("chat.py", "Chat"),
    ("genes.py", "Genes"),
    ("cohort.py", "Cohort"),
    ("review.py", "Review"),
    ("reports.py", "Reports"),
    ("knowledge_base.py", "Knowledge base"),
)


def show() -> None:
    """Draw the frame and the page that was chosen."""
    state.set_defaults()
    pages = [st.Page(state.page_file(name), title=title) for name, title in PAGES]
    chosen = st.navigation({"Metalumen": pages})
    # An emoji as page icon is drawn by the browser itself: nothing is fetched for it.
    st.set_page_config(
        page_title=f"{chosen.title} · Metalumen",
        page_icon="🧬",
        layout="wide",
        initial_sidebar_state=250,
    )
    draw_styles()
    _sidebar()
    chosen.run()


def _sidebar() -> None:
    with st.sidebar:
        st.text_input("Knowledge base folder", key=state.KNOWLEDGE_BASE)
        st.text_input("Run folder", key=state.RUN)
        st.text_input(
            "Language model for the chat",
            key=state.LLM,
            help="`none`: answers quote the sources. `bundled`: a very small model, to try the "
            "path. `gguf:PATH`, `hf:FOLDER`, `ollama:MODEL` or "
            "`openai:http://127.0.0.1:8000/v1#MODEL`: a local model.",
        )
        st.caption("Machine-drafted, not experimentally verified, until a named person accepts it.")
