"""Entailment by a model: read from a folder, the most telling chunk counts, facts stay strict."""

from __future__ import annotations

import pytest

from assistant.doctor import examine
from assistant.grounding import ground
from assistant.grounding.entailment import Judgement, chunks, use_model
from assistant.grounding.sequence_classifier import SequenceClassifier
from ingest.errors import UserError
from ingest.records import Gene
from tests.assistant.grounding import hostile

PASSAGE = hostile.PASSAGES[3]
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "digoxin", "is", "reduced", "by", "cgr2", "not"]


class Scripted:
    """A model that says what it was told to."""

    name = "scripted"

    def __init__(self, entails, contradicts=0.0):
        self.said = Judgement(entails, contradicts)

    def judge(self, texts, claim):
        return [self.said for _ in texts]


@pytest.fixture
def verdict():
    def of(text, model):
        use_model(model)
        item = hostile.passage_item(PASSAGE)
        lie = hostile.Lie("x", text, "Cgr2 of Eggerthella lenta reduces digoxin", item)
        return ground([lie.claim], {item.id: item}, Gene("g1"))[0]

    yield of
    use_model(None)


def test_a_restatement_is_supported_only_by_a_model(verdict):
    text = "Digoxin is reduced by Cgr2 of Eggerthella lenta."
    assert verdict(text, None).verdict == "partial"
    checked = verdict(text, Scripted(0.97))
    assert checked.verdict == "supported"
    assert "scripted" in next(one.detail for one in checked.checks if one.name == "entailment")
    assert verdict(text, Scripted(0.5)).verdict == "unchecked"
    assert verdict(text, Scripted(0.05, 0.95)).verdict == "contradicted"


@pytest.mark.parametrize(
    "text",
    [
        "Digoxin is reduced by Cgr3 of Eggerthella lenta.",
        "Digoxin is reduced by Cgr2 of Bacteroides fragilis.",
        "Digoxin is reduced 5-fold by Cgr2 of Eggerthella lenta.",
        "Digitoxin is reduced by Cgr2 of Eggerthella lenta.",
        "Ouabain is essential to Cgr2 of Eggerthella lenta.",
    ],
)
def test_no_model_lets_an_invented_fact_through(verdict, text):
    assert verdict(text, Scripted(1.0)).verdict != "supported"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    path = tmp_path_factory.mktemp("nli")
    (path / "vocab.txt").write_text("\n".join(WORDS) + "\n")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        num_labels=3,
        id2label={0: "contradiction", 1: "neutral", 2: "entailment"},
        label2id={"contradiction": 0, "neutral": 1, "entailment": 2},
    )
    BertForSequenceClassification(config).save_pretrained(path, safe_serialization=True)
    BertTokenizerFast(vocab=str(path / "vocab.txt")).save_pretrained(path)
    return path


def test_a_folder_is_read_and_judges_the_same_twice(folder):
    model = SequenceClassifier(folder)
    texts = ["Digoxin is reduced by Cgr2.", "is not " * 200]
    first, second = (model.judge(texts, "Digoxin is reduced.") for _ in range(2))
    assert first == second
    assert len(first) == 2
    for one in first:
        assert 0 <= one.entails <= 1
        assert 0 <= one.contradicts <= 1


def test_doctor_names_what_judges(folder, monkeypatch):
    monkeypatch.setenv("METALUMEN_ENTAILMENT", str(folder))
    found = next(one for one in examine() if one.name == "entailment")
    assert found.ok
    assert folder.name in found.detail


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(UserError):
        SequenceClassifier(tmp_path)


def test_chunks_hold_whole_sentences():
    text = " ".join(f"Sentence number {number} says one thing." for number in range(100))
    made = list(chunks(text, most=30))
    assert all(one.endswith(".") for one in made)
    assert all(len(one.split()) <= 30 for one in made)
    assert "number 99" in made[-1]
