"""Any OpenAI-compatible server, against a small local one that can fail in many ways."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from assistant.llm.openai_compatible import (
    OpenAICompatibleBackend,
    is_local,
    ollama,
    openai_compatible,
)
from ingest.errors import BackendError, UserError
from tests.contracts.llm_backend import MESSAGES, SCHEMA, LLMContract

ANSWER = json.dumps({"organism": "Escherichia coli", "keys": ["E2"]})


class Handler(BaseHTTPRequestHandler):
    """Answer as the server's ``faults`` say, one fault a request, then properly."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append((self.path, body, headers))
        fault = self.server.faults.pop(0) if self.server.faults else "none"
        getattr(self, f"answer_{fault}")(body)

    def answer_none(self, body):
        truncated = body["max_tokens"] < 5
        self.reply(
            completion(ANSWER[:4] if truncated else ANSWER, "length" if truncated else "stop")
        )

    def answer_429(self, body):
        self.reply({"error": {"message": "slow down"}}, status=429, headers={"Retry-After": "0"})

    def answer_500(self, body):
        self.reply({"error": {"message": "boom"}}, status=500)

    def answer_400(self, body):
        self.reply({"error": {"message": "no such model"}}, status=400)

    def answer_hang(self, body):
        self.server.released.wait(5)
        self.close_connection = True

    def answer_cut(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "5000")
        self.end_headers()
        self.wfile.write(b'{"choices": [{"mess')
        self.close_connection = True

    def answer_drop(self, body):
        self.close_connection = True

    def answer_no_json(self, body):
        self.reply(b"<html>gateway</html>", content_type="text/html")

    def answer_bad_json(self, body):
        self.reply(b'{"choices": [')

    def answer_no_choices(self, body):
        self.reply({"id": "x", "object": "chat.completion", "choices": []})

    def answer_null_choices(self, body):
        self.reply({"choices": None})

    def answer_list(self, body):
        self.reply([1, 2])

    def answer_null_text(self, body):
        self.reply(completion(None))

    def answer_empty_text(self, body):
        self.reply(completion("  "))

    def answer_odd_usage(self, body):
        self.reply(completion(ANSWER) | {"usage": {"prompt_tokens": "many"}})

    def answer_no_schemas(self, body):
        form = body.get("response_format", {}).get("type", "")
        if form == "json_schema":
            fault = {"error": {"message": "response_format json_schema is not supported"}}
            self.reply(fault, status=400)
        else:
            self.reply(completion(ANSWER))

    def answer_no_formats(self, body):
        if "response_format" in body:
            self.reply({"error": {"message": "unknown field response_format"}}, status=422)
        else:
            self.reply(completion(ANSWER))

    def answer_redirect(self, body):
        self.reply({}, status=307, headers={"Location": "http://192.0.2.1/v1/chat/completions"})

    def reply(self, content, *, status=200, headers=None, content_type="application/json"):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments):
        pass


def completion(text, finish="stop"):
    message = {"role": "assistant", "content": text}
    return {
        "id": "x",
        "object": "chat.completion",
        "created": 1,
        "model": "tiny",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7},
    }


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    server.faults, server.requests, server.released = [], [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    # The SDK pauses 0.5 s and more between attempts; tests need not wait.
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.0)
    monkeypatch.setattr("openai._base_client.MAX_RETRY_DELAY", 0.01)


def address(server):
    return f"http://127.0.0.1:{server.server_address[1]}/v1"


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


@pytest.mark.parametrize("fault", ["429", "500", "drop", "cut"])
def test_tries_again_twice_after_a_passing_fault(server, backend, fault):
    server.faults += [fault, fault]
    assert backend.generate(MESSAGES).text == ANSWER
    assert len(server.requests) == 3


@pytest.mark.parametrize("fault", ["429", "500", "drop", "cut", "hang"])
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
