"""The commands ask and hypothesize, as a user types them."""

import json

import pytest


def test_a_conversation_goes_on_in_its_file(told, world, tmp_path):
    talk = tmp_path / "talk.jsonl"
    first = told("ask", world.kb, "What is @gene_00?", "--run", world.run, "--conversation", talk)
    assert first.code == 0
    assert "Recognised: gene gene_00" in first.out
    assert f"run {world.run.name}" in first.out
    second = told(
        "ask", world.kb, "How would I test it?", "--run", world.run, "--conversation", talk
    )
    assert "Kept from before: gene gene_00" in second.out
    assert len(talk.read_text().splitlines()) == 2


def test_no_evidence_is_no_error(told, world):
    answer = told("ask", world.kb, "Who won the football world cup?")
    assert answer.code == 0
    assert "No evidence" in answer.out
    assert "Searched: knowledge base" in answer.out


@pytest.mark.parametrize("options", [("--promote",), ("--agent",), ("--agent", "--llm", "bundled")])
def test_what_cannot_be_done_is_a_user_error(told, world, options):
    assert told("ask", world.kb, "What is gene_00?", *options).code == 2


def test_hypotheses_are_printed_or_written(told, world, tmp_path):
    printed = told("hypothesize", world.kb, "gene_00", "--run", world.run)
    assert printed.code == 0
    assert "Decision rule" in printed.out
    target = tmp_path / "pair.jsonl"
    written = told("hypothesize", world.kb, "gene_00,gene_02", "--run", world.run, "-o", target)
    assert written.code == 0
    record = json.loads(target.read_text())
    assert record["subject"]["members"] == ["gene_00", "gene_02"]
    assert told("hypothesize", world.kb, "no such thing").code == 2
