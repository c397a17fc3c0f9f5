"""Times as studies write them become numbers, or are refused with what to write."""

import pytest

from ingest.errors import UserError
from retrieval.cohort.times import with_times
from tests.retrieval.cohort.cohorts import metadata


@pytest.mark.parametrize(
    ("texts", "numbers", "how"),
    [
        (["0", "7", "14"], [0, 7, 14], ""),
        (["visit 1", "visit 2", "Visit 10"], [1, 2, 10], "numbers of 'visit'"),
        (["baseline", "week 4", "week_12"], [0, 4, 12], "'baseline' as 0"),
        (["D-7", "D0", "D28"], [-7, 0, 28], "numbers of 'd'"),
        (["day 3", "week 2", "1 year"], [3, 14, 365.25], "days"),
        (["6mo", "12mo", "18mo"], [6, 12, 18], "numbers of 'mo'"),
        (["2014-01-31", "2014-02-01", "2015-01-31"], [0, 1, 365], "days since the first date"),
        (["1/31/14", "2/1/14", "12/31/14"], [0, 1, 334], "days since the first date"),
        (["31/01/2014", "01/02/2014", "31/12/2014"], [0, 1, 334], "days since the first date"),
    ],
)
def test_times_are_read(texts, numbers, how):
    made, note = with_times(metadata(when=texts), "when")
    assert made.numbers("when").tolist() == pytest.approx(numbers)
    assert how in note
    assert bool(note) == bool(how)


def test_a_missing_time_stays_missing():
    made, _ = with_times(metadata(when=["V1", "", "V2"]), "when")
    assert made.column("when") == ("1.0", "", "2.0")


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["before", "after"], "'after', which is no time"),
        (["01/02/2014", "03/04/2014"], "day/month or month/day"),
        (["visit 1", "week 2"], "mixes visit, week"),
        (["baseline", "day 0", "day 4"], "beside times at or before 0"),
    ],
)
def test_what_is_no_time_is_refused_with_what_to_write(texts, told):
    with pytest.raises(UserError, match=told) as caught:
        with_times(metadata(when=texts), "when")
    assert "Write" in caught.value.hint
