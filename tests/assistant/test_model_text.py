"""A model's text without links and new sequences, even where it is shown as failed."""

from __future__ import annotations

import pytest

from assistant.model_text import LINK, SEQUENCE, tamed

SOURCE = "The signal peptide MKKLLATAVLLSG was cut."


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/a?b=c",
        "www.evil.example",
        "[click](http://x.y)",
        "![x](http://x.y/z.png)",
        "javascript:alert(1)",
        "a.person@evil.example",
        "evil-shop.com/win",
        "data:text/html,x",
    ],
)
def test_no_link_is_left(link):
    text = tamed(f"See {link} for more.", [link])
    assert text == f"See {LINK} for more."


@pytest.mark.parametrize(
    "sequence",
    ["MKVLWAALLVTFLAG", "ATGGCGTTTAAACCCGGG", "M K V L W A A L L V T F", "Met-Lys-Val-Leu-Trp-Ala"],
)
def test_no_new_sequence_is_left(sequence):
    text = tamed(f"Order {sequence} now.", [SOURCE])
    assert sequence not in text
    assert SEQUENCE in text


def test_what_the_sources_hold_may_be_repeated():
    assert tamed(SOURCE, [SOURCE]) == SOURCE
    plain = "EC 3.2.1.23 of E. coli hydrolyses lactose (GO:0004565); K01190, PF02836."
    assert tamed(plain, []) == plain
