"""A knowledge base and a run for the tests of commands; made once, copied where written to."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pytest

from assistant.cli import run
from tests.cli.world import EMBEDDERS, write_inputs


@pytest.fixture
def told(capsys):
    """Run the program; return exit code, stdout and stderr."""

    def call(*arguments):
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return SimpleNamespace(code=code, out=captured.out, err=captured.err)

    return call


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Inputs, a knowledge base of them, and a run."""
    folder = tmp_path_factory.mktemp("made")
    files = write_inputs(folder / "inputs")
    kb, genes = folder / "kb", folder / "run"
    names = ("reference.tsv", "papers.jsonl", "profile.tsv", "genome.gff")
    inputs = [str(files[name]) for name in names]
    metadata = ("--metadata", str(files["metadata.tsv"]))
    assert run(["add", str(kb), *inputs, *metadata, *EMBEDDERS]) == 0
    assert run(["annotate", str(kb), str(files["genes.faa"]), "-o", str(genes)]) == 0
    return SimpleNamespace(files=files, kb=kb, run=genes)


@pytest.fixture
def world(made, tmp_path):
    """A copy of what was made, to write to."""
    kb, genes = tmp_path / "kb", tmp_path / "run"
    shutil.copytree(made.kb, kb)
    shutil.copytree(made.run, genes)
    return SimpleNamespace(files=made.files, kb=kb, run=genes, folder=tmp_path)
