"""A model whose answers are kept is not loaded; a batch gives up on a server, a chat does not."""

from __future__ import annotations

import pytest

from assistant import opening_models
from assistant.llm.base import Completion, Message
from assistant.llm.giving_up import GivingUpBackend
from assistant.llm.openai_compatible import OpenAICompatibleBackend
from assistant.opening_models import model_name, open_backend
from assistant.settings import Settings
from ingest.errors import UserError

ASKED = (Message("user", "Which enzyme?"),)
SERVER = "openai:http://127.0.0.1:9/v1#m"


class Model:
    name, model = "fake", "tiny"

    def generate(self, messages, schema=None, *, max_tokens=512, seed=0):
        return Completion("cut", "tiny", truncated=True)

    def close(self):
        pass


@pytest.fixture
def loaded(monkeypatch):
    """Count how often a model is loaded."""
    times = []

    def load(spec, *, online, threads):
        times.append(spec)
        return Model()

    monkeypatch.setattr(opening_models, "load_backend", load)
    return times


@pytest.fixture
def settings(tmp_path):
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF")
    return Settings(llm=f"gguf:{path}")


def answer(folder, settings):
    backend = open_backend(folder, settings)
    text = backend.generate(ASKED, seed=settings.seed).text
    backend.close()
    return text


def test_a_second_run_loads_nothing(loaded, settings, tmp_path):
    assert model_name(tmp_path, settings) == "tiny"
    assert answer(tmp_path, settings) == "cut"
    first = len(loaded)
    assert model_name(tmp_path, settings) == "tiny"
    assert answer(tmp_path, settings) == "cut"
    assert len(loaded) == first
    assert answer(tmp_path, settings.model_copy(update={"seed": 1})) == "cut"
    assert len(loaded) == first + 1


def test_an_exchanged_file_is_loaded_again(loaded, settings, tmp_path):
    answer(tmp_path, settings)
    (tmp_path / "m.gguf").write_bytes(b"GGUF, another")
    answer(tmp_path, settings)
    assert len(loaded) == 2


def test_without_a_cache_it_is_loaded_each_time(loaded, settings, tmp_path):
    settings = settings.model_copy(update={"llm_cache": False})
    for _ in range(2):
        answer(tmp_path, settings)
    assert len(loaded) == 2
    assert not (tmp_path / "cache").exists()


def test_none_is_no_model(tmp_path):
    assert open_backend(tmp_path, Settings()) is None
    assert model_name(tmp_path, Settings()) == ""


def test_a_server_is_looked_for_before_each_run(tmp_path):
    with pytest.raises(UserError, match="no language-model server"):
        model_name(tmp_path, Settings(llm=SERVER))


@pytest.mark.parametrize(
    ("gives_up", "kind"), [(True, GivingUpBackend), (False, OpenAICompatibleBackend)]
)
def test_a_batch_gives_up_on_a_server_and_a_person_does_not(tmp_path, gives_up, kind):
    settings = Settings(llm=SERVER, llm_cache=False, llm_timeout=7)
    backend = open_backend(tmp_path, settings, gives_up=gives_up)
    assert isinstance(backend, kind)
    server = backend._backend if gives_up else backend
    assert server._timeout == 7
    backend.close()
