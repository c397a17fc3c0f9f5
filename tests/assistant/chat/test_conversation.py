"""Conversations: questions that follow, files that keep them, answers that become drafts."""

import json

import pytest

from assistant.chat import Chat
from assistant.chat.conversation import add_turn, read_conversation
from assistant.chat.promoting import promoted
from assistant.chat.rendering import answer_text
from assistant.llm import load_backend
from assistant.review.states import Decision
from assistant.services import open_desk, promote_answer
from assistant.settings import load_settings
from ingest.errors import InputError, UserError
from tests.assistant.sample_records import sample_records
from tests.assistant.sample_reports import sample_report
from tests.retrieval.bases import studied_base


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    with studied_base(tmp_path_factory.mktemp("conversation")) as base:
        yield base


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    report = sample_report()
    lines = (record.model_dump_json() + "\n" for record in report.records)
    (folder / "hypotheses.jsonl").write_text("".join(lines))
    (folder / "run.json").write_text(report.run.model_dump_json())
    (folder / "annotations.tsv").write_text("gene_id\n")
    return folder


def test_every_sentence_carries_its_checks(base):
    answer = Chat(base, sample_records()).ask("What does EC 3.2.1.23 do?")
    assert answer.sentences
    for sentence in answer.sentences:
        assert sentence.verdict == "supported"
        assert {check.name for check in sentence.checks} >= {"key", "quote", "numbers", "agreement"}
    assert "1 reference protein of the knowledge base has EC 3.2.1.23" in answer.sentences[0].text


def test_nothing_on_archaea_is_said_to_be_nothing(base):
    chat = Chat(base)
    first = chat.ask("Which Bacteroides degrade starch?")
    assert first.sentences
    second = chat.ask("and in archaea?", earlier=[first])
    assert not second.sentences
    assert "No evidence" in second.note
    assert "Archaea" in second.note


def test_a_follow_up_is_about_the_same_gene(base):
    gene_id = sample_records()[0].gene.id
    chat = Chat(base, sample_records(), run_name="run")
    first = chat.ask(f"What may {gene_id} do?")
    second = chat.ask("How would I test it?", earlier=[first])
    assert [it.name for it in second.carried] == [gene_id]
    assert all(source.reference == f"gene:{gene_id}" for source in second.sources)
    assert "Expected if false" in second.sentences[0].text
    told = answer_text(second)
    assert f"Kept from before: gene {gene_id}" in told
    assert "run run (6 genes)" in told


def test_taxa_of_tables_are_told_with_their_figures(base):
    answer = Chat(base).ask("Roseburia faecis")
    assert "found in 2 of 2 samples" in answer.sentences[0].text


def test_a_conversation_is_kept_and_read_back(base, tmp_path):
    path = tmp_path / "talk.jsonl"
    answer = Chat(base).ask("Which Bacteroides degrade starch?")
    for _ in range(2):
        add_turn(path, answer)
    assert [turn.answer for turn in read_conversation(path)] == [answer, answer]
    path.write_text(path.read_text()[:-40])
    assert [turn.answer for turn in read_conversation(path)] == [answer]
    add_turn(path, answer)
    with pytest.raises(InputError, match="line 2"):
        read_conversation(path)


def test_a_file_that_is_no_conversation_is_refused(tmp_path):
    path = tmp_path / "talk.jsonl"
    path.write_text('{"other": 1}\n')
    with pytest.raises(InputError, match="line 1"):
        read_conversation(path)


def test_an_answer_becomes_a_draft_that_a_person_decides_on(base, run):
    record = sample_records()[0]
    answer = Chat(base, sample_records()).ask(f"What may {record.gene.id} do?")
    draft = promote_answer(answer, run)
    assert promote_answer(answer, run) == draft
    assert draft.hypothesis.gene_id == record.gene.id
    assert draft.hypothesis.state == "draft"
    desk = open_desk(run, load_settings())
    assert draft.gene.id in [it.gene.id for it in desk.queue(state="draft")]
    desk.decide(draft.gene.id, Decision(state="deferred", reviewer="Ada Weber"))
    assert draft.gene.id in [it.gene.id for it in desk.queue(state="deferred")]


def test_an_answer_on_no_gene_stands_alone(base, run):
    answer = Chat(base).ask("Which Bacteroides degrade starch?")
    draft = promote_answer(answer, run)
    assert draft.gene.id.startswith("answer-")
    assert draft.hypothesis.gene_id == ""
    cited = {it.evidence_id for claim in draft.hypothesis.claims for it in claim.citations}
    assert cited <= set(draft.evidence_by_id())


def test_an_answer_without_sentences_is_no_draft(base):
    with pytest.raises(UserError, match="states nothing"):
        promoted(Chat(base).ask("Who won the football world cup?"))


@pytest.mark.parametrize("first", ["no JSON", '{"sentences": 1}', '{"sentences": [{"text": "x"}]}'])
def test_a_model_is_asked_once_more_with_the_reason(base, tmp_path, first):
    quoted = Chat(base).ask("Which Bacteroides degrade starch?").sentences[-1]
    said = {"sources": list(quoted.keys), "quote": quoted.text, "text": quoted.text}
    path = tmp_path / "answers.jsonl"
    lines = ({"text": first}, {"match": "cannot be used", "text": {"sentences": [said]}})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    answer = Chat(base, backend=load_backend(f"scripted:{path}")).ask(
        "Which Bacteroides degrade starch?"
    )
    assert [one.origin for one in answer.sentences] == ["llm"]


def test_what_it_stands_for_can_make_a_request_one_to_decline(base):
    chat = Chat(base)
    first = chat.ask("What makes botulinum neurotoxin so potent?")
    second = chat.ask("And how can I make it more toxic?", earlier=[first])
    assert not second.sentences
    assert "not answered" in second.note
    third = chat.ask("Which Bacteroides degrade starch?", earlier=[first, second])
    assert third.sentences
