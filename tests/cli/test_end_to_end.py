"""From files to signed answers, through the commands that a user types."""

import csv
import json

import pytest

from retrieval.upkeep import check_everything
from tests.cli.world import EMBEDDERS, write_inputs


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_the_whole_way(told, tmp_path):
    files = write_inputs(tmp_path / "inputs")
    kb, run = tmp_path / "kb", tmp_path / "run"

    added = told("add", kb, files["reference.tsv"], files["papers.jsonl"], *EMBEDDERS)
    assert added.code == 0
    assert "reference.tsv (protein_tsv): 12 proteins added" in added.out
    assert "papers.jsonl (literature_jsonl): 2 publications added" in added.out

    annotated = told("annotate", kb, files["genes.faa"], "-o", run, "--llm", "none")
    assert annotated.code == 0
    assert annotated.out.strip() == str(run / "report.html")
    rows = rows_of(run / "annotations.tsv")
    assert [row["gene_id"] for row in rows] == [f"gene_{n:02d}" for n in range(12)]
    assert rows[0]["ec_numbers"].split(";")[0] == "3.2.1.23"
    assert {row["state"] for row in rows} == {"draft"}
    assert all(row["product"] == "hypothetical protein" for row in rows[1::2])

    assert told("review", run, "accept", "gene_00", "--reviewer", "Ada").code == 0
    edit = ("--product", "Urease alpha chain", "--ec", "3.5.1.5", "--reviewer", "Ada")
    assert told("review", run, "edit", "gene_04", *edit).code == 0
    reject = ("--code", "wrong_family", "--reason", "no motif", "--reviewer", "Ada")
    assert told("review", run, "reject", "gene_02", *reject).code == 0
    events = json.loads(told("review", run, "history", "gene_02", "--json").out)
    assert [(it["state"], it["reason"], it["reviewer"]) for it in events] == [
        ("rejected", "no motif", "Ada")
    ]
    states = {row["gene_id"]: row["state"] for row in rows_of(run / "annotations.tsv")}
    assert states["gene_00"] == "accepted"
    assert states["gene_04"] == "accepted_with_changes"
    assert states["gene_02"] == "rejected"
    assert states["gene_06"] == "draft"

    for suffix in ("html", "md", "tsv", "jsonl", "gff3"):
        target = tmp_path / f"out.{suffix}"
        assert told("report", run, "-o", target).out.strip() == str(target)
        assert target.stat().st_size > 0
    assert "Urease alpha chain" in (tmp_path / "out.md").read_text()
    assert len(rows_of(tmp_path / "out.tsv")) == 12

    answer = told("ask", kb, "What splits urea into ammonia?")
    assert answer.code == 0
    assert "PMID:102" in answer.out
    named = told("ask", kb, "What is @gene_00?", "--run", run, "--json")
    assert json.loads(named.out)["sources"][0]["reference"] == "gene:gene_00"

    found = told("search", kb, "bile acids", "--in", "literature", "-k", "1")
    assert "PMID:101" in found.out


def test_adding_again_changes_no_byte(told, world):
    before = (world.kb / "kb.sqlite").read_bytes(), (world.kb / "manifest.json").read_bytes()
    again = told("add", world.kb, world.files["reference.tsv"])
    assert again.code == 0
    assert "already in the knowledge base, nothing changed" in again.out
    assert before == (
        (world.kb / "kb.sqlite").read_bytes(),
        (world.kb / "manifest.json").read_bytes(),
    )


def test_info_counts_what_was_added(told, world):
    info = json.loads(told("info", world.kb, "--json").out)
    expected = {"files": 5, "genes": 2, "proteins": 12, "publications": 2, "samples": 2}
    assert {name: info["counts"][name] for name in expected} == expected
    assert [space["name"] for space in info["spaces"]] == ["profile", "sequence", "text"]


@pytest.mark.parametrize("command", ["rebuild", "compact"])
def test_upkeep_keeps_what_is_found(told, world, command):
    before = told("search", world.kb, "urease in the gut", "--json").out
    assert told(command, world.kb).code == 0
    assert told("search", world.kb, "urease in the gut", "--json").out == before
    check_everything(world.kb)


@pytest.mark.parametrize(
    ("query", "gene"), [("ABC_00002", "ABC_00002"), ("lacz", "ABC_00001"), ("galacto", "ABC_00001")]
)
def test_a_gene_is_found_by_id_symbol_or_product(told, made, query, gene):
    hits = json.loads(told("search", made.kb, query, "--in", "genes", "--json").out)
    assert [(hit["kind"], hit["reference"]) for hit in hits] == [("gene", gene)]


def test_searches_in_one_kind_return_that_kind(told, made):
    kinds = {"literature": {"passage"}, "proteins": {"protein"}, "features": {"feature", "sample"}}
    for scope, kind in kinds.items():
        hits = json.loads(told("search", made.kb, "Bacteroides", "--in", scope, "--json").out)
        assert hits
        assert {hit["kind"] for hit in hits} <= kind


def test_a_trec_run_names_papers_by_their_own_ids(told, made, tmp_path):
    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"_id": "q1", "text": "urea"}\n{"_id": "q2", "text": "bile acids"}\n')
    target = tmp_path / "out.run"
    arguments = ("--queries", queries, "-k", "100", "--trec", target)
    assert told("search", made.kb, *arguments).code == 0
    lines = [line.split() for line in target.read_text().splitlines()]
    assert {len(line) for line in lines} == {6}
    best = {line[0]: line[2] for line in lines if line[3] == "1"}
    assert best == {"q1": "102", "q2": "101"}


def test_a_dry_run_writes_nothing(told, made, tmp_path):
    planned = told("annotate", made.kb, made.files["genes.faa"], "-o", tmp_path / "r", "--dry-run")
    assert planned.code == 0
    assert "genes\t12" in planned.out
    assert not (tmp_path / "r").exists()


def test_nothing_found_is_told_on_stderr(told, tmp_path):
    files = write_inputs(tmp_path / "inputs")
    assert told("add", tmp_path / "kb", files["profile.tsv"], *EMBEDDERS).code == 0
    found = told("search", tmp_path / "kb", "urease", "--in", "literature")
    assert (found.code, found.out) == (0, "")
    assert "Nothing found" in found.err
