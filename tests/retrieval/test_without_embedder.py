"""A base without a text embedder: no model is loaded, words find, and what is off is told."""

from __future__ import annotations

import sys

import pytest

from ingest.errors import EmbedderMismatchError, UserError
from retrieval import spaces
from retrieval.knowledge_base import KnowledgeBase
from retrieval.search_options import SearchOptions
from tests.retrieval.bases import PAPERS, PROFILE, jsonl, written


@pytest.fixture
def files(tmp_path):
    return written(tmp_path / "in", papers__jsonl=jsonl(PAPERS), profile__tsv=PROFILE)


def test_papers_are_added_and_found_without_any_model(tmp_path, files, monkeypatch):
    def never(spec):
        raise AssertionError(f"{spec} was loaded")

    monkeypatch.setattr(spaces, "load_embedder", never)
    loaded = set(sys.modules)
    with KnowledgeBase.create(tmp_path / "kb", text_embedder="none") as base:
        assert [report.bad for report in base.add(files)] == [[], []]
        (hit, *_) = base.search("starch", 5, "literature")
        assert hit.reference == "PMID:1"
        assert hit.dense is None
        assert "without a text embedder" in base.dense_off
        assert base.search("starch", 5, "literature", SearchOptions(feedback=True))
        assert base.search("Roseburia", 5, "features")
        with pytest.raises(UserError, match="search by meaning is not possible"):
            base.search("starch", 5, "literature", SearchOptions(mode="dense"))
        assert next(it for it in base.info().spaces if it.name == "text").vectors == 0
    assert not {"torch", "sentence_transformers"} & (set(sys.modules) - loaded)


def test_an_embedder_can_be_given_and_taken_away_later(tmp_path, files):
    path = tmp_path / "kb"
    with KnowledgeBase.create(path, text_embedder="none", protein_embedder="hashing") as base:
        base.add(files)
    with pytest.raises(EmbedderMismatchError, match="'none'"):
        KnowledgeBase.open_or_create(path, text_embedder="hashing")
    KnowledgeBase.rebuild(path, text_embedder="hashing")
    with KnowledgeBase.open(path) as base:
        assert base.search("starch", 5, "literature")[0].dense is not None
        assert base.dense_off == ""
    KnowledgeBase.rebuild(path, text_embedder="none")
    with KnowledgeBase.open(path) as base:
        assert base.search("starch", 5, "literature")[0].dense is None
        assert base.dense_off
    assert not list((path / "vectors" / "text").glob("*.faiss"))
