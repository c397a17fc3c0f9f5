"""eval ec and eval calibration on a small knowledge base, end to end; faults end with code 2."""

import csv
import json
import re
import xml.etree.ElementTree as ET

import pytest

from assistant.cli import run
from tests.cli.world import EMBEDDERS, ENZYMES, protein, relative

QUICK = ("--bootstrap", "40")


def row(*cells):
    return "\t".join(cells)


def reference_row(name, ec, n):
    return row(f"R{ec.replace('.', '')}{n}", ec, name, relative(protein(name), n))


def case_rows():
    """Two test proteins an enzyme, one that is a reference too, one decoy; in two splits."""
    rows = []
    for name, ec in ENZYMES:
        own = f"R{ec.replace('.', '')}0"
        rows += [
            row("near", own, ec, relative(protein(name), 0)),
            row("far", f"T{ec}", ec, relative(protein(name), f"test {ec}", 0.3)),
        ]
    return [*rows, row("far", "decoy", "none", protein("decoy"))]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("eval")
    lines = [row("accession", "ec", "name", "sequence")]
    lines += [reference_row(name, ec, n) for name, ec in ENZYMES for n in range(3)]
    reference = folder / "reference.tsv"
    reference.write_text("\n".join(lines) + "\n")
    assert run(["add", str(folder / "kb"), str(reference), *EMBEDDERS]) == 0
    return folder / "kb"


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    path = tmp_path_factory.mktemp("cases") / "test.tsv"
    lines = [row("split", "accession", "ec", "sequence"), *case_rows()]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="module")
def written(base, cases, tmp_path_factory):
    """The folder of an evaluation in which each protein is held out."""
    folder = tmp_path_factory.mktemp("written")
    arguments = ["eval", "ec", base, cases, "--seed", 5, "-o", folder, *QUICK]
    assert run([str(argument) for argument in arguments]) == 0
    return folder


def figures(document, split="all", view="forced"):
    found = document["splits"][split]["figures"][view]
    return {name: estimate["value"] for name, estimate in found.items()}


def test_ec_as_json(told, base, cases):
    done = told("eval", "ec", base, cases, "--json", *QUICK)
    assert done.code == 0
    document = json.loads(done.out)
    assert list(document["splits"]) == ["all", "near", "far"]
    assert document["splits"]["all"]["enzymes"] == 8
    assert document["splits"]["far"]["non_enzymes"] == 1
    assert figures(document)["top1_l4"] == 1.0
    assert figures(document, view="best_hit")["f1"] == 1.0
    assert document["about"]["leave_out"] == "identical"
    assert "reliability" not in document["splits"]["all"]


def test_ec_as_a_table(told, base, cases):
    done = told("eval", "ec", base, cases, *QUICK)
    rows = [line.split("\t") for line in done.out.splitlines()]
    assert rows[0] == ["split", "figure", "best hit", "forced", "reported", "forced less best hit"]
    assert {cells[0] for cells in rows[1:]} == {"all", "near", "far"}
    first = next(cells for cells in rows if cells[1] == "top-1 right, level 4")
    assert re.fullmatch(r"1\.000 \[1\.000, 1\.000\]", first[3])
    assert "8 enzymes, 1 known not to be enzymes" in done.err


def test_calibration_shows_bins_and_tiers(told, base, cases):
    done = told("eval", "calibration", base, cases, *QUICK)
    assert done.code == 0
    assert "ECE, ten equal bins, level 4" in done.out
    assert "mean probability" in done.out
    assert "abstain" in done.out
    whole = json.loads(told("eval", "calibration", base, cases, "--json", *QUICK).out)
    assert whole["splits"]["all"]["reliability"]["forced"]["l4"]
    assert whole["splits"]["all"]["risk_coverage"]["best_hit"]["l4"][-1][0] == 1.0


def best_references(folder):
    with (folder / "predictions.tsv").open() as handle:
        return {it["accession"]: it for it in csv.DictReader(handle, delimiter="\t")}


def test_a_protein_does_not_see_itself(told, base, cases, written, tmp_path):
    arguments = ("--leave-out", "none", "-o", tmp_path / "out", *QUICK)
    assert told("eval", "ec", base, cases, *arguments).code == 0
    seen, held_out = best_references(tmp_path / "out"), best_references(written)
    assert seen["R321230"]["best_hit_reference"].endswith(":R321230")
    assert seen["R321230"]["best_hit_pident"] == "100"
    assert not held_out["R321230"]["best_hit_reference"].endswith(":R321230")
    assert float(held_out["R321230"]["best_hit_pident"]) < 100
    # Hidden from itself alone: others see it.
    assert held_out["T3.2.1.23"] == seen["T3.2.1.23"]


