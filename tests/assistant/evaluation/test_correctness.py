import pytest

from assistant.evaluation.correctness import is_right, truth_reaches, verdict


@pytest.mark.parametrize(
    ("answer", "truth", "rights"),
    [
        ("3.2.1.23", ("3.2.1.23",), (True, True, True, True)),
        ("3.2.1.23", ("3.2.1.1",), (True, True, True, False)),
        ("3.2.1.-", ("3.2.1.23",), (True, True, True, False)),
        ("3.2.1.23", ("1.1.1.1", "3.5.1.1"), (True, False, False, False)),
        ("1.1.1.n12", ("1.1.1.n12",), (True, True, True, True)),
        ("1.1.1.n12", ("1.1.1.12",), (True, True, True, False)),
        ("", ("3.2.1.23",), (False, False, False, False)),
        ("3.2.1.23", (), (False, False, False, False)),
        ("3.2.11.23", ("3.2.1.23",), (True, True, False, False)),
    ],
)
def test_right_down_to_a_level(answer, truth, rights):
    assert tuple(is_right(answer, truth, level) for level in (1, 2, 3, 4)) == rights


def test_a_truth_that_stops_early_cannot_judge_what_lies_below():
    assert verdict("3.2.1.23", ("3.2.1.-",), 4) is None
    assert verdict("3.2.1.23", ("3.2.1.-",), 3) is True
    assert verdict("3.2.1.23", ("3.5.1.-",), 4) is False
    assert verdict("3.2.1.23", ("3.2.1.-", "3.2.1.23"), 4) is True
    assert verdict("3.2.1.23", (), 4) is False


def test_how_deep_the_truth_goes():
    assert truth_reaches(("3.2.1.-", "1.-.-.-"), 3)
    assert not truth_reaches(("3.2.1.-",), 4)
    assert not truth_reaches((), 1)
