"""Each page through the entry file: what it shows and does, and what it says when it cannot."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.chat.answers import Answer, AnswerSentence, Source
from assistant.claims import Check
from assistant.review.states import Decision
from assistant.run_folder import RunFolder
from assistant.services import open_desk
from assistant.settings import load_settings
from assistant.ui import services
from assistant.ui.components.page_words import FIELDS, in_page_words
from assistant.ui.components.plain import marked, plain
from assistant.ui.server import OPEN_KNOWLEDGE_BASE, OPEN_LLM, OPEN_RUN, entry_file
from tests.assistant.sample_nasty import NASTY
from tests.assistant.sample_records import abstained
from tests.ui.conftest import HOSTILE

PAGES = ("chat", "genes", "cohort", "review", "reports", "knowledge_base")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def shown(app) -> str:
    """All text of a page as a reader sees it."""
    parts = [*app.markdown, *app.caption, *app.info, *app.success, *app.warning, *app.error]
    return _ESCAPE.sub(r"\1", "\n".join(part.value for part in parts)).replace("\u2060", "")


def cards(app) -> str:
    return "".join(part.value for part in app.html if "<article" in part.value)


def history(folder, gene_id):
    return open_desk(folder / "run", load_settings()).reviews.history(gene_id)


def signed(app):
    app.text_input(key="reviewer_name").set_value("Ada Weber").run()
    return app


# chat


def test_chat_answers_with_sources(page, opened):
    app = page("chat")
    assert "knowledge base “kb” (4 papers, 2 reference proteins" in shown(app)
    app.chat_input(key="chat_ask").set_value("Which Bacteroides degrade starch?").run()
    assert not app.exception
    assert [message.name for message in app.chat_message] == ["user", "assistant"]
    answer = app.chat_message[1]
    assert "[S1]" in shown(answer)
    assert "https://pubmed.ncbi.nlm.nih.gov/1/" in shown(answer)
    assert "literature" in shown(answer)


def test_chat_says_that_nothing_was_found(page, opened):
    app = page("chat")
    app.chat_input(key="chat_ask").set_value("How fast does an unladen swallow fly?").run()
    assert not app.exception
    assert "No evidence on this was found" in shown(app.chat_message[1])


def test_chat_opens_with_an_example_and_leads_to_the_gene(page, opened):
    app = page("chat")
    app.button(key="ask_What may @GUT_00012 do?").click().run()
    assert "GUT_00012" in shown(app.chat_message[1])
    assert any(button.label == "Open the gene" for button in app.button)
    app.button(key="chat_clear").click().run()
    assert not app.chat_message


def test_sentences_that_failed_their_checks_are_apart(page, opened, monkeypatch):
    check = Check(name="numbers", passed=False, detail="42 is not in the source")
    said = {"keys": ("S1",), "origin": "llm"}
    answer = Answer(
        question="q",
        sentences=(AnswerSentence(text="It holds.", verdict="supported", **said),),
        rejected=(
            AnswerSentence(text="42 of them.", verdict="unsupported", checks=(check,), **said),
        ),
        sources=(
            Source(key="S1", kind="passage", title="T", reference="PMID:1", text="It holds."),
        ),
    )
    monkeypatch.setattr(services, "ask", lambda *_: answer)
    app = page("chat")
    app.chat_input(key="chat_ask").set_value("q").run()
    expander = app.expander[0]
    assert "Not supported by the sources" in expander.label
    assert "42 of them." in shown(expander)
    assert "42 is not in the source" in shown(expander)
    assert shown(app).count("42 of them.") == 1


def test_chat_goes_on_with_the_gene_and_makes_a_draft(page, opened):
    app = page("chat")
    app.chat_input(key="chat_ask").set_value("What may GUT_00012 do?").run()
    app.chat_input(key="chat_ask").set_value("How would I test it?").run()
    assert not app.exception
    assert "Kept from before: gene GUT_00012" in shown(app)
    app.button(key="promote_1").click().run()
    assert not app.exception
    assert "In the review queue as GUT_00012/answer-" in shown(app)
    assert [draft.hypothesis.gene_id for draft in RunFolder(opened / "run").drafts()] == [
        "GUT_00012"
    ]


def test_a_conversation_is_gone_on_with_after_a_reload(page, opened):
    app = page("chat")
    app.chat_input(key="chat_ask").set_value("Which Bacteroides degrade starch?").run()
    name = app.query_params["conversation"]
    name = name if isinstance(name, str) else name[0]
    reloaded = AppTest.from_file(str(entry_file()), default_timeout=30)
    reloaded.query_params["conversation"] = name
    reloaded.run()
    assert not reloaded.exception
    assert shown(reloaded.chat_message[1]) == shown(app.chat_message[1])
    reloaded.button(key="chat_clear").click().run()
    assert "conversation" not in reloaded.query_params
    assert not reloaded.chat_message


@pytest.mark.parametrize("name", ["../../run/run", "0" * 32, "", "A" * 32])
def test_a_name_of_no_conversation_opens_nothing(page, opened, name):
    app = AppTest.from_file(str(entry_file()), default_timeout=30)
    app.query_params["conversation"] = name
    app.run()
    assert not app.exception
    assert not app.error
    assert not app.chat_message


def test_a_language_model_that_does_not_answer_is_told(page, opened, monkeypatch):
    monkeypatch.setenv(OPEN_LLM, "openai:http://127.0.0.1:9/v1#no-model")
    app = page("chat")
    app.chat_input(key="chat_ask").set_value("Which Bacteroides degrade starch?").run()
    assert not app.exception
    assert "The language model gave no usable answer" in shown(app)
    assert "[S1]" in shown(app.chat_message[1])


# genes


def test_genes_lists_all_and_shows_one(page, opened):
    app = page("genes")
    assert not app.exception
    table = app.dataframe[0].value
    assert len(table) == 6
    assert "GUT_00012" in cards(app)
    assert "https://www.uniprot.org/uniprotkb/P00722/entry" in cards(app)
    app.text_input(key="genes_words").set_value("no such gene").run()
    assert "0 of 6 genes" in shown(app)
    assert not cards(app)


def test_a_gene_with_a_proposal_is_opened_first(page, opened):
    records = list(RunFolder.open(opened / "run").records())
    silent_first = sorted(records, key=lambda record: record.hypothesis.leading is not None)
    assert silent_first[0].hypothesis.leading is None
    lines = (record.model_dump_json() + "\n" for record in silent_first)
    (opened / "run" / "hypotheses.jsonl").write_text("".join(lines))
    app = page("genes")
    assert app.session_state["chosen_gene"] == next(
        record.gene.id for record in silent_first if record.hypothesis.leading
    )


def test_filters_are_kept_across_pages(page, opened):
    app = page("genes")
    app.selectbox(key="genes_tier").set_value("High").run()
    before = len(app.dataframe[0].value)
    app.switch_page("assistant/ui/pages/reports.py").run()
    app.switch_page("assistant/ui/pages/genes.py").run()
    assert app.selectbox(key="genes_tier").value == "High"
    assert len(app.dataframe[0].value) == before < 6


# review


def test_accepting_is_stored_and_opens_the_next(page, opened):
    app = signed(page("review"))
    first = app.selectbox(key="review_gene").value
    app.button(key="button_accepted").click().run()
    assert not app.exception
    (review,) = history(opened, first)
    assert (review.state, review.reviewer) == ("accepted", "Ada Weber")
    assert first in shown(app)
    assert app.selectbox(key="review_gene").value != first
    row = next(
        line
        for line in (opened / "run" / "annotations.tsv").read_text().splitlines()
        if line.startswith(f"{first}\t")
    )
    assert "\taccepted\t" in row


def test_editing_signs_the_reviewers_words(page, opened):
    app = signed(page("review"))
    app.selectbox(key="review_gene").set_value("GUT_00012").run()
    field = next(f for f in app.text_input if f.label == "Product name")
    field.set_value("glycoside hydrolase family 2 protein").run()
    next(f for f in app.text_input if f.label == "EC number").set_value("3.2.1.-").run()
    app.button(key="button_accepted_with_changes").click().run()
    (review,) = history(opened, "GUT_00012")
    assert review.product == "glycoside hydrolase family 2 protein"
    assert review.ec_number == "3.2.1.-"


def test_where_nothing_is_proposed_the_button_says_what_is_accepted(page, opened):
    app = page("review")
    gene_id = abstained().gene.id
    app.session_state["review_gene"] = gene_id
    app.run()
    button = app.button(key="button_accepted")
    assert button.label == "Accept: function not known"
    app.text_input(key="reviewer_name").set_value("Ada Weber").run()
    app.button(key="button_accepted").click().run()
    assert f"{gene_id}: ✓ Accepted by Ada Weber, as a hypothetical protein" in shown(app)


def test_accepting_does_not_drop_what_was_typed(page, opened):
    app = signed(page("review"))
    app.selectbox(key="review_gene").set_value("GUT_00012").run()
    field = next(f for f in app.text_input if f.label == "Product name")
    drafted = field.value
    field.set_value("glycoside hydrolase family 2 protein").run()
    app.button(key="button_accepted").click().run()
    assert "is not that of the draft" in shown(app)
    assert not history(opened, "GUT_00012")
    next(f for f in app.text_input if f.label == "Product name").set_value(drafted).run()
    app.button(key="button_accepted").click().run()
    assert [review.state for review in history(opened, "GUT_00012")] == ["accepted"]


def test_a_name_that_breaks_the_rules_is_remarked(page, opened):
    app = page("review")
    next(f for f in app.text_input if f.label == "Product name").set_value("novel protein").run()
    assert "Naming rules: 'novel'" in shown(app)


def test_rejecting_needs_a_reason(page, opened):
    app = signed(page("review"))
    gene_id = app.selectbox(key="review_gene").value
    app.button(key="button_rejected").click().run()
    assert "Choose a reason" in app.error[0].value
    assert not history(opened, gene_id)
    next(s for s in app.selectbox if s.label.startswith("Reason")).set_value("wrong_family").run()
    app.button(key="button_rejected").click().run()
    (review,) = history(opened, gene_id)
    assert (review.state, review.reason_code) == ("rejected", "wrong_family")


def test_a_decision_needs_a_name(page, opened):
    app = page("review")
    gene_id = app.selectbox(key="review_gene").value
    app.button(key="button_deferred").click().run()
    assert "needs a named person" in app.error[0].value
    assert not history(opened, gene_id)


def test_a_decision_that_another_one_overtook_is_refused(page, opened):
    app = signed(page("review"))
    desk = open_desk(opened / "run", load_settings())
    record = desk.queue(state="draft")[0]
    gene_id = app.selectbox(key="review_gene").value
    assert gene_id == record.gene.id
    desk.reviews.decide(
        record, Decision(state="deferred", reviewer="Jon Li"), seen=0, now=datetime.now(UTC)
    )
    app.button(key="button_accepted").click().run()
    assert "Jon Li decided deferred" in _ESCAPE.sub(r"\1", app.error[0].value)
    assert [event.reviewer for event in history(opened, gene_id)] == ["Jon Li"]


def test_a_decision_can_be_read_and_taken_back(page, opened):
    app = signed(page("review"))
    gene_id = app.selectbox(key="review_gene").value
    app.button(key="button_deferred").click().run()
    app.selectbox(key="review_state").set_value("deferred").run()
    assert "Review history" in cards(app)
    assert "Ada Weber" in cards(app)
    app.button(key="button_draft").click().run()
    assert [event.state for event in history(opened, gene_id)] == ["deferred", "draft"]
    assert "No gene of this run is in that state" in shown(app)


# reports


@pytest.mark.parametrize("drafts", [False, True])
def test_drafts_are_in_the_report_only_when_asked_for(page, opened, drafts):
    app = page("reports")
    app.checkbox(key="report_drafts").set_value(drafts).run()
    assert not app.exception
    assert [metric.value for metric in app.metric] == ["0", "0", "0", "0", "5", "1"]
    assert ("neither accepted nor rejected" in shown(app)) is not drafts
    report = services.report(opened / "run", include_drafts=drafts)
    assert (b"<article" in services.exported(report, "html")) is drafts


def test_every_format_is_offered(page, opened):
    app = page("reports")
    report = services.report(opened / "run", include_drafts=True)
    labels = [button.label for button in app.get("download_button")]
    assert len(labels) == 5
    for name in ("html", "markdown", "tsv", "jsonl", "gff3"):
        assert services.exported(report, name)


# knowledge base


def test_contents_and_search(page, opened):
    app = page("knowledge_base")
    assert not app.exception
    assert [metric.value for metric in app.metric] == ["4", "2", "0", "3", "2", "4"]
    assert "Of the papers: 1 retracted" in shown(app)
    app.text_input(key="kb_query").set_value("lactose in infants").run()
    assert "Bifidobacteria split lactose." in shown(app)


def test_a_search_says_what_its_hits_are_worth(page, opened):
    app = page("knowledge_base")
    app.text_input(key="kb_query").set_value("stock market volatility").run()
    assert "Nothing in this knowledge base clearly speaks of this" in shown(app)
    assert any("weak hit" in it.label for it in app.expander)
    app.text_input(key="kb_query").set_value("tale of starch").run()
    assert "1 retracted paper on this was left out: PMID:2" in shown(app)
    assert "--include-retracted" not in shown(app)
    app.checkbox(key="kb_retracted").check().run()
    assert ":red[**RETRACTED**]" in shown(app)


def test_a_search_is_narrowed_by_the_filters_of_the_page(page, opened):
    app = page("knowledge_base")
    app.text_input(key="kb_query").set_value("starch").run()
    app.number_input(key="kb_year_from").set_value(2030).run()
    assert not app.exception
    assert "Papers of this knowledge base are of 2010 to 2010" in shown(app)
    app.number_input(key="kb_year_to").set_value(2020).run()
    assert "no paper is of 2030 or later and of 2020 or earlier" in shown(app)


def test_a_text_without_a_word_is_told(page, opened):
    app = page("knowledge_base")
    app.text_input(key="kb_query").set_value("?!").run()
    assert "there is no letter or digit" in shown(app)


def test_an_answer_counts_papers_and_says_what_is_missing(page, opened):
    app = page("chat")
    app.chat_input[0].set_value("Which Bacteroides degrade porphyran with starch?").run()
    assert not app.exception
    assert "passage" in shown(app)
    app.chat_input[0].set_value("What does PMID:2 say?").run()
    assert ":red[**RETRACTED**]" in shown(app)
    app.chat_input[0].set_value("Is there anything on lactoze?").run()
    assert "Did you mean" in shown(app)


def test_a_file_is_added_once(page, opened):
    app = page("knowledge_base")
    added = ("more.faa", b">NEW_1 a new protein\nMKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ\n", "text/plain")
    for expected in ("proteins 1", "was there already"):
        app.file_uploader(key="kb_files").set_value([added])
        next(b for b in app.button if b.label == "Add to the knowledge base").click().run()
        assert not app.exception
        assert expected in shown(app)
    assert app.metric[1].value == "3"


def test_a_file_that_cannot_be_used_is_told_in_one_line(page, opened):
    app = page("knowledge_base")
    app.file_uploader(key="kb_files").set_value([("../odd.bin", b"\x00\x01\x02", "x/y")])
    next(b for b in app.button if b.label == "Add to the knowledge base").click().run()
    assert not app.exception
    (error,) = app.error
    assert "odd.bin" in _ESCAPE.sub(r"\1", error.value)
    assert app.metric[1].value == "2"


# when it cannot


@pytest.mark.parametrize("name", PAGES)
def test_nothing_open(page, name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(OPEN_KNOWLEDGE_BASE, raising=False)
    monkeypatch.delenv(OPEN_RUN, raising=False)
    app = page(name)
    assert not app.exception
    assert "is open. Name its folder" in app.info[0].value


@pytest.mark.parametrize("name", PAGES)
def test_what_is_absent_is_named(page, opened, name):
    shutil.rmtree(opened / "kb")
    shutil.rmtree(opened / "run")
    app = page(name)
    assert not app.exception
    (error,) = app.error
    expected = (
        "no such knowledge base"
        if name in {"chat", "cohort", "knowledge_base"}
        else "no such run folder"
    )
    assert expected in _ESCAPE.sub(r"\1", error.value)


@pytest.mark.parametrize("name", ["genes", "review", "reports"])
def test_a_damaged_run_is_told(page, opened, name):
    path = opened / "run" / "hypotheses.jsonl"
    path.write_bytes(path.read_bytes()[:-200])
    app = page(name)
    assert not app.exception
    assert "line 6: this line does not fit the schema" in _ESCAPE.sub(r"\1", app.error[0].value)


def test_a_damaged_knowledge_base_is_told(page, opened):
    (opened / "kb" / "kb.sqlite").write_bytes(b"no database" * 1000)
    app = page("knowledge_base")
    assert not app.exception
    assert "kb.sqlite" in _ESCAPE.sub(r"\1", app.error[0].value)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            "Use --subject 'subject' (random effect), with --per-subject-mean for means",
            "Use “Who was sampled”: 'subject' (random effect), "
            "with “Average the samples of each subject first” for means",
        ),
        ("Name its format with --format NAME; `x` lists them",
         "Name its format with “Format”; `x` lists them"),
        ("Add --reviewer 'Your Name' or set X",
         "Add “Your name, which signs the decision” or set X"),
        ("two -- dashes, --permutations, a--group", None),
    ],
)  # fmt: skip
def test_messages_name_the_fields_of_the_pages(message, expected):
    assert in_page_words(message) == (expected or message)


def test_the_fields_that_messages_name_are_on_the_pages():
    pages = Path(services.__file__).parent
    source = " ".join(path.read_text() for path in pages.rglob("*.py")
                      if path.name != "page_words.py")  # fmt: skip
    assert [field for field in FIELDS.values() if f'"{field}' not in source] == []


# hostile text


@pytest.mark.parametrize("text", [*NASTY, "$x$ ~y~ :red[z] <b>", "a & b &lt; c"])
def test_plain_text_says_what_was_written(text):
    escaped = plain(text)
    assert _ESCAPE.sub(r"\1", escaped).replace("\u2060", "") == " ".join(text.split())
    assert not re.search(r"(?<!\\)[<>\[\]!$`*_~&:|]", escaped)


def test_addresses_are_broken():
    for text in (
        "http://evil.example",
        "HTTPS://evil.example",
        "www.evil.example",
        "a@evil.example",
    ):
        assert "\u2060" in plain(text)
    assert "\u2060" not in plain("UniProtKB:P00722 PMID:1 @GUT_00012 EC 3.2.1.23")


def test_the_quoted_part_is_marked():
    assert marked("One. Two! Three.", "Two!") == r"One\. **Two\!** Three\."
    assert marked("One", "Four") == "One"
    assert marked("One", "") == "One"


def test_hostile_text_of_papers_and_records_is_inert(page, opened):
    app = page("knowledge_base")
    app.text_input(key="kb_query").set_value("porphyran").run()
    found = next(m.value for m in app.markdown if "**Porphyran" in m.value)
    assert not re.search(r"(?<!\\)[<>\[\]!$]", found)
    assert HOSTILE.split()[0] in shown(app)
    app.switch_page("assistant/ui/pages/genes.py").run()
    odd = next(g for g in app.dataframe[0].value["gene"] if "<" in g or "|" in g or "odd" in g)
    app.session_state["chosen_gene"] = odd
    app.run()
    assert not app.exception
    assert "<script" not in cards(app)
    assert "<img" not in cards(app)
    assert "<iframe" not in cards(app)
