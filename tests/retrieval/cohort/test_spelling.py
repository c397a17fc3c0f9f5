"""Sample names that a table and its metadata spell differently: one to one, told, else nothing."""

import pytest

from ingest.records import Sample
from retrieval.cohort.spelling import by_best_column, match_spellings

IDS = [f"S-{at:02d}" for at in range(1, 9)]


@pytest.mark.parametrize(
    ("spelled", "ids"),
    [
        (lambda it: it.replace("-", "."), IDS),
        (str.lower, IDS),
        (lambda it: f"{it}_profile", IDS),
        (lambda it: f"{it}_S{it[-1]}_L001_R1_001", IDS),
        (lambda it: f"out/{it}.txt", IDS),
        (lambda it: f"10317.{it}", IDS),
        (lambda it: f"X{it}", [str(100 + at) for at in range(8)]),
        (lambda it: f"{it}.0", [str(100 + at) for at in range(8)]),
        (lambda it: it.replace("S-0", "S-"), IDS),
    ],
)
def test_spellings_of_r_spreadsheets_and_sequencers(spelled, ids):
    names = [spelled(it) for it in ids]
    found, notes = match_spellings(names, ids)
    assert [found[name] for name in names] == ids
    assert f"{names[0]} is {ids[0]}" in notes[0]


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["S.1", "S-1"], ["S_1"]),
        (["S.1"], ["S-1", "S_1"]),
        (["S1", "s1"], ["S1"]),
        (["P1_d0", "P1_d7"], ["P1"]),
        (["A", "B"], ["C", "D"]),
    ],
)
def test_nothing_is_matched_where_two_fit_or_none_does(names, ids):
    assert match_spellings(names, ids) == ({}, [])


def test_names_that_fit_as_they_are_stay():
    assert match_spellings(["S1", "S.2"], ["S1", "S-2", "s-1"])[0] == {"S.2": "S-2"}


def test_another_column_may_name_the_samples():
    samples = [
        Sample(f"M{at}", (("run", f"ERR{at}"), ("arm", "ab"[at % 2]), ("age", str(at))))
        for at in range(6)
    ]
    renamed, notes = by_best_column(samples, [f"ERR{at}" for at in range(6)])
    assert [it.samp_name for it in renamed] == [f"ERR{at}" for at in range(6)]
    assert dict(renamed[2].attributes) == {"samp_name": "M2", "arm": "a", "age": "2"}
    assert "'run'" in notes[0]
    assert by_best_column(samples, ["M1", "M2", "M3"]) == (samples, [])
    assert by_best_column(samples, ["x", "y", "z"]) == (samples, [])
