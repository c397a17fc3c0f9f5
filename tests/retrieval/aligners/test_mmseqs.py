"""MMseqs2 as an aligner."""

import pytest

from retrieval.aligners import mmseqs
from retrieval.aligners.base import Limits
from retrieval.aligners.mmseqs import Mmseqs
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


def test_a_profile_finds_what_a_pair_does_not(tmp_path):
    """A chain of relatives: the far end is found through those between."""
    aligner, ancestor = Mmseqs(), BASES[3]
    family = {f"near{n}": relative(ancestor, 0.45, seed=n) for n in range(12)}
    query = relative(ancestor, 0.45, seed=50)
    far = {f"far{n}": relative(ancestor, 0.72, seed=200 + n) for n in range(12)}
    noise = {f"noise{n}": protein(300, seed=500 + n) for n in range(30)}
    database = aligner.build(sorted({**family, **far, **noise}.items()), tmp_path / "a")
    limits = Limits(max_evalue=1e-3)
    plain = {hit.target for hit in aligner.search({"q": query}, database, limits)["q"]}
    hits = aligner.search_profiles({"q": query}, database, limits)["q"]
    by_profile = {hit.target for hit in hits}
    assert set(family) <= by_profile
    assert any(name.startswith("far") for name in by_profile - plain)
    assert not any(name.startswith("noise") for name in by_profile)
    assert all(hit.by_profile and hit.evalue <= limits.max_evalue for hit in hits)


def test_profiles_of_queries_that_find_nothing_are_empty(tmp_path):
    database = Mmseqs().build(TARGETS, tmp_path / "a")
    queries = {"q": protein(200, seed=9), "short": "MKV"}
    found = Mmseqs().search_profiles(queries, database, Limits(max_evalue=1e-3))
    assert found == {"q": [], "short": []}
