"""A knowledge base after SIGKILL, a full disk and two writers: as before or as after."""

from __future__ import annotations

import json
import shutil
import signal
import sys
from contextlib import ExitStack

import pytest

from ingest.errors import KnowledgeBaseError
from retrieval.knowledge_base import KnowledgeBase
from tests.faults import kb_victim
from tests.faults.victims import Victims
from tests.retrieval.bases import LACTASE, all_files, empty_base, jsonl, written

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")

MORE = [
    {"pmid": "60", "title": "Another paper on starch", "abstract": "It has an abstract. Starch."},
    {"pmid": "1", "title": "Bacteroides degrades dietary starch with amylases", "doi": "10.1/q"},
]
GENES = f">n1 hypothetical protein\n{LACTASE[:50]}\n>n2 Amylase\n{LACTASE[20:]}\n"


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """A base with one file of each kind, and the files that will be added."""
    folder = tmp_path_factory.mktemp("before")
    with empty_base(folder / "kb") as base:
        base.add(all_files(folder / "in"))
    more = written(
        folder / "more",
        more__jsonl=jsonl(MORE),
        genes__faa=GENES,
        meta__tsv="sample_id\tgroup\nS1\tcontrol\nS9\tnew\n",
    )
    return folder / "kb", more


def state(kb):
    """All that a base answers, and that its folder holds no leftovers."""
    with KnowledgeBase.open(kb) as base:
        info = base.info()
        return (
            base.digest,
            info.counts,
            [(it.embedder, it.vectors) for it in info.spaces],
            base.search("starch amylase gut new", 30),
            base.search_sequence(LACTASE, 30),
            base.rank_publications(["starch"], 30),
        )


def stray_files(kb):
    listed = json.loads((kb / "manifest.json").read_text())["files"]
    there = {str(it.relative_to(kb)) for it in kb.rglob("*") if it.is_file()}
    return there - set(listed) - {"manifest.json"}


def moments(events, number):
    """Spread moments over a run; the second half of them over its last tenth, the commit."""
    early = [1 + events * n // number for n in range(number // 2)]
    late = [int(events * (0.9 + 0.1 * n / (number / 2))) for n in range(number // 2)]
    return sorted({*early, *late, events - 2})


@pytest.mark.parametrize(("task", "number"), [("add", 40), ("rebuild", 20), ("compact", 16)])
def test_killed_at_any_moment_it_opens_as_before_or_as_after(
    victims, before, tmp_path, task, number
):
    source, more = before
    kb = tmp_path / "kb"
    shutil.copytree(source, kb)
    if task == "compact":  # something to merge
        assert victims.run("add", kb, more)["code"] == 0
    start = tmp_path / "start"
    shutil.copytree(kb, start)
    states = [state(kb)]
    done = victims.run(task, kb, more)
    assert done["code"] == 0, done
    states += _states_between(victims, task, start, more, tmp_path)
    states.append(after := state(kb))
    seen = set()
    for moment in moments(int(done["said"]), number):
        shutil.rmtree(kb)
        shutil.copytree(start, kb)
        assert victims.run(task, kb, more, kill_at=moment)["signal"] == signal.SIGKILL
        found = state(kb)
        assert found in states, f"killed at event {moment}"
        seen.add(states.index(found))
        assert victims.run(task, kb, more)["code"] == 0
        assert state(kb) == after
        assert stray_files(kb) == set()
    assert len(seen) >= 2 or task == "compact"


def _states_between(victims, task, start, files, tmp_path):
    """Each file is added for itself: the states with some of the files are complete, too."""
    found = []
    for number in range(1, len(files)) if task == "add" else ():
        kb = tmp_path / f"with-{number}"
        shutil.copytree(start, kb)
        assert victims.run("add", kb, files[:number])["code"] == 0
        found.append(state(kb))
    return found


def test_killed_while_it_is_made(victims, before, tmp_path):
    _, more = before
    whole = tmp_path / "whole"
    done = victims.run("add", whole, more[:1])
    after, kb = state(whole), tmp_path / "kb"
    empty_base(tmp_path / "empty").close()
    empty = state(tmp_path / "empty")
    for moment in moments(int(done["said"]), 20):
        shutil.rmtree(kb, ignore_errors=True)
        assert victims.run("add", kb, more[:1], kill_at=moment)["signal"] == signal.SIGKILL
        try:
            assert state(kb) in (empty, after), f"killed at event {moment}"
        except KnowledgeBaseError as error:
            assert type(error) is KnowledgeBaseError  # noqa: PT017 - not there yet, not damaged
        assert victims.run("add", kb, more[:1])["code"] == 0
        assert state(kb) == after
        assert stray_files(kb) == set()


def test_a_full_disk_leaves_it_as_before(victims, before, tmp_path):
    source, more = before
    unchanged, kb = state(source), tmp_path / "kb"
    shutil.copytree(source, tmp_path / "whole")
    assert victims.run("add", tmp_path / "whole", more[:1])["code"] == 0
    after = state(tmp_path / "whole")
    refused = 0
    for limit in (100, 600, 1500, 4000, 9000, 20_000, 60_000, 100_000):
        shutil.rmtree(kb, ignore_errors=True)
        shutil.copytree(source, kb)
        done = victims.run("add", kb, more[:1], limit=limit)
        assert done["code"] in (0, kb_victim.REFUSED), done
        if done["code"] == 0:  # stored; the log is folded in once there is room again
            assert state(kb) == after
        else:
            refused += 1
            assert state(kb) == unchanged
            assert "Free some space" in done["said"] or "free space" in done["said"]
    assert refused >= 4


def test_many_writers_lose_nothing(tmp_path):
    """Four processes add four files each to a base that none of them finds."""
    files = written(
        tmp_path / "in",
        **{
            f"p{n}__jsonl": jsonl([{"pmid": str(n), "title": f"Paper {n}", "abstract": "Text."}])
            for n in range(8)
        },
    )
    kb = tmp_path / "kb"
    with ExitStack() as stack:
        crowd = [stack.enter_context(Victims()) for _ in range(4)]
        for number, it in enumerate(crowd):
            it.order("add", kb, [*files[number * 2 : number * 2 + 2], files[0]])
        answers = [it.answer() for it in crowd]
    assert [answer["code"] for answer in answers] == [0] * 4, "\n".join(
        it["said"] for it in answers
    )
    with KnowledgeBase.open(kb) as base:
        assert base.info().counts["files"] == base.info().counts["publications"] == 8
        assert len(base.rank_publications(["paper text"], 99)[0]) == 8
    assert stray_files(kb) == set()
