"""What every language-model backend must do. Subclass it and give the fixtures."""

from __future__ import annotations

import json

import pytest

from assistant.llm.base import Completion, Message
from ingest.errors import BackendError

MESSAGES = (
    Message("system", "You answer with JSON."),
    Message("user", 'Name one organism. Answer like {"organism": "..."}'),
)
SCHEMA = {
    "type": "object",
    "properties": {
        "organism": {"type": "string", "maxLength": 40},
        "keys": {
            "type": "array",
            "items": {"enum": ["E1", "E2"]},
            "minItems": 1,
            "maxItems": 2,
        },
    },
    "required": ["organism", "keys"],
    "additionalProperties": False,
}


class LLMContract:
    """Give ``backend`` (a ready one) and ``failing`` (one whose next call fails)."""

    @pytest.fixture
    def backend(self):
        raise NotImplementedError

    @pytest.fixture
    def failing(self):
        raise NotImplementedError

    def test_has_a_name_and_a_model(self, backend):
        assert backend.name
        assert backend.model

    def test_same_seed_gives_the_same_answer(self, backend):
        first = backend.generate(MESSAGES, SCHEMA, max_tokens=96, seed=7)
        second = backend.generate(MESSAGES, SCHEMA, max_tokens=96, seed=7)
        assert isinstance(first, Completion)
        assert first.text == second.text

    def test_honours_the_schema(self, backend):
        answer = json.loads(backend.generate(MESSAGES, SCHEMA, max_tokens=96, seed=1).text)
        assert set(answer) == {"organism", "keys"}
        assert len(answer["organism"]) <= 40
        assert 1 <= len(answer["keys"]) <= 2
        assert set(answer["keys"]) <= {"E1", "E2"}

    def test_says_when_it_ran_out_of_tokens(self, backend):
        assert backend.generate(MESSAGES, SCHEMA, max_tokens=2).truncated

    def test_failure_is_a_backend_error(self, failing):
        with pytest.raises(BackendError) as caught:
            failing.generate(MESSAGES, SCHEMA, max_tokens=8)
        assert caught.value.where

    def test_close_may_be_called_twice_and_then_it_fails(self, backend):
        backend.close()
        backend.close()
        with pytest.raises(BackendError):
            backend.generate(MESSAGES, SCHEMA, max_tokens=8)
