"""Fit the weights by which a request is declined.

    python -m benchmarks.fit_requests REQUESTS [--questions ori_pqal.json.gz] [-o WEIGHTS.json]

The folder holds ``hazardous_ROUND.txt`` and ``routine_ROUND.txt``, one request a line, and
``turns_*`` with a question and what follows it, parted by ``||``. A logistic regression on
the features of ``assistant.request_words``; small weights are left out. Every other question
of PubMedQA (MIT) may be added as routine. Each round was written before anything was
fitted to it, so that leaving it out shows what is to be expected of requests not seen.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.harmful_requests import in_context
from assistant.request_words import features, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

STRENGTH = 1.0  # inverse of the penalty; chosen by leaving rounds out, among .1, .3, 1
LEAST_REQUESTS = 3  # in which a feature stands
MOST_WEIGHTS = 3000
THRESHOLD = 0.5  # probability from which on a request is declined

Rounds = dict[str, tuple[list[str], list[str]]]


def read_rounds(folder: Path) -> Rounds:
    """Read the rounds of a folder: hazardous and routine requests, plain."""
    rounds: Rounds = {}
    for path in sorted(folder.glob("hazardous_*.txt")):
        name = path.stem.removeprefix("hazardous_")
        rounds[name] = tuple(  # type: ignore[assignment]  # two lists
            _requests(folder, kind, name) for kind in ("hazardous", "routine")
        )
    return rounds


def _requests(folder: Path, kind: str, name: str) -> list[str]:
    lines = [
        line
        for path in (folder / f"{kind}_{name}.txt", folder / f"turns_{kind}_{name}.txt")
        if path.exists()
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    turns = [[plain(turn) for turn in line.split("||")] for line in lines if line.strip()]
    return [(in_context(last, before) or [last])[-1] for *before, last in turns]


def read_questions(path: Path | None) -> list[str]:
    """Read every other question of PubMedQA, plain; none without a path."""
    if path is None:
        return []
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        return [plain(row["QUESTION"]) for row in json.load(handle).values()][::2]


def fit(rounds: Sequence[tuple[list[str], list[str]]]) -> tuple[dict[str, float], float]:
    """Fit weights and the intercept to rounds; both kinds of requests weigh the same."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    texts = [text for hazardous, routine in rounds for text in (*hazardous, *routine)]
    labels = [
        kind for hazardous, routine in rounds for kind in [1] * len(hazardous) + [0] * len(routine)
    ]
    vectorizer = DictVectorizer()
    table = vectorizer.fit_transform([features(text) for text in texts])
    kept = np.flatnonzero(np.asarray((table > 0).sum(axis=0)).ravel() >= LEAST_REQUESTS)
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=3000)
    model.fit(table[:, kept], labels)
    names = vectorizer.get_feature_names_out()[kept]
    order = np.argsort(-np.abs(model.coef_[0]), kind="stable")[:MOST_WEIGHTS]
    weights = {str(names[at]): round(float(model.coef_[0][at]), 3) for at in order}
    return dict(sorted(weights.items())), round(float(model.intercept_[0]), 3)


def share_declined(texts: Sequence[str], weights: dict[str, float], intercept: float) -> float:
    """Return the share of plain requests that weights would decline."""
    bar = math.log(THRESHOLD / (1 - THRESHOLD))
    scores = [
        intercept + sum(weights.get(name, 0) * x for name, x in features(text).items())
        for text in texts
    ]
    return sum(score >= bar for score in scores) / max(1, len(scores))


def left_out(rounds: Rounds, questions: list[str]) -> dict[str, dict[str, float]]:
    """Decline each round by weights fitted to the others."""
    report = {}
    for name, (hazardous, routine) in rounds.items():
        weights, intercept = fit(
            [*(one for other, one in rounds.items() if other != name), ([], questions)]
        )
        report[name] = {
            "hazardous_declined": round(share_declined(hazardous, weights, intercept), 3),
            "routine_declined": round(share_declined(routine, weights, intercept), 3),
        }
    return report


def main() -> None:
    """Fit, measure by leaving rounds out, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("-o", "--output", type=Path)
    arguments = parser.parse_args()
    rounds = read_rounds(arguments.folder)
    questions = read_questions(arguments.questions)
    weights, intercept = fit([*rounds.values(), ([], questions)])
    written: dict[str, Any] = {
        "version": datetime.now(UTC).date().isoformat(),
        "fitted_on": "own requests: tests/assistant/requests",
        "hazardous": sum(len(one) for one, _ in rounds.values()),
        "routine": sum(len(two) for _, two in rounds.values()),
        "questions_of_papers": len(questions),
        "left_out": left_out(rounds, questions),
        "threshold": round(math.log(THRESHOLD / (1 - THRESHOLD)), 3),
        "intercept": intercept,
        "weights": weights,
    }
    print(json.dumps({key: value for key, value in written.items() if key != "weights"}, indent=1))
    if arguments.output:
        text = json.dumps(written, ensure_ascii=False, indent=0)
        arguments.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
