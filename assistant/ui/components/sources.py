"""Texts that were found, and where they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from assistant.report.links import link_of
from assistant.ui.components.plain import marked, plain

if TYPE_CHECKING:
    from assistant.chat.answers import Source
    from retrieval.hits import TextHit

KIND_NAMES: Final = {
    "passage": "literature",
    "protein": "reference protein",
    "feature": "community feature",
    "sample": "sample",
    "gene": "gene of the run",
}
LEGEND: Final = (
    "Meaning: cosine similarity of the texts, at most 1. Words: BM25 score of shared words. "
    "Both say how near a text is to the question, not whether it is right."
)


def source_label(source: Source) -> str:
    """Write the line that stands for a source: its key, its title and its kind."""
    kind = KIND_NAMES.get(source.kind, source.kind)
    return f"**{plain(f'[{source.key}]')}** {plain(source.title)} · {plain(kind)}"


def source_panel(source: Source) -> None:
    """Draw a source of an answer, with the sentence that was quoted in bold."""
    st.markdown(marked(source.text, source.quote))
    _origin(source.reference, source.kind, source.why)


def hit_panel(hit: TextHit) -> None:
    """Draw what a search found."""
    st.markdown(f"{caution_of(hit)}**{plain(hit.title)}**")
    if hit.status_note:
        st.caption(plain(hit.status_note))
    st.markdown(plain(hit.text))
    _origin(hit.reference, hit.kind, hit.why, hit.year)


def caution_of(hit: TextHit) -> str:
    """Write what is to be known of a paper before its title; retractions and concerns in red."""
    if not hit.caution:
        return ""
    colour = "red" if hit.is_retracted or hit.has_concern else "orange"
    return f":{colour}[**{hit.caution}**] "


def _origin(reference: str, kind: str, why: str, year: str = "") -> None:
    parts = (reference_link(reference), KIND_NAMES.get(kind, kind), plain(year), plain(why))
    st.caption(" · ".join(part for part in parts if part))


def reference_link(reference: str) -> str:
    """Write a reference as a link where its database has a public page."""
    address = link_of(reference)
    return f"[{plain(reference)}]({address})" if address else plain(reference)
