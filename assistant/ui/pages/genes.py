"""Genes: the run as a table, one gene as a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.ui import services, state
from assistant.ui.components.gene_card import STATE_SIGNS, gene_card
from assistant.ui.components.guards import errors_shown, open_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.claims import AnnotationRecord, Review


def render() -> None:
    """Draw the table and the card of the chosen gene."""
    st.title("Genes", anchor=False)
    run = open_run()
    with errors_shown():
        records = services.records(run)
        reviews = services.desk(run).reviews.latest()
        shown = _filtered(records)
        st.caption(f"{len(shown)} of {len(records)} genes")
        if shown:
            chosen = _choose(shown, reviews)
            gene_card(chosen, reviews.get(chosen.gene.id))


def _filtered(records: Sequence[AnnotationRecord]) -> list[AnnotationRecord]:
    left, right = st.columns([1, 2])
    tiers = ("all", "high", "medium", "low", "abstain")
    tier = left.selectbox("Tier", tiers, key="genes_tier")
    words = right.text_input("Contains", key="genes_contains").lower().split()
    return [
        record
        for record in records
        if tier in {"all", record.hypothesis.tier}
        and all(word in _searchable(record) for word in words)
    ]


def _searchable(record: AnnotationRecord) -> str:
    leading = record.hypothesis.leading
    names = (record.gene.id, record.gene.product, leading.product if leading else "")
    return " ".join(names).lower()


def _choose(shown: list[AnnotationRecord], reviews: dict[str, Review]) -> AnnotationRecord:
    """Choose by a click on a row, or from the list (which works without a mouse)."""
    rows = [_row(record, reviews.get(record.gene.id)) for record in shown]
    table = st.dataframe(
        rows, hide_index=True, width="stretch", on_select="rerun", selection_mode="single-row",
        key="genes_table", height=min(38 * (len(rows) + 1), 420),
    )  # fmt: skip
    names = [record.gene.id for record in shown]
    clicked = table.selection.rows
    if clicked and clicked[0] < len(names):
        st.session_state[state.CHOSEN_GENE] = names[clicked[0]]
    if st.session_state.get(state.CHOSEN_GENE) not in names:
        st.session_state[state.CHOSEN_GENE] = names[0]
    name = st.selectbox("Gene", names, key=state.CHOSEN_GENE)
    return shown[names.index(name)]


def _row(record: AnnotationRecord, review: Review | None) -> dict[str, object]:
    draft = record.hypothesis
    leading = draft.leading
    return {
        "gene": record.gene.id,
        "old name": record.gene.product,
        "draft": leading.product if leading else "(abstains)",
        "EC": leading.ec_number if leading else "",
        "probability": round(draft.probability, 2),
        "tier": draft.tier,
        "state": STATE_SIGNS[review.state if review else draft.state],
        "evidence": len(record.evidence),
    }


render()
