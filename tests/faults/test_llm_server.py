"""A language-model server fails in the middle of a batch: drafts stay, are marked, exit code 3."""

from __future__ import annotations

import csv
import json
import time

import pytest

from assistant.run_folder import RunFolder
from tests.assistant.llm.faulty_server import address, faulty_server
from tests.cli.world import gene_fasta

GENES = 7
ANSWER = {
    "rationale": [{"evidence": ["E1"], "quote": "", "text": "It may act on what its kin act on."}],
    "unsure_about": "",
}


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr("assistant.llm.server_faults.FIRST_PAUSE", 0.0)
    monkeypatch.setattr("assistant.llm.openai_compatible.CONNECT_SECONDS", 0.2)
    monkeypatch.setattr("assistant.llm.giving_up.PATIENCE_SECONDS", 0.3)
    monkeypatch.setattr("assistant.llm.giving_up.LOOK_SECONDS", 0.1)
    monkeypatch.setenv("METALUMEN_LLM_TIMEOUT", "0.3")
    with faulty_server() as served:
        served.answer = json.dumps(ANSWER)
        yield served


@pytest.fixture(scope="module")
def genes(tmp_path_factory):
    path = tmp_path_factory.mktemp("genes") / "genes.faa"
    path.write_text(gene_fasta(GENES))
    return path


@pytest.fixture
def annotated(made, genes, server, told, tmp_path):
    """Annotate with the server; return what the program told and the records."""

    def call(name="run", *options):
        run = tmp_path / name
        command = ("annotate", made.kb, genes, "-o", run, "--llm", f"openai:{address(server)}#tiny")
        seen = told(*command, *options)
        return seen, list(RunFolder.open(run).records())

    return call


def failed(records):
    return [record for record in records if record.hypothesis.llm.status == "failed"]


def asked(records):
    return [record for record in records if record.hypothesis.llm.status != "not_asked"]


def unmarked(record):
    """What the rules made of a gene."""
    draft = record.hypothesis
    return (
        [claim for claim in draft.claims if claim.origin == "rule"],
        draft.candidates,
        draft.statement,
        [flag for flag in draft.flags if flag != "llm_failed"],
    )


@pytest.fixture(scope="module")
def by_rule(made, genes, tmp_path_factory):
    from assistant.cli import run

    folder = tmp_path_factory.mktemp("by_rule") / "run"
    assert run(["annotate", str(made.kb), str(genes), "-o", str(folder)]) == 0
    return [unmarked(record) for record in RunFolder.open(folder).records()]


@pytest.mark.parametrize(
    ("fault", "most_requests"),
    [("500", 9), ("stream_cut", 9), ("404", 3), ("stream_of_slow_tokens", 3), ("hang", 1)],
)
def test_a_server_that_serves_nobody_is_given_up(annotated, server, by_rule, fault, most_requests):
    server.always = fault
    started = time.monotonic()
    seen, records = annotated("run", "--force") if fault != "hang" else late(annotated, server)
    assert seen.code == 3, seen.err
    assert len(records) == GENES
    assert [unmarked(record) for record in records] == by_rule
    assert len(failed(records)) == len(asked(records)) > 3
    assert all("llm_failed" in record.hypothesis.flags for record in failed(records))
    assert "had failed for good" in failed(records)[-1].hypothesis.llm.detail
    assert len(server.requests) <= most_requests
    assert time.monotonic() - started < 60  # and not a deadline a gene, with all attempts
    assert "--force" in seen.err


def late(annotated, server):
    """Let the server hang only once the run has begun: at its start it is looked for."""
    server.always = "none"
    server.faults = ["begin_to_hang"]
    return annotated()


@pytest.mark.parametrize("fault", ["bad_draft", "to_length", "400"])
def test_answers_that_are_none_fail_their_gene_and_no_other(annotated, server, by_rule, fault):
    server.faults = ["none", fault, fault]
    seen, records = annotated()
    assert seen.code == 3
    assert [unmarked(record) for record in records] == by_rule
    assert len(failed(records)) == 1 + (fault == "400")
    statuses = [record.hypothesis.llm.status for record in asked(records)]
    assert statuses[0] == statuses[-1] == "answered"


def test_a_fault_that_passes_costs_nothing(annotated, server):
    server.faults = ["none", "429", "none", "500", "stream_cut", "none", "drop"]
    seen, records = annotated()
    assert seen.code == 0, seen.err
    assert not failed(records)


def test_what_was_answered_is_kept_and_only_the_rest_is_asked_again(annotated, server, told):
    server.faults = ["none", "none", *["500"] * 99]
    seen, records = annotated()
    assert seen.code == 3
    lost = len(failed(records))
    assert lost == len(asked(records)) - 2
    server.faults, server.requests = [], []
    seen, records = annotated("run", "--force")
    assert seen.code == 0
    assert not failed(records)
    assert len(server.requests) == lost


def test_the_mark_is_in_the_table_and_in_the_reports(annotated, server, told, tmp_path):
    server.always = "404"
    annotated()
    with (tmp_path / "run" / "annotations.tsv").open() as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    assert len(rows) == GENES
    assert sum("llm_failed" in row["flags"] for row in rows) > 3
    assert json.loads((tmp_path / "run" / "run.json").read_text())["counts"]["llm_failed"] > 3
    for suffix in ("html", "md"):
        output = tmp_path / f"report.{suffix}"
        told("report", tmp_path / "run", "-o", output, "--include-drafts")
        assert "no usable answer" in output.read_text()
