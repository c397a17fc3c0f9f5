"""The manifest: what it says, and that every change to it is noticed."""

from __future__ import annotations

import hashlib
import json

import pytest

from ingest.errors import DamagedFileError, SchemaMismatchError
from ingest.schema import SCHEMA_VERSION
from retrieval import manifest as manifests
from tests.retrieval.bases import full_base


@pytest.fixture
def folder(tmp_path):
    full_base(tmp_path / "kb", tmp_path / "in").close()
    return tmp_path / "kb"


def test_it_lists_every_file_with_its_hash(folder):
    content = json.loads((folder / "manifest.json").read_text())
    actual = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert {name: entry["sha256"] for name, entry in content["files"].items()} == actual
    assert content["spaces"]["text"] == {
        "spec": "hashing",
        "name": "hashing",
        "revision": "1",
        "dim": 64,
    }
    assert content["counts"]["proteins"] == 3


def test_what_is_written_is_read(folder):
    first = manifests.read(folder)
    manifests.write(folder, first)
    assert manifests.read(folder) == first
    manifests.check_sizes(folder, first)


def test_there_may_be_none(tmp_path):
    assert manifests.read(tmp_path) is None


def test_every_flipped_bit_and_every_cut_is_noticed(folder):
    path = folder / "manifest.json"
    good, first = path.read_bytes(), manifests.read(folder)
    mutants = [good[:n] for n in range(0, len(good) - 2, 5)]
    mutants += [good[:n] + bytes([good[n] ^ 1 << n % 8]) + good[n + 1 :] for n in range(len(good))]
    for mutant in mutants:
        path.write_bytes(mutant)
        try:
            read = manifests.read(folder)
        except DamagedFileError as error:
            assert "manifest.json" in str(error)  # noqa: PT017 - most mutants, not all, must fail
            assert "metalumen rebuild KB" in str(error)  # noqa: PT017 - as above
        else:
            assert read == first  # only white space between the values has changed


@pytest.mark.parametrize("content", ["", "[]", "1", "null", "{}", '{"sha256": 1}', "[" * 100_000])
def test_what_is_no_manifest_is_damaged(tmp_path, content):
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(DamagedFileError, match="metalumen rebuild KB"):
        manifests.read(tmp_path)


def test_another_schema_version_is_told(folder):
    content = json.loads((folder / "manifest.json").read_text())
    del content["sha256"]
    content["schema_version"] = 99
    content["sha256"] = manifests._digest(content)
    (folder / "manifest.json").write_text(json.dumps(content))
    told = f"version 99, this program reads version {SCHEMA_VERSION}"
    with pytest.raises(SchemaMismatchError, match=told):
        manifests.read(folder)


@pytest.mark.parametrize("damage", [lambda it: it.unlink(), lambda it: it.write_bytes(b"")])
def test_a_missing_or_cut_file_is_named(folder, damage):
    (path, *_) = (folder / "vectors" / "text").iterdir()
    damage(path)
    with pytest.raises(DamagedFileError, match=rf"vectors/text/{path.name}.*rebuild KB"):
        manifests.check_sizes(folder, manifests.read(folder))
