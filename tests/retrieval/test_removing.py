"""Papers are removed, stay away, and come back with their file."""

import pytest

from ingest.errors import KnowledgeBaseError
from retrieval.knowledge_base import KnowledgeBase
from retrieval.removing import remove_records
from tests.retrieval.bases import empty_base

PAPERS = (
    '{"pmid": "11", "title": "Bile salt hydrolase of gut bacteria", "doi": "10.1/A",'
    ' "abstract": "Deconjugation of bile salts by lactobacilli was measured."}\n'
    '{"pmid": "12", "title": "Urease in the stomach", "pmcid": "PMC120",'
    ' "abstract": "Urease of Helicobacter raises the pH."}\n'
)


@pytest.fixture
def kb(tmp_path):
    path = tmp_path / "kb"
    (tmp_path / "papers.jsonl").write_text(PAPERS)
    with empty_base(path) as base:
        base.add([tmp_path / "papers.jsonl"])
    return path


def found(path, words):
    with KnowledgeBase.open(path) as base:
        return [hit.reference for hit in base.search(words, 5)]


def digest(path):
    with KnowledgeBase.open(path) as base:
        return base.digest


@pytest.mark.parametrize("reference", ["11", "PMID:11", "10.1/a", "https://doi.org/10.1/A"])
def test_a_paper_goes_by_any_of_its_identifiers(kb, reference):
    before = digest(kb)
    report = remove_records(kb, [reference])
    assert report.removed[0].startswith("Bile salt hydrolase of gut bacteria")
    assert found(kb, "bile salts deconjugation") == ["PMID:12"]
    assert digest(kb) != before


def test_all_searches_forget_it_and_compacting_drops_the_vector(kb):
    remove_records(kb, ["PMC120"])
    with KnowledgeBase.open(kb) as base:
        assert base.info().counts["publications"] == 1
        assert [hit.reference for hit in base.search("urease stomach", 9)] == ["PMID:11"]
        base.compact()
        assert next(it for it in base.info().spaces if it.name == "text").vectors == 1
        assert [hit.reference for hit in base.search("urease stomach", 9)] == ["PMID:11"]


def test_its_file_brings_it_back(kb, tmp_path):
    remove_records(kb, ["11"])
    with KnowledgeBase.open(kb) as base:
        (report,) = base.add([tmp_path / "papers.jsonl"])
        assert not report.unchanged
        assert base.info().counts["publications"] == 2
    assert found(kb, "bile salts deconjugation")[0] == "PMID:11"


def test_what_names_no_paper_is_told_and_changes_nothing(kb):
    before = digest(kb)
    report = remove_records(kb, ["99", "no identifier", ""])
    assert (report.removed, report.unknown) == ((), ("99", "no identifier", ""))
    assert digest(kb) == before


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(KnowledgeBaseError):
        remove_records(tmp_path / "none", ["1"])
