"""Tables of other tools from end to end: inspect, add, annotate, and what a reader is told."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import EMBEDDERS, run
from tests.contracts.reader import DATA

NAMES = ("eggnog.annotations", "kofamscan.txt", "dbcan.tsv", "prokka.tsv")
#: As long as Prokka's table says (903 bases with the stop).
SEQUENCE = "MKLVTWYHEA" * 30


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """A knowledge base of nothing but tables; Prokka's says something else of the first gene."""
    folder = tmp_path_factory.mktemp("tables")
    prokka = (DATA / "prokka.tsv").read_text().replace("P_00001", "c1_1")
    (folder / "prokka.tsv").write_text(prokka.replace("3.2.1.23", "3.2.1.22"))
    files = [str(DATA / name) for name in NAMES[:-1]] + [str(folder / "prokka.tsv")]
    assert run(["add", str(folder / "kb"), *files, *EMBEDDERS]) == 0
    (folder / "genes.faa").write_text(f">c1_1\n{SEQUENCE}\n>c1_2\n{SEQUENCE[1:]}\n")
    (folder / "others.faa").write_text(f">k141_1_1\n{SEQUENCE}\n")
    return folder


def test_inspect_counts_rows_and_genes(capsys):
    assert run(["inspect", str(DATA / "kofamscan.txt"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["records"], found["features"]) == ("annotations", 4, 3)


def test_info_counts_annotations(tables, capsys):
    assert run(["info", str(tables / "kb"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["annotations"] == 13


def test_a_gene_shows_who_agrees_and_who_does_not(tables, tmp_path):
    command = [
        "annotate",
        str(tables / "kb"),
        str(tables / "genes.faa"),
        "-o",
        str(tmp_path / "run"),
    ]
    assert run([*command, "--llm", "none"]) == 0
    lines = (tmp_path / "run" / "hypotheses.jsonl").read_text().splitlines()
    first, second = map(json.loads, lines)
    statements = [item["statement"] for item in first["evidence"]]
    kofam = next(it for it in statements if "by KofamScan" in it)
    assert "eggNOG-mapper agrees on EC 3.2.1.23 and KO K01190" in kofam
    assert "Prokka disagrees: EC 3.2.1.22 (both are 3.2.1.-)" in kofam
    assert "score 745.8 against a threshold of 645.5" in kofam
    weak = [it["statement"] for it in second["evidence"] if it["kind"] == "prior_annotation"]
    assert weak
    assert all("supports nothing" in it for it in weak)
    assert kofam in (tmp_path / "run" / "report.html").read_text().replace("&#34;", '"')


def test_ids_that_no_table_has_are_told(tables, tmp_path, capsys):
    command = ["annotate", str(tables / "kb"), "-o", str(tmp_path / "run"), "--llm", "none"]
    assert run([*command, str(tables / "others.faa")]) == 0
    assert "but of none of these genes" in capsys.readouterr().err
    assert run([*command, str(tables / "genes.faa"), "--force"]) == 0
    assert "of none of" not in capsys.readouterr().err
