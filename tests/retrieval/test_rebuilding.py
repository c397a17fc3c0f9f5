"""A knowledge base made anew or compacted, and embedders that do not fit it."""

from __future__ import annotations

import shutil

import pytest

from ingest.errors import (
    EmbedderMismatchError,
)
from retrieval.knowledge_base import KnowledgeBase
from tests.retrieval.bases import (
    LACTASE,
    full_base,
    jsonl,
    written,
)


def test_rebuild_gives_the_same_answers_and_keeps_ids(tmp_path):
    with full_base(tmp_path / "kb", tmp_path / "in") as base:
        before = base.search("starch gut", 9)
        digest = base.digest
    shutil.rmtree(tmp_path / "kb" / "vectors")
    (tmp_path / "kb" / "manifest.json").write_text("gone")
    KnowledgeBase.rebuild(tmp_path / "kb")
    with KnowledgeBase.open(tmp_path / "kb") as base:
        assert base.search("starch gut", 9) == before
        assert base.digest == digest


def test_rebuild_changes_the_embedder(tmp_path):
    full_base(tmp_path / "kb", tmp_path / "in").close()
    KnowledgeBase.rebuild(tmp_path / "kb", text_embedder="hashing:32")
    with KnowledgeBase.open(tmp_path / "kb") as base:
        dims = {it.name: (it.embedder, it.dim) for it in base.info().spaces}
        embedded = {"text": ("hashing:32", 32), "sequence": ("hashing", 64)}
        assert dims == {**embedded, "profile": ("hellinger", 512)}
        assert base.search("starch", 1)[0].dense is not None


def test_another_embedder_is_refused(tmp_path):
    full_base(tmp_path / "kb", tmp_path / "in").close()
    with pytest.raises(EmbedderMismatchError, match="metalumen rebuild KB"):
        KnowledgeBase.open_or_create(tmp_path / "kb", text_embedder="hashing:32")
    KnowledgeBase.open_or_create(tmp_path / "kb", text_embedder="hashing").close()


def test_an_embedder_of_another_revision_is_refused(tmp_path, monkeypatch):
    full_base(tmp_path / "kb", tmp_path / "in").close()
    monkeypatch.setattr("retrieval.embedders.hashing.HashingEmbedder.revision", "2")
    with KnowledgeBase.open(tmp_path / "kb") as base:
        base.publications_with_pmids(["1"])  # facts need no embedder
        with pytest.raises(
            EmbedderMismatchError, match=r"hashing revision 1 .* revision 2 .*rebuild"
        ):
            base.search("starch", 1)
        with pytest.raises(EmbedderMismatchError):
            base.add(
                written(
                    tmp_path / "x",
                    p__jsonl=jsonl([{"pmid": "8", "title": "Other", "abstract": "New."}]),
                )
            )


def test_compaction_keeps_answers_and_leaves_one_file_a_kind(tmp_path):
    base = full_base(tmp_path / "kb", tmp_path / "in")
    base.add(written(tmp_path / "x", m__tsv="sample_id\tgroup\nS1\tcontrol\nS3\tnew\n"))
    hits, near = base.search("starch gut group", 20), base.search_sequence(LACTASE, 9)
    vectors = {it.name: it.vectors for it in base.info().spaces}
    base.compact()
    assert base.search("starch gut group", 20) == hits
    assert base.search_sequence(LACTASE, 9) == near
    assert {it.name: it.vectors for it in base.info().spaces} == vectors
    segments = {it.name: it.segments for it in base.info().spaces}
    assert segments == {"text": 4, "sequence": 2, "profile": 2}
    files = list((tmp_path / "kb" / "vectors").rglob("*.faiss"))
    assert len(files) == 8
    base.close()
