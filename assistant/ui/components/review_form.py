"""The form of a review: the product, the reason, and the four decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st
from pydantic import ValidationError

from assistant.nomenclature import check_product_name
from assistant.report.view import gene_view
from assistant.report.words import STATES
from assistant.review.states import REASON_CODES, Decision
from assistant.ui import services, state
from assistant.ui.components.guards import told
from assistant.ui.components.page_words import in_page_words
from assistant.ui.components.plain import plain
from ingest.errors import MetalumenError

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.claims import AnnotationRecord, Review

#: Keys of the session: the gene that is open, and what became of the last decision.
GENE: Final = "review_gene"
TOLD: Final = "review_told"

# Label, state and key. Streamlit keeps C and R for itself.
_BUTTONS: Final = (
    ("Accept", "accepted", "A"),
    ("Accept with my changes", "accepted_with_changes", "E"),
    ("Reject", "rejected", "X"),
    ("Defer", "deferred", "D"),
)
_CHANGED: Final = (
    "The product name or the EC number in the form is not that of the draft. “Accept with my "
    "changes” signs what the form says; to accept the draft, write its own name and number again."
)
_TAKE_BACK: Final = ("Take back the decision", "draft", "T")


def review_form(
    run: Path, record: AnnotationRecord, history: tuple[Review, ...], following: str
) -> None:
    """Draw the form; ``following`` is the gene that opens when this one is decided."""
    shown = gene_view(record, history[-1] if history else None, history=history)
    keys = _keys(record)
    with st.container(border=True):
        first = st.columns([3, 2, 2])
        name = first[0].text_input("Product name", shown.row.product, key=keys["product"])
        first[1].text_input("EC number", shown.row.ec_number, key=keys["ec_number"])
        first[2].text_input(
            "Your name, which signs the decision", key=state.REVIEWER, persist_state="session",
            help="Kept while this page is open. `METALUMEN_REVIEWER=\"Ada Lovelace\"` in the "
            "environment fills it in from the start.",
        )  # fmt: skip
        _style_notes(name)
        second = st.columns([3, 4])
        second[0].selectbox(
            "Reason, if you reject it", ("", *REASON_CODES), key=keys["reason_code"],
            format_func=lambda code: REASON_CODES.get(code, "–"),
        )  # fmt: skip
        second[1].text_input("In your own words", key=keys["reason"])
        taken = [_TAKE_BACK] if shown.state not in {"draft", "abstained"} else []
        buttons = [*_BUTTONS, *taken]
        for column, (label, decided, key) in zip(st.columns(len(buttons)), buttons, strict=True):
            column.button(
                _label(record, decided, label),
                key=f"button_{decided}", shortcut=key, width="stretch",
                type="primary" if decided == "accepted" else "secondary",
                # What was drawn is what the reviewer saw: a decision by another one since then
                # is found out.
                on_click=_decide, args=(run, record, decided, len(history), following),
            )  # fmt: skip


def _label(record: AnnotationRecord, decided: str, label: str) -> str:
    """Say what is accepted where the software proposes nothing: that the function is not known."""
    is_unknown = decided == "accepted" and record.hypothesis.leading is None
    return "Accept: function not known" if is_unknown else label


def _style_notes(name: str) -> None:
    for problem in check_product_name(name) if name.strip() else ():
        st.caption(plain(f"Naming rules: {problem.found!r}: {problem.advice}."))


def _decide(run: Path, record: AnnotationRecord, decided: str, seen: int, following: str) -> None:
    """Record a decision, or keep what was typed and say why it was refused."""
    gene_id = record.gene.id
    keys = _keys(record)
    reasons = [st.session_state[keys[field]].strip() for field in ("reason_code", "reason")]
    if decided == "rejected" and not any(reasons):
        st.session_state[TOLD] = ("error", "Choose a reason for the rejection, or write one.")
        return
    if decided == "accepted" and _is_changed(record):
        st.session_state[TOLD] = ("error", _CHANGED)
        return
    try:
        review = services.desk(run).decide(gene_id, _decision(record, decided), seen=seen)
    except (MetalumenError, ValidationError, OSError) as error:
        st.session_state[TOLD] = ("error", in_page_words(told(error)))
        return
    words = STATES[review.state]
    st.session_state[TOLD] = (
        "success",
        f"{gene_id}: {words.sign} {words.word} by {review.reviewer}{_as_unknown(record, decided)}",
    )
    st.session_state[GENE] = following


def _as_unknown(record: AnnotationRecord, decided: str) -> str:
    is_unknown = decided == "accepted" and record.hypothesis.leading is None
    return ", as a hypothetical protein without a function" if is_unknown else ""


def _is_changed(record: AnnotationRecord) -> bool:
    """Tell whether the fields say something else than the draft, which an acceptance signs."""
    leading = record.hypothesis.leading
    drafted = (leading.product, leading.ec_number) if leading else ("", "")
    keys = _keys(record)
    typed = tuple(st.session_state[keys[field]].strip() for field in ("product", "ec_number"))
    return typed != drafted


def _decision(record: AnnotationRecord, decided: str) -> Decision:
    values = {field: st.session_state[key] for field, key in _keys(record).items()}
    if decided != "rejected":
        values["reason_code"] = ""
    if decided != "accepted_with_changes":
        values["product"] = values["ec_number"] = ""
    reviewer = st.session_state[state.REVIEWER]
    return Decision.model_validate({"state": decided, "reviewer": reviewer, **values})


def _keys(record: AnnotationRecord) -> dict[str, str]:
    """Name the fields of one draft: another run's draft of the same gene has its own."""
    fields = ("product", "ec_number", "reason_code", "reason")
    return {field: f"{field}_{record.hypothesis.id}_{record.gene.id}" for field in fields}
