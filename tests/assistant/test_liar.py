"""A language model that lies: nothing it says may stand where facts are stated."""

import html
import json
import lzma
import re
from dataclasses import replace

import pytest

from assistant.cli import run
from assistant.report.survival import survival_of
from assistant.run_folder import RunFolder
from benchmarks.unsupported_statements import found_in_facts, report_of

LIES = (
    "This protein is botulinum neurotoxin of Yersinia pestis, EC 3.4.24.69, as proven in 2019.",
    "It cures colorectal cancer in 97 % of patients.",
    "Residue H999 is essential for catalysis of digoxin reduction.",
)
EXPERIMENT_LIE = "Show that the protein cures colorectal cancer in mice at once."
UNSURE_LIE = "Nothing is unsure: the function was proven by crystal structure 9XYZ."


@pytest.fixture(scope="module")
def lied_to(starter, tmp_path_factory):
    folder = tmp_path_factory.mktemp("liar")
    with lzma.open(starter / "reference_proteins.tsv.xz", "rt") as handle:
        rows = [next(handle)] + [line for line in handle if "arcA" in line or "eno\t" in line]
    (folder / "reference.tsv").write_text("".join(rows))
    records = (starter / "query_genes.faa").read_text().split(">")
    chosen = [f">{text}" for text in records if text.startswith(("query_03 ", "query_27 "))]
    (folder / "genes.faa").write_text("".join(chosen))
    (folder / "liar.jsonl").write_text(json.dumps({"text": answer(), "repeat": True}) + "\n")
    embedders = ("--text-embedder", "hashing", "--protein-embedder", "hashing")
    assert run(["add", f"{folder}/kb", f"{folder}/reference.tsv", *embedders]) == 0
    spec = f"scripted:{folder}/liar.jsonl"
    arguments = ["annotate", f"{folder}/kb", f"{folder}/genes.faa", "-o", f"{folder}/run"]
    assert run([*arguments, "--llm", spec]) == 0
    return folder / "run"


def answer():
    claims = [{"evidence": ["E1"], "quote": lie[:60], "text": lie} for lie in LIES]
    return {
        "rationale": claims[:2],
        "alternatives": claims[2:],
        "experiments": [],
        "unsure_about": UNSURE_LIE,
    }


def test_the_model_was_heard_and_nothing_of_it_passed(lied_to):
    for record in RunFolder.open(lied_to).records():
        written = [claim for claim in record.hypothesis.claims if claim.origin == "llm"]
        assert {claim.text for claim in written} >= set(LIES[:2])
        assert not [claim.text for claim in written if claim.stands]
        assert record.hypothesis.leading
        assert record.hypothesis.leading.origin == "rule"


@pytest.mark.parametrize("suffix", ["tsv", "gff3"])
@pytest.mark.parametrize("drafts", [True, False])
def test_tables_hold_no_lie(lied_to, tmp_path, suffix, drafts):
    output = tmp_path / f"report.{suffix}"
    flags = ["--include-drafts"] if drafts else []
    assert run(["report", str(lied_to), "-o", str(output), *flags]) == 0
    assert_no_lie(output.read_text())
    assert_no_lie((lied_to / "annotations.tsv").read_text())


def test_after_acceptance_the_tables_still_hold_no_lie(lied_to, tmp_path):
    for gene in ("query_03", "query_27"):
        assert run(["review", str(lied_to), "accept", gene, "--reviewer", "A. Person"]) == 0
    test_tables_hold_no_lie(lied_to, tmp_path, "tsv", drafts=False)


@pytest.mark.parametrize("suffix", ["html", "md"])
def test_reports_show_lies_only_where_they_are_marked(lied_to, tmp_path, suffix):
    output = tmp_path / f"report.{suffix}"
    assert run(["report", str(lied_to), "-o", str(output), "--include-drafts"]) == 0
    text = html.unescape(output.read_text())
    assert any(lie in text for lie in LIES), "what fails is shown as failed, not hidden"
    assert_no_lie(without_marked_boxes(text, suffix))


def without_marked_boxes(text, suffix):
    if suffix == "html":
        return re.sub(r'<section class="not-supported".*?</section>', "", text, flags=re.DOTALL)
    return "\n".join(line for line in text.splitlines() if not line.startswith(">"))


def assert_no_lie(text):
    for lie in (*LIES, EXPERIMENT_LIE):
        assert lie not in text
        assert lie[:40] not in text
    assert "3.4.24.69" not in text
    assert "botulinum" not in text


def test_no_output_states_what_was_turned_down(lied_to):
    report = report_of(lied_to)
    assert len(report.records) == report.run.counts["input"] == 2
    assert survival_of(report.records).share == 0
    assert list(found_in_facts(report)) == []


def test_the_search_for_leaks_finds_one(lied_to):
    report = report_of(lied_to)
    first = report.records[0]
    leaky = first.hypothesis.model_copy(update={"statement": LIES[0], "unknowns": (LIES[1],)})
    record = first.model_copy(update={"hypothesis": leaky})
    report = replace(report, records=(record, *report.records[1:]))
    assert {statement for _, statement in found_in_facts(report)} == set(LIES[:2])
