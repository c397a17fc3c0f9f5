"""Review: one draft at a time; a named person accepts, edits, rejects or defers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.report.words import STATES
from assistant.review.queue import concerns_of
from assistant.settings import load_settings
from assistant.ui import services, state
from assistant.ui.components.gene_card import gene_card
from assistant.ui.components.guards import errors_shown, open_run
from assistant.ui.components.plain import plain
from assistant.ui.components.review_form import GENE, TOLD, review_form

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.claims import AnnotationRecord, State

STATE_NAMES: tuple[State, ...] = (
    "draft",
    "deferred",
    "accepted",
    "accepted_with_changes",
    "rejected",
)


def render() -> None:
    """Draw the queue, the decision, and the draft that it is about."""
    st.title("Review", anchor=False)
    run = open_run()
    with errors_shown():
        st.session_state.setdefault(state.REVIEWER, load_settings().reviewer)
        _told()
        waiting, place = _choose(run)
        if not waiting:
            st.info("No gene of this run is in that state.")
            return
        record = waiting[place]
        history = services.desk(run).reviews.history(record.gene.id)
        for concern in concerns_of(record.hypothesis):
            st.warning(plain(f"Look closely: {concern}."))
        others = [*waiting[place + 1 :], *waiting[:place]]
        review_form(run, record, history, others[0].gene.id if others else "")
        gene_card(record, history)


def _told() -> None:
    """Say once what became of the last decision."""
    kind, message = st.session_state.pop(TOLD, ("", ""))
    if message:
        (st.error if kind == "error" else st.success)(plain(message))


def _choose(run: Path) -> tuple[list[AnnotationRecord], int]:
    """Choose a state and, in it, a gene; return the genes in that state and its place."""
    counts = services.state_counts(run)
    left, middle, back, forth = st.columns([3, 4, 1.4, 1.4], vertical_alignment="bottom")
    wanted = left.selectbox(
        "Show", STATE_NAMES, key="review_state", persist_state="session",
        format_func=lambda name: f"{STATES[name].sign} {_word(name)} ({counts[name]})",
    )  # fmt: skip
    waiting = services.queue(run, wanted)
    names = [record.gene.id for record in waiting]
    if not names:
        return [], 0
    if st.session_state.get(GENE) not in names:
        st.session_state[GENE] = names[0]
    place = names.index(st.session_state[GENE])
    middle.selectbox(f"Gene {place + 1} of {len(names)}, most doubtful first", names, key=GENE)
    for column, label, key, step in ((back, "Back", "Left", -1), (forth, "Next", "Right", 1)):
        goal = names[(place + step) % len(names)]
        column.button(
            label,
            key=f"go_{label}",
            shortcut=key,
            width="stretch",
            on_click=st.session_state.__setitem__,
            args=(GENE, goal),
        )
    return waiting, place


def _word(name: State) -> str:
    return "Not decided" if name == "draft" else STATES[name].word


render()
