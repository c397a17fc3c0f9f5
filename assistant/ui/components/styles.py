"""The styles of the pages: those of the report, for gene cards, and a few of the frame.

A card follows the pages' theme, light or dark, which Streamlit tells by ``color-scheme``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import streamlit as st

from assistant.report.html import style_sheet

#: The class of what holds a gene card.
SCOPE: Final = "metalumen"

# The colours that the report has by light and by dark.
_LIGHT: Final = re.compile(r":root \{([^{}]*)\}")
_DARK: Final = re.compile(r"@media \(prefers-color-scheme: dark\) \{\s*:root \{([^{}]*)\}\s*\}")
_COLOUR: Final = re.compile(r"--([\w-]+): (#[0-9a-f]{3,8});")
_SCHEME: Final = re.compile(r"color-scheme: light dark;")

# A card is set in the letters of the page; what a link leads to is not hidden by the toolbar.
_CARD: Final = """
    --card: transparent; --serif: "Source Sans", sans-serif; font-size: 0.9375rem; line-height: 1.5;
    color: var(--ink);
    .gene { content-visibility: visible; }
    tr { scroll-margin-top: 5rem; }
    li, p, dd, dt, td, th { font-size: inherit; }
"""
# Streamlit leaves 5 rem at either side, which tables need, and as much above the title. It sets
# captions and keys at 0.6 of the text's colour: a contrast of 3.8, where WCAG 2.2 AA asks for 4.5.
_PAGE: Final = """
    .stMainBlockContainer { padding: 3.25rem 2.5rem 4rem; }
    .stMainBlockContainer h1 { padding-top: 0; }
    [data-testid="stCaptionContainer"], .stButton kbd { opacity: 0.8; }
    .stButton [data-testid="stBaseButton-primary"] kbd { opacity: 1; }
    .stTabs [role="tab"] p { color: inherit; }
    .stTabs [role="tab"][aria-selected="true"] { color: inherit; font-weight: 600; }
    [data-testid="stMetricValue"] { font-size: 1.75rem; }
    @media (max-width: 640px) { .stMainBlockContainer { padding: 3.25rem 1rem 4rem; } }
"""


def draw_styles() -> None:
    """Draw the styles; once a page is enough."""
    st.html(f"<style>{_PAGE} .{SCOPE} {{ {_card_styles()} }}</style>")


@cache
def _card_styles() -> str:
    """Nest the report's styles: they hold inside cards only, and "&" stands for the card."""
    sheet = style_sheet()
    light, dark = (_colours(pattern, sheet) for pattern in (_LIGHT, _DARK))
    both = "".join(
        f"--{name}: light-dark({value}, {dark.get(name, value)}); " for name, value in light.items()
    )
    nested = _SCHEME.sub("", _DARK.sub("", sheet)).replace(":root", "&")
    printed = nested.index("@media print")
    return f"{nested[:printed]} {both} {_CARD} {nested[printed:]}"


def _colours(pattern: re.Pattern[str], sheet: str) -> dict[str, str]:
    block = pattern.search(sheet)
    return dict(_COLOUR.findall(block.group(1))) if block else {}
