"""Damaged files of a knowledge base name themselves; nothing is answered from them."""

from __future__ import annotations

import os
import random
import shutil

import pytest

from ingest.errors import DamagedFileError, KnowledgeBaseError
from retrieval.knowledge_base import KnowledgeBase
from tests.retrieval.bases import LACTASE, full_base, jsonl, written


@pytest.fixture
def kb(tmp_path):
    full_base(tmp_path / "kb", tmp_path / "in").close()
    return tmp_path / "kb"


def flipped(content, position):
    changed = content[position] ^ 1 << position % 8
    return content[:position] + bytes([changed]) + content[position + 1 :]


def mutants(content, number, seed=0):
    """Flips all over the file, more in its first bytes, and cuts."""
    chosen = random.Random(seed)
    places = [*range(0, 100, 3), *(chosen.randrange(len(content)) for _ in range(number))]
    yield from (flipped(content, place) for place in places)
    yield from (content[: chosen.randrange(len(content))] for _ in range(number // 4))
    yield b""
    yield content + b"\0"


def ask(folder):
    with KnowledgeBase.open(folder) as base:
        base.search("starch", 3)
        base.search_sequence(LACTASE, 3)


def test_a_damaged_database_is_never_opened(kb):
    path = kb / "kb.sqlite"
    good = path.read_bytes()
    for mutant in mutants(good, 150):
        path.write_bytes(mutant)
        with pytest.raises(DamagedFileError, match=r"kb\.sqlite.*backup"):
            ask(kb)
        for leftover in kb.glob("kb.sqlite-*"):
            leftover.unlink()
    path.write_bytes(good)
    ask(kb)


@pytest.mark.parametrize("space", ["text", "sequence"])
def test_damaged_vectors_are_never_searched(kb, space):
    for path in (kb / "vectors" / space).iterdir():
        good = path.read_bytes()
        for mutant in mutants(good, 20):
            path.write_bytes(mutant)
            with pytest.raises(DamagedFileError, match=rf"{path.name}.*metalumen rebuild KB"):
                ask(kb)
        path.write_bytes(good)
    ask(kb)


def test_a_damaged_manifest_is_named_and_rebuild_mends_it(kb):
    path = kb / "manifest.json"
    path.write_bytes(flipped(path.read_bytes(), 40))
    with pytest.raises(DamagedFileError, match=r"manifest\.json.*metalumen rebuild KB"):
        KnowledgeBase.open(kb)
    KnowledgeBase.rebuild(kb)
    ask(kb)


def test_rebuild_mends_vectors_and_refuses_damaged_facts(kb):
    for path in (kb / "vectors").rglob("*.faiss"):
        path.write_bytes(b"no vectors")
    KnowledgeBase.rebuild(kb)
    ask(kb)
    path = kb / "kb.sqlite"
    good = path.read_bytes()
    place = good.index(LACTASE.encode()) + 5
    path.write_bytes(flipped(good, place))  # SQLite itself cannot notice this one
    with pytest.raises(DamagedFileError, match=r"kb\.sqlite"):
        KnowledgeBase.rebuild(kb)


def test_a_missing_file_is_named(kb):
    (kb / "kb.sqlite").rename(kb / "away")
    with pytest.raises(DamagedFileError, match=r"kb\.sqlite: the file is missing"):
        KnowledgeBase.open(kb)
    (kb / "away").rename(kb / "kb.sqlite")
    shutil.rmtree(kb / "vectors" / "text")
    with pytest.raises(DamagedFileError, match=r"vectors/text/.*missing.*metalumen rebuild KB"):
        KnowledgeBase.open(kb)


def test_a_lost_manifest_is_made_again(kb):
    content = (kb / "manifest.json").read_text()
    (kb / "manifest.json").unlink()
    ask(kb)
    assert (kb / "manifest.json").read_text() == content


def test_an_older_database_under_a_newer_manifest_is_damage(kb, tmp_path):
    old = (kb / "kb.sqlite").read_bytes()
    with KnowledgeBase.open(kb) as base:
        paper = {"pmid": "9", "title": "New", "abstract": "New."}
        base.add(written(tmp_path / "x", p__jsonl=jsonl([paper])))
    (kb / "kb.sqlite").write_bytes(old)
    with pytest.raises(DamagedFileError, match="older"):
        KnowledgeBase.open(kb)


def test_vectors_of_another_base_are_not_taken(kb, tmp_path):
    full_base(tmp_path / "other", tmp_path / "in2").close()
    with KnowledgeBase.open(kb) as base:
        paper = {"pmid": "9", "title": "New", "abstract": "New."}
        base.add(written(tmp_path / "x", p__jsonl=jsonl([paper])))
    (mine,) = set((kb / "vectors" / "text").iterdir()) - {
        kb / "vectors" / "text" / it.name for it in (tmp_path / "other/vectors/text").iterdir()
    }
    theirs = next((tmp_path / "other" / "vectors" / "sequence").iterdir())
    mine.write_bytes(theirs.read_bytes()[: mine.stat().st_size].ljust(mine.stat().st_size, b"\0"))
    with pytest.raises(DamagedFileError, match=mine.name):
        ask(kb)


def test_a_read_only_folder_can_be_read(kb, tmp_path, monkeypatch):
    before = {path: path.read_bytes() for path in kb.rglob("*") if path.is_file()}
    monkeypatch.setattr("os.access", lambda path, mode: mode != os.W_OK)
    paper = {"pmid": "9", "title": "New", "abstract": "New."}
    more = written(tmp_path / "x", p__jsonl=jsonl([paper]))
    with KnowledgeBase.open(kb) as base:
        assert base.search("starch", 3)
        assert base.info().counts["files"] == 5
        with pytest.raises(KnowledgeBaseError, match="read-only"):
            base.add(more)
        with pytest.raises(KnowledgeBaseError, match="read-only"):
            base.compact()
    assert {path: path.read_bytes() for path in kb.rglob("*") if path.is_file()} == before
