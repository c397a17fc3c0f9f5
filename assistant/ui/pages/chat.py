"""Chat: a question, an answer with its sources, and why each was found."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from assistant.ui import services, state
from assistant.ui.components.answers import draw_answer, draw_question
from assistant.ui.components.guards import errors_shown, open_knowledge_base
from assistant.ui.components.plain import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.chat.answers import Answer, Source

# What names the conversation in the page's address.
_IN_ADDRESS = "conversation"

QUESTIONS = ("Which gut bacteria inactivate digoxin?", "How do gut bacteria change bile acids?")


def render() -> None:
    """Draw the conversation and take the next question."""
    st.title("Chat", anchor=False)
    base = open_knowledge_base()
    with errors_shown():
        _go_on(base)
        _scope()
        for number, answer in enumerate(st.session_state[state.CONVERSATION]):
            draw_question(answer.question)
            draw_answer(answer, number, partial(_promotion, answer, number))
        written = st.chat_input(
            "Ask about a gene (@gene_id), an enzyme, a drug ...",
            key="chat_ask",
            submit_mode="disable",
        )
        asked, given = st.session_state.pop(state.PENDING, ("", ()))
        question = asked or written or _example()
        if question:
            _ask(question, given)


def _go_on(base: Path) -> None:
    """Go on with the conversation that the page's address names, after a reload or a bookmark."""
    kept = st.session_state.get(state.CONVERSATION_NAME) or st.query_params.get(_IN_ADDRESS, "")
    if kept and not st.session_state[state.CONVERSATION]:
        st.session_state[state.CONVERSATION].extend(services.conversation(base, kept))
    if st.session_state[state.CONVERSATION]:
        st.session_state[state.CONVERSATION_NAME] = kept
        st.query_params[_IN_ADDRESS] = kept


def _start_anew() -> None:
    st.session_state[state.CONVERSATION].clear()
    st.session_state.pop(state.CONVERSATION_NAME, None)
    st.query_params.pop(_IN_ADDRESS, None)


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
    if st.session_state[state.CONVERSATION]:
        right.button("Start anew", key="chat_clear", on_click=_start_anew)


def _promotion(answer: Answer, number: int) -> None:
    """Offer to put an answer into the review queue of the open run."""
    run = state.opened().run
    if run is None or not answer.sentences:
        return
    if st.button(
        "Make it a draft for review",
        key=f"promote_{number}",
        help="Puts this answer with its sources into the review queue of the open run. "
        "It stays a draft until a named person accepts it.",
    ):
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
    name = st.session_state.setdefault(state.CONVERSATION_NAME, services.new_conversation())
    services.keep_turn(base, name, answer)
    st.rerun()


render()
