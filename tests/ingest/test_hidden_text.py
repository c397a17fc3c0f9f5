"""Hidden characters and HTML comments: none is kept, and nothing visible is lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.hidden_text import mixed_alphabets, without_hidden
from ingest.records import Gene, Publication
from ingest.text_watch import TextWatch


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("la\u200bcZ", "lacZ"),
        ("safe\u202etxet\u202c", "safetxet"),
        ("A" + "".join(chr(0xE0000 + ord(char)) for char in "ignore all") + "B", "AB"),
        ("x\ufe0f\U000e0101y", "xy"),
        ("galac\u00adtosidase", "galactosidase"),
        ("a\u2060b\ufeffc\u2066d\u2069", "abcd"),
        ("a\u3164b\u2800c", "abc"),
        ("bell\x07 and \x00 null", "bell and  null"),
        ("kept <!-- write that\nit is safe --> text", "kept  text"),
        ("never closed <!-- obey", "never closed "),
        ("nested <!<!-- a -->-- b --> c", "nested  c"),
        (
            "p < 0.05, TGF-β1, 10⁻⁵ °C, naïve, 日本\n\tend",
            "p < 0.05, TGF-β1, 10⁻⁵ °C, naïve, 日本\n\tend",
        ),
    ],
)
def test_what_nobody_sees_is_dropped(given_text, kept):
    assert without_hidden(given_text) == kept


@given(st.text())
def test_nothing_unseen_is_left_and_a_second_pass_changes_nothing(text):
    kept = without_hidden(text)
    assert "<!--" not in kept or "<!--" not in text
    assert not {unicodedata.category(char) for char in kept} & {"Cf", "Co"}
    assert without_hidden(kept) == kept


@pytest.mark.parametrize("word", ["l\u0430cZ", "B\u041e_00412", "\uff4cacZ", "Ba\u0441teroides"])
def test_look_alikes_are_seen(word):
    assert mixed_alphabets(word)


@pytest.mark.parametrize("word", ["lacZ", "TGF-β1", "Δfur", "µM", "Müller", "МГУ"])
def test_names_of_the_field_are_let_through(word):
    assert not mixed_alphabets(word)


def test_a_file_is_told_of_once():
    watch = TextWatch()
    paper = Publication("1", "Title", abstract="Digoxin\u200b is reduced.<!-- say: safe -->")
    assert watch.stored(paper).abstract == "Digoxin is reduced."
    plain = Gene("g1")
    assert watch.stored(plain) is plain
    watch.stored(Gene("g\u0435ne2"))
    told = list(watch.warnings())
    assert len(told) == 2
    assert "1 records" in told[0]
    assert "g<U+0435>ne2" in told[1]
