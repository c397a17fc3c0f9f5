"""Questions on the knowledge base itself are counted; words of a question weigh by their rarity."""

import pytest

from assistant.chat import Chat
from assistant.chat.conditions import names_the_conditions
from assistant.chat.word_weights import word_weights
from retrieval.knowledge_base import KnowledgeBase
from tests.assistant.sample_records import clear_enzyme


@pytest.fixture(scope="module")
def base(starter, tmp_path_factory):
    folder = tmp_path_factory.mktemp("about") / "kb"
    with KnowledgeBase.create(folder, protein_embedder="hashing") as base:
        base.add([starter / "literature.jsonl", starter / "metaphlan_profile.tsv"])
        yield base


def told(answer):
    return " ".join(sentence.text for sentence in answer.sentences)


@pytest.mark.parametrize(
    "question",
    [
        "How many papers are there?",
        "how many papers are in the knowledge base",
        "Number of papers?",
    ],
)
def test_counts_are_counted(base, question):
    assert "146 papers" in told(Chat(base).ask(question))


@pytest.mark.model
@pytest.mark.parametrize(
    "question",
    ["How many genes does Enterococcus faecalis V583 have?", "How many genes make cutC?"],
)
def test_a_number_that_papers_tell_is_not_counted(base, question):
    assert "knowledge base holds" not in told(Chat(base).ask(question))


def test_genes_without_a_function_are_named(base):
    record = clear_enzyme()
    chat = Chat(base, [record])
    assert "The run has 1 gene" in told(chat.ask("Which genes lack annotation?"))
    product = record.hypothesis.leading.product
    assert record.gene.id in told(chat.ask(f"Which genes may be {product}?"))


@pytest.mark.model
def test_the_highest_means_are_told(base):
    answer = told(Chat(base).ask("Which species are most abundant?"))
    assert "metaphlan_profile.tsv" in answer
    assert "Eubacterium rectale" in answer.replace("_", " ")


def test_rare_words_tell_most(base):
    weights = word_weights("Which genes degrade inulin?", base.facts.connection)
    assert weights["inulin"] > weights["degrad"] > 0


@pytest.mark.parametrize("question", ["wich bactria make GABA?", "Welche Bakterien machen GABA?"])
def test_words_that_only_ask_tell_nothing_in_any_spelling(base, question):
    weights = word_weights(question, base.facts.connection)
    assert max(weights, key=weights.get) == "gaba"
    assert not {"wich", "bactri", "welche", "bakter"} & set(weights)


def test_a_word_that_no_text_has_tells_most(base):
    weights = word_weights("Does zzyzx degrade inulin?", base.facts.connection)
    assert max(weights, key=weights.get) == "zzyzx"


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("Scores of children with ASD improved.", True),
        ("Symptoms of obsessive-compulsive disorder fell.", False),
        ("They were asd in the study.", False),
    ],
)
def test_a_text_on_another_disease_is_none_on_this_one(text, fits):
    assert names_the_conditions("Does FMT improve autism?", text) is fits


@pytest.mark.model
def test_an_unknown_taxon_takes_the_place_of_the_one_before(base):
    chat = Chat(base)
    first = chat.ask("Does Roseburia produce butyrate?")
    second = chat.ask("And Blautia?", earlier=[first])
    assert [it.name for it in second.subjects] == ["Blautia"]
    assert "Roseburia" not in told(second)
