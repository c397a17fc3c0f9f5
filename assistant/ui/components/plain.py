"""Text from papers, models and files, drawn as text: no markup, no links, no images."""

from __future__ import annotations

import re

# What Streamlit's Markdown gives a meaning: markup, HTML, formulas, directives and emoji codes.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:])")


def plain(text: str) -> str:
    """Escape text for ``st.markdown``: what is shown is what was written."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
