"""A long report: an index and pages that hold together, with the promises of the one file."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from urllib.parse import unquote, urlsplit

import pytest

from assistant.batch import prepare_folder
from assistant.report import html_pages
from assistant.report.html import HtmlExporter
from assistant.report.html_pages import is_long, pages_folder
from assistant.report.links import ALLOWED_HOSTS
from assistant.results import export
from assistant.run_folder import REPORT, RUN_INFO
from tests.assistant.report.test_html import ACTIVE, LOADING, Page
from tests.assistant.sample_reports import sample_report, sample_reviews
from tests.contracts.exporter import letters, written


@pytest.fixture
def report(monkeypatch):
    monkeypatch.setattr(html_pages, "MOST_IN_ONE_FILE", 3)
    monkeypatch.setattr(html_pages, "GENES_A_PAGE", 2)
    return sample_report(reviews=sample_reviews())


@pytest.fixture
def index(report, tmp_path):
    """A name that a browser would take for a scheme and a fragment, were it not quoted."""
    path = tmp_path / "javascript:run #1 %41.html"
    assert export(report, "html", path) == 3
    return path


def files_of(index):
    return [index, *sorted(pages_folder(index).iterdir())]


def test_pages_lie_beside_the_index_in_the_order_of_the_genes(index, report):
    names = [path.name for path in files_of(index)[1:]]
    assert names == [
        *("genes-000001.html", "genes-000003.html", "genes-000005.html", "references.html"),
    ]
    shown = [
        re.findall(r'<h3 id="[^"]*">(.*?)</h3>', path.read_text("utf-8"))
        for path in files_of(index)[1:]
    ]
    ids = [record.gene.id for record in report.records]
    assert [unescape(name) for names in shown for name in names] == ids
    assert [len(names) for names in shown] == [2, 2, 2, 0]


def test_every_link_leads_to_an_anchor_that_is_there_or_to_three_sites(index):
    pages = {path: Page(path.read_text("utf-8")) for path in files_of(index)}
    followed = set()
    for path, page in pages.items():
        assert page.is_balanced
        assert len(page.ids) == len(set(page.ids))
        for _, name, value in page.attributes:
            if name != "href":
                continue
            parts = urlsplit(value)
            if parts.scheme:
                assert (parts.scheme, parts.hostname in ALLOWED_HOSTS) == ("https", True)
                continue
            assert not parts.netloc
            assert value[0] in "#."
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert not parts.fragment or parts.fragment in pages[target].ids
            followed.add(target)
    assert followed >= set(pages)


def test_nothing_runs_loads_or_is_asked_for(index):
    for path in files_of(index):
        page = Page(path.read_text("utf-8"))
        assert not ACTIVE & set(page.tags)
        names = {name for _, name, _ in page.attributes}
        assert not LOADING & names
        assert not [name for name in names if name.startswith("on")]
        assert any("default-src 'none'" in value for _, _, value in page.attributes)
        assert "machinedrafted" in letters(" ".join(page.outside))


def test_all_that_the_one_file_says_is_said(index, report):
    """Each text of the one file is in one of the several: nothing is lost by parting it."""
    whole = Page(written(HtmlExporter(), report))
    parted = [Page(path.read_text("utf-8")) for path in files_of(index)]
    for side in ("outside", "inside"):
        said = {" ".join(text.split()) for page in parted for text in getattr(page, side)}
        one = {" ".join(text.split()) for text in getattr(whole, side)}
        missing = {text for text in one - said if "{" not in text}  # styles are the same
        assert not {text for text in missing if "evidence below" not in text and "asks" not in text}


def test_hidden_drafts_are_in_no_page(report, tmp_path, monkeypatch):
    monkeypatch.setattr(html_pages, "MOST_IN_ONE_FILE", 2)
    decided = replace(report, include_drafts=False)
    path = tmp_path / "r.html"
    export(decided, "html", path)
    assert "SusC/RagA" not in "".join(one.read_text("utf-8") for one in files_of(path))


def test_only_a_long_report_is_parted_and_on_wish_not_even_that(report, tmp_path, monkeypatch):
    path = tmp_path / "r.html"
    assert is_long(report)
    export(report, "html", path)
    mine = pages_folder(path) / "notes.txt"
    mine.write_text("mine")
    assert export(report, "html", path, one_file=True) == 0
    assert path.read_bytes() == written(HtmlExporter(), report).encode()
    assert [one.name for one in pages_folder(path).iterdir()] == ["notes.txt"]
    mine.unlink()
    monkeypatch.setattr(html_pages, "MOST_IN_ONE_FILE", 6)
    assert not is_long(report)
    assert export(report, "html", path) == 0
    assert not pages_folder(path).exists()


def test_pages_of_a_longer_report_are_removed(report, tmp_path):
    path = tmp_path / "r.html"
    export(report, "html", path)
    export(replace(report, records=report.records[:4]), "html", path)
    names = [one.name for one in pages_folder(path).iterdir()]
    assert sorted(names) == ["genes-000001.html", "genes-000003.html", "references.html"]


def test_a_run_that_is_replaced_leaves_no_page(report, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / RUN_INFO).write_text("{}")
    export(report, "html", folder / REPORT)
    prepare_folder(folder, resume=False, force=True)
    assert list(folder.iterdir()) == []


def test_the_same_report_gives_the_same_bytes(report, tmp_path):
    told = []
    for name in ("a", "b"):
        path = tmp_path / name / "r.html"
        path.parent.mkdir()
        export(report, "html", path)
        told.append([one.read_bytes() for one in files_of(path)])
    assert told[0] == told[1]
