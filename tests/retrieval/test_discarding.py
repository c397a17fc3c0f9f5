"""A knowledge base that nothing was added to goes; any other stays."""

from __future__ import annotations

import pytest

from ingest import store as store_module
from retrieval.knowledge_base import KnowledgeBase
from retrieval.upkeep import discard_unused


@pytest.fixture
def kb(tmp_path):
    folder = tmp_path / "kb"
    KnowledgeBase.create(folder, text_embedder="hashing", protein_embedder="hashing").close()
    return folder


@pytest.mark.parametrize("keeps_folder", [False, True])
def test_one_without_content_goes(kb, keeps_folder):
    discard_unused(kb, keeps_folder=keeps_folder)
    assert kb.is_dir() == keeps_folder
    assert not keeps_folder or not list(kb.iterdir())


def test_what_else_lies_in_the_folder_stays(kb):
    (kb / "mine.txt").write_text("mine")
    discard_unused(kb, keeps_folder=False)
    assert [path.name for path in kb.iterdir()] == ["mine.txt"]


def test_one_that_another_process_is_adding_to_stays(kb, monkeypatch):
    monkeypatch.setattr(store_module, "_PATIENCE", 0.05)
    other = store_module.Store(kb / store_module.FILE_NAME)
    with other.exclusive():
        discard_unused(kb, keeps_folder=False)
    other.close()
    KnowledgeBase.open(kb).close()


def test_one_with_content_stays(kb, tmp_path):
    paper = tmp_path / "papers.jsonl"
    paper.write_text('{"title": "On digoxin", "abstract": "It is reduced by a gut bacterium."}\n')
    with KnowledgeBase.open(kb) as base:
        base.add([paper])
    discard_unused(kb, keeps_folder=False)
    with KnowledgeBase.open(kb) as base:
        assert base.facts.counts()["publications"] == 1
