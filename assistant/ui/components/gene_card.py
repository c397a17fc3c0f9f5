"""One gene on one screen, as the HTML report has it: the draft, why, what to test."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import streamlit as st

from assistant.report.html import gene_section, style_sheet

if TYPE_CHECKING:
    from assistant.claims import AnnotationRecord, Review

_SCOPE = "metalumen"
# The pages are light (assistant.ui.server), whatever the browser prefers.
_DARK = "(prefers-color-scheme: dark)"
# A card is set in the letters of the page; what a link leads to is not hidden by the toolbar.
_CARD = """
    --serif: "Source Sans", sans-serif; font-size: 0.9375rem; line-height: 1.5;
    color: var(--ink); color-scheme: light;
    .gene { content-visibility: visible; }
    tr { scroll-margin-top: 5rem; }
    li, p, dd, dt, td, th { font-size: inherit; }
"""
# Streamlit leaves 5 rem at either side, which tables need.
_PAGE = ".stMainBlockContainer { padding-left: 2.5rem; padding-right: 2.5rem; }"


def gene_card(record: AnnotationRecord, history: tuple[Review, ...]) -> None:
    """Draw a gene; its template escapes all text, and Streamlit drops scripts and handlers."""
    st.html(f'<div class="{_SCOPE}">{gene_section(record, history)}</div>')


def card_styles() -> None:
    """Draw the styles of the report, for cards only, and the margins of the page."""
    st.html(f"<style>{_styles()}</style>")


@cache
def _styles() -> str:
    # Nested rules hold inside cards only; "&" stands for the card where the report says ":root".
    scoped = style_sheet().replace(":root", "&").replace(_DARK, "not all")
    return f"{_PAGE} .{_SCOPE} {{ {scoped} {_CARD} }}"
