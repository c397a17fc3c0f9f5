"""Text from papers, models and files, drawn as text: no markup, no links, no images."""

from __future__ import annotations

import re
from typing import Final

# What Streamlit's Markdown gives a meaning: markup, HTML, formulas, directives and emoji codes.
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&=^])")
# Addresses and icon codes are looked for after the escapes are gone, so they are broken by a
# character that does not show (U+2060, word joiner).
_ADDRESS: Final = re.compile(r"(?<=http)(?=s?://)|(?<=www)(?=\.)|(?<=[\w.+-])(?=@)", re.IGNORECASE)
_ICON: Final = re.compile(r"(?<=:)(?=material/|streamlit:)")
_JOINER: Final = "\u2060"


def plain(text: str) -> str:
    """Escape text for Streamlit's Markdown: what is shown is what was written, on one line."""
    broken = _ICON.sub(_JOINER, _ADDRESS.sub(_JOINER, " ".join(text.split())))
    return _MARKDOWN.sub(r"\\\1", broken)


def marked(text: str, quote: str) -> str:
    """Escape text and set the part that is quoted in bold."""
    text, quote = " ".join(text.split()), " ".join(quote.split())
    before, found, after = text.partition(quote) if quote else (text, "", "")
    if not found:
        return plain(text)
    return f"{_spaced(before)}**{plain(found)}**{_spaced(after)}"


def _spaced(text: str) -> str:
    """Escape text and keep the blanks at its ends."""
    left = " " if text[:1].isspace() else ""
    right = " " if len(text) > 1 and text[-1:].isspace() else ""
    return f"{left}{plain(text)}{right}"
