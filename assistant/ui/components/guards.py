"""What a page shows when nothing is open or something is wrong."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from assistant.ui import state
from assistant.ui.components.plain import plain
from ingest.errors import MetalumenError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show our own errors as a message: what, where, what to do."""
    try:
        yield
    except MetalumenError as error:
        st.error(plain(str(error)))


def open_knowledge_base() -> Path:
    """Return the open knowledge base, or say how to open one and stop the page."""
    path = state.opened().knowledge_base
    if path is None:
        st.info("No knowledge base is open. Name its folder in the sidebar, or run `make demo`.")
        st.stop()
    return path


def open_run() -> Path:
    """Return the open run, or say how to make one and stop the page."""
    path = state.opened().run
    if path is None:
        st.info(
            "No run is open. Name its folder in the sidebar; "
            "`metalumen annotate KB GENES -o RUN` makes one."
        )
        st.stop()
    return path
