"""Words, numbers and quotes: what counts as the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding.facts import sequences_in
from assistant.grounding.numbers import is_said, numbers_of, same_number
from assistant.grounding.quotes import is_verbatim
from assistant.grounding.words import fold, stem, tokens_of
from retrieval.evidence.base import Evidence


def texts(text):
    return [token.text for token in tokens_of(text)]


def item(quote):
    return Evidence(
        gene_id="g", kind="literature", eco="ECO:0007321", statement="", reference="r", quote=quote
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("β-galactosidase", "beta-galactosidase"),
        ("α-amylase", "alpha amylase"),
        ("galac-\ntosidase", "galactosidase"),
        ("signi\ufb01cant", "significant"),
        ("10\u00a0%", "10 %"),
        ("hydrolyzes", "hydrolysed"),
        ("homologous", "homolog"),
        ("identity", "identical"),
        ("cannot bind", "can not bind"),
        ("doesn't bind", "does not bind"),
        ("three genes", "3 genes"),
        ("41%", "41 %"),
        ("1,024 genes", "1024 genes"),
    ],
)
def test_counts_as_the_same(one, other):
    assert texts(one) == texts(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("active", "inactive"), ("phosphorylase", "phosphorylate"), ("aerobic", "anaerobic")),
        *(("-2 fold", "2 fold"), ("10⁵", "105"), ("1e-80", "1e-8"), ("lacZ", "lacA")),
        *(("EC 3.2.1.23", "EC 3.2.1.22"), ("5 mM", "5 M"), ("bind", "bound to")),
        *(("hydrolase", "hydrolyse"), ("kinase", "kinin"), ("synthase", "synthetase")),
    ],
)
def test_counts_as_different(one, other):
    assert texts(one) != texts(other)


@pytest.mark.parametrize(
    ("claimed", "said", "expected"),
    [
        ("41", "41.3", True),
        ("41.3", "41.3", True),
        ("41.30", "41.3", True),
        ("42", "41.3", False),
        ("41.7", "41.66", True),
        ("41.66", "41.7", False),
        ("42", "41.5", True),
        ("41", "41.9", False),
        ("100", "99.97", False),
        ("0", "0.3", False),
        ("1e-80", "1.2e-80", True),
        ("1e-81", "1.2e-80", False),
        ("2.3x10^-50", "2.3e-50", True),
        ("2", "-2", False),
        ("40", "41", False),
        ("2012", "2014", False),
    ],
)
def test_numbers_may_be_rounded_but_not_changed(claimed, said, expected):
    assert same_number(claimed, said) is expected


def test_a_unit_belongs_to_its_number():
    said = tuple(numbers_of(tokens_of("41 % over 42 bp, 17 of 96 samples")))
    assert said == (("41", "%"), ("42", "bp"), ("17", ""), ("96", "sample"))
    assert not is_said("41", "bp", said)
    assert not is_said("42", "", said)
    assert is_said("42", "bp", said)


QUOTED = "The enzyme (EC 3.2.1.23) of B. theta hydrolyses β-galactosides, at 41.3 % of the rate."


@pytest.mark.parametrize(
    "quote",
    [
        QUOTED,
        QUOTED.upper().replace("Β", "beta"),
        "enzyme EC 3.2.1.23 of B theta",
        "hydrolyses beta-galactosides at 41.3 %",
        "The enzyme (EC 3.2.1.23) ... hydrolyses β-galactosides, at",
        "The enzyme [EC] (EC 3.2.1.23) of B. theta",
    ],
)
def test_a_quote_may_differ_in_typography(quote):
    assert is_verbatim(quote, item(QUOTED))


@pytest.mark.parametrize(
    "quote",
    [
        *("", "   ", "...", "hydrolyses", "the rate", "at 41.3", "[The enzyme of B. theta]"),
        *("The enzyme of B. theta", "hydrolyses α-galactosides, at", "at 41.4 % of the rate"),
        *("hydrolyses β-galactosides, at ... the enzyme (EC", "of theta B. hydrolyses"),
        "The enzyme (EC 3.2.1.22) of B. theta",
    ],
)
def test_a_quote_may_not_differ_in_words(quote):
    assert not is_verbatim(quote, item(QUOTED))


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("MKKLLATAVLLSGCSA", True),
        ("MKKLLATAVLL", True),
        ("MKKLLATAVL", False),
        ("M K K L L A T A V L L", True),
        ("Met-Lys-Lys-Leu-Leu-Ala", True),
        ("the motif Gly-Asp-Ser-Leu", False),
        ("MKKL LATA VLLS GCSA DERT", True),
        ("ACGTACGTACGTACGTACGTACGTACGTACG", True),
        ("acg tac gta cgt acg tac gta cgt acg tac gta c", True),
        ("ACGTACGTAC", False),
        ("acgtacgtacgtacgt", True),
        ("a cagattacat tag", False),
        ("The ABC transporter and the MFS transporter", False),
    ],
)
def test_finds_sequences_in_a_text(text, is_found):
    assert bool(sequences_in(text)) is is_found


@given(st.text(max_size=200))
def test_any_text_can_be_cut(text):
    assert fold(fold(text)) == fold(text)
    for token in tokens_of(text):
        assert token.kind in {"word", "number", "code", "mark"}


@given(st.text(alphabet=st.characters(categories=["Ll"]), min_size=1, max_size=20))
def test_stem_is_never_empty(word):
    assert stem(word)
