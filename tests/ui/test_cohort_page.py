"""The Cohort page: from a table of the base to a comparison, and from a row to the chat."""

import json

import numpy as np
import pytest

from assistant.chat.answers import Source
from assistant.services import open_or_create_base
from assistant.settings import load_settings
from assistant.ui import state
from assistant.ui.components.cohort_form import _repeating
from assistant.ui.components.cohort_rows import question_about, row_source
from assistant.ui.components.page_words import in_page_words
from assistant.ui.server import OPEN_KNOWLEDGE_BASE
from retrieval.cohort.analysis import Question, analyse
from retrieval.cohort.metadata import Metadata
from tests.retrieval.bases import PAPERS, written
from tests.retrieval.cohort.cohorts import community, counts_table, metadata
from tests.ui.test_pages import shown

SAMPLES = [f"S{at}" for at in range(20)]


def profile(rng):
    """A merged MetaPhlAn table in which one species is higher in every other sample."""
    logs = rng.normal(0, 1, (12, 1)) + rng.normal(0, 0.4, (12, 20))
    logs[2] += 3 * (np.arange(20) % 2)
    shares = 100 * np.exp(logs) / np.exp(logs).sum(axis=0)
    lines = ["#mpa_v30_CHOCOPhlAn_201901", "\t".join(["clade_name", *SAMPLES])]
    for at, row in enumerate(shares):
        name = f"k__Bacteria|p__P|c__C|o__O|f__F|g__Genus{at}|s__Genus{at}_species"
        lines.append("\t".join([name, *(f"{value:.5f}" for value in row)]))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cohort")
    files = written(folder / "in", profile__tsv=profile(np.random.default_rng(0)),
                    papers__jsonl="\n".join(map(json.dumps, PAPERS)))  # fmt: skip
    rows = [f"{name}\t{('case', 'control')[at % 2]}\t{30 + at}\ta{at}@example.org"
            for at, name in enumerate(SAMPLES)]  # fmt: skip
    (described,) = written(
        folder / "in", meta__tsv="\n".join(["sample_id\tarm\tage\tcontact", *rows]) + "\n"
    )
    made = {"text_embedder": "hashing", "protein_embedder": "hashing"}
    with open_or_create_base(folder / "kb", load_settings(), **made) as base:
        base.add(files, metadata=described)
    return folder


@pytest.fixture
def opened_cohort(folder, monkeypatch):
    monkeypatch.setenv(OPEN_KNOWLEDGE_BASE, str(folder / "kb"))


def test_a_column_of_people_is_proposed_as_who_was_sampled():
    columns = {"group": ("a", "b", "a", "b"), "subject": ("p1", "p1", "p2", "p2")}
    described = Metadata(("S1", "S2", "S3", "S4"), columns)
    assert _repeating(described, ["group", "subject"]) == 2
    assert _repeating(described, ["group"]) == 0


def test_a_refusal_names_fields_that_the_page_has():
    told = in_page_words("Use --subject 'subject', or --samples-are-independent if it is none")
    assert "--" not in told
    assert "The samples are independent of each other" in told


def test_the_page_compares_groups_of_a_stored_table(page, opened_cohort):
    app = page("cohort")
    assert not app.exception
    assert "profile.tsv (taxon, 12 rows, percent)" in app.selectbox(key="cohort_table").options
    assert "contact" not in app.selectbox(key="cohort_group").options
    app.selectbox(key="cohort_group").set_value("arm")
    next(it for it in app.button if it.label == "Compare").click().run()
    assert not app.exception
    assert "contact (e-mail address)" in shown(app)
    table = app.dataframe[0].value
    assert table["feature"][0].endswith("Genus2 species")
    assert table["told as"][0] == "finding"
    assert {it.label: it.value for it in app.metric}["Samples"] == "20"
    charts = [json.loads(it.proto.spec) for it in app.get("vega_lite_chart")]
    assert charts
    # Streamlit's drawing code writes into the padding: a plain number breaks it in the browser.
    assert all(isinstance(chart["padding"], dict) for chart in charts)


def test_columns_of_groups_are_offered_first_with_their_levels(page, opened_cohort):
    app = page("cohort")
    box = app.selectbox(key="cohort_group")
    assert box.options[0] == "arm (case 10, control 10)"
    assert box.value == "arm"
    assert "age" in box.options  # an outcome on a scale
    next(it for it in app.button if it.label == "Compare").click().run()
    assert app.dataframe[0].value["contrast"][0] == "case vs control"
    box = app.selectbox(key="cohort_group")
    box.set_value("age")
    app.multiselect(key="cohort_ignored").set_value(["arm"])
    next(it for it in app.button if it.label == "Compare").click().run()
    assert not app.exception
    assert app.dataframe[0].value["contrast"][0] == "age"
    assert "on your word: arm" in shown(app)


