"""Doctor's view of language models: which servers answer, and how fast a model writes."""

from __future__ import annotations

import socket

import pytest

from assistant import model_check
from assistant.doctor import examine
from assistant.model_check import describe_server, measure_speed
from assistant.settings import Settings
from ingest.errors import BackendError, UserError
from tests.assistant.llm.faulty_server import address, faulty_server


@pytest.fixture
def server():
    with faulty_server() as served:
        yield served


@pytest.fixture
def nobody():
    """An address of this machine where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


def test_a_server_is_described_by_its_models_and_the_spec_to_use(server):
    assert describe_server(address(server)) == f"openai:{address(server)}#MODEL with tiny"


def test_no_server_is_said_plainly(nobody):
    assert describe_server(nobody) == f"nothing answers at {nobody}"


def test_a_server_that_hangs_is_not_waited_for(server):
    server.always = "hang"
    assert describe_server(address(server)).startswith("nothing answers at")


def test_speed_is_tokens_that_the_server_counts(server):
    told = measure_speed(Settings(llm=f"openai:{address(server)}#tiny"))
    assert "tokens/s (" in told
    assert server.requests[-1][1]["max_tokens"] == 64


def test_a_model_that_is_not_there_is_a_problem_of_doctor(nobody, monkeypatch):
    monkeypatch.setattr(model_check, "SERVERS", {"Ollama": nobody})
    with pytest.raises(UserError, match="no language-model server answers"):
        measure_speed(Settings(llm=f"openai:{nobody}#tiny"))
    checks = {it.name: it for it in examine(settings=Settings(llm=f"openai:{nobody}#tiny"))}
    assert checks["server Ollama"].ok
    assert not checks[f"language model openai:{nobody}#tiny"].ok


def test_a_server_that_fails_is_told(server):
    server.always = "400"
    with pytest.raises(BackendError):
        measure_speed(Settings(llm=f"openai:{address(server)}#tiny"))
