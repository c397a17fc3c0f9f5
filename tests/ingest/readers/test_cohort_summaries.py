"""Summaries of a cohort: read, searched, replaced by a later answer to the same question."""

import json

import pytest

from ingest.errors import FormatError
from ingest.files import read_records
from tests.contracts.reader import DATA, ReaderContract
from tests.retrieval.bases import empty_base

SAMPLE = DATA / "cohort_summaries.jsonl"


class TestCohortSummaries(ReaderContract):
    name = "cohort_summaries"
    sample = "cohort_summaries.jsonl"
    ids = ("s__One", "s__Two", "S1")
    breaks = ('"title": "Taxon Two by arm"', '"title": ""')
    bad = (2, "s__Two")


def test_a_later_version_is_refused(tmp_path):
    path = tmp_path / "s.jsonl"
    path.write_text(SAMPLE.read_text().replace('"version": 1', '"version": 9'))
    with pytest.raises(FormatError, match="version 9"):
        list(read_records(path).records)


@pytest.mark.parametrize("line", ['["format"]', "no json", '{"format": "other"}'])
def test_another_object_is_a_bad_record(tmp_path, line):
    path = tmp_path / "s.jsonl"
    path.write_text(SAMPLE.read_text() + line + "\n")
    records = list(read_records(path).records)
    assert len(records) == 4
    assert records[-1].line == 4


def test_summaries_are_found_and_a_new_answer_takes_the_place_of_the_old(tmp_path):
    with empty_base(tmp_path / "kb") as base:
        (report,) = base.add([SAMPLE])
        assert report.added == {"summaries": 3}
        hit = base.search("Taxon Two arm", 1, "features")[0]
        assert (hit.kind, hit.reference) == ("feature", "s__Two")
        assert "20 % of 10 samples" in hit.text
        later = tmp_path / "later.jsonl"
        lines = [json.loads(line) for line in SAMPLE.read_text().splitlines()]
        later.write_text(
            "".join(json.dumps(it | {"text": it["text"].replace("20 %", "25 %")}) + "\n"
                    for it in lines)
        )  # fmt: skip
        base.add([later])
        texts = [it.text for it in base.search("Taxon Two arm", 9, "features")]
        assert sum("25 %" in text for text in texts) == 1
        assert not any("20 % of 10" in text for text in texts)


def test_metadata_added_later_leaves_the_summary_of_a_sample(tmp_path):
    metadata = tmp_path / "m.tsv"
    metadata.write_text("sample_id\tdiet\nS1\tvegan\n")
    with empty_base(tmp_path / "kb") as base:
        base.add([SAMPLE])
        base.add([metadata])
        titles = {it.title for it in base.search("Sample S1", 9, "features")}
        assert {"Sample S1", "Sample S1, profile"} <= titles
