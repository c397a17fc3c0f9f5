"""Starting the pages."""

import socket

import pytest

from assistant.cli import run
from assistant.ui import server


def test_a_port_that_is_taken_is_told_before_anything_is_promised(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(["ui", "--port", str(port)]) == 2
    error = capsys.readouterr().err
    assert f"port {port} cannot be used" in error
    assert "--port" in error
    assert "the pages are at" not in error


def test_a_free_port_is_served(monkeypatch, tmp_path, capsys):
    started = []

    class Ended:
        returncode = 0

    def start(command, *, env, check):
        started.append((command, env, check))
        return Ended

    monkeypatch.setattr(server.subprocess, "run", start)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert server.serve(port=port, knowledge_base=tmp_path, run=None, llm=None) == 0
    ((command, env, _),) = started
    assert f"--server.port={port}" in command
    assert env[server.OPEN_KNOWLEDGE_BASE] == str(tmp_path)
    assert f"http://127.0.0.1:{port}" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["server.address", "browser.gatherUsageStats"])
def test_the_pages_are_for_this_machine(name):
    assert server.FLAGS[name] in {"127.0.0.1", "false"}
