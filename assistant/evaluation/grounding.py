"""How well claims are checked, on claims that people checked against papers.

Each claim cites its paper: verdicts by label, the area under the ROC curve of supports against
contradicts, and hidden contradictions (contradicted claims whose verdict is "supported" or
"partial"). Each claim is also held against a wrong paper, which should be caught.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from assistant.claims import Citation, Claim
from assistant.grounding import ground
from assistant.grounding.cited import cite
from assistant.grounding.entailment import judged, leaning, model_in_use
from retrieval.evidence.base import Evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.evaluation.labelled_claims import LabelledPair, LabelledSet, Paper

_SHOWN: Final = ("supported", "partial")
#: Verdicts of what may stand where facts are stated.
FACTS: Final = ("supported",)


def evaluate_claims(labelled: LabelledSet, seed: int) -> dict[str, Any]:
    """Check each labelled claim against its paper, and against a wrong one."""
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    pairs = labelled.pairs
    by_label: dict[str, Counter[str]] = {name: Counter() for name in _LABELS}
    wrong: Counter[str] = Counter()
    scores: list[tuple[float, bool]] = []
    for pair in pairs:
        verdict = check(pair.claim, pair.paper)
        by_label[pair.label][verdict] += 1
        if pair.label != "unknown":
            scores.append((score(pair.claim, pair.paper), pair.label == "support"))
        wrong[check(pair.claim, _another(pair, labelled.papers, chance))] += 1
    return {
        "pairs": len(pairs),
        "judge": judge_name(),
        "verdicts": {label: dict(sorted(found.items())) for label, found in by_label.items()},
        "auc_support_contradict": area(scores),
        "wrong_paper": dict(sorted(wrong.items())),
        "wrong_paper_caught": _share(wrong, lambda verdict: verdict not in _SHOWN),
        "wrong_paper_not_supported": _share(wrong, lambda verdict: verdict not in FACTS),
        "hidden_contradiction_rate": _share(by_label["contradict"], lambda one: one in _SHOWN),
        "contradictions_shown_as_fact": _share(by_label["contradict"], lambda one: one in FACTS),
        "supports_supported_or_partial": _share(by_label["support"], lambda one: one in _SHOWN),
    }


_LABELS: Final = ("support", "contradict", "unknown")


def check(claim: str, paper: Paper) -> str:
    """Return the verdict on a claim that cites one paper and quotes its first words."""
    item = as_item(paper)
    quote = " ".join(paper.text.split()[:8])
    made = Claim(
        id="claim",
        text=claim,
        origin="llm",
        citations=(Citation(evidence_id=item.id, quote=quote),),
    )
    return ground([made], {item.id: item}, None)[0].verdict


def score(claim: str, paper: Paper) -> float:
    """Return how far a paper speaks for a claim: by the model if one is set, else by words."""
    cited = cite((as_item(paper),))
    model = model_in_use()
    if model is None:
        return leaning(claim, cited)
    found = judged(claim, cited, model)
    return (found.entails - found.contradicts + 1) / 2


def judge_name() -> str:
    """Name what judges entailment."""
    model = model_in_use()
    return model.name if model else "rule on words"


def as_item(paper: Paper) -> Evidence:
    """Present a paper as evidence."""
    return Evidence(
        gene_id="claim",
        kind="literature",
        eco="ECO:0007321",
        statement=paper.title,
        reference=f"doc:{paper.id}",
        title=paper.title,
        quote=paper.text,
        passage_id=paper.id,
    )


def area(scores: Sequence[tuple[float, bool]]) -> float | None:
    """Return the area under the ROC curve by ranks; None when one class is missing."""
    right = [value for value, is_right in scores if is_right]
    wrong = [value for value, is_right in scores if not is_right]
    if not right or not wrong:
        return None
    wins = sum((one > other) + 0.5 * (one == other) for one in right for other in wrong)
    return round(wins / (len(right) * len(wrong)), 4)


def _another(pair: LabelledPair, papers: Sequence[Paper], chance: random.Random) -> Paper:
    while True:
        paper = chance.choice(papers)
        if paper.id != pair.paper.id:
            return paper


def _share(found: Counter[str], is_counted: Callable[[str], bool]) -> float | None:
    return ratio(sum(n for name, n in found.items() if is_counted(name)), found.total())


def ratio(part: int, whole: int) -> float | None:
    """Return a share, None of nothing."""
    return round(part / whole, 4) if whole else None
