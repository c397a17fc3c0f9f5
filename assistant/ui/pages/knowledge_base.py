"""Knowledge base: what is in it, search it, add files to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.ui import services
from assistant.ui.components.add_files import add_form
from assistant.ui.components.guards import errors_shown, open_knowledge_base
from assistant.ui.components.page_words import in_page_words
from assistant.ui.components.plain import plain
from assistant.ui.components.search_form import search_options
from assistant.ui.components.sources import LEGEND, hits_panel

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.description import Info

# Where to search: the word for it, and the name that searches know.
SCOPES = {
    "everything": "all",
    "papers": "literature",
    "proteins": "proteins",
    "features and samples": "features",
}


def render() -> None:
    """Draw contents, search and the form for new files."""
    st.title("Knowledge base", anchor=False)
    path = open_knowledge_base()
    with errors_shown():
        services.info(path)  # an absent or damaged base is told before anything is offered
        contents = st.container()
        search, add = st.tabs(["Search", "Add files"])
        with search, errors_shown():
            _search(path)
        with add, errors_shown():
            add_form(path)
        with contents:
            _contents(services.info(path), services.papers_told(path))


def _contents(info: Info, papers: str) -> None:
    with st.container(horizontal=True, gap="medium"):
        for key, word in services.HELD:
            st.metric(word.capitalize(), f"{info.counts[key]:,}", width="content")
    if papers:
        st.caption(plain(papers))
    with st.expander("Files and models"):
        st.dataframe(
            [{"file": it.name, "read as": it.reader, "records": sum(it.added.values()),
              "left out": it.bad} for it in info.files],
            hide_index=True,
        )  # fmt: skip
        st.dataframe(
            [{"compared": it.name, "by model": it.embedder, "dimensions": it.dim,
              "vectors": it.vectors} for it in info.spaces],
            hide_index=True,
        )  # fmt: skip


def _search(path: Path) -> None:
    left, right = st.columns([3, 1])
    query = left.text_input(
        "Words or a question", key="kb_query", persist_state="session",
        placeholder="digoxin reductase",
    )  # fmt: skip
    scope = right.selectbox("In", SCOPES, key="kb_scope", persist_state="session")
    if not query.strip():
        return
    k, options = search_options(services.paper_types(path))
    found = services.search(path, query, SCOPES[scope], k, options)
    if found.notes:
        st.info(plain(in_page_words(" ".join(found.notes))))
    if not found.hits:
        st.write("Nothing was found.")
        return
    hits_panel(found)
    st.caption(plain(LEGEND))


render()
