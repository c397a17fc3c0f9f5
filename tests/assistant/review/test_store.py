import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone

import pytest

from assistant.review.states import Decision
from assistant.review.store import ReviewStore
from assistant.review.triggers import TRIGGERS
from ingest.errors import MissingDependencyError, ReviewError
from tests.assistant.sample_records import clear_enzyme, conflicting, toxin

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ACCEPT = Decision(state="accepted", reviewer="Ada Weber")
REJECT = Decision(state="rejected", reviewer="Jon Li", reason_code="domain_only")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "reviews.sqlite"


@pytest.fixture
def store(path):
    opened = ReviewStore(f"sqlite:///{path}")
    yield opened
    opened.close()


def test_looking_makes_no_file(store, path):
    assert store.latest() == {}
    assert store.history("GUT_00012") == ()
    assert store.counts() == {}
    assert not path.exists()


def test_a_decision_is_written_down_with_what_was_signed(store):
    review = store.decide(clear_enzyme(), ACCEPT, seen=0, now=NOON)
    assert review.product == "beta-galactosidase"
    assert review.ec_number == "3.2.1.23"
    assert review.hypothesis_id == "hyp-00012"
    assert review.decided_at == "2026-11-20T12:00:00+00:00"
    assert store.latest() == {"GUT_00012": review}


def test_times_are_kept_in_utc_and_need_a_zone(store):
    local = NOON.astimezone(timezone(timedelta(hours=9)))
    assert store.decide(clear_enzyme(), ACCEPT, seen=0, now=local).decided_at.endswith(
        "12:00:00+00:00"
    )
    with pytest.raises(ValueError, match="time zone"):
        store.decide(toxin(), ACCEPT, seen=0, now=datetime(2026, 11, 20))


def test_a_later_decision_stands_and_the_earlier_one_stays(store):
    first = store.decide(clear_enzyme(), ACCEPT, seen=0, now=NOON)
    second = store.decide(clear_enzyme(), REJECT, seen=1, now=NOON)
    assert store.history("GUT_00012") == (first, second)
    assert store.latest()["GUT_00012"] == second
    assert store.histories() == {"GUT_00012": (first, second)}


def test_an_acceptance_can_be_taken_back(store):
    store.decide(clear_enzyme(), ACCEPT, seen=0, now=NOON)
    undo = ACCEPT.model_copy(update={"state": "draft"})
    assert store.decide(clear_enzyme(), undo, seen=1, now=NOON).state == "draft"


def test_an_ec_number_alone_keeps_the_name(store):
    changed = Decision(state="accepted_with_changes", reviewer="Ada", ec_number="3.2.1")
    review = store.decide(clear_enzyme(), changed, seen=0, now=NOON)
    assert (review.product, review.ec_number) == ("beta-galactosidase", "3.2.1.-")


def test_counts_go_by_the_decision_that_stands(store):
    store.decide(clear_enzyme(), ACCEPT, seen=0, now=NOON)
    store.decide(conflicting(), ACCEPT, seen=0, now=NOON)
    store.decide(conflicting(), REJECT, seen=1, now=NOON)
    assert store.counts() == {"accepted": 1, "rejected": 1}


def test_a_stale_decision_is_refused_and_names_the_other(store):
    store.decide(clear_enzyme(), REJECT, seen=0, now=NOON)
    with pytest.raises(ReviewError, match="Jon Li decided rejected at 2026-11-20T12:00:00"):
        store.decide(clear_enzyme(), ACCEPT, seen=0, now=NOON)
    assert len(store.history("GUT_00012")) == 1


def test_of_many_reviewers_at_once_exactly_one_wins(path):
    barrier, outcomes = threading.Barrier(6), []

    def review(name):
        own = ReviewStore(f"sqlite:///{path}")
        barrier.wait()
        try:
            decision = ACCEPT.model_copy(update={"reviewer": name})
            outcomes.append(own.decide(clear_enzyme(), decision, seen=0, now=NOON).reviewer)
        except ReviewError as error:
            outcomes.append(error)
        finally:
            own.close()

    ReviewStore(f"sqlite:///{path}").decide(toxin(), ACCEPT, seen=0, now=NOON)
    threads = [threading.Thread(target=review, args=(f"Reviewer {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert len(winners) == 1
    losers = [outcome for outcome in outcomes if isinstance(outcome, ReviewError)]
    assert len(losers) == 5
    assert all(winners[0] in str(loser) for loser in losers)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE review_events SET state = 'accepted'",
        "DELETE FROM review_events",
        "INSERT OR REPLACE INTO review_events SELECT * FROM review_events",
        "INSERT OR REPLACE INTO review_events SELECT 99, scope, gene_id, number, 'accepted', "
        "reviewer, reason, reason_code, product, ec_number, orcid, decided_at, hypothesis_id "
        "FROM review_events",
    ],
)
def test_the_database_itself_refuses_changes(store, path, statement):
    kept = store.decide(clear_enzyme(), REJECT, seen=0, now=NOON)
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(statement)
    assert store.history("GUT_00012") == (kept,)


def test_runs_that_share_a_database_do_not_mix(path):
    first = ReviewStore(f"sqlite:///{path}", scope="run one")
    second = ReviewStore(f"sqlite:///{path}", scope="run two")
    first.decide(clear_enzyme(), ACCEPT, seen=0, now=NOON)
    assert second.latest() == {}
    second.decide(clear_enzyme(), REJECT, seen=0, now=NOON)
    assert first.latest()["GUT_00012"].state == "accepted"


def test_a_refused_decision_leaves_nothing(store):
    with pytest.raises(ReviewError):
        store.decide(
            clear_enzyme(), REJECT.model_copy(update={"reason_code": ""}), seen=0, now=NOON
        )
    assert store.latest() == {}


def test_a_file_that_is_no_database_is_named(path):
    path.write_text("not a database, but long enough to look like a header", encoding="utf-8")
    with pytest.raises(ReviewError, match="cannot be opened"):
        ReviewStore(f"sqlite:///{path}").latest()


def test_a_url_that_cannot_be_read_is_said():
    with pytest.raises(ReviewError, match="postgresql"):
        ReviewStore("reviews.sqlite")


def test_a_missing_driver_is_named():
    with pytest.raises(MissingDependencyError, match="pymysql"):
        ReviewStore("mysql+pymysql://localhost/reviews")


def test_every_known_database_has_triggers_against_both():
    for statements in TRIGGERS.values():
        text = " ".join(statements)
        assert "BEFORE UPDATE" in text
        assert "DELETE" in text
