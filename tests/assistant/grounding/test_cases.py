"""No lie is supported; most honest claims are. Typed by hand, see claims.tsv."""

from __future__ import annotations

import pytest

from assistant.grounding import ground
from tests.assistant.grounding import cases
from tests.assistant.grounding.cases import HONEST, LIES

# A strict check calls some fair paraphrases partial; fewer than this share would be useless.
LEAST_SUPPORTED = 0.75


def verdict(case, origin="llm"):
    _, text, keys, quote = case
    claim = cases.claim(text, keys, quote, origin)
    return ground([claim], cases.EVIDENCE, cases.GENE)[0].verdict


def test_there_are_many_cases():
    assert len(LIES) >= 130
    assert len(HONEST) >= 50
    assert len({text + keys + quote for _, text, keys, quote in (*LIES, *HONEST)}) == len(
        LIES
    ) + len(HONEST)


@pytest.mark.parametrize("case", LIES, ids=[case[0] for case in LIES])
def test_no_lie_is_supported(case):
    assert verdict(case) != "supported"


@pytest.mark.parametrize("case", HONEST, ids=[case[0] for case in HONEST])
def test_no_honest_claim_is_called_contradicted(case):
    assert verdict(case) != "contradicted"


def test_most_honest_claims_are_supported():
    supported = sum(verdict(case) == "supported" for case in HONEST)
    assert supported >= LEAST_SUPPORTED * len(HONEST)


@pytest.mark.parametrize("key", sorted(cases.EVIDENCE))
def test_a_rule_may_repeat_the_evidence(key):
    item = cases.EVIDENCE[key]
    claim = cases.claim(item.statement, key, item.quote, "rule")
    grounded = ground([claim], cases.EVIDENCE, cases.GENE)[0]
    # The planted order is the one sentence that may not even be repeated.
    assert grounded.verdict == ("unsupported" if key == "E8" else "supported")


@pytest.mark.parametrize(
    "text",
    [
        "This protein may be a beta-galactosidase (EC 3.2.1.23).",
        "This protein may be a beta-galactosidase family protein (EC 3.2.1.-).",
        "This protein may be a hydrolase (EC 3.-.-.-).",
        "This protein may instead be a beta-galactosidase (EC 3.2.1.23).",
    ],
)
def test_a_rule_may_read_a_function_cautiously(text):
    claim = cases.claim(text, "E1", "", "rule")
    assert ground([claim], cases.EVIDENCE, cases.GENE)[0].verdict == "supported"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("wrong last EC digit", "identifiers"),
        ("rounded up", "numbers"),
        ("wrong genus", "names"),
        ("wrong species", "names"),
        ("roles swapped", "overlap"),
        ("negation dropped", "agreement"),
        ("quote with a digit changed", "quote"),
        ("no such item", "key"),
        ("sequence smuggled in", "identifiers"),
    ],
)
def test_says_which_check_failed_and_why(name, expected):
    case = next(case for case in LIES if case[0] == name)
    _, text, keys, quote = case
    checks = ground([cases.claim(text, keys, quote)], cases.EVIDENCE, cases.GENE)[0].checks
    failed = {check.name: check.detail for check in checks if not check.passed}
    assert expected in failed
    assert failed[expected]


@pytest.mark.parametrize(
    "name",
    [
        *("negation dropped", "negation added", "direction turned"),
        *("affirmed though inactive", "another function than voted", "kinase from nowhere"),
    ],
)
def test_what_the_evidence_denies_is_contradicted(name):
    assert verdict(next(case for case in LIES if case[0] == name)) == "contradicted"


def test_order_and_ids_are_kept_and_earlier_verdicts_replaced():
    claims = [
        cases.claim(case[1], case[2], case[3]).model_copy(
            update={"id": str(place), "verdict": "supported"}
        )
        for place, case in enumerate(LIES[:9])
    ]
    grounded = ground(claims, cases.EVIDENCE, cases.GENE)
    assert [claim.id for claim in grounded] == [claim.id for claim in claims]
    assert [claim.text for claim in grounded] == [claim.text for claim in claims]
    assert not any(claim.stands for claim in grounded)
    assert ground(grounded, cases.EVIDENCE, cases.GENE) == grounded
