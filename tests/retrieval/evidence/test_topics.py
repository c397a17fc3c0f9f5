"""Topics: what in a function is particular enough to look for, and when a text holds it."""

from __future__ import annotations

import pytest

from retrieval.evidence.base import Terms
from retrieval.evidence.topics import name_words, topic_of


@pytest.mark.parametrize(
    ("product", "words"),
    [
        ("Putative tyrosine decarboxylase", ("tyrosine", "decarboxylase")),
        ("β-galactosidase (Lactase)", ("beta", "galactosidase")),
        ("6-phosphogluconate dehydrogenase, NAD(+)-dependent, decarboxylating", None),
        ("urease subunit alpha", ("urease", "alpha")),
        ("ABC transporter ATP-binding protein", ()),
        ("DNA-binding transcriptional regulator", ()),
        ("short-chain dehydrogenase", ()),
        ("oxidoreductase", ()),
        ("hypothetical protein YjbQ", ()),
        ("Gate family protein YjiG", ()),
        ("putative integrase", ()),
        ("Urease", ("urease",)),
        ("Carbamoyltransferase", ()),
    ],
)
def test_words_of_a_name(product, words):
    assert name_words(product) == (
        ("phosphogluconate", "dehydrogenase") if words is None else words
    )


def test_a_general_function_is_no_topic():
    assert topic_of(Terms("ABC transporter permease", ec_numbers=("7.-.-.-",))) is None
    assert topic_of(Terms()) is None


def test_a_query_has_name_symbol_ec_and_genus():
    terms = Terms("Tyrosine decarboxylase", "tdcA_2", ("4.1.1.25",))
    topic = topic_of(terms, "Enterococcus faecalis")
    assert topic.query == "Tyrosine decarboxylase tdcA EC 4.1.1.25 Enterococcus"


def test_a_symbol_within_a_name():
    assert topic_of(Terms("Ribosome maturation factor RimP")).symbol == "rimP"


@pytest.mark.parametrize("symbol", ["map", "era", "can", "TDC", "b1234"])
def test_symbols_that_are_english_or_no_symbols_are_not_used(symbol):
    assert topic_of(Terms(gene=symbol)) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tyrosine decarboxylases turn levodopa into dopamine", ["Tyrosine decarboxylase"]),
        ("a tyrosine and DOPA decarboxylase", ["Tyrosine decarboxylase"]),
        ("the TdcA protein makes tyramine of tyrosine", ["the gene symbol tdcA"]),
        ("tdcA of Enterococcus", ["the gene symbol tdcA"]),
        ("the threonine operon regulator TdcA", []),
        ("of tyrosine, by tdcA, EC 4.1.1.25.", ["EC 4.1.1.25", "the gene symbol tdcA"]),
        ("an ornithine decarboxylase", []),
        ("a tyrosine kinase", []),
        ("Tyrosine is made by one enzyme and lost by quite another decarboxylase", []),
        ("EC 4.1.1.250 and 4.1.1.25.1 and 14.1.1.25", []),
        ("tdcAB and TDCA", []),
    ],
)
def test_what_counts_as_holding_the_topic(text, found):
    terms = Terms("Tyrosine decarboxylase", "tdcA", ("4.1.1.25",))
    topic = topic_of(terms, "Enterococcus faecalis")
    assert topic.matches(text) == found


def test_a_symbol_is_meant_by_what_stands_around_the_sentence():
    topic = topic_of(Terms("Copper homeostasis protein CutC", "cutC"))
    assert topic.matches("We deleted cutC", "Copper in E. coli") == ["the gene symbol cutC"]
    assert topic.matches("We inhibited CutC", "Choline in the gut") == []


def test_copy_numbers_and_qualifiers_are_not_shown():
    assert topic_of(Terms("Probable cysteine synthase B")).name == "cysteine synthase"
    assert topic_of(Terms("formate hydrogenlyase subunit HycF")).name == "formate hydrogenlyase"
    assert topic_of(Terms("Glucokinase 2")).name == "Glucokinase"


def test_another_letter_is_another_protein():
    topic = topic_of(Terms("Ribosomal RNA small subunit methyltransferase E"))
    text = "the ribosomal RNA small subunit methyltransferase"
    assert topic.matches(f"{text} E") == topic.matches(text) == [topic.name]
    assert topic.matches(f"{text} H") == []
