"""Chat: a question, an answer with its sources, and why each was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.ui import services, state
from assistant.ui.components.evidence_table import reference_link
from assistant.ui.components.guards import errors_shown, open_knowledge_base
from assistant.ui.components.plain import plain

if TYPE_CHECKING:
    from assistant.chat import Answer


def render() -> None:
    """Draw the conversation and take the next question."""
    st.title("Chat", anchor=False)
    path = open_knowledge_base()
    opened = state.opened()
    scope = f"knowledge base {path.name}" + (f" and run {opened.run.name}" if opened.run else "")
    st.caption(plain(f"Answers come from the {scope}; language model: {opened.llm}."))
    state.remember(state.CONVERSATION, [])
    question = st.chat_input("Ask about a gene (@gene_id), an enzyme, a drug, a pathway ...")
    if question:
        with errors_shown(), st.spinner("Searching the knowledge base ..."):
            answer = services.chat(path, opened.run, opened.llm).ask(question)
            st.session_state[state.CONVERSATION].append(answer)
    for answer in st.session_state[state.CONVERSATION]:
        _draw(answer)


def _draw(answer: Answer) -> None:
    with st.chat_message("user"):
        st.markdown(plain(answer.question))
    with st.chat_message("assistant"):
        for sentence in answer.sentences:
            marks = " ".join(f"[{key}]" for key in sentence.keys)
            st.markdown(f"{plain(sentence.text)} {plain(marks)}")
        if answer.note:
            st.caption(plain(answer.note))
        if answer.rejected:
            with st.expander("Not supported by the sources: shown so that you can judge"):
                for sentence in answer.rejected:
                    st.markdown(f"- {plain(sentence.text)} ({sentence.verdict})")
        if answer.sources:
            with st.expander(f"Evidence: {len(answer.sources)} sources", expanded=True):
                _sources(answer)


def _sources(answer: Answer) -> None:
    for source in answer.sources:
        st.markdown(f"**{plain(f'[{source.key}]')}** {plain(source.title)}")
        st.markdown(f"> {plain(source.quote)}")
        st.caption(f"{reference_link(source.reference)} · found by {plain(source.why)}")


render()
