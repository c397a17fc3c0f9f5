import pytest

from assistant.ledger import Ledger
from ingest.errors import RunError


def test_finished_shards_are_remembered_and_read_in_order(tmp_path):
    with Ledger(tmp_path / "work") as ledger:
        ledger.bind("plan")
        ledger.write(1, ["c"])
        ledger.write(0, ["a", "b"])
    with Ledger(tmp_path / "work") as ledger:
        ledger.bind("plan")
        assert ledger.is_done(0)
        assert ledger.is_done(1)
        assert not ledger.is_done(2)
        assert list(ledger.lines(2)) == ["a", "b", "c"]


def test_another_plan_is_refused(tmp_path):
    with Ledger(tmp_path) as ledger:
        ledger.bind("plan")
    with Ledger(tmp_path) as ledger, pytest.raises(RunError, match="another input"):
        ledger.bind("other plan")


def test_a_changed_shard_file_counts_as_not_done(tmp_path):
    with Ledger(tmp_path) as ledger:
        ledger.bind("plan")
        ledger.write(0, ["a"])
        (tmp_path / "shard-000000.jsonl").write_text("b\n")
        assert not ledger.is_done(0)


def test_leftovers_of_a_kill_are_swept(tmp_path):
    (tmp_path / ".partial-abc").write_text("half")
    with Ledger(tmp_path):
        assert not list(tmp_path.glob(".partial-*"))


def test_a_damaged_ledger_names_itself_and_the_way_out(tmp_path):
    (tmp_path / "ledger.sqlite").write_text("not a database, long enough to be read as one" * 50)
    with pytest.raises(RunError, match="--force"):
        Ledger(tmp_path)
