"""An answer never seems to say more than it does: what was not found is said with it."""

from __future__ import annotations

import pytest

from assistant.chat import Chat
from assistant.chat.answers import Answer
from assistant.chat.extract import best_sentence
from assistant.chat.promoting import promoted
from assistant.chat.rendering import answer_text, counted_sources
from tests.retrieval.bases import METADATA, PAPERS, empty_base, jsonl, written

MICE = {
    "pmid": "34020283",
    "title": "Tributyltin and bile acids",
    "abstract": "Tributyltin altered bile acids in mice. In conclusion, plastics are harmful.",
    "year": "2021",
    "authors": ["Jiang P", "Yuan GH"],
    "journal": "Gut",
}
RATS = {
    "pmid": "33940029",
    "title": "Indomethacin and bile acids",
    "abstract": "Indomethacin altered bile acids in rats.",
}
HERBICIDE = {
    "pmid": "34030084",
    "title": "Glyphosate in biofilms",
    "abstract": "Glyphosate is used in agriculture. Diatoms were counted.",
}
DOUBTED = {
    "pmid": "34096680",
    "title": "Miracle yoghurt",
    "abstract": "Miracle yoghurt lowered cholesterol in volunteers.",
    "links": [["ExpressionOfConcernIn", "34096681", ""]],
}


@pytest.fixture(scope="module")
def chat(tmp_path_factory):
    folder = tmp_path_factory.mktemp("not-found")
    papers = [*PAPERS, MICE, RATS, HERBICIDE, DOUBTED]
    with empty_base(folder / "kb") as base:
        base.add(written(folder / "in", papers__jsonl=jsonl(papers)))
        yield Chat(base)


def told(answer):
    return " ".join(answer.not_found)


def test_a_word_that_no_sentence_has_is_told(chat):
    answer = chat.ask("Which bacteria degrade glyphosate?")
    assert [one.text for one in answer.sentences] == ["Glyphosate is used in agriculture."]
    assert "No sentence of this answer speaks of “degrade”: it may not answer" in told(answer)


def test_another_word_for_the_same_is_not_missed(chat):
    assert not chat.ask("Does tributyltin change bile acids?").not_found


def test_a_text_on_a_part_of_the_question_is_no_answer(chat):
    answer = chat.ask("Does tributyltin alter bile acids?")
    assert {source.reference for source in answer.quoted} == {"PMID:34020283"}
    assert "Indomethacin" not in answer_text(answer).partition("Near to the question")[0]


def test_retracted_papers_are_named_and_not_used(chat):
    answer = chat.ask("What is the tale of starch?")
    assert "1 retracted paper speaks of this and is not used: PMID:2." in told(answer)
    assert "PMID:2" not in {source.reference for source in answer.sources}


def test_misspelt_words_are_told(chat):
    assert "Did you mean “tributyltin”?" in told(chat.ask("What does tributyltn do?"))


def test_a_paper_is_asked_for_by_its_identifier(chat):
    answer = chat.ask("What does PMID:34020283 say about bile acids?")
    assert [one.text for one in answer.sentences] == ["Tributyltin altered bile acids in mice."]
    assert {source.reference for source in answer.sources} == {"PMID:34020283"}
    assert not answer.not_found
    summary = chat.ask("Summarise PMID 34020283")
    assert [one.text for one in summary.sentences] == ["In conclusion, plastics are harmful."]


def test_a_retracted_paper_that_is_asked_for_is_marked(chat):
    text = answer_text(chat.ask("Summarise PMID:2"))
    assert text.splitlines()[0] == "“Starch is not what it seems.” [S1] RETRACTED"
    assert "[S1] RETRACTED: A retracted tale" in text


def test_a_paper_in_doubt_is_marked_wherever_it_is_quoted(chat):
    text = answer_text(chat.ask("Does miracle yoghurt lower cholesterol?"))
    assert "“Miracle yoghurt lowered cholesterol in volunteers.” [S1] EXPRESSION OF CONCERN" in text


