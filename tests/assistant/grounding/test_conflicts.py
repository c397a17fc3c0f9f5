"""Evidence that disagrees is found and told; evidence that agrees, or is about else, is not."""

from __future__ import annotations

import pytest

from assistant.grounding.conflicts import conflicts
from retrieval.evidence.base import Evidence, Terms


def paper(number, quote):
    return Evidence(
        gene_id="g",
        kind="literature",
        eco="ECO:0007321",
        statement=f'A paper says: "{quote}"',
        reference=f"PMID:{number}",
        title=f"Paper {number}",
        quote=quote,
        passage_id=str(number),
    )


def hit(number, product, *ecs):
    return Evidence(
        gene_id="g",
        kind="similarity",
        eco="ECO:0000249",
        statement=f"Similar to {product}.",
        reference=f"UniProtKB:P0000{number}",
        terms=Terms(product, ec_numbers=ecs),
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Butyrate increased the expression of claudin-1 in Caco-2 cells.",
            "Butyrate decreased the expression of claudin-1 in Caco-2 cells.",
        ),
        (
            "The enzyme BT_1873 hydrolyses xylan and arabinoxylan.",
            "The enzyme BT_1873 does not hydrolyse xylan or arabinoxylan.",
        ),
        (
            "Cgr2 of Eggerthella lenta reduces digoxin in the gut.",
            "Digoxin is not reduced by Cgr2 of Eggerthella lenta.",
        ),
    ],
)
def test_papers_that_disagree_are_told(first, second):
    found = conflicts([paper(1, first), paper(2, second)])
    assert [one.kind for one in found] == ["sources"]
    assert "PMID:1" in found[0].text
    assert second.rstrip(".") in found[0].text


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Butyrate increased the expression of claudin-1 in Caco-2 cells.",
            "Expression of claudin-1 in Caco-2 cells was raised by butyrate.",
        ),
        (
            "The enzyme BT_1873 hydrolyses xylan.",
            "Akkermansia muciniphila does not grow on pectin.",
        ),
        (
            "A muciniphila was more abundant in controls than in patients with colitis.",
            "A muciniphila was less abundant in patients with colitis than in controls.",
        ),
    ],
)
def test_papers_that_agree_are_not(first, second):
    assert conflicts([paper(1, first), paper(2, second)]) == ()


def test_two_functions_are_told_once_each():
    items = [
        hit(1, "Beta-galactosidase", "3.2.1.23"),
        hit(2, "Beta-galactosidase", "3.2.1.-"),
        hit(3, "Glucokinase", "2.7.1.2"),
        hit(4, "Glucokinase", "2.7.1.2"),
    ]
    found = conflicts(items)
    assert [one.kind for one in found] == ["functions"]
    assert "Glucokinase, EC 2.7.1.2" in found[0].text
