"""A model is loaded when it is first asked, once."""

from __future__ import annotations

import pytest

from assistant.llm.base import Completion, Message
from assistant.llm.on_demand import OnDemandBackend
from ingest.errors import BackendError, UserError

ASKED = (Message("user", "Which enzyme?"),)


class Model:
    name, model = "fake", "m"

    def __init__(self):
        self.is_closed = False

    def generate(self, messages, schema=None, *, max_tokens=512, seed=0):
        return Completion(f"{max_tokens} {seed}", "m")

    def close(self):
        self.is_closed = True


def test_loads_at_the_first_question_and_once():
    loaded = []

    def load():
        loaded.append(Model())
        return loaded[-1]

    backend = OnDemandBackend(load, "fake", "m")
    assert (backend.name, backend.model, loaded) == ("fake", "m", [])
    assert backend.generate(ASKED, max_tokens=3, seed=4).text == "3 4"
    backend.generate(ASKED)
    backend.close()
    assert [one.is_closed for one in loaded] == [True]


def test_closed_before_it_was_asked_it_loads_nothing():
    backend = OnDemandBackend(lambda: pytest.fail("loaded"), "fake", "m")
    backend.close()
    backend.close()
    with pytest.raises(BackendError, match="closed"):
        backend.generate(ASKED)


def test_a_model_that_is_gone_costs_no_gene_its_draft():
    tried = []

    def load():
        tried.append(1)
        raise UserError("the weights are missing")

    backend = OnDemandBackend(load, "fake", "m")
    for _ in range(3):
        with pytest.raises(BackendError, match="weights are missing"):
            backend.generate(ASKED)
    assert len(tried) == 1
