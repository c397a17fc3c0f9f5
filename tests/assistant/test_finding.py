"""A search says how much its hits are worth: weak ones, unknown words, filters, retractions."""

from __future__ import annotations

import json

import pytest

from assistant.cli.hits import hit_documents, print_hits
from assistant.finding import find
from assistant.paper_states import paper_states, paper_years, states_told
from ingest.errors import UserError
from retrieval.search_options import Filters, SearchOptions
from tests.retrieval.bases import PAPERS, PROFILE, PROTEINS, empty_base, jsonl, written

PAPER = {
    "pmid": "34020283",
    "doi": "10.1016/j.x.2021.1",
    "title": "Microplastics and bile acids in mice",
    "abstract": "Mice were fed for weeks. " * 70 + "Tributyltin changed bile acids in mice.",
    "year": "2021",
    "authors": ["Jiang P", "Yuan GH"],
    "journal": "Gut",
    "pub_types": ["Journal Article"],
}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("finding")
    papers = jsonl([*PAPERS, PAPER])
    files = written(
        folder / "in", papers__jsonl=papers, proteins__tsv=PROTEINS, profile__tsv=PROFILE
    )
    with empty_base(folder / "kb") as base:
        base.add(files)
        yield base


def said(found):
    return " ".join(found.notes)


def test_a_hit_with_the_words_of_the_question_is_not_weak(base):
    found = find(base, "tributyltin and bile acids", 3)
    assert found.hits[0].reference == "PMID:34020283"
    assert found.hits[0].id not in found.weak
    assert "weak" not in said(found)


@pytest.mark.parametrize(
    "question", ["stock market volatility", "qwertz asdfgh", "mosquito drives"]
)
def test_a_question_that_nothing_speaks_of_is_told_as_that(base, question):
    found = find(base, question, 5)
    assert {hit.id for hit in found.hits} == found.weak
    assert not found.hits or "Nothing in this knowledge base clearly speaks of this" in said(found)


@pytest.mark.parametrize("number", ["K01190", "GO:0004565", "3.5.1.99", "BT_4294"])
def test_an_identifier_that_no_text_has_is_told(base, number):
    found = find(base, number, 5)
    assert {hit.id for hit in found.hits} == found.weak
    assert f"“{number}”" in said(found)


def test_an_identifier_of_the_base_makes_its_holders_strong(base):
    found = find(base, "3.2.1.23", 3)
    strong = [hit for hit in found.hits if hit.id not in found.weak]
    assert [hit.reference for hit in strong] == ["P00722"]


def test_a_misspelt_word_is_told_with_what_may_be_meant(base):
    assert "“astarch”" not in said(find(base, "starch", 1))
    assert "the word “bacterodes”. Did you mean “bacteroides”?" in said(find(base, "bacterodes", 1))


def test_another_language_is_told(base):
    assert "ask in English" in said(find(base, "Welche Darmbakterien bauen Zucker ab?", 3))


@pytest.mark.parametrize("text", ["", "  ", "?!", "... -"])
def test_a_text_without_words_is_refused(base, text):
    with pytest.raises(UserError, match="TEXT"):
        find(base, text)


@pytest.mark.parametrize(
    "text",
    ["PMID:34020283", "34020283", "https://doi.org/10.1016/j.x.2021.1", "10.1016/J.X.2021.1",
     "https://pubmed.ncbi.nlm.nih.gov/34020283/"],
)  # fmt: skip
def test_a_paper_is_found_by_its_identifier(base, text):
    found = find(base, text)
    assert [hit.reference for hit in found.hits] == ["PMID:34020283"]
    assert found.hits[0].text == PAPER["abstract"].strip()
    assert not found.notes


def test_a_paper_that_is_not_held_is_told(base):
    found = find(base, "PMID:99999999")
    assert not found.hits
    assert said(found) == "PMID:99999999 is not in this knowledge base."


def test_a_retracted_paper_is_found_by_its_identifier_and_marked(base):
    (hit,) = find(base, "PMID:2").hits
    assert hit.caution == "RETRACTED"


def test_retracted_papers_that_speak_of_it_are_told(base):
    told = "1 retracted paper on this was left out: PMID:2"
    assert told in said(find(base, "tale of starch"))
    assert told not in said(find(base, "bile acids"))
    options = SearchOptions(filters=Filters(include_retracted=True))
    assert told not in said(find(base, "tale of starch", 10, "all", options))


def test_filters_that_leave_nothing_say_what_there_is(base):
    options = SearchOptions(filters=Filters(publication_type="Nonsense", year_from=2030))
    found = find(base, "bile acids", 10, "literature", options)
    assert not found.hits
    assert "of 2010 to 2021" in said(found)
    assert "Journal Article" in said(found)


def test_filters_search_papers_only(base):
    options = SearchOptions(filters=Filters(year_from=2000))
    found = find(base, "starch", 10, "all", options)
    assert {hit.kind for hit in found.hits} == {"passage"}
    assert "searched in literature" in said(found)


def test_years_the_wrong_way_are_refused(base):
    options = SearchOptions(filters=Filters(year_from=2021, year_to=2019))
    with pytest.raises(UserError, match="2021 or later and of 2019 or earlier"):
        find(base, "starch", 10, "all", options)


def test_the_printed_part_holds_the_telling_sentence(base, capsys):
    print_hits(find(base, "tributyltin bile acids", 1, "literature"))
    out = capsys.readouterr().out
    assert "Jiang P et al. 2021, Gut" in out
    assert "Tributyltin changed bile acids in mice." in out


def test_a_second_passage_of_a_paper_refers_to_the_first(base, capsys):
    options = SearchOptions(fold=False)
    found = find(base, "mice were fed bile acids", 3, "literature", options)
    assert [hit.reference for hit in found.hits][:2] == ["PMID:34020283"] * 2
    print_hits(found)
    lines = capsys.readouterr().out.splitlines()
    assert any("same as 1: " in line for line in lines)


def test_papers_in_doubt_are_counted(base):
    connection = base.facts.connection
    states = paper_states(connection)
    assert states["retracted"] == 1
    told = states_told(states, paper_years(connection))
    assert "1 retracted" in told
    assert "years 2010 to 2021" in told


def test_json_says_which_hits_are_weak(base):
    rows = hit_documents(find(base, "tributyltin", 3))
    assert json.loads(json.dumps(rows))[0]["is_weak"] is False
    assert rows[0]["citation"] == "Jiang P et al. 2021, Gut"
