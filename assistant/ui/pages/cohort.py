"""Cohort: what differs between groups of samples, and a hypothesis from a chosen row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.cohort.charts import drawings
from assistant.ui import services, state
from assistant.ui.components.cohort_form import cohort_form
from assistant.ui.components.cohort_rows import difference_table, question_about, row_source
from assistant.ui.components.guards import errors_shown, open_knowledge_base
from assistant.ui.components.page_words import in_page_words
from assistant.ui.components.plain import plain
from assistant.ui.components.similar_samples import similar_samples

if TYPE_CHECKING:
    from assistant.cohort.loading import Cohort
    from retrieval.cohort.analysis import CohortResult, Question
    from retrieval.cohort.differential import Difference

_SHOWN_WARNINGS = 6
_ROWS = 200


def render() -> None:
    """Draw the question, the results, and the chosen row."""
    st.title("Cohort", anchor=False)
    path = open_knowledge_base()
    with errors_shown():
        tables = services.cohort_tables(path)
        if not tables:
            st.info(
                "The knowledge base holds no table of samples. Add a profile and its metadata: "
                "`metalumen add KB TABLE --metadata FILE`."
            )
            return
        chosen = st.selectbox("Table", tables, format_func=lambda it: it.label, key="cohort_table")
        cohort = services.read_cohort(path, chosen)
        similar_samples(path, cohort.metadata)
        question = cohort_form(cohort)
        if question is not None:
            st.session_state.pop(state.COHORT, None)
            st.session_state[state.COHORT] = (path, chosen, _analysed(cohort, question))
        kept = st.session_state.get(state.COHORT)
        if kept and kept[:2] == (path, chosen):
            _results(kept[2])


def _analysed(cohort: Cohort, question: Question) -> CohortResult:
    from retrieval.cohort.analysis import analyse

    with st.spinner("Comparing ..."):
        return analyse(cohort.table, cohort.metadata, question, metabolites=cohort.metabolites)


def _results(result: CohortResult) -> None:
    _warnings(result)
    comparison = result.comparison
    significant = sum(row.q < 0.05 for row in comparison.rows)
    columns = st.columns(4)
    for column, (label, value) in zip(
        columns,
        (("Samples", len(result.table.samples)), ("Features tested", comparison.tested),
         ("q below 0.05", significant), ("Findings", len(comparison.findings))),
        strict=True,
    ):  # fmt: skip
        column.metric(label, f"{value:,}")
    rows = comparison.rows[:_ROWS]
    st.caption(plain(f"{comparison.test}. Effects on {comparison.normalisation}."))
    chosen = difference_table(rows)
    if chosen is not None:
        _row(result, rows[chosen])
    for name, chart in drawings(result).items():
        with st.expander(name.replace("_", " ").capitalize(), expanded=name == "effects"):
            st.vega_lite_chart(spec=chart.to_dict(), theme=None)
    _models(result)


def _warnings(result: CohortResult) -> None:
    for warning in result.warnings[:_SHOWN_WARNINGS]:
        st.warning(plain(in_page_words(warning)))
    if rest := result.warnings[_SHOWN_WARNINGS:]:
        with st.expander(f"{len(rest)} more warnings"):
            for warning in rest:
                st.markdown(plain(in_page_words(warning)))
    if result.blocked:
        said = "; ".join(f"{it.column} ({it.reason})" for it in result.blocked)
        st.caption(plain(f"Looks personal, stays out of prompts and summaries: {said}"))


def _row(result: CohortResult, row: Difference) -> None:
    """Draw the row's summary, and the way from it to a question."""
    source = row_source(result, row)
    with st.container(border=True):
        st.markdown(f"**{plain(source.title)}**")
        st.markdown(plain(source.text))
        if st.button("Start a hypothesis in the chat", type="primary", key="cohort_ask"):
            st.session_state[state.PENDING] = (question_about(row), (source,))
            st.switch_page(state.page_file("chat.py"))


def _models(result: CohortResult) -> None:
    from retrieval.cohort.summaries import model_sentence

    if result.models.results:
        st.subheader("Models", anchor=False)
    for model in result.models.results:
        st.markdown(plain(model_sentence(model)))


render()
