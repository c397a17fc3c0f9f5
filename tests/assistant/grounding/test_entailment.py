"""Entailment by a model: read from a folder, the most telling chunk counts, facts stay strict."""

from __future__ import annotations

import pytest

from assistant.doctor import examine
from assistant.grounding import ground
from assistant.grounding.entailment import Judgement, chunks, use_model
from assistant.grounding.sequence_classifier import (
    SequenceClassifier,
    T5Judge,
    load_entailment,
)
from ingest.errors import UserError
from ingest.records import Gene
from tests.assistant.grounding import hostile
from tests.tiny_bert import write_classifier

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
    labels = ("contradiction", "neutral", "entailment")
    return write_classifier(tmp_path_factory.mktemp("nli"), labels, WORDS)


def logits_of(path, text, claim, *, joined=False):
    """The scores of the classes by transformers alone."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(path)
    model = AutoModelForSequenceClassification.from_pretrained(path).eval()
    given = (f"{text}{tokenizer.sep_token}{claim}",) if joined else (text, claim)
    with torch.inference_mode():
        found = model(**tokenizer(*given, return_tensors="pt")).logits
    return torch.softmax(found, dim=-1)[0].tolist()


@pytest.mark.parametrize(
    ("labels", "entails", "denies"),
    [
        (("contradiction", "neutral", "entailment"), 2, 0),
        (("ENTAILMENT", "NEUTRAL", "CONTRADICTION"), 0, 2),
        (("entailment", "not_entailment"), 0, None),
        (("no-entailment", "entailment"), 1, None),
        (("REFUTES", "NOT ENOUGH INFO", "SUPPORTS"), 2, 0),
        (("SUPPORT", "CONTRADICT", "NEI"), 0, 1),
        (("inconsistent", "consistent"), 1, None),
        (("unsupported", "supported"), 1, None),
        (("refuted", "supported"), 1, 0),
        (("factual", "hallucinated"), 0, None),
        (("false", "true", "unknown"), 1, 0),
        (("false", "true"), 1, None),
        (("LABEL_0", "LABEL_1"), 1, None),
    ],
)
def test_classes_are_found_by_name_in_any_order(tmp_path, labels, entails, denies):
    path = write_classifier(tmp_path / "m", labels, WORDS, seed=len(labels))
    text, claim = "Digoxin is reduced by Cgr2.", "Digoxin is not reduced."
    found = SequenceClassifier(path).judge([text], claim)[0]
    expected = logits_of(path, text, claim, joined="LABEL" in labels[0])
    assert found.entails == pytest.approx(expected[entails], abs=1e-6)
    assert found.contradicts == pytest.approx(0 if denies is None else expected[denies], abs=1e-6)


@pytest.mark.parametrize(
    "labels", [("LABEL_0", "LABEL_1", "LABEL_2"), ("positive", "negative"), ("true", "correct")]
)
def test_a_model_of_other_classes_is_refused(tmp_path, labels):
    with pytest.raises(UserError, match="entailment"):
        SequenceClassifier(write_classifier(tmp_path / "m", labels, WORDS))


T5_WORDS = (
    "predict:",
    "premise:",
    "hypothesis:",
    "0",
    "1",
    "digoxin",
    "is",
    "reduced",
    "by",
    "cgr2",
)


def write_t5(path):
    """Write a tiny encoder-decoder of T5's kind, with random weights."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

    words = ["<pad>", "</s>", "<unk>", *T5_WORDS]
    plain = Tokenizer(models.WordLevel({it: n for n, it in enumerate(words)}, unk_token="<unk>"))
    plain.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=plain, eos_token="</s>", pad_token="<pad>", unk_token="<unk>"
    )
    torch.manual_seed(3)
    config = T5Config(
        vocab_size=len(words), d_model=16, d_kv=8, d_ff=32, num_layers=1, num_heads=2,
        decoder_start_token_id=0, eos_token_id=1, pad_token_id=0,
    )  # fmt: skip
    T5ForConditionalGeneration(config).save_pretrained(path, safe_serialization=True)
    tokenizer.save_pretrained(path)
    return path


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("MiniCheck-Flan-T5-Large", "predict: digoxin is reduced by cgr2</s>digoxin is reduced"),
        ("flan-t5-xl", "predict: digoxin is reduced by cgr2</s>digoxin is reduced"),
        (
            "t5_xxl_true_nli_mixture",
            "premise: digoxin is reduced by cgr2 hypothesis: digoxin is reduced",
        ),
    ],
)
def test_a_t5_judge_is_read_by_its_first_word(tmp_path, name, asked):
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    path = write_t5(tmp_path / name)
    model = load_entailment(path)
    assert isinstance(model, T5Judge)
    short, long = (
        "digoxin is reduced by cgr2",
        "digoxin is reduced by cgr2 is reduced by cgr2 " * 20,
    )
    found = model.judge([short, long, short], "digoxin is reduced")
    assert found == model.judge([short, long, short], "digoxin is reduced")
    assert found[0] == found[2] != found[1]
    tokenizer = AutoTokenizer.from_pretrained(path)
    network = AutoModelForSeq2SeqLM.from_pretrained(path).eval()
    with torch.inference_mode():
        logits = network(
            **tokenizer(asked, return_tensors="pt"), decoder_input_ids=torch.zeros(1, 1, dtype=int)
        ).logits[0, 0]
    pair = torch.softmax(logits[[words_id(tokenizer, "0"), words_id(tokenizer, "1")]], dim=-1)
    assert found[0].entails == pytest.approx(float(pair[1]), abs=1e-5)
    assert found[0].contradicts == 0


def words_id(tokenizer, word):
    return tokenizer.convert_tokens_to_ids(word)


def test_a_t5_model_without_words_for_yes_and_no_is_refused(tmp_path):
    path = write_t5(tmp_path / "t5")
    known = (path / "tokenizer.json").read_text()
    (path / "tokenizer.json").write_text(
        known.replace('"0":', '"nought":').replace('"1":', '"one":')
    )
    with pytest.raises(UserError, match="same piece"):
        load_entailment(path)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"architectures": 3}'])
def test_a_damaged_configuration_is_the_users_to_mend(tmp_path, content):
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(UserError):
        load_entailment(tmp_path)


@pytest.mark.parametrize("kind", ["classifier", "t5"])
def test_pickled_or_incomplete_weights_are_refused(tmp_path, kind):
    import torch
    from safetensors.torch import load_file, save_file

    labels = ("entailment", "neutral", "contradiction")
    path = (
        write_classifier(tmp_path / "m", labels, WORDS)
        if kind == "classifier"
        else write_t5(tmp_path / "m")
    )
    weights = load_file(path / "model.safetensors")
    torch.save(weights, path / "pytorch_model.bin")
    (path / "model.safetensors").unlink()
    with pytest.raises(UserError):
        load_entailment(path)
    lost = sorted(weights)[-1]
    save_file(
        {name: it for name, it in weights.items() if name != lost}, path / "model.safetensors"
    )
    with pytest.raises(UserError, match=r"lack \d tensors"):
        load_entailment(path)


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
