import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.residues import STANDARD, clean_residues


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("MKV", "MKV"),
        ("mkv*", "MKV"),
        ("MKV*\r\n", "MKV"),
        ("MK V\nAA", "MKVAA"),
        ("MK--V.A", "MKVA"),
        ("MUOBZJ", "MCKNQL"),
        ("M*K", "MXK"),
        ("MX?1é", "MXXXX"),
        ("*", ""),
        ("", ""),
    ],
)
def test_spelling(written, clean):
    assert clean_residues(written) == clean


@given(st.text())
def test_any_text_gives_known_letters_and_cleaning_again_changes_nothing(text):
    once = clean_residues(text)
    assert set(once) <= set(STANDARD) | {"X"}
    assert clean_residues(once) == once
