"""Fit the weights by which words of a paper lean for or against a claim.

    python -m benchmarks.fit_stance SCIFACT_FOLDER [-o WEIGHTS.json]

Only the training claims of SciFact are read (supports and contradicts; papers that do neither
are left out). The weights are of a logistic regression on the features of
``assistant.grounding.stance``, not scaled, so that each can be read: what one feature at its
full value adds to the log-odds of support. Cross-validated by paper: no paper is in two folds.
The file also holds in how many abstracts of the corpus each common word stands.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.evaluation.labelled_claims import read_labelled
from assistant.grounding import stance
from assistant.grounding.words import tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.evaluation.labelled_claims import LabelledPair, LabelledSet, Paper

STRENGTH = 0.05  # inverse of the penalty; chosen by cross-validation among .01, .05, .3
FOLDS = 10
LEAST_SHARE_OF_ABSTRACTS = 0.005  # words in fewer all weigh the same
RARE_COUNT = 4


def count_words(papers: Sequence[Paper]) -> dict[str, int]:
    """Count in how many abstracts each word stands; rare words are left out."""
    counts: Counter[str] = Counter()
    for paper in papers:
        counts.update({token.text for token in tokens_of(f"{paper.title}. {paper.text}")})
    least = LEAST_SHARE_OF_ABSTRACTS * len(papers)
    return {
        word: count for word, count in sorted(counts.items()) if count >= least and word.isalpha()
    }


def measured(pairs: Sequence[LabelledPair]) -> tuple[list[str], np.ndarray[Any, Any]]:
    """Measure all pairs: names of the features, one row a pair."""
    rows = [stance.features_of(one.claim, (one.paper.title, one.paper.text))[0] for one in pairs]
    names = list(rows[0])
    return names, np.array([[row[name] for name in names] for row in rows])


def fit(
    rows: np.ndarray[Any, Any], labels: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], float]:
    """Fit on scaled features; return weights of the unscaled ones and the intercept."""
    from sklearn.linear_model import LogisticRegression

    centre, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    model = LogisticRegression(C=STRENGTH, max_iter=1000).fit((rows - centre) / spread, labels)
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - weights @ centre)


def cross_validated(
    rows: np.ndarray[Any, Any], labels: np.ndarray[Any, Any], papers: Sequence[str]
) -> float:
    """Return the area under the ROC curve of predictions for papers that were not seen."""
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold

    scores = np.zeros(len(labels))
    for seen, unseen in GroupKFold(FOLDS).split(rows, labels, list(papers)):
        weights, intercept = fit(rows[seen], labels[seen])
        scores[unseen] = rows[unseen] @ weights + intercept
    return float(roc_auc_score(labels, scores))


def document(labelled: LabelledSet) -> dict[str, Any]:
    """Make the whole file."""
    counts = count_words(labelled.papers)
    stance.use_weights(stance.Weights({}, 0.0, counts, len(labelled.papers), RARE_COUNT))
    pairs = [one for one in labelled.of_split("train").pairs if one.label != "unknown"]
    names, rows = measured(pairs)
    labels = np.array([one.label == "support" for one in pairs])
    weights, intercept = fit(rows, labels)
    return {
        "version": datetime.now(UTC).date().isoformat(),
        "fitted_on": "SciFact, training claims with a label (claims CC BY 4.0, abstracts ODC-By)",
        "pairs": len(pairs),
        "support": int(labels.sum()),
        "cross_validated_auc": round(
            cross_validated(rows, labels, [one.paper.id for one in pairs]), 3
        ),
        "weights": {name: round(float(one), 4) for name, one in zip(names, weights, strict=True)},
        "intercept": round(intercept, 4),
        "documents": len(labelled.papers),
        "rare_count": RARE_COUNT,
        "document_counts": counts,
    }


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="SCIFACT_FOLDER")
    parser.add_argument("-o", "--output", type=Path, default=Path(stance.WEIGHTS_NAME))
    given = parser.parse_args()
    made = document(read_labelled(given.folder))
    given.output.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    shown = {key: value for key, value in made.items() if key != "document_counts"}
    print(json.dumps(shown, indent=1))


if __name__ == "__main__":
    main()
