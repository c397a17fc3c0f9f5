"""User errors end with code 2 and one line: what, where, what to do; never a traceback."""

import pytest

from assistant.cli import run
from tests.retrieval.bases import empty_base


def told(capsys, *arguments):
    code = run([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def assert_one_line(error):
    assert "Traceback" not in error
    assert len([line for line in error.splitlines() if line.strip()]) == 1
    assert error.startswith("metalumen: ")


@pytest.mark.parametrize("command", ["inspect", "add"])
def test_a_missing_file(capsys, tmp_path, command):
    arguments = (tmp_path / "kb",) if command == "add" else ()
    code, _, error = told(capsys, command, *arguments, tmp_path / "absent.faa")
    assert code == 2
    assert_one_line(error)
    assert "absent.faa" in error


def test_an_empty_file(capsys, tmp_path):
    (tmp_path / "empty.faa").write_text("")
    code, _, error = told(capsys, "inspect", tmp_path / "empty.faa")
    assert code == 2
    assert_one_line(error)
    assert "empty" in error


def test_a_table_without_the_needed_column(capsys, tmp_path):
    (tmp_path / "table.tsv").write_text("accession\tname\nP1\tx\n")
    code, _, error = told(capsys, "inspect", tmp_path / "table.tsv", "--format", "protein_tsv")
    assert code == 2
    assert_one_line(error)
    assert "sequence" in error


def test_no_knowledge_base(capsys, tmp_path):
    code, _, error = told(capsys, "info", tmp_path / "nothing")
    assert code == 2
    assert_one_line(error)
    assert "metalumen add" in error


def test_no_run(capsys, tmp_path):
    code, _, error = told(capsys, "report", tmp_path / "nothing", "-o", tmp_path / "report.html")
    assert code == 2
    assert_one_line(error)


def test_an_unknown_report_format(capsys, tmp_path):
    code, _, error = told(capsys, "report", tmp_path, "-o", tmp_path / "report.xyz")
    assert code == 2
    assert ".html" in error


def test_an_unknown_option_is_a_user_error(capsys):
    assert told(capsys, "info", "--nonsense")[0] == 2


def test_a_wrong_setting_is_named(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("METALUMEN_THREADS", "many")
    code, _, error = told(capsys, "search", tmp_path, "digoxin")
    assert code == 2
    assert "threads" in error


@pytest.mark.parametrize("name", ["blat", "diamond"])
def test_an_aligner_that_is_not_there(capsys, tmp_path, monkeypatch, name):
    monkeypatch.setenv("METALUMEN_DIAMOND", str(tmp_path / "absent"))
    empty_base(tmp_path / "kb").close()
    (tmp_path / "genes.faa").write_text(">g1\nMKLLV\n")
    run_folder = tmp_path / "run"
    options = ("-o", run_folder, "--aligner", name)
    code, _, error = told(capsys, "annotate", tmp_path / "kb", tmp_path / "genes.faa", *options)
    assert code == 2
    assert_one_line(error)
    assert name in error.lower()
    assert not run_folder.exists()


def test_search_wants_one_kind_of_question(capsys, tmp_path):
    code, _, error = told(capsys, "search", tmp_path)
    assert code == 2
    assert "--queries" in error


def test_version_is_one_line(capsys):
    code, out, _ = told(capsys, "--version")
    assert code == 0
    assert len(out.splitlines()) == 1


def test_formats_lists_every_reader(capsys):
    from ingest.readers import READERS

    code, out, _ = told(capsys, "formats")
    assert code == 0
    for name in READERS.names():
        assert name in out
