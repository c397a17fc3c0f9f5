"""Models of the Hugging Face layout, with a tiny one made here."""

from __future__ import annotations

import json

import pytest

from assistant.llm.base import Message
from assistant.llm.transformers_local import TransformersBackend, hf
from ingest.errors import BackendError, UserError
from tests.assistant.llm.tiny_model import write_tiny_model
from tests.contracts.llm_backend import MESSAGES, LLMContract

pytest.importorskip("llguidance", reason="the extra 'hf' is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_tiny_model(tmp_path_factory.mktemp("tiny"))


class TestContract(LLMContract):
    @pytest.fixture
    def backend(self, folder):
        return hf(str(folder), online=False, threads=1)

    @pytest.fixture
    def failing(self, backend):
        backend.close()
        return backend


def test_numbers_and_enumerations_are_kept_to(folder):
    schema = {
        "type": "object",
        "properties": {"level": {"enum": ["low", "high"]}, "ok": {"type": "boolean"}},
        "required": ["level", "ok"],
        "additionalProperties": False,
    }
    answer = json.loads(
        TransformersBackend(str(folder)).generate(MESSAGES, schema, max_tokens=60).text
    )
    assert answer["level"] in {"low", "high"}
    assert answer["ok"] in {True, False}


def test_a_schema_that_cannot_be_used_is_a_backend_error(folder):
    with pytest.raises(BackendError, match="schema"):
        TransformersBackend(str(folder)).generate(MESSAGES, {"type": "no_such_type"}, max_tokens=9)


def test_a_prompt_beyond_the_context_is_a_backend_error(folder):
    with pytest.raises(BackendError, match="context of 512"):
        TransformersBackend(str(folder)).generate([Message("user", "word " * 200)], max_tokens=9)


def test_a_model_without_a_chat_template_is_refused(tmp_path):
    with pytest.raises(UserError, match="no chat template"):
        TransformersBackend(str(write_tiny_model(tmp_path, template=None)))


@pytest.mark.parametrize("argument", ["", "no/such-model", "/nowhere"])
def test_what_is_not_there_is_the_users_to_mend(argument):
    with pytest.raises(UserError, match=r"hf needs a model|cannot be loaded"):
        hf(argument, online=False, threads=1)


def test_pickled_weights_are_not_loaded(tmp_path):
    import torch

    folder = write_tiny_model(tmp_path)
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")
    with pytest.raises(UserError, match="cannot be loaded"):
        TransformersBackend(str(folder))


@pytest.mark.parametrize(
    ("has_gpu", "has_bitsandbytes", "dtype", "bits"),
    [(False, True, "float32", 0), (True, False, "bfloat16", 0), (True, True, "bfloat16", 4)],
)
def test_weights_are_held_as_the_machine_allows(
    monkeypatch, has_gpu, has_bitsandbytes, dtype, bits
):
    import torch

    from assistant.llm import transformers_local

    known = transformers_local.importlib.util.find_spec
    monkeypatch.setattr(torch.cuda, "is_available", lambda: has_gpu)
    monkeypatch.setattr(
        transformers_local.importlib.util,
        "find_spec",
        lambda name: has_bitsandbytes if name == "bitsandbytes" else known(name),
    )
    chosen = transformers_local._precision()
    assert chosen["dtype"] == getattr(torch, dtype)
    assert chosen.get("device_map") == ("cuda" if has_gpu else None)
    quantized = chosen.get("quantization_config")
    assert (4 if quantized and quantized.load_in_4bit else 0) == bits


def test_the_same_question_gets_the_same_answer_whatever_the_seed(folder):
    model = TransformersBackend(str(folder))
    texts = {model.generate(MESSAGES, max_tokens=12, seed=seed).text for seed in range(3)}
    assert len(texts) == 1
