"""Review: one draft at a time; a named person accepts, edits, rejects or defers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from pydantic import ValidationError

from assistant.review.states import REASON_CODES, Decision
from assistant.settings import load_settings
from assistant.ui import services, state
from assistant.ui.components.gene_card import STATE_SIGNS, gene_card
from assistant.ui.components.guards import errors_shown, open_run
from assistant.ui.components.plain import plain

if TYPE_CHECKING:
    from assistant.claims import AnnotationRecord
    from assistant.review_desk import ReviewDesk

ALL_STATES = ("draft", "deferred", "accepted", "accepted_with_changes", "rejected")


def render() -> None:
    """Draw the queue, the draft that is next, and the decision."""
    st.title("Review", anchor=False)
    run = open_run()
    with errors_shown():
        desk = services.desk(run)
        _told()
        record = _choose(desk)
        if record is None:
            st.success("No gene of this run is in that state.")
            return
        _decide(desk, record)
        gene_card(record, desk.reviews.latest().get(record.gene.id))
        _history(desk, record)


def _told() -> None:
    """Say once what the last decision was."""
    message = st.session_state.pop("review_told", "")
    if message:
        st.success(plain(message))


def _choose(desk: ReviewDesk) -> AnnotationRecord | None:
    counts = desk.reviews.counts()
    st.caption(
        plain(", ".join(f"{n} {STATE_SIGNS[s]}" for s, n in counts.items()) or "No decision yet")
    )
    left, right = st.columns([1, 2])
    wanted = left.selectbox("State", ALL_STATES, key="review_state")
    waiting = desk.queue(state=wanted)
    if not waiting:
        return None
    names = [record.gene.id for record in waiting]
    if st.session_state.get("review_gene") not in names:
        st.session_state["review_gene"] = names[0]
    name = right.selectbox(f"Gene (of {len(names)}, most doubtful first)", names, key="review_gene")
    return waiting[names.index(name)]


def _decide(desk: ReviewDesk, record: AnnotationRecord) -> None:
    """Draw the form; the decision is refused when somebody else decided in between."""
    seen = len(desk.reviews.history(record.gene.id))
    leading = record.hypothesis.leading
    state.remember(state.REVIEWER, load_settings().reviewer)
    with st.container(border=True):
        top = st.columns([2, 2, 1])
        top[0].text_input("Your name (signs the decision)", key=state.REVIEWER)
        product = top[1].text_input(
            "Product name", leading.product if leading else "", key=f"product_{record.gene.id}"
        )
        ec_number = top[2].text_input(
            "EC number", leading.ec_number if leading else "", key=f"ec_{record.gene.id}"
        )
        low = st.columns([2, 3])
        code = low[0].selectbox(
            "Reason", ("", *REASON_CODES), key=f"code_{record.gene.id}",
            format_func=lambda name: REASON_CODES.get(name, "(choose for a rejection)"),
        )  # fmt: skip
        reason = low[1].text_input("In your own words", key=f"reason_{record.gene.id}")
        pressed = _buttons()
    if pressed is None:
        return
    changes = (
        {"product": product, "ec_number": ec_number} if pressed == "accepted_with_changes" else {}
    )
    values = {"reason": reason, "reason_code": code if pressed == "rejected" else "", **changes}
    _record(desk, record, {"state": pressed, **values}, seen)


def _buttons() -> str | None:
    """Draw the four buttons; keys A, E, X, D press them."""
    buttons = (
        ("Accept", "accepted", "a"),
        ("Accept with the changes above", "accepted_with_changes", "e"),
        ("Reject", "rejected", "x"),
        ("Defer", "deferred", "d"),
    )
    columns = st.columns(len(buttons))
    pressed = [
        decided
        for column, (label, decided, key) in zip(columns, buttons, strict=True)
        if column.button(label, key=f"button_{decided}", shortcut=key, width="stretch")
    ]
    return pressed[0] if pressed else None


def _record(desk: ReviewDesk, record: AnnotationRecord, values: dict[str, str], seen: int) -> None:
    reviewer = st.session_state[state.REVIEWER]
    if not reviewer.strip():
        st.error("Give your name first: a decision is signed.")
        return
    try:
        decision = Decision.model_validate({"reviewer": reviewer, **values})
    except ValidationError as error:
        st.error(plain(str(error.errors()[0]["msg"])))
        return
    review = desk.decide(record.gene.id, decision, seen=seen)
    st.session_state["review_told"] = (
        f"{record.gene.id}: {STATE_SIGNS[review.state]} by {review.reviewer}"
    )
    st.rerun()


def _history(desk: ReviewDesk, record: AnnotationRecord) -> None:
    events = desk.reviews.history(record.gene.id)
    if not events:
        return
    st.markdown("**History**")
    columns = ("decided_at", "reviewer", "state", "reason_code", "reason", "product", "ec_number")
    st.dataframe(
        [{name: getattr(event, name) for name in columns} for event in events], hide_index=True
    )


render()
