"""Whether two annotations agree: rules one by one, and what holds for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.vocab import ec_level, normalise_ec
from retrieval.evidence.agreement import common_ec, comparisons, contradict, relation
from retrieval.evidence.base import Terms

EC = st.sampled_from(
    ["3.2.1.23", "3.2.1.22", "3.2.1.-", "3.2.-.-", "2.7.1.1", "2.-.-.-", "1.1.1.n2"]
)
KO = st.sampled_from(["K00001", "K00002", "K00003"])
GO = st.sampled_from(["GO:0003674", "GO:0004565", "GO:0005975"])
NAME = st.sampled_from(["", "Lactase", "putative lactase", "Beta-galactosidase", "ABC transporter"])
LISTS = {"max_size": 3, "unique": True}
TERMS = st.builds(
    Terms,
    product=NAME,
    ec_numbers=st.lists(EC, **LISTS).map(tuple),
    ko=st.lists(KO, **LISTS).map(tuple),
    go_terms=st.lists(GO, **LISTS).map(tuple),
)


def stance(one, other):
    known = relation(one, other)
    return known.stance if known else None


@given(TERMS, TERMS)
def test_it_is_the_same_both_ways(one, other):
    assert stance(one, other) == stance(other, one)


@given(TERMS)
def test_what_says_something_agrees_with_itself(terms):
    expected = "agrees" if terms.ec_numbers or terms.ko or terms.product else stance(terms, terms)
    assert stance(terms, terms) == expected


@given(TERMS, TERMS)
def test_a_shared_code_is_no_contradiction(one, other):
    shared = set(one.ec_numbers) & set(other.ec_numbers) or set(one.ko) & set(other.ko)
    if shared:
        assert stance(one, other) != "contradicts"


@given(TERMS, TERMS)
def test_without_codes_on_both_sides_nothing_contradicts(one, other):
    comparable = (one.ec_numbers and other.ec_numbers) or (one.ko and other.ko)
    if not comparable:
        assert stance(one, other) != "contradicts"


@given(TERMS, TERMS)
def test_a_contradiction_names_all_that_the_other_says(one, other):
    known = relation(one, other)
    if known and known.stance == "contradicts" and one.ec_numbers and other.ec_numbers:
        assert all(ec in known.rest for ec in other.ec_numbers)


@given(TERMS, st.lists(st.tuples(st.sampled_from("ABC"), TERMS), max_size=5))
@settings(max_examples=200)
def test_comparisons_do_not_depend_on_the_order_of_tools(own, pairs):
    forward, backward = {}, {}
    for tool, terms in pairs:
        forward.setdefault(tool, []).append(terms)
    for tool in reversed(list(forward)):
        backward[tool] = forward[tool]
    assert comparisons(own, forward) == comparisons(own, backward)


@given(EC, EC)
def test_common_ec_is_the_longest_shared_prefix(one, other):
    level = 0
    for left, right in zip(one.split("."), other.split("."), strict=True):
        if left != right or left == "-":
            break
        level += 1
    shared = common_ec(one, other)
    assert ec_level(shared) == level
    assert shared == normalise_ec(shared)
    assert common_ec(other, one) == shared


@pytest.mark.parametrize(
    ("own", "other", "told"),
    [
        (
            Terms(ec_numbers=("3.2.1.23",), ko=("K01190",)),
            Terms(ec_numbers=("3.2.1.23",), ko=("K01190",)),
            "X agrees on EC 3.2.1.23 and KO K01190",
        ),
        (
            Terms(ec_numbers=("3.2.1.23",), ko=("K01190",)),
            Terms(ec_numbers=("3.2.1.23",), ko=("K12111",)),
            "X agrees on EC 3.2.1.23 but disagrees: KO K12111",
        ),
        (
            Terms(ec_numbers=("3.2.1.23",), ko=("K01190",)),
            Terms(ec_numbers=("2.7.1.1",), ko=("K12111",)),
            "X disagrees: EC 2.7.1.1 and KO K12111",
        ),
        (
            Terms(ec_numbers=("3.2.1.23",), ko=("K01190",)),
            Terms(ec_numbers=("3.2.1.22",), ko=("K01190",)),
            "X disagrees: EC 3.2.1.22 (both are 3.2.1.-) but agrees on KO K01190",
        ),
        (
            Terms(ec_numbers=("3.2.1.23",), ko=("K01190",)),
            Terms(ec_numbers=("3.2.1.-",), ko=("K01190",)),
            "X is compatible: EC 3.2.1.- and agrees on KO K01190",
        ),
        (
            Terms(go_terms=("GO:0003674", "GO:0004565")),
            Terms(go_terms=("GO:0003674", "GO:0004565")),
            "X shares GO:0004565",
        ),
        (
            Terms(product="Flavin-dependent thymidylate synthase"),
            Terms(product="thymidylate synthase ThyX, flavin dependent"),
            'X gives a similar name, "thymidylate synthase ThyX, flavin dependent"',
        ),
    ],
)
def test_wording(own, other, told):
    assert comparisons(own, {"X": [other]}) == [told]


def test_tools_that_say_the_same_are_said_together():
    own = Terms(ko=("K01190",))
    others = {"B": [own], "A": [own], "C": [Terms(ko=("K00001",))]}
    assert comparisons(own, others) == ["A and B agree on KO K01190", "C disagrees: KO K00001"]


def test_of_a_tool_that_says_several_things_the_closest_counts():
    own = Terms(ko=("K01190",))
    others = {"A": [Terms(ko=("K00001",)), own]}
    assert comparisons(own, others) == ["A agrees on KO K01190"]


def test_two_files_contradict_when_nothing_of_one_is_in_the_other():
    one, other = Terms(ko=("K00001",)), Terms(ko=("K00002",))
    assert contradict([one], [other])
    assert not contradict([one], [one, other])
    assert not contradict([one], [])
    assert not contradict([one], [Terms(product="Lactase")])
