"""A server that is gone costs its deadline a few times, not once a gene."""

from __future__ import annotations

import pytest

from assistant.llm.base import Completion, Message
from assistant.llm.giving_up import MOST_FAILURES, PATIENCE_SECONDS, GivingUpBackend
from ingest.errors import BackendError, ServerDownError, UserError

ASKED = (Message("user", "Which enzyme?"),)
DOWN = ServerDownError("gone", where="here")


class Server:
    """Fail as told, one error a question; away until it was looked for ``away`` times."""

    name, model = "fake", "m"

    def __init__(self, *errors, away=0):
        self.errors, self.away, self.asked, self.now = list(errors), away, 0, 0.0

    def generate(self, messages, schema=None, *, max_tokens=512, seed=0):
        self.asked += 1
        error = self.errors.pop(0) if self.errors else None
        if error:
            raise error
        return Completion("answer", "m")

    def check_reachable(self):
        if self.away:
            self.away -= 1
            raise UserError("nobody there")

    def sleep(self, seconds):
        self.now += seconds

    def close(self):
        self.asked = -1


def outcomes(server, questions):
    backend = GivingUpBackend(server, server, sleep=server.sleep, clock=lambda: server.now)
    found = []
    for _ in range(questions):
        try:
            found.append(backend.generate(ASKED).text)
        except BackendError as error:
            found.append(error.what)
    return found


def test_a_server_that_does_not_come_back_is_asked_once():
    server = Server(*[DOWN] * 99, away=999)
    found = outcomes(server, 50)
    assert (server.asked, server.now) == (1, PATIENCE_SECONDS)
    assert found[0] == "gone"
    assert set(found[1:]) == {"not asked, as the server had failed for good before: gone"}


def test_a_server_that_comes_back_loses_no_gene():
    server = Server(DOWN, None, DOWN, away=3)
    assert outcomes(server, 1) == ["answer"]
    assert 0 < server.now < PATIENCE_SECONDS


def test_patience_is_for_the_whole_run():
    class Blinking(Server):
        def check_reachable(self):
            self.away = 0 if self.away == 4 else self.away + 1
            if self.away:
                raise UserError("nobody there")

    server = Blinking(*[DOWN, None] * 50)
    outcomes(server, 50)
    assert server.now <= PATIENCE_SECONDS + 2
    assert server.asked < 20


def test_a_server_that_is_there_and_fails_is_asked_a_few_times():
    server = Server(*[DOWN] * 99)
    outcomes(server, 50)
    assert (server.asked, server.now) == (MOST_FAILURES, 0)


@pytest.mark.parametrize("between", [None, BackendError("prompt too long", where="m")])
def test_only_failures_in_a_row_count(between):
    server = Server(*[DOWN, DOWN, between] * 10)
    outcomes(server, 30)
    assert server.asked == 30


def test_close_closes_the_backend():
    server = Server()
    GivingUpBackend(server, server).close()
    assert server.asked == -1
