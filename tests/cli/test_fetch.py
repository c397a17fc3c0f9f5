"""``fetch``: nothing without --online; with it, papers that can be searched for."""

import json

from tests.ingest.fetching.services import Replay, serving


def test_nothing_is_asked_without_online(told, tmp_path):
    replay = Replay()
    with serving(replay):
        found = told("fetch", tmp_path / "kb", "pubmed", "bile salts")
    assert (found.code, replay.asked) == (2, [])
    assert "--online" in found.err


def test_papers_are_fetched_added_and_found(told, world, monkeypatch):
    replay = Replay(total=3, faults=["", "cut"])
    monkeypatch.setattr("ingest.fetching.client.FIRST_PAUSE_SECONDS", 0.0)
    with serving(replay) as address:
        monkeypatch.setenv("METALUMEN_SERVICE_ADDRESS", address)
        found = told("fetch", world.kb, "pubmed", "bile salts", "--online", "--json")
        assert json.loads(found.out)["fetched"] == 3
        again = told("fetch", world.kb, "pubmed", "bile salts", "--online")
    assert "already in the knowledge base" in again.out
    hits = told("search", world.kb, "gut bacteria number 1002 cut bile salts", "--json").out
    assert "PMID:1002" in hits


def test_another_host_is_refused(told, tmp_path, monkeypatch):
    monkeypatch.setenv("METALUMEN_SERVICE_ADDRESS", "https://evil.example/entrez")
    found = told("fetch", tmp_path / "kb", "pubmed", "x", "--online")
    assert found.code == 2
    assert "not allowed" in found.err


def test_an_unknown_service_names_the_known_ones(told, tmp_path):
    found = told("fetch", tmp_path / "kb", "scopus", "x", "--online")
    assert found.code == 2
    assert "pubmed, europepmc" in found.err
