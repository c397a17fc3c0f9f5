"""GO terms and KOs: micro precision and recall at thresholds of probability.

A term has the probability of the most probable candidate that brings it. Terms are compared as
they are written: no term of an ontology is carried up to its parents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.evaluation.answers import Prediction

    TermKind: TypeAlias = Literal["go", "ko"]

THRESHOLDS: Final = (0.0, 0.3, 0.5, 0.7, 0.9)


def term_rows(predictions: Sequence[Prediction], kind: TermKind) -> list[dict[str, float | None]]:
    """Describe candidates at each threshold, then the best hit, whose threshold is None.

    Only proteins that have true terms of this kind count.
    """
    known = [one for one in predictions if _true(one, kind)]
    if not known:
        return []
    truth = [_true(one, kind) for one in known]
    rows = []
    for bar in THRESHOLDS:
        named = [{t for t, p in _probable(one, kind).items() if p >= bar} for one in known]
        rows.append({"threshold": bar, **_micro(truth, named)})
    hits = [_of_best_hit(one, kind) for one in known]
    return [*rows, {"threshold": None, **_micro(truth, hits)}]


def _true(one: Prediction, kind: TermKind) -> set[str]:
    return set(one.known.go_terms if kind == "go" else one.known.ko)


def _probable(one: Prediction, kind: TermKind) -> Mapping[str, float]:
    probable: dict[str, float] = {}
    for candidate in one.candidates:
        for term in candidate.go_terms if kind == "go" else candidate.ko:
            probable[term] = max(candidate.probability, probable.get(term, 0.0))
    return probable


def _of_best_hit(one: Prediction, kind: TermKind) -> set[str]:
    if one.hit is None:
        return set()
    return set(one.hit.terms.go_terms if kind == "go" else one.hit.terms.ko)


def _micro(truth: Sequence[set[str]], named: Sequence[set[str]]) -> dict[str, float | None]:
    right = sum(len(true & given) for true, given in zip(truth, named, strict=True))
    given, wanted = sum(map(len, named)), sum(map(len, truth))
    answered = sum(bool(one) for one in named)
    return {
        "precision": right / given if given else None,
        "recall": right / wanted,
        "coverage": answered / len(truth),
        "n": len(truth),
    }
