"""Chat: a question, an answer with its sources, and why each was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.ui import services, state
from assistant.ui.components.answers import draw_answer, draw_question
from assistant.ui.components.guards import errors_shown, open_knowledge_base
from assistant.ui.components.plain import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.chat.answers import Answer, Source

QUESTIONS = ("Which gut bacteria inactivate digoxin?", "How do gut bacteria change bile acids?")


def render() -> None:
    """Draw the conversation and take the next question."""
    st.title("Chat", anchor=False)
    open_knowledge_base()
    with errors_shown():
        _scope()
        for number, answer in enumerate(st.session_state[state.CONVERSATION]):
            draw_question(answer.question)
            draw_answer(answer, number)
            _promotion(answer, number)
        written = st.chat_input(
            "Ask about a gene (@gene_id), an enzyme, a drug ...",
            key="chat_ask",
            submit_mode="disable",
        )
        asked, given = st.session_state.pop(state.PENDING, ("", ()))
        question = asked or written or _example()
        if question:
            _ask(question, given)


def _scope() -> None:
    """Say what is searched, before any answer."""
    opened = state.opened()
    base = open_knowledge_base()
    counts = services.info(base).counts
    held = ", ".join(f"{counts[key]:,} {word}" for key, word in services.HELD if counts[key])
    run = f" and run “{opened.run.name}”" if opened.run else "; no run is open"
    how = "none, answers quote the sources" if opened.llm == "none" else opened.llm
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.caption(
        plain(f"Searched: knowledge base “{base.name}” ({held}){run}. Language model: {how}.")
    )
    if st.session_state[state.CONVERSATION] and right.button("Start anew", key="chat_clear"):
        st.session_state[state.CONVERSATION].clear()
        st.rerun()


def _promotion(answer: Answer, number: int) -> None:
    """Offer to put an answer into the review queue of the open run."""
    run = state.opened().run
    if run is None or not answer.sentences:
        return
    if st.button("Make it a draft for review", key=f"promote_{number}", type="tertiary"):
        name = services.promote(answer, run)
        st.success(plain(f"In the review queue as {name}: a named person decides there."))


def _example() -> str | None:
    """Offer questions while there is no conversation."""
    if st.session_state[state.CONVERSATION]:
        return None
    run = state.opened().run
    drafted = (
        [record for record in services.records(run) if record.hypothesis.leading] if run else []
    )
    genes = [f"What may @{record.gene.id} do?" for record in drafted[:1]]
    st.write("Every sentence of an answer names its sources. To begin with:")
    pressed = [text for text in (*genes, *QUESTIONS) if st.button(plain(text), key=f"ask_{text}")]
    return pressed[0] if pressed else None


def _ask(question: str, given: Sequence[Source]) -> None:
    opened = state.opened()
    draw_question(question)
    with st.spinner("Looking for sources ..."):
        earlier = tuple(st.session_state[state.CONVERSATION])
        base = open_knowledge_base()
        answer = services.ask(question, base, opened.run, opened.llm, given, earlier)
    st.session_state[state.CONVERSATION].append(answer)
    st.rerun()


render()
