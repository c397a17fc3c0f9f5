"""Questions with and without an answer in the starter knowledge base; a model that lies."""

import json

import pytest

from assistant.chat import Chat
from assistant.chat.extract import best_sentence
from assistant.chat.langchain_adapter import BackendChatModel, KnowledgeBaseRetriever
from assistant.chat.question_words import telling_words
from assistant.llm import load_backend
from ingest.errors import UserError
from retrieval.knowledge_base import KnowledgeBase
from tests.assistant.sample_records import clear_enzyme

ANSWERED = {
    "Which gut bacterium inactivates digoxin?": "Eggerthella lenta",
    "How do gut bacteria metabolise levodopa?": "tyrosine decarboxylase",
    "What does bile salt hydrolase do?": "bile",
    "Which enzyme makes trimethylamine from choline?": "cutC",
    "Which bacteria degrade resistant starch?": "Ruminococcus bromii",
    "How does Enterococcus resist vancomycin?": "van",
}
WITHOUT_ANSWER = (
    "Who won the football world cup?",
    "What is the melting point of tungsten?",
    "How do I bake sourdough bread?",
    "asdf qwer zxcv",
    "Which gene causes blue eyes in huskies?",
)


@pytest.fixture(scope="module")
def base(starter, tmp_path_factory):
    folder = tmp_path_factory.mktemp("chat") / "kb"
    with KnowledgeBase.create(folder, protein_embedder="hashing") as base:
        base.add([starter / "literature.jsonl"])
        yield base


def scripted(tmp_path, answer):
    path = tmp_path / "answers.jsonl"
    path.write_text(json.dumps({"text": answer, "repeat": True}) + "\n")
    return load_backend(f"scripted:{path}")


@pytest.mark.model
@pytest.mark.parametrize(("question", "word"), ANSWERED.items())
def test_a_question_is_answered_word_for_word_from_a_source(base, question, word):
    answer = Chat(base).ask(question)
    assert answer.sentences
    texts = {source.key: source.text for source in answer.sources}
    for sentence in answer.sentences:
        assert sentence.text in texts[sentence.keys[0]]
    shown = " ".join([*texts.values(), *(source.title for source in answer.sources)])
    assert word.lower() in shown.lower()


@pytest.mark.model
@pytest.mark.parametrize("question", WITHOUT_ANSWER)
def test_no_evidence_is_a_normal_answer(base, question):
    answer = Chat(base).ask(question)
    assert not answer.sentences
    assert not answer.sources
    assert "No evidence" in answer.note


@pytest.mark.model
def test_what_a_lying_model_says_is_shown_as_not_supported(base, tmp_path):
    lie = "Yersinia pestis cures diabetes by EC 9.9.9.9 in 97 % of 4312 patients."
    reply = {"sentences": [{"sources": ["S1"], "quote": "cures diabetes", "text": lie}]}
    answer = Chat(base, backend=scripted(tmp_path, reply)).ask(next(iter(ANSWERED)))
    assert lie not in [sentence.text for sentence in answer.sentences]
    assert [sentence.text for sentence in answer.rejected] == [lie]
    assert answer.sentences


@pytest.mark.model
def test_a_sentence_copied_from_its_source_is_supported(base, tmp_path):
    question = next(iter(ANSWERED))
    quoted = Chat(base).ask(question).sentences[0]
    reply = {
        "sentences": [{"sources": [quoted.keys[0]], "quote": quoted.text, "text": quoted.text}]
    }
    answer = Chat(base, backend=scripted(tmp_path, reply)).ask(question)
    assert [sentence.origin for sentence in answer.sentences] == ["llm"]
    assert not answer.rejected


@pytest.mark.model
@pytest.mark.parametrize("reply", ["not JSON", '{"sentences": 3}', '{"other": []}'])
def test_a_broken_reply_leaves_the_quoted_answer(base, tmp_path, reply):
    path = tmp_path / "answers.jsonl"
    path.write_text(json.dumps({"text": reply, "repeat": True}) + "\n")
    answer = Chat(base, backend=load_backend(f"scripted:{path}")).ask(next(iter(ANSWERED)))
    assert answer.sentences
    assert "no usable answer" in answer.note


@pytest.mark.model
def test_a_gene_of_the_run_is_a_source_and_stays_a_draft(base):
    record = clear_enzyme()
    answer = Chat(base, [record]).ask(f"What may @{record.gene.id} do?")
    assert answer.sources[0].reference == f"gene:{record.gene.id}"
    assert "machine-drafted" in answer.sources[0].title


def test_an_empty_question_is_a_user_error(base):
    with pytest.raises(UserError, match="empty"):
        Chat(base).ask("  ")


@pytest.mark.model
def test_langchain_sees_the_same_hits(base):
    documents = KnowledgeBaseRetriever(base=base, k=3, scope="literature").invoke("digoxin")
    hits = base.search("digoxin", 3, "literature")
    assert [document.metadata["id"] for document in documents] == [hit.id for hit in hits]


def test_langchain_talks_to_our_backends(tmp_path):
    model = BackendChatModel(backend=scripted(tmp_path, "yes STOP no"))
    assert model.invoke("question", stop=["STOP"]).content == "yes "


def test_the_sentence_with_most_of_the_words_is_chosen():
    text = "Starch is a polymer. Ruminococcus bromii degrades resistant starch. It is a firmicute."
    wanted = dict.fromkeys(telling_words("Which bacteria degrade resistant starch?"), 1.0)
    assert best_sentence(wanted, text) == "Ruminococcus bromii degrades resistant starch."
