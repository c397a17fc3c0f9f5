import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.report.tsv import COLUMNS, TsvExporter, annotation_row, format_row
from tests.assistant.sample_nasty import nasty
from tests.assistant.sample_records import clear_enzyme, conflicting, sample_records, toxin
from tests.assistant.sample_reports import sample_report, sample_reviews
from tests.contracts.exporter import ExporterContract, written

GOLDEN = Path(__file__).parents[2] / "golden" / "annotations.tsv"
LISTS = ("ec_numbers", "ec_probability")


class TestTsv(ExporterContract):
    states_facts = True
    hides_drafts = False

    @pytest.fixture
    def exporter(self):
        return TsvExporter()

    @pytest.fixture
    def text(self, exporter):
        return written(exporter, sample_report(reviews=sample_reviews()))

    def test_has_exactly_the_columns(self, text):
        assert text.splitlines()[0].split("\t") == list(COLUMNS)
        assert len(text.splitlines()) == 1 + len(sample_records())

    def test_quoting_and_unquoting_readers_agree_with_the_records(self, text):
        quoted = list(csv.DictReader(io.StringIO(text), delimiter="\t"))
        raw = list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))
        assert quoted == raw
        for row, record in zip(raw, sample_records(), strict=True):
            assert row["gene_id"] == record.gene.id
            assert float(row["probability"]) == record.hypothesis.probability
            assert int(row["evidence_count"]) == len(record.evidence)

    def test_pandas_reads_the_same_numbers(self, text):
        table = pd.read_csv(io.StringIO(text), sep="\t").set_index("gene_id")
        assert table.loc["GUT_00012", "pident"] == 61.5
        assert table.loc["GUT_00012", "qcov"] == 0.98
        assert table["llm_claims_rejected"].tolist() == [0, 0, 0, 3, 0, 1]
        assert table["llm_claims_supported"].tolist() == [1, 0, 0, 1, 0, 1]

    def test_golden(self, exporter):
        report = sample_report(reviews=sample_reviews())
        assert written(exporter, report) == GOLDEN.read_text(encoding="utf-8")


def test_a_draft_lists_each_ec_number_with_its_probability():
    row = annotation_row(conflicting(), None)
    assert [row[name] for name in LISTS] == ["3.5.1.24;3.5.1.11", "0.46;0.41"]
    assert row["product"] == "choloylglycine hydrolase family protein"
    assert row["state"] == "draft"
    assert row["flags"].endswith("machine_drafted")


def test_accepting_keeps_only_what_was_signed():
    row = annotation_row(clear_enzyme(), sample_reviews()["GUT_00012"])
    assert [row[name] for name in LISTS] == ["3.2.1.23", "0.931"]
    assert (row["go_terms"], row["ko"]) == ("GO:0004565", "K01190")
    assert "machine_drafted" not in row["flags"]


def test_an_ec_number_of_the_reviewer_has_the_tools_probability_or_none():
    known = sample_reviews()["GUT_00031"]
    other = known.model_copy(update={"ec_number": "3.5.1.-;1.1.1.1"})
    assert annotation_row(conflicting(), known)["ec_probability"] == "0.88"
    assert annotation_row(conflicting(), other)["ec_probability"] == "0.88;"


def test_a_rejected_or_abstained_gene_has_no_function():
    rejected = annotation_row(toxin(), sample_reviews()["GUT_00052"])
    assert (rejected["product"], rejected["ec_numbers"]) == ("hypothetical protein", "")
    assert rejected["state"] == "rejected"
    abstained = annotation_row(sample_records()[1], None)
    assert (abstained["product"], abstained["tier"]) == ("hypothetical protein", "abstain")
    assert abstained["flags"] == ""


def test_formulas_stay_as_they_are():
    assert annotation_row(nasty(), None)["product"].startswith("=cmd")


@given(st.text(), st.text())
def test_any_text_stays_in_its_cell(product, flags):
    row = dict.fromkeys(COLUMNS, "x") | {"product": product, "flags": flags}
    line = format_row(row)
    assert len(line.splitlines()) == 1
    assert len(line.split("\t")) == len(COLUMNS)
    assert len(next(csv.reader([line], delimiter="\t"))) == len(COLUMNS)


def test_a_rival_that_only_says_less_is_not_listed():
    record = clear_enzyme()
    leading, other = record.hypothesis.candidates
    rivals = (
        other.model_copy(update={"ec_number": "3.2.1.-", "probability": 0.97}),
        other.model_copy(update={"ec_number": "2.-.-.-", "ec_levels": (), "probability": 0.95}),
        other,
    )
    hypothesis = record.hypothesis.model_copy(update={"candidates": (leading, *rivals)})
    row = annotation_row(record.model_copy(update={"hypothesis": hypothesis}), None)
    assert [row[name] for name in LISTS] == ["3.2.1.23;3.2.1.31", "0.931;0.05"]
