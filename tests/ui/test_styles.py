"""Styles of the pages: gene cards follow the theme, and what is nested stays in a card."""

import re

from assistant.report.html import style_sheet
from assistant.ui.components.styles import _card_styles
from assistant.ui.server import FLAGS

_COLOUR = re.compile(r"--([\w-]+): #[0-9a-f]+;")


def test_every_colour_of_a_card_follows_the_theme():
    nested = _card_styles()
    assert set(_COLOUR.findall(style_sheet())) == set(
        re.findall(r"--([\w-]+): light-dark\(#[0-9a-f]+, #[0-9a-f]+\);", nested)
    )
    assert "prefers-color-scheme" not in nested
    assert ":root" not in nested
    assert "color-scheme: light dark" not in nested


def test_no_rule_leaks_out_of_a_card():
    """A bracket too many would end the card's scope: the rest would style the whole page."""
    depth = 0
    for bracket in re.findall(r"[{}]", _card_styles()):
        depth += 1 if bracket == "{" else -1
        assert depth >= 0
    assert depth == 0


def test_the_pages_follow_the_system():
    assert "theme.base" not in FLAGS
    assert {"theme.light.primaryColor", "theme.dark.primaryColor"} <= set(FLAGS)
