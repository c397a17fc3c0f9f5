"""Words and names: what is kept whole, and what means the same."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.words import names, plain_words, register


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EC 3.2.1.23", ["ec", "3.2.1.23"]),
        ("p<0.05, 16S rRNA", ["p", "0.05", "16s", "rrna"]),
        ("Crohn's disease", ["crohn", "disease"]),
        ("miRNAs and SNPs", ["mirna", "and", "snp"]),
        ("β–galactosidase", ["beta", "galactosidase"]),
        ("", []),
    ],
)
def test_words(text, expected):
    assert plain_words(text) == expected


@pytest.mark.parametrize(
    "spellings",
    [
        ("BT_4294", "BT4294", "bt-4294"),
        ("TNF-α", "TNF-alpha", "TNFα"),
        ("IL-6", "IL6", "IL‐6"),
        ("GO:0008150", "GO_0008150"),
        ("WP_011091234.1", "WP_011091234"),
        ("2′-fucosyllactose", "2'-fucosyllactose"),
        ("E. coli", "E.coli"),
        ("SNPs", "SNP"),
    ],
)
def test_spellings_of_one_name_share_a_token(spellings):
    shared = set.intersection(*(set(names(spelling)) for spelling in spellings))
    assert shared


@pytest.mark.parametrize("text", ["starch", "Starch granules", "3.2.1.23", "12, 13 [1,2]", "0.05"])
def test_plain_words_and_numbers_are_no_names(text):
    assert names(text) == []


@pytest.mark.parametrize("name", ["tdcA", "K01190", "mRNA", "PF00150", "IBS"])
def test_names_are_marked_so_that_they_are_not_stemmed(name):
    assert f"{name.lower()}_" in names(f"on {name}.")


@given(st.text())
def test_tokens_hold_no_space_and_no_quote(text):
    for token in (*plain_words(text), *names(text)):
        assert token
        assert not set(token) & set(' "\n\t')


def test_the_functions_of_a_connection():
    connection = sqlite3.connect(":memory:")
    register(connection)
    row = connection.execute("SELECT plain_words('the tdcA gene'), name_words('tdcA')").fetchone()
    assert row == ("the tdca gene", "tdca_")
