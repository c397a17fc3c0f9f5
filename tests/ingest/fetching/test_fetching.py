"""Fetching: whole pages in order, whatever the server does; no address but the allowed ones."""

import json

import pytest

from ingest.errors import FetchError, UserError
from ingest.fetching import SERVICES
from ingest.fetching.client import HOSTS, Client, require_allowed
from ingest.fetching.downloads import download
from ingest.files import read_records
from ingest.records import Publication
from tests.ingest.fetching.services import Replay, serving

QUERY = "bile salt hydrolase"


class Clock:
    def __init__(self):
        self.now = 0.0
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds

    def client(self, **options):
        return Client(clock=lambda: self.now, sleep=self.sleep, **options)


def fetched(name, address, cache, clock=None, **options):
    service = SERVICES.get(name)(address)
    client = (clock or Clock()).client()
    options = {"most": 1000, **options}
    return download(service, QUERY, cache=cache, client=client, **options)


def pmids(pages):
    return [
        record.pmid
        for page in pages
        for record in read_records(page).records
        if isinstance(record, Publication)
    ]


@pytest.fixture(params=["pubmed", "europepmc"])
def name(request):
    return request.param


def test_all_records_come_in_order_in_files_that_a_reader_knows(name, tmp_path):
    replay = Replay(total=230)
    with serving(replay) as address:
        pages, plan = fetched(name, address, tmp_path)
    assert len(pages) > 1
    assert pmids(pages) == replay.pmids
    assert (plan.total, plan.fetched) == (230, 230)


def test_no_more_than_wanted_is_asked_for(name, tmp_path):
    with serving(Replay(total=50)) as address:
        pages, plan = fetched(name, address, tmp_path, most=7)
    assert len(pmids(pages)) == 7
    assert (plan.total, plan.fetched) == (50, 7)


@pytest.mark.parametrize("fault", ["cut", "garbage", "short", "500", "429"])
def test_what_breaks_once_is_asked_again(name, fault, tmp_path):
    replay = Replay(faults=["", fault])
    with serving(replay) as address:
        pages, _ = fetched(name, address, tmp_path)
    assert pmids(pages) == replay.pmids


def test_the_pace_is_kept_and_a_server_may_ask_for_more(tmp_path):
    clock, replay = Clock(), Replay(faults=["", "429"])
    with serving(replay) as address:
        fetched("pubmed", address, tmp_path, clock)
    assert 3.0 in clock.slept  # the server's Retry-After
    assert sum(clock.slept) >= 0.37 * (len(replay.asked) - 1)


def test_a_download_that_was_cut_goes_on_where_it_stopped(name, tmp_path):
    replay = Replay(total=450, faults=["", "", *["500"] * 5])
    with serving(replay) as address:
        with pytest.raises(FetchError, match="run the same command again"):
            fetched(name, address, tmp_path)
        before = len(replay.asked)
        pages, _ = fetched(name, address, tmp_path)
        asked_anew = [path for path, _ in replay.asked[before:]]
    assert pmids(pages) == replay.pmids
    assert not any(path.endswith("esearch.fcgi") for path in asked_anew)
    assert len(asked_anew) < before + len(pages)


def test_a_finished_download_is_not_asked_for_again_unless_told(name, tmp_path):
    replay = Replay()
    with serving(replay) as address:
        first, _ = fetched(name, address, tmp_path)
        asked = len(replay.asked)
        assert fetched(name, address, tmp_path)[0] == first
        assert len(replay.asked) == asked
        fetched(name, address, tmp_path, anew=True)
    assert len(replay.asked) == 2 * asked


def test_a_broken_plan_starts_again(name, tmp_path):
    replay = Replay()
    with serving(replay) as address:
        pages, _ = fetched(name, address, tmp_path)
        (pages[0].parent / "plan.json").write_text("{")
        assert pmids(fetched(name, address, tmp_path)[0]) == replay.pmids


def test_nothing_found_is_no_error(name, tmp_path):
    with serving(Replay(total=0)) as address:
        pages, plan = fetched(name, address, tmp_path)
    assert (pages, plan.total) == ([], 0)


@pytest.mark.parametrize("fault", ["400", "redirect"])
def test_a_refusal_is_the_users_to_mend_and_no_redirect_is_followed(name, fault, tmp_path):
    replay = Replay(faults=[fault])
    with serving(replay) as address, pytest.raises(UserError, match="refuses the request"):
        fetched(name, address, tmp_path)
    assert len(replay.asked) == 1


def test_a_query_that_the_service_does_not_understand_is_told(tmp_path):
    service = SERVICES.get("pubmed")
    with serving(Replay()) as address, pytest.raises(UserError, match="unbalanced brackets"):
        download(service(address), "((", most=5, cache=tmp_path, client=Clock().client())


def test_an_empty_query_is_refused(name, tmp_path):
    service = SERVICES.get(name)("http://127.0.0.1:9")
    with pytest.raises(UserError, match="empty"):
        download(service, " ", most=5, cache=tmp_path, client=Clock().client())


def test_a_server_that_is_not_there_is_told(name, tmp_path):
    with pytest.raises(FetchError, match="no whole answer after 5 tries"):
        fetched(name, "http://127.0.0.1:9", tmp_path)


def test_the_services_own_addresses_are_allowed():
    for name in ("pubmed", "europepmc"):
        require_allowed(SERVICES.get(name).address)


@pytest.mark.parametrize(
    "address",
    [
        "http://eutils.ncbi.nlm.nih.gov/entrez",
        "https://eutils.ncbi.nlm.nih.gov.evil.example/x",
        "https://203.0.113.9/x",
        "file:///etc/passwd",
        "https://user@evil.example/",
        "ftp://www.ebi.ac.uk/x",
    ],
)
def test_other_addresses_are_refused(address):
    with pytest.raises(UserError, match="not allowed"):
        require_allowed(address)
    with pytest.raises(UserError, match="not allowed"):
        Client().get(address, {}, lambda _content: None)


def test_the_key_goes_to_the_service_and_nowhere_else(tmp_path):
    replay = Replay()
    with serving(replay) as address:
        service = SERVICES.get("pubmed")(address, email="a@example.org", api_key="sesame")
        download(service, QUERY, most=5, cache=tmp_path, client=Clock().client())
    assert all(form["api_key"] == "sesame" for _, form in replay.asked)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"sesame" not in kept
    assert set(HOSTS) == {"eutils.ncbi.nlm.nih.gov", "www.ebi.ac.uk"}


def test_a_plan_lists_ids_so_that_it_can_go_on(tmp_path):
    with serving(Replay()) as address:
        pages, _ = fetched("pubmed", address, tmp_path)
    plan = json.loads((pages[0].parent / "plan.json").read_text())
    assert plan["ids"] == ["1000", "1001", "1002", "1003", "1004"]
