"""Tables that are added, the profile space that is made and compacted, under SIGKILL."""

from __future__ import annotations

import shutil
import signal
import sys

import pytest

from ingest.errors import UserError
from retrieval.knowledge_base import KnowledgeBase
from retrieval.profiles.search import AskedSample
from retrieval.upkeep import check_everything
from tests.faults.test_kb_kill import moments, stray_files
from tests.faults.test_kb_kill import state as state_of_texts
from tests.retrieval.bases import PAPERS, empty_base, jsonl, written
from tests.retrieval.profiles.communities import NAMES, cohort, community
from tests.retrieval.profiles.tables import metaphlan
from tests.retrieval.profiles.test_space import without_space

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")

ASVS = [f"{n:032x}" for n in range(1, 7)]
TABLE = "#OTU ID\tS1\tS2\n" + "".join(f"{it}\t{n + 1}\t{9 - n}\n" for n, it in enumerate(ASVS))
TAXONOMY = "Feature ID\tTaxon\tConfidence\n" + "".join(
    f"{it}\tk__Bacteria; g__Genus{n % 4}\t0.9\n" for n, it in enumerate(ASVS)
)
POINTS = (
    ("retrieval.profiles.filling", "fill", "call"),
    ("ingest.store_compositions", "make_tables", "return"),
    ("ingest.store_compositions", "forget_file", "return"),
    ("ingest.store_removal", "delete_file", "return"),
    ("ingest.store_compositions", "put", "return"),
    ("ingest.store_compositions", "mark_done", "return"),
    ("retrieval.vector_index", "write_segment", "return"),
    ("ingest.store_vectors", "forget_part", "return"),
    ("ingest.store_vectors", "put_segment", "return"),
    ("retrieval.profiles.filling", "fill", "return"),
    ("retrieval.upkeep", "settle", "call"),
    ("retrieval.manifest", "write", "call"),
)
#: What each task does: the command, and the functions of ``POINTS`` that it goes through.
FILLING = {"fill", "put", "mark_done", "write_segment", "put_segment", "settle", "write"}
TASKS = {
    "table": ("add", FILLING | {"make_tables"}),
    "taxonomy": ("add", FILLING | {"make_tables", "forget_file"}),
    "first": ("add", FILLING | {"make_tables"}),
    "rebuild": ("rebuild", FILLING | {"make_tables"}),
    "compact": ("compact", {"write_segment", "forget_part", "put_segment", "settle", "write"}),
    "remove": ("remove", {"settle", "write"}),
    # A sample of two tables is described anew.
    "withdraw": (
        "remove",
        {"forget_file", "delete_file", "write_segment", "put_segment", "settle", "write"},
    ),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A base, one from before the space, and what each task is done with."""
    folder = tmp_path_factory.mktemp("profiles")
    files = written(
        folder / "in", taxa__tsv=cohort(number=3), asvs__tsv=TABLE, papers__jsonl=jsonl(PAPERS),
        second__tsv=metaphlan({"A1": community("A", 1), "S2": {"X yellow": 1}}),
    )  # fmt: skip
    with empty_base(folder / "kb") as base:
        base.add(files)
    shutil.copytree(folder / "kb", folder / "old")
    without_space(folder / "old")
    KnowledgeBase.open(folder / "old").close()
    more = metaphlan({"A9": community("A", 9), "A0": dict.fromkeys(NAMES, 1.0)})
    new = written(folder / "new", more__tsv=more, taxonomy__tsv=TAXONOMY)
    given = {"table": new[:1], "taxonomy": new[1:], "first": new[:1], "remove": ["2"]}
    given["withdraw"] = ["second.tsv"]
    return folder, {task: given.get(task, []) for task in TASKS}


def state(kb):
    """All that the base answers; the vectors of all spaces are those of the manifest."""
    check_everything(kb)
    with KnowledgeBase.open(kb) as base:
        found = [similar(base, it) for it in ("A0", "A9", "B1", "S1")]
        spaces = [(it.name, it.vectors) for it in base.info().spaces]
    return state_of_texts(kb), found, spaces


def similar(base, sample):
    try:
        return [base.similar_samples(AskedSample(sample, kind), 9) for kind in ("", "genus")]
    except UserError as error:
        return str(error)


@pytest.fixture(scope="module")
def wholes(victims, made, tmp_path_factory):
    """By task: the base that it starts from, its answers before and after, and the events."""
    folder, files = made
    found = {}
    for task, (verb, _) in TASKS.items():
        start = tmp_path_factory.mktemp(task) / "start"
        shutil.copytree(folder / ("old" if task == "first" else "kb"), start)
        kb = start.parent / "kb"
        shutil.copytree(start, kb)
        before = state(kb)
        done = victims.run(verb, kb, files[task])
        assert done["code"] == 0, done
        found[task] = (start, before, state(kb), int(done["said"]))
    return found


def killed(victims, files, start, kb, task, **moment):
    shutil.rmtree(kb, ignore_errors=True)
    shutil.copytree(start, kb)
    done = victims.run(TASKS[task][0], kb, files[task], **moment)
    assert done["signal"] == signal.SIGKILL or done["code"] == 0, done
    return done["signal"] == signal.SIGKILL


@pytest.mark.parametrize("point", POINTS, ids=" ".join)
@pytest.mark.parametrize("task", TASKS)
def test_killed_at_a_step_it_is_as_before_or_as_after(victims, made, wholes, tmp_path, task, point):
    start, before, after, _ = wholes[task]
    kb = tmp_path / "kb"
    was_killed = killed(victims, made[1], start, kb, task, kill_in=point)
    assert was_killed == (point[1] in TASKS[task][1])
    assert state(kb) in (before, after)
    if was_killed:
        assert victims.run(TASKS[task][0], kb, made[1][task])["code"] == 0
        assert stray_files(kb) == set()
        assert state(kb) == after


@pytest.mark.parametrize("task", TASKS)
def test_killed_at_any_moment_it_is_as_before_or_as_after(victims, made, wholes, tmp_path, task):
    start, before, after, events = wholes[task]
    kb = tmp_path / "kb"
    for moment in moments(events, 4):
        assert killed(victims, made[1], start, kb, task, kill_at=moment)
        assert state(kb) in (before, after), f"killed at event {moment}"
    assert victims.run(TASKS[task][0], kb, made[1][task])["code"] == 0
    assert state(kb) == after


def test_each_task_changes_something(wholes):
    for task, (_, before, after, _) in wholes.items():
        assert before != after or task == "compact"
    assert "metalumen rebuild" in wholes["first"][1][1][0]
