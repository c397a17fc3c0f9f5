"""One gene on one screen, as the HTML report has it: the draft, why, what to test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.report.html import gene_section
from assistant.ui.components.styles import SCOPE

if TYPE_CHECKING:
    from assistant.claims import AnnotationRecord, Review


def gene_card(record: AnnotationRecord, history: tuple[Review, ...]) -> None:
    """Draw a gene; its template escapes all text, and Streamlit drops scripts and handlers."""
    st.html(f'<div class="{SCOPE}">{gene_section(record, history)}</div>')
