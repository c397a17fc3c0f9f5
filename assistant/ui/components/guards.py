"""What a page shows when nothing is open or something is wrong."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st
from pydantic import ValidationError

from assistant.ui import state
from assistant.ui.components.page_words import in_page_words
from assistant.ui.components.plain import plain
from ingest.errors import MetalumenError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show an error that a user can mend as one message: what, where, what to do."""
    try:
        yield
    except (MetalumenError, ValidationError, OSError) as error:
        st.error(plain(in_page_words(told(error))))


def told(error: MetalumenError | ValidationError | OSError) -> str:
    """Say an error in one line."""
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}. Check the path, its rights and the free space"
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        return f"{field}: {first['msg']}. Check the METALUMEN_ environment variables"
    return str(error)


def open_knowledge_base() -> Path:
    """Return the open knowledge base, or say how to open one and stop the page."""
    path = state.opened().knowledge_base
    if path is None:
        st.info(
            "No knowledge base is open. Name its folder on the left. "
            "`metalumen demo` makes one to try, `metalumen add KB FILE` one of your own files."
        )
        st.stop()
    return path


def open_run() -> Path:
    """Return the open run, or say how to make one and stop the page."""
    path = state.opened().run
    if path is None:
        st.info(
            "No run is open. Name its folder on the left. `metalumen demo` makes one to try, "
            "`metalumen annotate KB GENES -o RUN` one of your own genes."
        )
        st.stop()
    return path