def test_a_draft_keeps_cautions_and_what_was_not_found(chat):
    (evidence,) = promoted(chat.ask("Summarise PMID:2")).evidence
    assert evidence.title.startswith("RETRACTED: ")
    draft = promoted(chat.ask("Which bacteria degrade glyphosate?"))
    assert any("“degrade”" in unknown for unknown in draft.hypothesis.unknowns)
    assert {item.reference for item in draft.evidence} == {"PMID:34030084"}


def test_a_paper_that_is_not_held_is_told(chat):
    answer = chat.ask("Summarise PMID:99")
    assert not answer.sentences
    assert "PMID:99 is not in this knowledge base." in answer.not_found


def test_retracted_papers_are_counted(chat):
    (sentence,) = chat.ask("How many papers are retracted?").sentences
    assert sentence.text.startswith("1 of 7 papers of the knowledge base is marked as retracted")
    assert "PMID:2" in sentence.text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Which papers are about bile acids?", "2 papers of the knowledge base have “bile acids”"),
        ("list papers on glyphosate", "1 paper of the knowledge base has “glyphosate”"),
        ("How many papers mention unicorns?", "No paper of the knowledge base has “unicorns”"),
        ("which articles are about seems", "No paper"),  # a word of the retracted one alone
    ],
)
def test_papers_on_a_word_are_counted_and_named(chat, question, told):
    (sentence,) = chat.ask(question).sentences
    assert told in sentence.text


def test_a_list_of_papers_says_what_may_be_meant(chat):
    answer = chat.ask("Which papers are about glyphosat?")
    assert "Did you mean “glyphosate”?" in " ".join(answer.not_found)


def test_words_that_texts_have_apart_are_told_where_none_answers(chat):
    answer = chat.ask("Do amylases of volunteers change lactose, diatoms or plastics?")
    assert not answer.sources
    assert "Texts here have “amylases”, “volunteers”" in told(answer)


def test_findings_come_before_aims(chat):
    answer = chat.ask("Does tributyltin alter bile acids?")
    assert answer.sentences[0].text == "Tributyltin altered bile acids in mice."


def test_a_counted_sentence_is_not_said_to_be_quoted(chat):
    answer = chat.ask("How many papers are there?")
    assert "word for word" not in answer.note
    assert answer_text(answer).startswith("✓ ")


def test_a_sentence_with_its_citation(chat):
    text = answer_text(chat.ask("Does tributyltin alter bile acids?"))
    assert "PMID:34020283 Jiang P et al. 2021, Gut" in text


def test_passages_of_one_paper_are_one_paper(chat):
    source = chat.ask("Does tributyltin alter bile acids?").sources[0]
    assert counted_sources((source, source)) == "2 passages of 1 paper"


def test_texts_left_out_are_named_with_their_number(chat):
    answer = chat.ask("Does tributyltin alter bile acids?")
    kept = answer.model_copy(update={"scope": answer.scope.model_copy(update={"left_out": 1})})
    assert "1 text that does not name" in answer_text(kept)


def test_a_finding_comes_before_an_aim():
    text = "OBJECTIVE: To assess probiotics in diarrhea. Probiotics lowered diarrhea by 38%."
    assert best_sentence({"probio": 1.0, "diarrh": 1.0}, text).startswith("Probiotics lowered")


def test_a_conversation_of_before_can_be_read():
    kept = {"question": "q", "sources": [{"key": "S1", "kind": "passage", "title": "t",
            "reference": "PMID:1", "text": "x"}]}  # fmt: skip
    assert Answer.model_validate(kept).not_found == ()


def test_why_no_like_sample_can_be_told_is_said(tmp_path):
    (described,) = written(tmp_path / "in", meta__tsv=METADATA)
    with empty_base(tmp_path / "kb") as base:
        base.add([described])
        answer = Chat(base).ask("Which samples are like S1?")
    assert "No sample like S1 can be told: " in told(answer)
