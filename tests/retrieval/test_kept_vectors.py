"""Questions that were embedded before need no model, and have the same vectors."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from ingest.errors import UserError
from ingest.store import Space
from retrieval.embedders import load_embedder
from retrieval.kept_answers import KeptAnswers
from retrieval.kept_vectors import embed_unless_kept
from retrieval.knowledge_base import KnowledgeBase
from retrieval.spaces import SpaceEmbedder
from tests.retrieval.bases import PAPERS, empty_base, jsonl, written

QUESTIONS = ["starch", "lactose in infants", "starch", ""]


@pytest.fixture
def model():
    return load_embedder("hashing")


class Counting:
    """Embed by a real model, and note what was asked."""

    def __init__(self, model):
        self.model, self.asked = model, []

    def __call__(self, items):
        self.asked.append(list(items))
        return self.model.embed_queries(items)


def test_vectors_are_those_of_the_model_cold_warm_partial_and_damaged(tmp_path, model):
    embed, kept = Counting(model), KeptAnswers(tmp_path, "state")
    expected = model.embed_queries(QUESTIONS)
    for _ in range(2):
        assert np.array_equal(embed_unless_kept(QUESTIONS, embed, model.dim, kept), expected)
    assert embed.asked == [["starch", "lactose in infants", ""]]
    files = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    files[0].unlink()
    files[1].write_bytes(b"\x00")
    again = embed_unless_kept([*QUESTIONS, "new"], embed, model.dim, kept)
    assert np.array_equal(again, model.embed_queries([*QUESTIONS, "new"]))
    assert len(embed.asked[1]) == 3


def test_vectors_of_another_size_are_not_used(tmp_path, model):
    kept = KeptAnswers(tmp_path, "state")
    for text in ("00", "zz", "0000c07f" * model.dim, "00000000" * (model.dim - 1)):
        kept.keep({hashlib.sha256(b"starch").hexdigest(): text})
        found = embed_unless_kept(["starch"], model.embed_queries, model.dim, kept)
        assert np.array_equal(found, model.embed_queries(["starch"]))


def test_no_question_no_vector(tmp_path, model):
    kept = KeptAnswers(tmp_path, "state")
    assert embed_unless_kept([], model.embed_queries, model.dim, kept).shape == (0, model.dim)


def test_the_model_is_loaded_for_new_questions_only(tmp_path, monkeypatch, model):
    space = Space("text", "hashing", model.name, model.revision, model.dim)
    first = SpaceEmbedder(space)
    first.keep_in(tmp_path)
    expected = first.embed_queries(["starch"])
    monkeypatch.setattr("retrieval.spaces.load_embedder", _missing)
    second = SpaceEmbedder(space)
    second.keep_in(tmp_path)
    assert np.array_equal(second.succeeded_by(space).embed_queries(["starch"]), expected)
    with pytest.raises(UserError):
        second.embed_queries(["lactose"])
    other = SpaceEmbedder(Space("text", "hashing", model.name, "another revision", model.dim))
    other.keep_in(tmp_path)
    with pytest.raises(UserError):
        other.embed_queries(["starch"])


def _missing(spec):
    raise UserError(f"{spec} is not here")


def test_a_base_keeps_questions_when_told_so_alone(tmp_path):
    with empty_base(tmp_path / "kb") as base:
        base.add(written(tmp_path / "in", papers__jsonl=jsonl(PAPERS)))
        before = base.search("starch in the gut", 3)
        folder = base.path / "cache" / "questions"
        assert not folder.exists()
    for _ in range(2):
        with KnowledgeBase.open(tmp_path / "kb") as base:
            base.keep_searches()
            assert base.search("starch in the gut", 3) == before
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1
