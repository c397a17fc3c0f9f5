"""Embedders that are asked for by name, for a base that has vectors."""

import json

import pytest

from ingest.errors import EmbedderMismatchError
from retrieval.knowledge_base import KnowledgeBase

PAPER = {"_id": "1", "title": "Digoxin", "text": "Eggerthella lenta reduces digoxin in the gut."}
OTHER = {"_id": "2", "title": "Lactose", "text": "Escherichia coli takes up lactose by LacY."}


@pytest.fixture
def papers(tmp_path):
    paths = [tmp_path / "first.jsonl", tmp_path / "second.jsonl"]
    for path, paper in zip(paths, (PAPER, OTHER), strict=True):
        path.write_text(json.dumps(paper) + "\n", encoding="utf-8")
    return paths


def embedder_of(base):
    space = json.loads((base / "manifest.json").read_text())["spaces"]["text"]
    return space["spec"], space["name"]


@pytest.mark.model
def test_the_same_weights_may_be_computed_in_another_way(tmp_path, papers):
    path = tmp_path / "kb"
    with KnowledgeBase.open_or_create(path, text_embedder="minilm:torch") as base:
        base.add(papers[:1])
    assert embedder_of(path) == ("minilm:torch", "all-MiniLM-L6-v2")
    with KnowledgeBase.open_or_create(path, text_embedder="minilm") as base:
        base.add(papers[1:])
        assert [hit.score for hit in base.search("cardiac glycoside digoxin", 1)]
        assert next(it for it in base.info().spaces if it.name == "text").vectors == 2
    assert embedder_of(path) == ("minilm", "all-MiniLM-L6-v2")


def test_other_weights_are_refused(tmp_path, papers):
    path = tmp_path / "kb"
    with KnowledgeBase.open_or_create(path, text_embedder="hashing:32") as base:
        base.add(papers[:1])
    with pytest.raises(EmbedderMismatchError, match="'hashing:32', not 'minilm'"):
        KnowledgeBase.open_or_create(path, text_embedder="minilm")
    with KnowledgeBase.open_or_create(path, text_embedder="hashing:32") as base:
        base.add(papers[1:])
