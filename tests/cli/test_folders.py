"""Folders are taken for the files in them; what no reader knows is told and does not stop."""

import pytest

from assistant.cli import run
from tests.cli.world import EMBEDDERS
from tests.retrieval.bases import PAPERS, PROTEINS, jsonl


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "mine"
    (folder / "deep").mkdir(parents=True)
    (folder / "papers.jsonl").write_text(jsonl(PAPERS))
    (folder / "deep" / "proteins.tsv").write_text(PROTEINS)
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(200)))
    (folder / ".hidden.jsonl").write_text("{}")
    return folder


def told(capsys, *arguments):
    code = run([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_a_folder_is_added(capsys, folder, tmp_path):
    code, out, err = told(capsys, "add", tmp_path / "kb", folder, *EMBEDDERS)
    assert code == 0
    assert "papers.jsonl (literature_jsonl): 3 publications added" in out
    assert "proteins.tsv (protein_tsv): 2 proteins added" in out
    assert "mine: 1 file of no known format left out: picture.png" in err
    code, out, _ = told(capsys, "add", tmp_path / "kb", folder)
    assert code == 0
    assert out.count("already in the knowledge base") == 2


def test_a_folder_is_inspected(capsys, folder):
    code, out, err = told(capsys, "inspect", folder)
    assert code == 2  # as for files that are named: one of them cannot be read
    assert "papers.jsonl\tliterature_jsonl" in out
    assert "picture.png" in err


def test_folders_that_cannot_be_meant(capsys, folder, tmp_path):
    assert told(capsys, "add", tmp_path / "kb", folder, *EMBEDDERS)[0] == 0
    (tmp_path / "empty").mkdir()
    for wrong, said in (("kb", "this is a knowledge base"), ("empty", "there is no file in")):
        code, _, err = told(capsys, "add", tmp_path / "other", tmp_path / wrong)
        assert code == 2
        assert said in err
    assert not (tmp_path / "other").exists()
