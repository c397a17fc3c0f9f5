"""What columns are to a group: drugs and batches explain it, details and second names do not."""

import numpy as np
import pytest

from ingest.errors import UserError
from retrieval.cohort.analysis import analyse
from retrieval.cohort.confounding import confounders
from retrieval.cohort.design import make_design, names_subjects
from retrieval.cohort.differential import compare
from retrieval.cohort.question import Question
from tests.retrieval.cohort.cohorts import community, counts_table, metadata

N = 80
SICK = np.arange(N) % 2 == 1
GROUP = ["CRC" if it else "control" for it in SICK]


def of_cases(*values, other=""):
    """Values of the cases in turn, and what the controls have."""
    return [values[at // 2 % len(values)] if sick else other for at, sick in enumerate(SICK)]


def found(name, values, group="group", levels=None):
    described = metadata(**{group: levels or GROUP, name: values})
    return next(iter(confounders(make_design(described, group))), None)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("metformin", of_cases("yes", other="no")),
        ("metformin", of_cases("yes")),
        ("metformin", of_cases(500, 700, 900, 1000, 1500, 2000, other=0)),
        ("dose_mg", of_cases(500, 700, 900, 1000, 1500, 2000)),
        ("rx", of_cases("metformin", "insulin")),
        ("therapy", of_cases("A", "B")),
        ("batch", of_cases("b1", "b2", other="b3")),
        ("age", of_cases(*range(60, 75), other=31)),
        ("number_reads", of_cases(*range(9000, 9020), other=100)),
    ],
)
def test_what_cannot_be_told_from_the_group(name, values):
    one = found(name, values)
    assert one.role == "confounder"
    assert one.determines


@pytest.mark.parametrize(
    ("name", "values", "role"),
    [
        ("ajcc", of_cases("I", "II", "III", "IV"), "detail of a group"),
        ("is_crc", of_cases("True", other="False"), "restates the group"),
        ("cancer", of_cases("1", other="0"), "restates the group"),
        ("label", of_cases("1", other="0"), "restates the group"),
        ("tumor_location", of_cases("left", "right"), "restates the group"),
        ("HbA1c", of_cases(*np.arange(6.5, 9, 0.1), other=5.1), "associated"),
        ("fobt", of_cases("yes", other="no"), "associated"),
        ("insulin", of_cases(*range(20, 60), other=9), "associated"),
    ],
)
def test_what_says_the_same_or_follows_from_it(name, values, role):
    one = found(name, values)
    assert one.role == role
    assert not one.determines


def test_weight_is_no_confounder_of_obesity_and_one_of_cancer():
    values = of_cases(*np.arange(32, 40, 0.3), other=22.5)
    obese = ["obese" if it else "lean" for it in SICK]
    assert found("BMI", values, levels=obese).role == "restates the group"
    assert found("BMI", values).determines
    chemo = of_cases("yes", other="no")
    assert found("cancer_treatment", chemo).determines


def drugged(values, seed=0):
    """Counts in which ten taxa follow a drug, and its cohort."""
    rng = np.random.default_rng(seed)
    taken = np.array([it not in {"no", "", "0"} for it in values])
    logs = rng.normal(0, 2, (60, 1)) + rng.normal(0, 0.8, (60, N))
    logs[:10] += 2.5 * taken
    return counts_table(community(rng, logs)), metadata(group=GROUP, metformin=values)


@pytest.mark.parametrize("other", ["", "no"])
def test_a_drug_that_half_the_patients_take_explains_its_taxa(other):
    table, described = drugged(of_cases("yes", "no", other=other))
    result = analyse(table, described, Question("group", learners=(), permutations=99))
    rows = {row.feature: row for row in result.comparison.rows}
    marked = [rows[f"taxon_{at}"] for at in range(10)]
    assert sum(row.q < 0.05 for row in marked) >= 5
    assert not any(row.is_finding for row in marked)
    assert any("possible confounder" in it and "are marked" in it for it in result.warnings)


def test_a_column_is_left_out_on_a_persons_word():
    table, described = drugged(of_cases("yes", other="no"))
    question = Question("group", learners=(), permutations=99, ignored=("metformin",))
    result = analyse(table, described, question)
    assert result.comparison.findings
    assert "on your word: metformin" in result.warnings[0]


@pytest.mark.parametrize("asked", ["", "Group", "none"])
def test_an_unknown_group_is_answered_with_columns_that_could_be_compared(asked):
    table, described = drugged(of_cases("yes", other="no"))
    with pytest.raises(UserError) as caught:
        analyse(table, described, Question(asked))
    assert "group (control 40, CRC 40)" in caught.value.hint
    assert ("Did you mean 'group'" in caught.value.hint) == (asked == "Group")


def test_one_or_two_people_are_people():
    half = ["1", "2"] * 4
    described = metadata(subject=half, host=["human", "mouse"] * 4, pair=half,
                         subject_id=["S7"] * 8, subject_number=list("11223344"),
                         patient=["yes", "no"] * 4, number_of_mice=list("11223344"))  # fmt: skip
    told = [name for name in described.columns if names_subjects(described, name)]
    assert told == ["subject", "subject_id", "subject_number"]


def hidden(seed=1, people=12, each=6):
    """People who gave several samples each; whose they are is written as a number."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(people), each)
    logs = (
        rng.normal(0, 2, (60, 1))
        + rng.normal(0, 1, (60, people))[:, who]
        + rng.normal(0, 0.4, (60, len(who)))
    )
    return counts_table(community(rng, logs)), who, rng


def test_people_under_a_number_are_found_for_groups_and_for_outcomes():
    table, who, rng = hidden()
    code = rng.permutation(len(set(who)))[who] + 100
    age = rng.normal(50, 9, len(set(who)))[who]
    for outcome in ([("a", "b")[it % 2] for it in who], age + rng.normal(0, 0.1, len(who))):
        described = metadata(outcome=list(outcome), code=list(code))
        result = analyse(table, described, Question("outcome", learners=(), permutations=99))
        assert not result.comparison.findings
        assert any("alike beyond chance" in it for it in result.warnings)


def test_age_is_no_name_of_people():
    rng = np.random.default_rng(2)
    age = rng.integers(0, 24, 96)
    logs = rng.normal(0, 2, (40, 1)) + rng.normal(0, 0.5, (40, 96))
    logs += rng.normal(0, 0.2, (40, 1)) * age
    described = metadata(stage=["infant" if it < 12 else "toddler" for it in age], months=list(age))
    table = counts_table(community(rng, logs))
    result = analyse(table, described, Question("stage", learners=(), permutations=99))
    assert not any("alike beyond chance" in it for it in result.warnings)


def test_the_differences_of_two_people_are_theirs_only():
    table, who, _ = hidden(people=2, each=12)
    described = metadata(subject=[f"P{it}" for it in who])
    result = analyse(table, described, Question("subject", learners=(), permutations=99))
    assert not result.comparison.findings
    assert any("of these subjects only" in it for it in result.warnings)


def test_compare_marks_all_rows_where_a_batch_is_the_group():
    table, _ = drugged(of_cases("yes", other="no"))
    described = metadata(group=GROUP, run=of_cases("r1", other="r2"))
    rows = compare(table, make_design(described, "group")).rows
    assert all(row.confounded_with == ("run",) for row in rows)
