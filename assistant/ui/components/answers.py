"""Questions and answers of the chat, with what each sentence rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.chat.rendering import about_words
from assistant.report.words import VERDICTS
from assistant.ui import state
from assistant.ui.components.plain import plain
from assistant.ui.components.sources import LEGEND, source_label, source_panel

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.chat.answers import Answer, AnswerSentence


def draw_question(question: str) -> None:
    """Draw what was asked."""
    with st.chat_message("user"):
        st.markdown(plain(question))


def draw_answer(answer: Answer, number: int, then: Callable[[], None]) -> None:
    """Draw an answer, and then what can be done with it.

    Sentences that failed their checks are apart from the answer, and marked.
    """
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
            _sources(answer, number)
        then()


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
    for place, source in enumerate(answer.sources):
        # The first is open, so that it is seen what the others hold.
        with st.expander(source_label(source), expanded=place == 0):
            source_panel(source)
            key = f"card_{number}_{source.key}"
            if source.kind == "gene" and st.button("Open the gene", key=key):
                st.session_state[state.CHOSEN_GENE] = source.reference.removeprefix("gene:")
                st.switch_page(state.page_file("genes.py"))
    st.caption(plain(LEGEND))


def _marks(sentence: AnswerSentence) -> str:
    return " ".join(f"[{key}]" for key in sentence.keys)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
