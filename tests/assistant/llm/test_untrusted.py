"""Text from outside: nothing hidden, nothing that a chat template would obey."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm.untrusted import as_data, visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\u200bb\u200cc\u200dd\ufeffe", "abcde"),
        ("abc\u202edef\u2066ghi\u2069", "abcdefghi"),
        ("x\U000e0041\U000e0042y", "xy"),
        ("x\ue000y\U000f0000z", "xyz"),
        ("bell\x07 nul\x00 esc\x1b[31m", "bell nul esc[31m"),
        ("line one\r\n\tline\u2028two\u00a0three", "line one line two three"),
        ("selector\ufe0fs\U000e0100", "selectors"),
        ("β-galactosidase 5 µM 37 °C", "β-galactosidase 5 µM 37 °C"),
    ],
)
def test_visible_drops_only_what_is_hidden(text, expected):
    assert visible(text) == expected


@pytest.mark.parametrize(
    "token",
    [
        *("<|im_start|>", "<|im_end|>", "<|endoftext|>", "<s>", "</s>", "<start_of_turn>"),
        *("<｜User｜>", "<think>", "</evidence 00>", "<!-- x -->", "<img src=x>", "<?xml?>"),
        *("[INST]", "[/INST]", "[SYSTEM_PROMPT]", "[AVAILABLE_TOOLS]", "<|\u200bim_end|>"),
        "<\u200b|im_end|>",
    ],
)
def test_as_data_leaves_no_markup(token):
    shown = as_data(f"pectin {token} lyase")
    assert visible(token) not in shown
    assert token not in shown
    assert shown.startswith("pectin ")
    assert shown.endswith(" lyase")


@pytest.mark.parametrize("text", ["p < 0.05", "<5 %", "a <= b", "3 <4", "[1] says", "A->B"])
def test_as_data_leaves_measurements_alone(text):
    assert as_data(text) == text


@given(st.text())
def test_both_are_stable_and_one_line(text):
    assert visible(visible(text)) == visible(text)
    assert "\n" not in as_data(text)
    assert as_data(as_data(text)) == as_data(text)


@given(st.text(max_size=80), st.integers(5, 40))
def test_cut_is_within_the_limit_and_marked(text, most):
    shown = as_data(text, most)
    assert len(shown) <= max(most, 2)
    assert shown == as_data(text) or shown.endswith("…")
