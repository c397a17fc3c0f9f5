"""Any OpenAI-compatible server, against a small local one that can fail in many ways."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import pytest

from assistant.llm.openai_compatible import (
    OpenAICompatibleBackend,
    is_local,
    ollama,
    openai_compatible,
)
from assistant.llm.server_faults import pause_before
from ingest.errors import BackendError, ServerDownError, UserError
from tests.assistant.llm.faulty_server import ANSWER, address, faulty_server
from tests.contracts.llm_backend import MESSAGES, SCHEMA, LLMContract


@pytest.fixture
def server():
    with faulty_server() as served:
        yield served


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr("assistant.llm.server_faults.FIRST_PAUSE", 0.0)


@pytest.fixture
def backend(server):
    backend = OpenAICompatibleBackend(address(server), "tiny", timeout=0.6)
    yield backend
    backend.close()


class TestContract(LLMContract):
    @pytest.fixture
    def backend(self, server):
        backend = openai_compatible(f"{address(server)}#tiny", online=False, threads=1)
        yield backend
        backend.close()

    @pytest.fixture
    def failing(self, server, backend):
        server.faults += ["400"]
        return backend


def test_sends_what_makes_answers_repeatable(server, backend):
    answer = backend.generate(MESSAGES, SCHEMA, max_tokens=64, seed=11)
    path, body, headers = server.requests[0]
    assert path == "/v1/chat/completions"
    assert (body["temperature"], body["seed"], body["max_tokens"]) == (0.0, 11, 64)
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert body["messages"][0] == {"role": "system", "content": MESSAGES[0].content}
    assert headers["authorization"] == "Bearer none"
    assert (answer.text, answer.model, answer.usage["completion_tokens"]) == (ANSWER, "tiny", 4)


def test_sends_no_format_without_a_schema(server, backend):
    backend.generate(MESSAGES)
    assert "response_format" not in server.requests[0][1]


def test_takes_the_key_from_the_environment(server, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "local-key")
    backend = openai_compatible(f"{address(server)}#tiny", online=False, threads=1)
    backend.generate(MESSAGES)
    backend.close()
    assert server.requests[0][2]["authorization"] == "Bearer local-key"


def test_ignores_proxies_of_the_environment(server, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    backend = OpenAICompatibleBackend(address(server), "tiny", timeout=0.6)
    assert backend.generate(MESSAGES).text == ANSWER
    backend.close()


@pytest.mark.parametrize(
    "fault", ["429", "500", "drop", "cut", "stream_cut", "stream_drop", "stream_error", "bad_json"]
)
def test_tries_again_twice_after_a_passing_fault(server, backend, fault):
    server.faults += [fault, fault]
    assert backend.generate(MESSAGES).text == ANSWER
    assert len(server.requests) == 3


@pytest.mark.parametrize("fault", ["429", "500", "drop", "cut", "no_json", "stream_cut"])
def test_gives_up_after_three_attempts(server, backend, fault):
    server.faults += [fault] * 9
    started = time.monotonic()
    with pytest.raises(BackendError, match=r"http://127\.0\.0\.1"):
        backend.generate(MESSAGES)
    assert len(server.requests) == 3
    assert time.monotonic() - started < 4


@pytest.mark.parametrize(
    "fault",
    [
        *("400", "no_json", "bad_json", "no_choices", "null_choices", "list"),
        *("null_text", "empty_text", "redirect"),
    ],
)
def test_a_broken_answer_is_a_backend_error(server, backend, fault):
    server.faults += [fault] * 3
    with pytest.raises(BackendError):
        backend.generate(MESSAGES)


@pytest.mark.parametrize(
    "fault", ["stream", "stream_without_done", "stream_kept_open", "no_streams"]
)
def test_streams_where_the_server_can(server, backend, fault):
    server.faults += [fault] * 2
    started = time.monotonic()
    answer = backend.generate(MESSAGES, SCHEMA)
    assert (answer.text, answer.model, answer.truncated) == (ANSWER, "tiny", False)
    assert time.monotonic() - started < 3
    assert server.requests[0][1]["stream"] is True
    if fault == "no_streams":
        assert "stream" not in server.requests[-1][1]
        backend.generate(MESSAGES, SCHEMA)
        assert len(server.requests) == 3
    if fault == "stream":
        assert answer.usage == {"completion_tokens": 4}


def test_tells_a_stream_that_ran_out_of_tokens(server, backend):
    server.faults += ["stream_to_length", "no_words"]
    assert backend.generate(MESSAGES).truncated
    assert backend.generate(MESSAGES).truncated


@pytest.mark.parametrize("fault", ["hang", "stream_of_slow_tokens"])
def test_silence_and_slowness_end_and_are_not_tried_again(server, fault):
    backend = OpenAICompatibleBackend(address(server), "tiny", timeout=0.2)
    server.faults += [fault] * 9
    started = time.monotonic()
    with pytest.raises(ServerDownError, match="METALUMEN_LLM_TIMEOUT"):
        backend.generate(MESSAGES)
    assert len(server.requests) == 1
    assert time.monotonic() - started < 2
    backend.close()


def test_a_server_that_asks_to_wait_for_long_is_left_at_once(server, backend):
    server.faults += ["429_for_long"] * 9
    with pytest.raises(ServerDownError):
        backend.generate(MESSAGES)
    assert len(server.requests) == 1


def test_a_pause_is_what_the_server_asks_for():
    class RefusalError(Exception):
        response = SimpleNamespace(headers={})

    def pause(value):
        RefusalError.response.headers = {"retry-after": value} if value else {}
        return pause_before(3, RefusalError())

    assert (pause("7"), pause("0"), pause("-2")) == (7, 0, 0)
    assert pause("") == pause("soon") == 0  # FIRST_PAUSE is 0 in these tests
    in_a_minute = datetime.now(UTC) + timedelta(minutes=1)
    assert 55 < pause(format_datetime(in_a_minute, usegmt=True)) <= 60
    assert pause("Wed, 21 Oct 2015 07:28:00 GMT") == 0


@pytest.mark.parametrize("fault", ["404", "html_500", "error_in_200", "429_bare", "drop"])
def test_a_server_that_serves_nobody_is_told_from_a_bad_prompt(server, backend, fault):
    server.faults += [fault] * 9
    with pytest.raises(ServerDownError) as caught:
        backend.generate(MESSAGES)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("fault", ["400", "empty_text"])
def test_a_bad_prompt_is_no_fault_of_the_server(server, backend, fault):
    server.faults += [fault] * 9
    with pytest.raises(BackendError) as caught:
        backend.generate(MESSAGES)
    assert not isinstance(caught.value, ServerDownError)


def test_odd_usage_does_not_lose_the_answer(server, backend):
    server.faults += ["odd_usage"]
    assert backend.generate(MESSAGES).text == ANSWER


def test_nobody_listening_is_a_backend_error():
    backend = OpenAICompatibleBackend("http://127.0.0.1:9/v1", "tiny", timeout=0.5, retries=0)
    with pytest.raises(BackendError):
        backend.generate(MESSAGES)
    backend.close()


@pytest.mark.parametrize(
    "host",
    [
        *("8.8.8.8", "gpu.example.org", "localhost.example.org", "169.254.169.254", "0.0.0.0"),
        *("127.1", "2130706433", "0x7f.0.0.1", "fe80::1", "100.64.0.1", "::ffff:8.8.8.8"),
    ],
)
def test_other_hosts_need_online(host):
    url = f"http://[{host}]:80/v1#m" if ":" in host else f"http://{host}:80/v1#m"
    assert not is_local(host)
    with pytest.raises(UserError, match="--online"):
        openai_compatible(url, online=False, threads=1)
    openai_compatible(url, online=True, threads=1).close()


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.8.8", "::1", "192.168.0.7", "fd00::1"]
)
def test_local_hosts_need_nothing(host):
    url = f"http://[{host}]:80/v1#m" if ":" in host else f"http://{host}:80/v1#m"
    openai_compatible(url, online=False, threads=1).close()


@pytest.mark.parametrize(
    "argument",
    ["", "m", "http://127.0.0.1/v1", "http://127.0.0.1/v1#", "file:///etc#m", "http://#m"],
)
def test_says_what_the_address_lacks(argument):
    with pytest.raises(UserError, match="openai:http"):
        openai_compatible(argument, online=False, threads=1)


def test_refuses_a_password_in_the_address():
    with pytest.raises(UserError, match="OPENAI_API_KEY"):
        openai_compatible("http://me:secret@127.0.0.1/v1#m", online=False, threads=1)


@pytest.mark.parametrize(
    ("fault", "forms"),
    [
        ("no_schemas", ["json_schema", "json_object", "json_object"]),
        ("no_formats", ["json_schema", "json_object", "", ""]),
    ],
)
def test_a_server_without_schemas_is_asked_without_from_then_on(server, backend, fault, forms):
    server.faults += [fault] * 4
    for _ in range(2):
        assert backend.generate(MESSAGES, SCHEMA).text == ANSWER
    asked = [body.get("response_format", {}).get("type", "") for _, body, _ in server.requests]
    assert asked == forms


def test_ollama_is_its_server_on_this_machine():
    backend = ollama("qwen3:8b", online=False, threads=1)
    assert (backend.model, backend._address) == ("qwen3:8b", "http://127.0.0.1:11434/v1")
    backend.close()
    with pytest.raises(UserError, match="ollama needs a model"):
        ollama("", online=False, threads=1)
