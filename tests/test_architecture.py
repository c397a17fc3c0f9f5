"""Rules of the house that a linter does not know."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("assistant", "ingest", "prompts", "retrieval")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
VAGUE_NAMES = {"utils", "helpers", "common", "misc"}
FORBIDDEN_CALLS = {"eval", "exec", "compile"}
FORBIDDEN_IMPORTS = {"pickle", "shelve", "marshal", "joblib", "dill", "cloudpickle"}
# Lines of a file, and lines of a function with its docstring.
MAX_FILE, MAX_FUNCTION = 400, 60


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def names_of(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("path", SOURCES, ids=names_of(SOURCES))
def test_a_file_is_short_well_named_and_described(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MAX_FILE
    assert path.stem not in VAGUE_NAMES
    assert ast.get_docstring(tree_of(path))


@pytest.mark.parametrize("path", SOURCES, ids=names_of(SOURCES))
def test_functions_fit_a_screen(path):
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < MAX_FUNCTION, node.name


@pytest.mark.parametrize("path", SOURCES, ids=names_of(SOURCES))
def test_nothing_that_runs_code_from_data(path):
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in FORBIDDEN_CALLS
        if isinstance(node, ast.Import):
            assert not {alias.name.split(".")[0] for alias in node.names} & FORBIDDEN_IMPORTS
        if isinstance(node, ast.ImportFrom) and node.module:
            assert node.module.split(".")[0] not in FORBIDDEN_IMPORTS
        if isinstance(node, ast.keyword) and node.arg in {"shell", "trust_remote_code"}:
            assert isinstance(node.value, ast.Constant)
            assert node.value.value is False


def test_every_direct_dependency_is_pinned():
    pins = (ROOT / "constraints.txt").read_text()
    pinned = set(re.findall(r"^([a-z0-9-]+)==", pins, re.MULTILINE))
    project = (ROOT / "pyproject.toml").read_text()
    block = re.search(r"^dependencies = \[(.*?)^\]", project, re.MULTILINE | re.DOTALL)[1]
    wanted = set(re.findall(r'"([A-Za-z0-9-]+)', block))
    assert wanted <= pinned


def test_the_torch_pin_is_exact():
    # A looser pin pulls several GB of CUDA libraries.
    assert "torch==2.13.0" in (ROOT / "constraints.txt").read_text().splitlines()
