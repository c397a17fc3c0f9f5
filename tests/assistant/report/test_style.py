"""The colours of the page against WCAG 2.2, success criterion 1.4.3 (AA: 4.5 to 1)."""

import re
from importlib import resources

import pytest

STYLE = resources.files("assistant.report").joinpath("templates", "style.css").read_text("utf-8")
SCHEMES = {
    name: dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b", block))
    for name, block in zip(("light", "dark", "print"), STYLE.split(":root {")[1:], strict=True)
}
#: Text colour on ground; "shade" is a ground of bars only.
PAIRS = [
    *((text, ground) for text in ("ink", "quiet", "accent") for ground in ("paper", "card")),
    *((state, "card") for state in ("good", "draft", "bad")),
    ("good", "good-shade"),
    ("draft", "draft-shade"),
    ("bad", "bad-shade"),
    ("ink", "good-shade"),
    ("ink", "draft-shade"),
    ("ink", "bad-shade"),
    ("quiet", "bad-shade"),
    ("accent", "bad-shade"),
]


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    shares = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground(scheme, text, ground):
    light, dark = sorted(
        (luminance(SCHEMES[scheme][text]), luminance(SCHEMES[scheme][ground])), reverse=True
    )
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_long_names_break_inside_a_card():
    rule = next(line for line in STYLE.splitlines() if line.startswith(".gene h3"))
    assert "overflow-wrap: anywhere" in rule
    assert "min-width: 0" in rule


def test_a_link_to_a_gene_is_followed_at_once():
    """Cards get their height when they are seen: a slow scroll ends far from its aim."""
    assert "content-visibility: auto" in STYLE
    assert "scroll-behavior" not in STYLE
