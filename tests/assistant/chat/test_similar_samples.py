"""Questions on samples that are like another: answered from stored values, each with its source."""

from __future__ import annotations

import pytest

from assistant.chat import Chat
from assistant.chat.agent_tools import ReadOnlyTools
from assistant.chat.similar_samples import asks_for_like_samples
from assistant.services import open_base
from assistant.settings import load_settings
from retrieval.profiles.search import AskedSample
from tests.retrieval.profiles.communities import two_communities


@pytest.fixture(scope="module")
def kb(tmp_path_factory):
    return two_communities(tmp_path_factory.mktemp("alike"))


@pytest.fixture
def chat(kb):
    with Chat(open_base(kb, load_settings())) as opened:
        yield opened


def test_the_nearest_samples_are_told_with_exact_numbers(chat):
    answer = chat.ask("Which samples are like A0?")
    hits = chat._base.similar_samples(AskedSample("A0"), 3).found
    told = [it for it in answer.sentences if "is like sample A0" in it.text]
    assert len(told) == 3
    for sentence, hit in zip(told, hits, strict=True):
        assert sentence.text.startswith(f"Sample {hit.sample} is like sample A0 by species")
        assert f"Hellinger distance {hit.hellinger:.3f}" in sentence.text
        assert "taxa.tsv" in sentence.text
        assert sentence.verdict == "supported"
        (source,) = [it for it in answer.sources if it.key in sentence.keys]
        assert (source.kind, source.reference) == ("similar_sample", hit.sample)
        assert "Weber" not in source.text
        assert "fibre" not in source.text


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("Which samples are most similar to A0 by genus?", "by genera"),
        ("Whose pathways resemble those of A0?", "by pathways"),
    ],
)
def test_the_kind_that_is_asked_for(chat, question, label):
    assert label in chat.ask(question).sentences[0].text


def test_other_questions_on_samples_stay_as_they_were(chat):
    assert all("is like sample" not in it.text for it in chat.ask("What is in A0?").sentences)
    answer = chat.ask("Which samples are like A0 by enzymes?")
    assert all("is like sample" not in it.text for it in answer.sentences)


def test_an_agent_reads_them_with_the_table(kb):
    with open_base(kb, load_settings()) as base:
        assert "is like sample B1" in ReadOnlyTools(base, {}).cohort_table("B1")


def test_words_that_ask_for_likeness():
    assert asks_for_like_samples("What resembles S1?")
    assert not asks_for_like_samples("How likely is S1?")
