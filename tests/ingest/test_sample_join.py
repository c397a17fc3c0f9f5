"""Samples of tables and of metadata: what matches, what a column is, who repeats."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.files import read_records
from ingest.records import Feature, Sample
from ingest.sample_join import columns_of, join_samples, parse_date


def samples(**attributes):
    """Samples S1, S2 ... from columns of values."""
    rows = zip(*attributes.values(), strict=True)
    return [
        Sample(f"S{n}", tuple(zip(attributes, row, strict=True))) for n, row in enumerate(rows, 1)
    ]


def test_names_match_as_they_are():
    join = join_samples([Sample("b"), Sample("1.10"), Sample("x")], ["1.1", "b", "1.10", "b"])
    assert join.matched == ("b", "1.10")
    assert join.without_metadata == ("1.1",)
    assert join.without_table == ("x",)
    assert join.near == ()


def test_names_that_are_almost_the_same_are_told_not_joined():
    join = join_samples([Sample("S 1"), Sample("s-2"), Sample("S3.fastq")], ["S.1", "S2", "S-2"])
    assert join.matched == ()
    assert join.near == (("S.1", "S 1"), ("S-2", "s-2"))
    report = join.report()
    assert "no sample of the metadata is in a table" in report
    assert any("S.1 and S 1" in line for line in report)


def test_spelling_that_two_names_share_is_no_pair():
    assert join_samples([Sample("S-1"), Sample("s.1")], ["S_1"]).near == ()


def test_report_is_empty_where_all_match():
    assert join_samples([Sample("A"), Sample("B")], ["B", "A"]).report() == []


def test_subjects_that_repeat_are_counted_among_matched_samples():
    known = samples(host_subject_id=["p1", "p1", "p2", "p1"], week=["0", "1", "0", "2"])
    join = join_samples(known, ["S1", "S2", "S3"])
    assert join.subject_column == "host_subject_id"
    assert dict(join.repeated) == {"p1": 2}
    assert "1, at most 2 each" in join.report()[-1]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "2.5", "-3e2"], "numeric"),
        (["1", "2", "x"], "categorical"),
        (["1", "1", "1"], "constant"),
        (["", "", ""], "empty"),
        (["2014-07-02", "2014-08-01", "2014-08-01"], "date"),
        (["13/7/14", "2/8/14", "2/8/14"], "date"),
        (["2/7/14", "2/8/14", "3/8/14"], "date"),
        (["a", "b", "c"], "identifier"),
        (["a", "b", "a"], "categorical"),
        (["007", "inf", "1"], "categorical"),
        (["1,5", "2,5", "1,5"], "categorical"),
    ],
)
def test_types_of_columns(values, kind):
    values = [*values, values[-1]] if kind == "categorical" else values
    (column,) = columns_of([{"x": value} for value in values])
    assert column.type == kind


def test_notes_on_columns():
    columns = columns_of(
        [
            {"group": "0", "pair": "a", "day": "2/7/14"},
            {"group": "1", "pair": "a", "day": "3/7/14"},
            {"group": "0", "pair": "b", "day": "4/7/14"},
            {"group": "1", "pair": "b"},
        ]
    )
    group, pair, day = columns
    assert "codes" in group.note
    assert "pairs" in pair.note
    assert (day.type, day.missing) == ("date", 1)
    assert "not told" in day.note


@pytest.mark.parametrize(
    "name", ["Subject", "subject_id", "host_subject_id", "Patient ID", "participant", "Subject.ID"]
)
def test_names_of_subject_columns(name):
    assert columns_of([{name: "a"}, {name: "b"}])[0].is_subject


@pytest.mark.parametrize("name", ["subjective_score", "group", "patient_age"])
def test_names_that_are_no_subject_columns(name):
    assert not columns_of([{name: "a"}, {name: "b"}])[0].is_subject


def test_dates_that_can_be_read_in_two_ways_are_not_read():
    assert parse_date("2014-07-02") == date(2014, 7, 2)
    assert parse_date("02.07.2014") == date(2014, 7, 2)
    assert parse_date("02/07/2014") is None


def names_of(path):
    rows = (record for record in read_records(path).records if isinstance(record, Feature))
    return list(dict.fromkeys(name for row in rows for name, _ in row.values))


def test_five_samples_without_metadata(shared):
    known = read_records(
        shared / "formats/traps_derived/moving_pictures_metadata_5_samples_missing.tsv"
    )
    table = names_of(shared / "formats/qiime2/moving_pictures_table.qza")
    join = join_samples(known.records, table)
    assert len(join.matched) == 29
    assert join.report()[0].startswith("samples without metadata: 5 (")
    assert join.subject_column == "Subject"


def test_children_and_mothers_share_subjects(shared):
    folder = shared / "cohorts/ecam_10249"
    join = join_samples(
        read_records(folder / "metadata.tsv.gz").records, names_of(folder / "table.qza")
    )
    assert len(join.matched) == 741
    assert (join.subject_column, len(join.repeated)) == ("host_subject_id", 42)
