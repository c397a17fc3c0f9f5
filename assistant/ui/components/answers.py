"""Questions and answers of the chat, with what each sentence rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.chat.rendering import about_words
from assistant.report.words import VERDICTS
from assistant.ui import state
from assistant.ui.components.plain import plain
from assistant.ui.components.sources import LEGEND, source_panel

if TYPE_CHECKING:
    from assistant.chat.answers import Answer, AnswerSentence

# The answer and the beginning of its evidence fit on one screen; the rest scrolls.
PANEL_PIXELS = 280


def draw_question(question: str) -> None:
    """Draw what was asked."""
    with st.chat_message("user"):
        st.markdown(plain(question))


def draw_answer(answer: Answer, number: int) -> None:
    """Draw an answer; sentences that failed their checks are apart from it, and marked."""
    with st.chat_message("assistant"):
        if about := about_words(answer):
            st.caption(plain(about))
        for sentence in answer.sentences:
            sign = VERDICTS[sentence.verdict].sign
            st.markdown(f"{sign} {plain(sentence.text)} **{plain(_marks(sentence))}**")
        if answer.note:
            (st.caption if answer.sentences else st.markdown)(plain(answer.note))
        if answer.rejected:
            _rejected(answer)
        if answer.sources:
            st.markdown(f"**Evidence: {_counted(len(answer.sources), 'source')}**")
            with st.container(height=PANEL_PIXELS):
                _sources(answer, number)


def _rejected(answer: Answer) -> None:
    count = _counted(len(answer.rejected), "sentence")
    with st.expander(f"✕ Not supported by the sources: {count} of the language model"):
        for sentence in answer.rejected:
            word = VERDICTS[sentence.verdict]
            st.markdown(f"{word.sign} **{word.word}:** {plain(sentence.text)}")
            failed = [
                check.detail for check in sentence.checks if not check.passed and check.detail
            ]
            st.caption(plain("; ".join([f"cites {_marks(sentence)}", *failed])))


def _sources(answer: Answer, number: int) -> None:
    for source in answer.sources:
        source_panel(source)
        key = f"card_{number}_{source.key}"
        if source.kind == "gene" and st.button("Open the gene", key=key, type="tertiary"):
            st.session_state[state.CHOSEN_GENE] = source.reference.removeprefix("gene:")
            st.switch_page(state.page_file("genes.py"))
    st.caption(plain(LEGEND))


def _marks(sentence: AnswerSentence) -> str:
    return " ".join(f"[{key}]" for key in sentence.keys)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
