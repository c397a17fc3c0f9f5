"""The scripted backend: in order, by words of the prompt, again and again, and used up."""

from __future__ import annotations

import json

import pytest

from assistant.llm.base import Message
from assistant.llm.scripted import scripted
from ingest.errors import BackendError, UserError
from tests.contracts.llm_backend import LLMContract

ANSWER = {"organism": "Bacteroides thetaiotaomicron", "keys": ["E1"]}


def build(tmp_path, *lines):
    path = tmp_path / "script.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n", encoding="utf-8")
    return scripted(str(path), online=False, threads=1)


def ask(backend, text="hello"):
    return backend.generate([Message("user", text)]).text


class TestContract(LLMContract):
    @pytest.fixture
    def backend(self, tmp_path):
        return build(tmp_path, {"text": ANSWER, "repeat": True})

    @pytest.fixture
    def failing(self, tmp_path):
        return build(tmp_path, {"error": "out of memory"})


def test_answers_in_order_and_then_fails(tmp_path):
    backend = build(tmp_path, {"text": "one"}, {"text": "two"})
    assert [ask(backend), ask(backend)] == ["one", "two"]
    with pytest.raises(BackendError, match="no answer left"):
        ask(backend)


def test_keyed_lines_wait_for_their_prompt(tmp_path):
    backend = build(
        tmp_path, {"match": "geneB", "text": "b"}, {"match": "geneA", "text": "a", "repeat": True}
    )
    assert [ask(backend, "geneA"), ask(backend, "on geneB"), ask(backend, "geneA")] == list("aba")
    with pytest.raises(BackendError):
        ask(backend, "geneB")


def test_an_error_line_fails_once(tmp_path):
    backend = build(tmp_path, {"error": "timeout"}, {"text": "fine"})
    with pytest.raises(BackendError, match="timeout"):
        ask(backend)
    assert ask(backend) == "fine"


@pytest.mark.parametrize("line", ["not json", '{"txt": "x"}', "[]"])
def test_names_the_broken_line(tmp_path, line):
    path = tmp_path / "script.jsonl"
    path.write_text('{"text": "x"}\n' + line, encoding="utf-8")
    with pytest.raises(UserError, match=r"script\.jsonl, line 2"):
        scripted(str(path), online=False, threads=1)


@pytest.mark.parametrize("argument", ["", "no_such_file.jsonl"])
def test_a_missing_file_is_the_users_error(argument):
    with pytest.raises(UserError):
        scripted(argument, online=False, threads=1)