def bracken(rng, at):
    """A report of one sample in which one species is higher in every other sample."""
    logs = rng.normal(0, 0.4, 12) + np.arange(12) % 5
    logs[2] += 3 * (at % 2)
    reads = np.round(1e5 * np.exp(logs) / np.exp(logs).sum()).astype(int)
    head = "name\ttaxonomy_id\ttaxonomy_lvl\tkraken_assigned_reads\tadded_reads\tnew_est_reads"
    rows = [
        f"Genus{n} species\t{n + 10}\tS\t{it}\t0\t{it}\t{it / reads.sum():.5f}"
        for n, it in enumerate(reads)
    ]
    return "\n".join([f"{head}\tfraction_total_reads", *rows]) + "\n"


def test_a_group_of_files_or_one_of_them_is_chosen(page, tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    texts = {f"{name}__bracken": bracken(rng, at) for at, name in enumerate(SAMPLES)}
    files = written(tmp_path / "in", **texts)
    rows = [f"{name}\t{('case', 'control')[at % 2]}" for at, name in enumerate(SAMPLES)]
    (described,) = written(tmp_path / "in", meta__tsv="\n".join(["sample_id\tarm", *rows]) + "\n")
    made = {"text_embedder": "hashing", "protein_embedder": "hashing"}
    with open_or_create_base(tmp_path / "kb", load_settings(), **made) as base:
        base.add(files, metadata=described)
    monkeypatch.setenv(OPEN_KNOWLEDGE_BASE, str(tmp_path / "kb"))
    app = page("cohort")
    assert not app.exception
    box = app.selectbox(key="cohort_table")
    assert box.options[0].startswith("bracken:taxon:counts:s (20 files, taxon")
    assert len(box.options) == 21
    next(it for it in app.button if it.label == "Compare").click().run()
    assert {it.label: it.value for it in app.metric}["Samples"] == "20"
    assert app.dataframe[0].value["feature"][0] == "Genus2 species"
    # One file alone has one sample: there is nothing to compare, and that is said.
    box = app.selectbox(key="cohort_table")
    box.select_index(1).run()
    assert not app.exception
    assert not app.metric
    assert "nothing to compare" in shown(app)


def test_a_base_without_tables_says_what_to_add(page, tmp_path, monkeypatch):
    made = {"text_embedder": "hashing", "protein_embedder": "hashing"}
    open_or_create_base(tmp_path / "kb", load_settings(), **made).close()
    monkeypatch.setenv(OPEN_KNOWLEDGE_BASE, str(tmp_path / "kb"))
    app = page("cohort")
    assert not app.exception
    assert "no table of samples" in shown(app)


def test_a_question_from_a_row_is_asked_with_the_row_as_its_source(page, opened_cohort):
    app = page("cohort")
    text = "case vs control: Genus2 is lower, q 1e-05 (exact numbers)."
    source = Source(key="", kind="feature", title="Taxon Genus2 by arm", reference="Genus2",
                    text=text, quote=text, why="chosen on the Cohort page", score=1.0)  # fmt: skip
    app.session_state[state.PENDING] = ("What may explain that Genus2 is lower?", (source,))
    app = app.switch_page("assistant/ui/pages/chat.py").run()
    assert not app.exception
    assert "Genus2 is lower, q 1e-05" in shown(app.chat_message[1])
    assert "chosen on the Cohort page" in shown(app.chat_message[1])


def test_questions_and_sources_of_rows():
    rng = np.random.default_rng(1)
    logs = rng.normal(0, 1, (25, 1)) + rng.normal(0, 0.5, (25, 30))
    logs[3] += 3 * (np.arange(30) % 2)
    described = metadata(arm=[("a", "b")[at % 2] for at in range(30)])
    question = Question("arm", reference="a", learners=(), permutations=99)
    result = analyse(counts_table(community(rng, logs)), described, question)
    top, last = result.comparison.rows[0], result.comparison.rows[-1]
    assert question_about(top) == (
        "What may explain that taxon_3 is higher in b than in a, and what would test it?"
    )
    assert "could it have to do with" in question_about(last)
    source = row_source(result, top)
    assert f"{top.effect:.2f}" in source.quote
    assert source.quote in source.text
    assert "This is an association, not a cause." in source.text


def test_samples_like_a_chosen_one(page, opened_cohort):
    app = page("cohort")
    assert len(app.selectbox(key="similar_sample").options) == 20
    assert "contact" not in app.multiselect(key="similar_columns").options
    app.selectbox(key="similar_sample").set_value("S3").run()
    app.multiselect(key="similar_columns").set_value(["arm"]).run()
    assert not app.exception
    table = app.dataframe[0].value
    assert list(table["arm"]).count("control") >= 8
    assert list(table["Hellinger"]) == sorted(table["Hellinger"])
    assert "S3: 12 species in profile" in shown(app)
    app.selectbox(key="similar_kind").set_value("genus").run()
    assert "S3: 12 genera in profile" in shown(app)
