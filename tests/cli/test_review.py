"""What ``metalumen review`` prints: what stands or is proposed, whole names, numbers as numbers."""

import json

import pytest

from assistant.cli import run
from assistant.report.tsv import NO_PRODUCT
from assistant.results import export
from tests.assistant.sample_reports import sample_report

SIGNED = ("--reviewer", "Ada Weber")
LONG = "glycoside hydrolase family 2 protein with a carbohydrate-binding module of family 32"


@pytest.fixture
def folder(tmp_path):
    report = sample_report()
    lines = (record.model_dump_json() + "\n" for record in report.records)
    (tmp_path / "hypotheses.jsonl").write_text("".join(lines))
    (tmp_path / "run.json").write_text(report.run.model_dump_json())
    (tmp_path / "failed.tsv").write_text("gene_id\treason\n")
    export(report, "tsv", tmp_path / "annotations.tsv")
    return tmp_path


@pytest.fixture
def review(folder, capsys):
    def told(*arguments):
        code = run(["review", str(folder), *arguments])
        return code, capsys.readouterr().out

    return told


def listed(review, **wanted):
    rows = json.loads(review("list", "--json")[1])
    return next(row for row in rows if all(row[name] == wanted[name] for name in wanted))


def test_a_list_shows_what_was_signed_with_its_whole_name(review):
    code, out = review("edit", "GUT_00012", "--product", LONG, *SIGNED)
    assert (code, out) == (0, "GUT_00012: accepted with changes by Ada Weber\n")
    row = listed(review, gene_id="GUT_00012")
    assert (row["state"], row["product"]) == ("accepted_with_changes", LONG)
    assert row["probability"] is None  # the tool gave none to what the reviewer wrote
    assert f"\t\t{LONG}\t" in review("list")[1]


def test_a_rejected_draft_is_not_shown_as_a_function(review):
    drafted = listed(review, gene_id="GUT_00012")
    assert isinstance(drafted["probability"], float)
    assert review("reject", "GUT_00012", "--code", "wrong_family", *SIGNED)[0] == 0
    assert listed(review, gene_id="GUT_00012")["product"] == NO_PRODUCT


def test_an_abstained_gene_has_no_probability(review):
    row = listed(review, tier="abstain")
    assert (row["probability"], row["product"]) == (None, NO_PRODUCT)


def test_a_decision_is_taken_back(review):
    review("defer", "GUT_00012", *SIGNED)
    code, out = review("undo", "GUT_00012", *SIGNED)
    assert (code, out) == (0, "GUT_00012: decision taken back by Ada Weber\n")
    assert listed(review, gene_id="GUT_00012")["state"] == "draft"
    events = json.loads(review("history", "GUT_00012", "--json")[1])
    assert [event["state"] for event in events] == ["deferred", "draft"]


def test_a_decision_that_is_not_there_cannot_be_taken_back(review, capsys):
    assert review("undo", "GUT_00012", *SIGNED)[0] == 2
