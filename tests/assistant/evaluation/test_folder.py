"""What is written also stands where there is little to draw, and text stays text."""

import csv
import json

import pytest

from assistant.evaluation.document import evaluate
from assistant.evaluation.folder import write_folder
from tests.assistant.evaluation.made import candidate, hit, known, prediction

RIGHT = (candidate("1.1.1.1", (0.9, 0.9, 0.9, 0.9)),)
FEW = {
    "one enzyme": [prediction(known("1.1.1.1"), RIGHT, [hit("1.1.1.1")])],
    "nothing found": [prediction(known("1.1.1.1"))],
    "no enzyme at all": [prediction(known(none=True)), prediction(known(none=True), RIGHT)],
    "terms alone": [prediction(known(ko=("K00001",)), RIGHT)],
}


def written(folder, predictions, test="test.tsv"):
    about = {"test": test, "source": "knowledge base kb"}
    evaluation = evaluate(predictions, draws=5, seed=0, about=about)
    write_folder(folder, evaluation)
    return evaluation


@pytest.mark.parametrize("name", FEW)
def test_little_is_written_too(tmp_path, name):
    evaluation = written(tmp_path / "out", FEW[name])
    assert json.loads((tmp_path / "out" / "metrics.json").read_text()) == evaluation.document
    assert (tmp_path / "out" / "index.html").is_file()
    assert (tmp_path / "out" / "risk_coverage.svg").exists() is (name != "terms alone")


def test_hostile_names_stay_text(tmp_path):
    bad = '<script>alert("x")</script>\t=1'
    proteins = [
        prediction(known("1.1.1.1", accession=bad, split=split), RIGHT) for split in (bad, "b")
    ]
    written(tmp_path, proteins, test=bad)
    page = (tmp_path / "index.html").read_text()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<script" not in (tmp_path / "risk_coverage.svg").read_text()
    with (tmp_path / "predictions.tsv").open() as handle:
        rows = list(csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len({len(row) for row in rows}) == 1


def test_numbers_of_the_row(tmp_path):
    written(tmp_path, FEW["one enzyme"])
    header, cells = (
        line.split("\t") for line in (tmp_path / "predictions.tsv").read_text().splitlines()
    )
    row = dict(zip(header, cells, strict=True))
    assert row["true_ec"] == row["forced_ec"] == row["reported_ec"] == "1.1.1.1"
    assert row["forced_probability"] == "0.9"
    assert row["best_hit_pident"] == "50"
