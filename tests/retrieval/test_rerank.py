"""A cross-encoder from a folder: a tiny one with random weights, made here."""

from __future__ import annotations

import pytest

from retrieval.fusion import Fused
from retrieval.rerank import CrossEncoderReranker, reordered
from tests.tiny_bert import write_classifier

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "starch", "bile", "acid", "gut"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_classifier(tmp_path_factory.mktemp("cross"), ["LABEL_0"], WORDS)


@pytest.mark.model
def test_scores_lie_between_0_and_1_and_do_not_depend_on_the_batch(folder):
    reranker = CrossEncoderReranker(folder)
    texts = ["starch in the gut", "bile acid", "acid " * 30]
    scores = reranker.scores("bile acid", texts)
    assert all(0 < score < 1 for score in scores)
    alone = [reranker.scores("bile acid", [text])[0] for text in texts]
    assert scores == pytest.approx(alone, abs=1e-5)


def test_the_rest_follows_in_its_order():
    fused = [Fused(1, 1.0), Fused(2, 0.9), Fused(3, 0.8)]
    ordered = reordered(fused, {1: 0.2, 2: 0.6})
    assert [(it.id, it.rerank) for it in ordered] == [(2, 0.6), (1, 0.2), (3, None)]
    assert [it.score for it in ordered] == pytest.approx([0.8, 0.6, 0.4])
