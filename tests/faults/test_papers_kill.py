"""Papers that are added, brought up to date, removed and compacted, under SIGKILL."""

from __future__ import annotations

import shutil
import signal
import sys

import pytest

from retrieval.knowledge_base import KnowledgeBase
from tests.faults.test_kb_kill import moments, state, stray_files
from tests.retrieval.bases import empty_base, jsonl, written

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")

OLD = [
    {
        "pmid": str(n),
        "title": f"Paper {n} on lacZ of Clostridium difficile",
        "abstract": f"BT_{4000 + n} is an enzyme of starch (EC 3.2.1.{n}). It was purified twice.",
        "version": 1,
    }
    for n in range(1, 5)
]
ADDED = [{**OLD[0], "pmid": "70", "title": "A new paper on tdcA", "abstract": "Rifampin, new."}]
REVISED = [
    {**OLD[0], "version": 2, "title": "Paper 1 revised, on tdcA", "abstract": "K01190 now, new."}
]
#: While reading, tagging, embedding, writing vectors, and between the commit and the manifest.
POINTS = (
    ("ingest.store_writer", "take", "return"),
    ("ingest.store_entities", "put_tags", "call"),
    ("ingest.store_entities", "put_tags", "return"),
    ("ingest.store_publications", "_put_passages", "return"),
    ("retrieval.embedders.hashing", "embed_documents", "call"),
    ("retrieval.vector_index", "write_segment", "call"),
    ("retrieval.vector_index", "write_segment", "return"),
    ("ingest.store_vectors", "put_segment", "return"),
    ("retrieval.upkeep", "settle", "call"),
    ("ingest.store", "fold_log", "return"),
    ("retrieval.manifest", "write", "call"),
    ("retrieval.manifest", "write", "return"),
)
VERBS = {"add": "add", "update": "add", "remove": "remove", "compact": "compact"}
READING = {"take", "put_tags", "_put_passages", "embed_documents"}
#: Steps that a task does without.
NOT_ALWAYS = {
    "add": set(),
    "update": set(),
    "remove": READING | {"write_segment", "put_segment"},
    "compact": READING,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A base of five papers, and what each task is done with."""
    folder = tmp_path_factory.mktemp("papers")
    with empty_base(folder / "kb") as base:
        base.add(
            written(
                folder / "in", old__jsonl=jsonl(OLD), more__jsonl=jsonl([ADDED[0] | {"pmid": "5"}])
            )
        )
    new = written(folder / "new", added__jsonl=jsonl(ADDED), revised__jsonl=jsonl(REVISED))
    return folder / "kb", {"add": new[:1], "update": new[1:], "remove": ["2", "5"], "compact": []}


def answers(kb):
    """All that the base answers, its tags and what entities find among it."""
    with KnowledgeBase.open(kb) as base:
        connection = base._store.connection
        tags = connection.execute("SELECT * FROM publication_entities ORDER BY 1, 2").fetchall()
        orphans = connection.execute(
            "SELECT COUNT(*) FROM publication_entities"
            " WHERE publication_id NOT IN (SELECT id FROM publications)"
        ).fetchone()[0]
        assert orphans == 0
        questions = ("EC 3.2.1.1", "tdcA", "Clostridioides difficile", "rifampicin", "new")
        found = [[hit.reference for hit in base.search(it, 9)] for it in questions]
    return state(kb), [tuple(row) for row in tags], found


@pytest.fixture(scope="module")
def wholes(victims, made, tmp_path_factory):
    """By task: the base that it starts from, its answers before and after, and the events."""
    return {task: whole(victims, made, tmp_path_factory.mktemp(task), task) for task in made[1]}


def whole(victims, made, folder, task):
    source, files = made
    start, kb = folder / "start", folder / "kb"
    shutil.copytree(source, start)
    if task == "compact":  # something to compact
        assert victims.run("remove", start, ["2", "5"])["code"] == 0
    shutil.copytree(start, kb)
    before = answers(kb)
    done = victims.run(VERBS[task], kb, files[task])
    assert done["code"] == 0, done
    return start, before, answers(kb), int(done["said"])


def killed(victims, files, start, kb, task, **moment):
    """Do a task on a copy of the base and kill it; tell whether it came by there."""
    shutil.rmtree(kb, ignore_errors=True)
    shutil.copytree(start, kb)
    done = victims.run(VERBS[task], kb, files[task], **moment)
    assert done["signal"] == signal.SIGKILL or done["code"] == 0, done
    return done["signal"] == signal.SIGKILL


@pytest.mark.parametrize("point", POINTS, ids=" ".join)
@pytest.mark.parametrize("task", ["add", "update", "remove", "compact"])
def test_killed_at_a_step_it_is_as_before_or_as_after(victims, made, wholes, tmp_path, task, point):
    start, before, after, _ = wholes[task]
    kb = tmp_path / "kb"
    if not killed(victims, made[1], start, kb, task, kill_in=point):
        assert point[1] in NOT_ALWAYS[task]
        return
    assert answers(kb) in (before, after)
    again = victims.run(VERBS[task], kb, made[1][task])
    assert again["code"] == 0, again
    assert stray_files(kb) == set()


@pytest.mark.parametrize("part", [0, 1, 2])
@pytest.mark.parametrize("task", ["add", "update", "remove", "compact"])
def test_killed_at_any_moment_it_is_as_before_or_as_after(
    victims, made, wholes, tmp_path, task, part
):
    start, before, after, events = wholes[task]
    kb = tmp_path / "kb"
    for moment in moments(events, 6)[part::3]:
        assert killed(victims, made[1], start, kb, task, kill_at=moment)
        assert answers(kb) in (before, after), f"killed at event {moment}"
    assert victims.run(VERBS[task], kb, made[1][task])["code"] == 0
    assert answers(kb) == after


def test_each_task_changes_something(wholes):
    for task, (_, before, after, _) in wholes.items():
        assert before != after or task == "compact"
