"""Answers that are kept are those that were found, by the same references and program, or none."""

from __future__ import annotations

import hashlib
import os
import zlib

import pytest

from retrieval import kept_answers
from retrieval.aligners.mmseqs import Mmseqs, MmseqsProfiles
from retrieval.kept_answers import KeptAnswers
from retrieval.knowledge_base import KnowledgeBase
from retrieval.searched import ASKED
from tests.retrieval.bases import AMYLASE, LACTASE, PAPERS, PROTEINS, empty_base, jsonl, written

A, B = "a" * 64, "b" * 64


@pytest.fixture
def kept(tmp_path):
    answers = KeptAnswers(tmp_path / "searches", "state")
    answers.keep({A: '{"sequence":"a"}\n', B: ""})
    return answers


def files_of(kept):
    return sorted(path for path in kept.folder.rglob("*") if path.is_file())


def test_what_is_kept_comes_back_for_a_new_process(kept):
    again = KeptAnswers(kept.folder, "state")
    assert again == kept
    assert again.known([B, A, "c" * 64]) == {B: "", A: '{"sequence":"a"}\n'}


def test_another_state_knows_nothing(kept):
    assert KeptAnswers(kept.folder, "State").known([A, B]) == {}


def test_a_damaged_file_is_no_answer_and_is_written_anew(kept):
    path = files_of(kept)[0]
    content = path.read_bytes()
    damaged = [
        content[:n] + bytes([content[n] ^ 1]) + content[n + 1 :] for n in range(len(content))
    ]
    # The last bytes are zlib's own checksum: what they guard is already told by the SHA-256.
    for bad in (*damaged[:-4], content[: len(content) // 2], b"", b"\n", b"[]", b"\xff" * 90):
        path.write_bytes(bad)
        assert kept.known([A]) == {}
    kept.keep({A: "new"})
    assert kept.known([A]) == {A: "new"}


def test_a_file_of_another_protein_or_state_is_no_answer(kept):
    first, second = files_of(kept)
    second.write_bytes(first.read_bytes())
    assert kept.known([A, B]) == {A: '{"sequence":"a"}\n'}
    other = KeptAnswers(kept.folder, "other")
    other.keep({A: "of another state"})
    (path,) = set(files_of(kept)) - {first, second}
    first.write_bytes(path.read_bytes())
    assert kept.known([A]) == {}
    # A link, a folder, and a file that unpacks to more than any answer.
    first.unlink()
    first.mkdir()
    assert kept.known([A]) == {}
    bomb = "0" * (kept_answers._LONGEST + 1)
    head = hashlib.sha256(f"state\n{B}\n{bomb}".encode()).hexdigest().encode()
    second.write_bytes(head + b"\n" + zlib.compress(bomb.encode()))
    assert kept.known([B]) == {}


def test_the_oldest_make_room(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_answers, "_MOST", 3)
    kept = KeptAnswers(tmp_path, "state")
    names = [f"ab{n:062d}" for n in range(5)]
    for n, name in enumerate(names):
        kept.keep({name: str(n)})
        os.utime(kept._path(name), ns=(n * 10**9, n * 10**9))
    kept.keep({"cd" + "0" * 62: "elsewhere"})
    assert list(kept.known(names)) == names[2:]


def test_the_sets_that_were_used_last_are_kept(tmp_path):
    sets = [KeptAnswers(tmp_path, str(n)) for n in range(4)]
    for n, one in enumerate(sets[:3]):
        one.keep({A: str(n)})
        os.utime(one._set, (n, n))
    sets[0].known([A])  # used again
    sets[3].keep({A: "3"})
    assert [one.known([A]) for one in sets] == [{A: "0"}, {}, {A: "2"}, {A: "3"}]


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    nowhere = KeptAnswers(tmp_path / "file", "state")
    nowhere.keep({A: "1"})
    assert nowhere.known([A]) == {}

    def full(self, data):
        self.touch()
        raise OSError(28, "No space left on device")

    kept = KeptAnswers(tmp_path / "kept", "state")
    monkeypatch.setattr(type(tmp_path), "write_bytes", full)
    kept.keep({A: "1"})
    assert files_of(kept) == []


# the state of a knowledge base


@pytest.fixture
def base(tmp_path):
    with empty_base(tmp_path / "kb") as opened:
        opened.add(written(tmp_path / "in", proteins__tsv=PROTEINS))
        yield opened


def state(base):
    return base.kept_answers(ASKED).state


def test_only_what_decides_an_answer_makes_another_state(base, tmp_path):
    before = state(base)
    base.add(written(tmp_path / "more", papers__jsonl=jsonl(PAPERS), genes__faa=">g\n" + LACTASE))
    assert state(base) == before, "papers and genes of the user are no references"
    with KnowledgeBase.open(base.path) as again:
        assert state(again) == before
    more = PROTEINS.replace(AMYLASE, AMYLASE[:-1]).replace("P0", "Q0")
    base.add(written(tmp_path / "still", more__tsv=more))
    assert state(base) != before


def test_other_sequences_under_the_same_counts_are_another_state(tmp_path):
    states = []
    for n, text in enumerate((PROTEINS, PROTEINS.replace(AMYLASE, AMYLASE[::-1]))):
        with empty_base(tmp_path / f"kb{n}") as base:
            base.add(written(tmp_path / f"in{n}", proteins__tsv=text))
            states.append(state(base))
    assert states[0] != states[1]


def test_another_program_version_option_or_question_is_another_state(base, monkeypatch):
    found = {state(base), base.kept_answers(f"{ASKED} ").state}
    with KnowledgeBase.open(base.path, aligner="mmseqs-profiles") as other:
        found.add(state(other))
    monkeypatch.setattr(Mmseqs, "version", lambda _: "99")
    found.add(state(base))
    monkeypatch.setattr("retrieval.aligners.mmseqs._ACCEPTED", 151)
    found.add(state(base))
    monkeypatch.setattr(kept_answers, "makers", lambda: ("other code or library",))
    found.add(state(base))
    assert len(found) == 6


def test_a_change_of_the_code_or_of_a_library_is_another_maker(tmp_path, monkeypatch):
    told = [kept_answers.makers.__wrapped__()]
    monkeypatch.setattr(kept_answers, "version", lambda _: "99")
    told.append(kept_answers.makers.__wrapped__())
    (tmp_path / "code.py").write_text("a = 1")
    monkeypatch.setattr(kept_answers, "__file__", str(tmp_path / "kept_answers.py"))
    told.append(kept_answers.makers.__wrapped__())
    (tmp_path / "code.py").write_text("a = 2")
    told.append(kept_answers.makers.__wrapped__())
    assert len(set(told)) == 4
    assert {len(one) for one in told[1:]} == {1 + len(kept_answers._LIBRARIES)}


def test_vectors_of_another_make_are_another_state(base):
    before = state(base)
    path = base.path
    base.close()
    KnowledgeBase.rebuild(path, protein_embedder="kmer")
    with KnowledgeBase.open(path) as rebuilt:
        assert state(rebuilt) != before


def test_an_aligner_tells_all_its_options():
    told = Mmseqs().settings()
    for option in ("-s 5.7", "--max-seqs 300", "--max-rejected 50", "--max-accept 150", "-e 10.0"):
        assert option in told
    assert Mmseqs(7.0).settings() != told
    assert "--num-iterations 3" in MmseqsProfiles().settings()
