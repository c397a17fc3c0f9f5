"""Completions kept on disk."""

from __future__ import annotations

import pytest

from assistant.completion_cache import (
    CachedBackend,
    KnownModel,
    identity_of,
    keep_known,
    known_model,
)
from assistant.llm.base import Completion, Message
from ingest.errors import BackendError

ASKED = (Message("user", "Which enzyme?"),)


class Counting:
    """A backend that says how often it was asked."""

    name, model = "counting", "m"

    def __init__(self, *, truncated=False, fails=False):
        self.asked, self.truncated, self.fails = 0, truncated, fails

    def generate(self, messages, schema=None, *, max_tokens=512, seed=0):
        self.asked += 1
        if self.fails:
            raise BackendError("no", where="m")
        return Completion(f"answer {self.asked}", "m", self.truncated, {"prompt_tokens": 3})

    def close(self):
        self.asked = -1


def test_the_same_question_is_asked_once_also_by_a_new_process(tmp_path):
    model = Counting()
    first = CachedBackend(model, tmp_path).generate(ASKED, {"type": "object"}, seed=4)
    again = CachedBackend(Counting(fails=True), tmp_path).generate(
        ASKED, {"type": "object"}, seed=4
    )
    assert first == again
    assert model.asked == 1


@pytest.mark.parametrize(
    ("messages", "options"),
    [
        ((Message("user", "Which enzyme? "),), {}),
        ((Message("system", "Which enzyme?"),), {}),
        (ASKED, {"seed": 1}),
        (ASKED, {"max_tokens": 9}),
        (ASKED, {"schema": {"type": "string"}}),
    ],
)
def test_any_difference_is_another_question(tmp_path, messages, options):
    model = Counting()
    cached = CachedBackend(model, tmp_path)
    cached.generate(ASKED)
    cached.generate(messages, **options)
    assert model.asked == 2


def test_another_model_is_another_question(tmp_path):
    one, two = Counting(), Counting()
    two.model = "other"
    CachedBackend(one, tmp_path).generate(ASKED)
    CachedBackend(two, tmp_path).generate(ASKED)
    assert (one.asked, two.asked) == (1, 1)


def test_failures_and_cut_answers_are_not_kept(tmp_path):
    cut = Counting(truncated=True)
    cached = CachedBackend(cut, tmp_path)
    assert cached.generate(ASKED).truncated
    cached.generate(ASKED)
    assert cut.asked == 2
    failing = CachedBackend(Counting(fails=True), tmp_path / "b")
    with pytest.raises(BackendError):
        failing.generate(ASKED)
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("spoilt", ["", "{", "[1]", '{"text": 3, "model": "m"}', '{"x": 1}'])
def test_a_spoilt_file_is_asked_for_again_and_mended(tmp_path, spoilt):
    model = Counting()
    cached = CachedBackend(model, tmp_path)
    cached.generate(ASKED)
    (path,) = tmp_path.rglob("*.json")
    path.write_text(spoilt)
    assert cached.generate(ASKED).text == "answer 2"
    assert cached.generate(ASKED).text == "answer 2"
    assert model.asked == 2


def test_closing_closes_the_model(tmp_path):
    model = Counting()
    CachedBackend(model, tmp_path).close()
    assert model.asked == -1


def test_a_file_that_was_exchanged_is_another_model(tmp_path):
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF1")
    before = identity_of(f"gguf:{path}")
    path.write_bytes(b"GGUF-2")
    assert identity_of(f"gguf:{path}") != before
    assert identity_of("openai:http://127.0.0.1:1/v1#m") == "openai:http://127.0.0.1:1/v1#m"
    assert "SmolLM2" in identity_of("bundled"), "another version of the package is another model"


def test_cut_answers_are_kept_where_the_model_runs_here(tmp_path):
    for keeps, asked in ((False, 2), (True, 1)):
        model = Counting(truncated=True)
        cached = CachedBackend(model, tmp_path / str(keeps), keeps_cut=keeps)
        assert [cached.generate(ASKED).truncated for _ in range(2)] == [True, True]
        assert model.asked == asked


def test_a_model_is_known_by_what_it_was_loaded_from(tmp_path):
    keep_known(tmp_path, "one", KnownModel("llama.cpp", "tiny"))
    assert known_model(tmp_path, "one") == KnownModel("llama.cpp", "tiny")
    assert known_model(tmp_path, "two") is None
    next((tmp_path / "models").iterdir()).write_text('{"name": 3}')
    assert known_model(tmp_path, "one") is None


def test_where_nothing_can_be_written_the_answer_is_given_all_the_same(tmp_path):
    (tmp_path / "file").write_text("")
    cached = CachedBackend(Counting(), tmp_path / "file")
    assert [cached.generate(ASKED).text for _ in range(2)] == ["answer 1", "answer 2"]
    keep_known(tmp_path / "file", "one", KnownModel("llama.cpp", "tiny"))
    assert known_model(tmp_path / "file", "one") is None
