"""The search stage: one search for many shards, a file for each, and what happens without."""

import pytest

from assistant import searching
from assistant.batch import Shard
from assistant.searching import search_ahead, together
from ingest.errors import DamagedFileError, MetalumenError
from ingest.records import Gene, Location
from retrieval.evidence.base import Surroundings
from retrieval.fake_view import FakeView
from retrieval.kept_answers import KeptAnswers
from retrieval.searched import read_searched

GENES = tuple(Gene(f"g{n}", "MK" + "ACDEFGHIK"[n] * 20) for n in range(9))


class Base(FakeView):
    """Count the searches; every protein has the same answers."""

    def __init__(self, error=None, kept=()):
        super().__init__()
        self.asked, self.error, self.kept = [], error, list(kept)

    def kept_answers(self, asked):
        """What is kept, state by state; the last state stays."""
        return self.kept.pop(0) if len(self.kept) > 1 else self.kept[0]

    def align_each(self, queries):
        self.asked.append(list(queries))
        if self.error:
            raise self.error
        return iter(())

    def neighbours(self, queries, k):
        return {name: [] for name in queries}


def shards_in(folder, size=3):
    return [
        Shard(n, GENES[at : at + size], Surroundings(), searched=folder / f"{n}.searched")
        for n, at in enumerate(range(0, len(GENES), size))
    ]


def hashes(genes):
    return sorted(gene.sequence_sha256 for gene in genes)


def test_shards_are_searched_for_together_up_to_a_bound(tmp_path, monkeypatch):
    shards = shards_in(tmp_path)
    assert list(together(shards)) == [shards]
    monkeypatch.setattr(searching, "SEARCHED_AT_ONCE", 6)
    assert list(together(shards)) == [shards[:2], shards[2:]]
    monkeypatch.setattr(searching, "SEARCHED_AT_ONCE", 1)
    assert list(together(shards)) == [[shard] for shard in shards]
    assert list(together([])) == []


def test_one_search_gives_every_shard_its_file(tmp_path):
    base = Base()
    shards = shards_in(tmp_path)
    search_ahead(shards, lambda: base)
    assert base.asked == [hashes(GENES)]
    for shard in shards:
        assert sorted(read_searched(shard.searched).answers) == hashes(shard.genes)


def test_files_that_are_there_are_kept(tmp_path):
    shards = shards_in(tmp_path)
    search_ahead(shards, Base)
    shards[1].searched.unlink()
    base = Base()
    search_ahead(shards, lambda: base)
    assert base.asked == [hashes(shards[1].genes)]
    search_ahead(shards, pytest.fail)


def test_neighbours_without_a_name_are_searched_for_as_well(tmp_path):
    placed = tuple(
        Gene(gene.id, gene.translation, location=Location("c1", 100 * n + 1, 100 * n + 69, "+"))
        for n, gene in enumerate(GENES)
    )
    shard = Shard(0, placed[:1], Surroundings({"c1": placed}), searched=tmp_path / "0.searched")
    base = Base()
    search_ahead([shard], lambda: base)
    assert set(hashes(placed[:2])) <= set(base.asked[0])
    assert sorted(read_searched(shard.searched).answers) == base.asked[0]


def test_a_tool_that_fails_leaves_it_to_the_shards(tmp_path):
    search_ahead(shards_in(tmp_path), lambda: Base(MetalumenError("crashed")))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [DamagedFileError("damaged"), OSError(28, "No space left")])
def test_a_fault_of_the_machine_stops(tmp_path, error):
    with pytest.raises(type(error)):
        search_ahead(shards_in(tmp_path), lambda: Base(error))


def contents(shards):
    return [shard.searched.read_bytes() for shard in shards]


def test_what_is_kept_is_not_searched_for_again_and_the_files_are_the_same(tmp_path):
    kept = KeptAnswers(tmp_path / "searches", "state")
    cold, warm, partial = Base(kept=[kept]), Base(kept=[kept]), Base(kept=[kept])
    shards = shards_in(tmp_path)
    search_ahead(shards, lambda: cold, keeps=True)
    expected = contents(shards)
    for base in (warm, partial):
        for shard in shards:
            shard.searched.unlink()
        search_ahead(shards, lambda base=base: base, keeps=True)
        assert contents(shards) == expected
        lost = kept._path(hashes(GENES)[0])
        lost.write_bytes(lost.read_bytes()[:80])
    assert cold.asked == [hashes(GENES)]
    assert (warm.asked, partial.asked) == ([], [hashes(GENES)[:1]])


def test_what_is_found_while_the_base_changes_is_not_kept(tmp_path):
    before, after = (KeptAnswers(tmp_path / "searches", state) for state in ("before", "after"))
    search_ahead(shards_in(tmp_path), lambda: Base(kept=[before, after]), keeps=True)
    assert (before.known(hashes(GENES)), after.known(hashes(GENES))) == ({}, {})


def test_nothing_is_kept_unless_it_is_wished(tmp_path):
    search_ahead(shards_in(tmp_path), lambda: Base(kept=[pytest.fail]))
