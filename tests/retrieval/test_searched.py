"""Answers that were searched ahead are those of the searches; a damaged file has none."""

import pytest

from retrieval.alignment import Alignment
from retrieval.evidence.embedding_neighbours import NEIGHBOURS
from retrieval.hits import MAX_ALIGNMENTS, SequenceHit
from retrieval.searched import Searched, completed, file_of, read_searched, search_all

HITS = {
    "a": [
        Alignment("a", "t1", 100 / 3, 1.0, 0.1, 3.2e-82, 223.5, 30, 1, 30, 2, 31, "30M"),
        Alignment("a", "t2", 40.0, 0.5, 0.5, 1e-5, 50.0, 10, 1, 10, 2, 11, "10M", by_profile=True),
    ],
}
NEAR = {"a": [SequenceHit("t1", 0.912345), SequenceHit("t3", 0.1)], "b": []}


class Base:
    """A base that finds what is written above."""

    def align_each(self, queries):
        return ((name, HITS[name]) for name in queries if name in HITS)

    def neighbours(self, queries, k):
        assert k == NEIGHBOURS
        return {name: NEAR[name] for name in queries}

    def close(self):
        pass


@pytest.fixture
def path(tmp_path):
    lines = search_all(Base(), {"a": "MKV", "b": "MK"})
    path = tmp_path / "shard.searched"
    path.write_bytes(file_of(lines[name] for name in ("b", "a")))
    return path


def test_what_comes_back_is_what_was_found(path):
    searched = read_searched(path)
    assert searched.alignments(["a", "b", "c"], MAX_ALIGNMENTS) == {"a": HITS["a"], "b": []}
    assert searched.neighbours(["b", "a", "c"], NEIGHBOURS) == NEAR


def test_what_was_not_asked_for_is_not_answered(path):
    searched = read_searched(path)
    assert searched.alignments(["a"], MAX_ALIGNMENTS + 1) == {}
    assert searched.neighbours(["a"], NEIGHBOURS + 1) == {}
    assert searched.neighbours(["a"], 1) == {"a": NEAR["a"][:1]}
    assert Searched().alignments(["a"], MAX_ALIGNMENTS) == {}


def test_a_damaged_or_missing_file_answers_nothing(path, tmp_path):
    content = path.read_bytes()
    damaged = [content[:place] + b"#" + content[place + 1 :] for place in range(0, len(content), 7)]
    for bad in (*damaged, content[:-3], b"", b"[]\n", b"\xff\n"):
        path.write_bytes(bad)
        assert read_searched(path).answers == {}
    assert read_searched(tmp_path / "none").answers == {}


def test_only_the_rest_is_searched_for():
    asked = []

    def search(queries):
        asked.append(dict(queries))
        return {name: [name] for name in queries}

    queries = {"c": "C", "a": "A", "b": "B"}
    assert list(completed(queries, {"a": ["known"]}, search).items()) == [
        ("c", ["c"]),
        ("a", ["known"]),
        ("b", ["b"]),
    ]
    assert completed({"a": "A"}, {"a": []}, search) == {"a": []}
    assert asked == [{"c": "C", "b": "B"}]
