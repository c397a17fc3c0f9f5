"""MMseqs2 as an aligner."""

import pytest

from retrieval.aligners import mmseqs
from retrieval.aligners.base import Limits
from retrieval.aligners.mmseqs import Mmseqs, MmseqsProfiles
from retrieval.alignment import SIGNIFICANT_EVALUE
from tests.contracts.aligner import QUERIES, TARGETS, AlignerContract
from tests.retrieval.proteins import BASES, protein, relative


class TestMmseqs(AlignerContract):
    @pytest.fixture
    def aligner(self):
        return Mmseqs()

    def test_a_large_database_is_searched_by_words(self, aligner, database, found, monkeypatch):
        monkeypatch.setattr(mmseqs, "_SMALL_DATABASE", 0)
        by_words = aligner.search(QUERIES, database)
        assert {name: hits[0] for name, hits in by_words.items()} == {
            name: hits[0] for name, hits in found.items()
        }


class TestMmseqsProfiles(AlignerContract):
    @pytest.fixture
    def aligner(self):
        return MmseqsProfiles()


def test_a_weak_query_is_searched_by_profile_and_the_hits_say_so(tmp_path):
    """Weak hits are of one family: their profile finds the members that the search does not."""
    ancestor, query = BASES[3], relative(BASES[3], 0.82, seed=50)
    family = {f"kin{n}": relative(ancestor, 0.25, seed=n) for n in range(8)}
    family |= {f"kin{n + 8}": relative(ancestor, 0.55, seed=200 + n) for n in range(8)}
    noise = {f"noise{n}": protein(300, seed=500 + n) for n in range(30)}
    database = Mmseqs().build(sorted({**family, **noise}.items()), tmp_path / "a")
    plain = Mmseqs().search({"q": query}, database)["q"]
    assert plain[0].evalue > SIGNIFICANT_EVALUE
    hits = MmseqsProfiles().search({"q": query}, database)["q"]
    marked = [hit for hit in hits if hit.by_profile]
    assert marked
    assert hits[: len(marked)] == marked
    assert all(hit.target.startswith("kin") for hit in marked)
    assert all(hit.evalue <= SIGNIFICANT_EVALUE for hit in marked)
    assert {hit.target for hit in plain} <= {hit.target for hit in hits}


def test_a_query_with_a_significant_hit_is_not_searched_again(tmp_path):
    database = Mmseqs().build(TARGETS, tmp_path / "a")
    assert MmseqsProfiles().search(QUERIES, database) == Mmseqs().search(QUERIES, database)


def test_queries_that_find_nothing_stay_empty(tmp_path):
    database = Mmseqs().build(TARGETS, tmp_path / "a")
    queries = {"q": protein(200, seed=9), "short": "MKV"}
    assert MmseqsProfiles().search(queries, database, Limits(max_evalue=1e-3)) == {
        "q": [],
        "short": [],
    }
