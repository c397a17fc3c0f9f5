"""A simulated fecal transfer with irregular visits: recipients come near their donors, and stay."""

import numpy as np
import pytest

from retrieval.cohort.analysis import analyse
from retrieval.cohort.diversity import distances
from retrieval.cohort.question import Question
from tests.retrieval.cohort.cohorts import community, counts_table, metadata

VISITS = (3, 7, 10, 14, 21, 28, 35, 56, 84)


@pytest.fixture(scope="module")
def transfer():
    """Four donors; sixteen patients, every other of whom takes on 80 % of a donor's community."""
    rng = np.random.default_rng(3)
    usual = rng.normal(0, 2, 60)
    donors = {f"D{at}": usual + rng.normal(0, 1, 60) for at in range(4)}
    rows = [(donor, "donor", "", "") for donor in donors for _ in range(2)]
    logs = [donors[who] + rng.normal(0, 0.3, 60) for who, *_ in rows]
    for at in range(16):
        own = usual + rng.normal(0, 1, 60)
        arm, donor = ("FMT", f"D{at % 4}") if at % 2 else ("placebo", "")
        for day in (0, *sorted(rng.choice(VISITS, 4 + at % 3, replace=False).tolist())):
            share = 0.8 if donor and day else 0.0
            mixed = (1 - share) * own + share * donors.get(donor, 0 * own)
            rows.append((f"R{at}", arm, donor, f"day {day}"))
            logs.append(mixed + rng.normal(0, 0.3, 60))
    names = ("subject", "arm", "donor", "visit")
    described = metadata(**dict(zip(names, zip(*rows, strict=True), strict=True)))
    return counts_table(community(rng, np.array(logs).T, 50_000)), described


@pytest.mark.parametrize("where", [(), ("arm!=donor",)])
def test_recipients_come_near_their_donors(transfer, where):
    table, described = transfer
    question = Question(
        "arm", subject="subject", time="visit", donor="donor", reference="placebo", where=where,
        learners=(), permutations=99,
    )  # fmt: skip
    result = analyse(table, described, question)
    courses = [it for it in result.over_time.courses if it.kind == "to donor"]
    before = [it.distance for it in courses if it.time == 0]
    after = [it.distance for it in courses if it.time > 0]
    assert {it.group for it in courses} == {"FMT"}
    assert len(before) == 8
    assert max(after) < min(before)
    assert any("'visit' are read as numbers of 'day'" in it for it in result.warnings)
    assert not any(it.column == "donor" for it in result.comparison.confounders)
    # By hand: the mean of the distances to the two samples of the donor.
    one = next(it for it in courses if it.subject == "R1" and it.time == 0)
    kept = [it for it in described.samples if it[1:] in {str(at) for at in range(8)}]
    if not where:
        square = distances(table, "aitchison")
        place = table.samples.index(one.sample)
        theirs = [at for at, who in enumerate(described.column("subject")) if who == "D1"]
        assert len(kept) == 8
        assert one.distance == pytest.approx(square[place, theirs].mean(), rel=0.05)


def test_what_cannot_be_told_over_time_is_said(transfer):
    table, described = transfer
    question = Question("arm", subject="subject", donor="donor", learners=(), permutations=99)
    assert any("needs --time" in it for it in analyse(table, described, question).warnings)
    question = Question("arm", subject="subject", time="visit", learners=(), permutations=99,
                        baseline_until=0.0)  # fmt: skip
    assert any("no time to return" in it for it in analyse(table, described, question).warnings)
