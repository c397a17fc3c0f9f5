"""Questions and answers of the chat, with what each sentence rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.chat.rendering import about_words, counted_sources, sources_by_paper
from assistant.report.words import VERDICTS
from assistant.ui import state
from assistant.ui.components.plain import plain
from assistant.ui.components.sources import (
    LEGEND,
    source_caution,
    source_label,
    source_panel,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.chat.answers import Answer, AnswerSentence, Source


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
            _sentence(answer, sentence)
        if answer.note:
            (st.caption if answer.sentences else st.markdown)(plain(answer.note))
        if answer.not_found:
            st.warning(plain(" ".join(answer.not_found)))
        if answer.rejected:
            _rejected(answer)
        if answer.sources:
            _sources(answer, number)
        then()


def _sentence(answer: Answer, sentence: AnswerSentence) -> None:
    """Draw a sentence: in quotation marks what stands in a text, else with its check's sign."""
    sources = {source.key: source for source in answer.sources}
    cited = (sources[key] for key in sentence.keys if key in sources)
    cautions = " ".join(dict.fromkeys(filter(None, map(source_caution, cited))))
    text, sign = plain(sentence.text), VERDICTS[sentence.verdict].sign
    told = f"“{text}”" if answer.is_verbatim(sentence) else f"{sign} {text}"
    st.markdown(f"{told} **{plain(_marks(sentence))}** {cautions}".strip())


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
    """Draw the sources that are quoted, then those that are only near to the question."""
    near = [source for source in answer.sources if source not in answer.quoted]
    if answer.quoted:
        st.markdown(f"**Evidence: {counted_sources(answer.quoted)}**")
        _papers(answer.quoted, number)
    if near:
        st.markdown(f"Near to the question, not quoted: {counted_sources(near)}")
        _papers(near, number)
    st.caption(plain(LEGEND))


def _papers(sources: Sequence[Source], number: int) -> None:
    # Closed, so that the answer stays in view above them; passages of one paper are together.
    for passages in sources_by_paper(sources):
        with st.expander(source_label(passages)):
            for source in passages:
                source_panel(source)
            key = f"card_{number}_{passages[0].key}"
            if passages[0].kind == "gene" and st.button("Open the gene", key=key):
                gene = passages[0].reference.removeprefix("gene:")
                st.session_state[state.CHOSEN_GENE] = gene
                st.switch_page(state.page_file("genes.py"))


def _marks(sentence: AnswerSentence) -> str:
    return " ".join(f"[{key}]" for key in sentence.keys)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
