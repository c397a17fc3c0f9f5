"""What the software wrote itself never comes back as a fact."""

from __future__ import annotations

import pytest

from assistant.claims import DRAFT_NOTICE
from assistant.report.multiqc import _HEADER as MULTIQC_HEADER
from assistant.report.tsv import COLUMNS
from ingest.errors import FormatError
from ingest.files import read_records
from ingest.inspection import inspect
from ingest.own_results import NOTICE, own_result
from ingest.records import BadRecord

ROW = "\t".join("x" for _ in COLUMNS)
REPORT = f"# Gene function hypotheses\n\n**⚠ {DRAFT_NOTICE}.** Hypotheses to test, not results.\n"
OWN = {
    "annotations.tsv": "\t".join(COLUMNS) + f"\n{ROW}\n",
    "failed.tsv": "gene_id\treason\nc1_1\tno sequence\n",
    "hypotheses.jsonl": '{"schema_version":"1","gene":{"id":"c1_1"},"hypothesis":{}}\n',
    "report.jsonl": '{"schema_version": "1", "gene": {"id": "c1_1"}}\n',
    "subject.jsonl": '{"schema_version":"1","subject":{"kind":"taxon"}}\n',
    "run.json": '{\n  "schema_version": "1",\n  "software_version": "0.1.0"\n}\n',
    "cohort.json": '{\n "schema_version": "1",\n "question": {"group": "diagnosis"}\n}\n',
    "metalumen_mqc.tsv": MULTIQC_HEADER + "Sample\tAccepted\nmag7\t12\n",
    "report.html": "<!DOCTYPE html>\n<html>\n<head>\n"
    '<meta name="generator" content="Metalumen 0.1.0">\n<title>x</title></head></html>\n',
    "report.md": REPORT + "\n## A gene\n\nIt is drafted to be an enzyme. That may be wrong.\n",
    "alpha_diversity.tsv": "sample\tobserved\tshannon\tsimpson\tchao1\nS1\t3\t1.5\t0.6\t3\n",
    "ordination.tsv": "sample\tgroup\taxis_1\taxis_2\nS1\tcase\t0.1\t0.2\n",
    "similar_samples.tsv": "sample\tother\tdistance\nS1\tS2\t4.2\n",
    "predictions.tsv": "outcome\tlearner\tsample\tpredicted\ncase\tforest\tS1\t0.4\n",
}


@pytest.mark.parametrize("name", OWN)
def test_own_results_are_refused_and_told_what_they_are(tmp_path, name):
    path = tmp_path / "renamed.txt"
    path.write_text(OWN[name])
    with pytest.raises(FormatError, match="Metalumen's own"):
        inspect(path)


@pytest.mark.parametrize("format", ["feature_table", "markdown", "sample_metadata"])
def test_naming_a_format_does_not_help(tmp_path, format):
    texts = {"feature_table": "annotations.tsv", "markdown": "report.md"}
    path = tmp_path / "own.txt"
    path.write_text(OWN[texts.get(format, "alpha_diversity.tsv")])
    with pytest.raises(FormatError, match="Metalumen's own"):
        list(read_records(path, format).records)


def test_a_text_with_the_notice_inside_is_no_paper(tmp_path):
    path = tmp_path / "printed.txt"
    prose = "The gene is next to a transporter. It was found in many samples. More is not known."
    path.write_text(
        f"Notes on a gene\n\nAbstract\n{prose}\n{DRAFT_NOTICE.replace(' ', chr(10))}. {prose}\n"
    )
    (record,) = read_records(path, "plain_text").records
    assert isinstance(record, BadRecord)
    assert "draft of Metalumen" in record.reason


def test_other_files_are_none_of_its_own():
    assert DRAFT_NOTICE.lower() == NOTICE
    for text in (
        "gene_id\tproduct\nc1_1\turease\n",
        "sample\tobserved\nS1\t5\n",
        "# Urease\n\nA paper on urease. It is an enzyme.\n",
        '{"title": "A paper", "abstract": "It is short."}\n',
    ):
        assert own_result(text) is None