def test_blocked_references_are_hidden(told, base, cases, tmp_path):
    block = tmp_path / "block.tsv"
    lines = [row("split", "query", "ref_file", "accession")]
    lines += [row("far", "T3.2.1.23", "reference", f"R32123{n}") for n in range(3)]
    lines += [row("far", "T3.2.1.1", "reference", "NOT_THERE")]
    block.write_text("\n".join(lines) + "\n")
    done = told("eval", "ec", base, cases, "--block", block, "-o", tmp_path / "out", *QUICK)
    assert done.code == 0
    found = best_references(tmp_path / "out")
    assert found["T3.2.1.23"]["best_hit_ec"] == ""
    assert found["T3.2.1.23"]["tier"] == "abstain"
    assert found["T3.2.1.1"]["best_hit_ec"] == "3.2.1.1"
    assert "1 blocked accessions are not in the knowledge base (NOT_THERE)" in done.err


def test_the_folder(written):
    document = json.loads((written / "metrics.json").read_text())
    assert document["bootstrap"]["draws"] == 40
    rows = best_references(written)
    assert len(rows) == 9
    assert rows["decoy"]["true_ec"] == "none"
    assert rows["decoy"]["tier"] == "abstain"
    for name in ("reliability", "risk_coverage"):
        root = ET.parse(written / f"{name}.svg").getroot()
        assert root.tag.endswith("svg")
        assert (written / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    page = (written / "index.html").read_text()
    assert "<script" not in page
    assert "top-1 right, level 4" in page


def test_the_same_call_gives_the_same_bytes(told, base, cases, written, tmp_path):
    arguments = ("--seed", "5", "-o", tmp_path / "again", *QUICK)
    assert told("eval", "ec", base, cases, *arguments).code == 0
    assert len(list(written.iterdir())) == 7
    for path in written.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_sequences_and_truth_in_two_files(told, base, cases, tmp_path):
    genes, truth = tmp_path / "genes.faa", tmp_path / "truth.tsv"
    cells = [line.split("\t") for line in case_rows()]
    genes.write_text("".join(f">{name}\n{sequence}\n" for _, name, _, sequence in cells))
    lines = ["gene_id\tec", *(row(name, ec) for _, name, ec, _ in cells)]
    truth.write_text("\n".join(lines) + "\n")
    split = json.loads(told("eval", "ec", base, cases, "--json", *QUICK).out)
    joined = json.loads(told("eval", "ec", base, genes, "--truth", truth, "--json", *QUICK).out)
    assert figures(joined) == figures(split)


def test_a_finished_run_is_evaluated_as_it_is(told, base, tmp_path):
    genes, truth, folder = tmp_path / "genes.faa", tmp_path / "truth.tsv", tmp_path / "run"
    cells = [line.split("\t") for line in case_rows()]
    genes.write_text("".join(f">{name}\n{sequence}\n" for _, name, _, sequence in cells))
    lines = ["accession\tec", *(row(name, ec) for _, name, ec, _ in cells), "absent\t1.1.1.1"]
    truth.write_text("\n".join(lines) + "\n")
    assert told("annotate", base, genes, "-o", folder).code == 0
    done = told("eval", "calibration", folder, truth, "--json", *QUICK)
    assert done.code == 0
    document = json.loads(done.out)
    assert document["about"]["source"] == "run run"
    assert document["splits"]["all"]["enzymes"] == 8
    assert figures(document)["top1_l4"] == 1.0
    assert "absent: not in the run" in done.err
    assert told("eval", "ec", folder, truth, "--leave-out", "none").code == 2


def refused(told, *arguments):
    done = told("eval", "ec", *arguments, *QUICK)
    assert done.code == 2
    assert done.out == ""
    lines = [line for line in done.err.splitlines() if line.strip()]
    assert len(lines) == 1, done.err
    return lines[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("accession\tsequence\nP1\tMKT\n", "line 1: no column for ec"),
        ("accession\tec\nP1\t1.1.1.1\n", "no column for sequence"),
        ("accession\tec\tsequence\n", "it has no rows"),
        ("accession\tec\tsequence\nP1\t\tMKT\nP2\tx\tMKT\n", "none of its rows can be used"),
        ("", "the file is empty"),
    ],
)
def test_a_test_file_that_cannot_be_used(told, base, tmp_path, text, said):
    path = tmp_path / "bad.tsv"
    path.write_text(text)
    line = refused(told, base, path)
    assert said in line
    assert "bad.tsv" in line


def test_a_block_list_that_cannot_be_used(told, base, cases, tmp_path):
    block = tmp_path / "block.tsv"
    block.write_text("split\tquery\taccession\nfar\tT3.2.1.23\tNOT_THERE\n")
    assert "none of the blocked accessions, NOT_THERE" in refused(
        told, base, cases, "--block", block
    )
    block.write_text("split\tquery\taccession\nfar\tX\tR321230\n")
    assert "none of its queries is a test protein" in refused(told, base, cases, "--block", block)
    block.write_text("split\tquery\nfar\tX\n")
    assert "no column for accession" in refused(told, base, cases, "--block", block)


def test_other_faults(told, base, cases, tmp_path):
    assert "--leave-out 'all'" in refused(told, base, cases, "--leave-out", "all")
    assert "no such file" in refused(told, base, tmp_path / "absent.tsv")
    assert "metalumen add" in refused(told, tmp_path / "nothing", cases)
