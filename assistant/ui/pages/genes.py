"""Genes: the run as a table, one gene as a card."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from assistant.report.words import STATES, TIERS
from assistant.ui import services, state
from assistant.ui.components.gene_card import gene_card
from assistant.ui.components.gene_table import gene_rows, gene_table
from assistant.ui.components.guards import errors_shown, open_run

if TYPE_CHECKING:
    from assistant.ui.components.gene_table import GeneRow


def render() -> None:
    """Draw the table and the card of the chosen gene."""
    st.title("Genes", anchor=False)
    run = open_run()
    with errors_shown():
        histories = services.desk(run).reviews.histories()
        rows = gene_rows(services.records(run), histories)
        shown = _filtered(rows)
        st.caption(
            f"{len(shown):,} of {len(rows):,} genes. A click on a row's box opens the gene below, "
            "a click on a column's name sorts."
        )
        if shown:
            chosen = _choose(shown, f"genes_of_{run}")
            gene_card(chosen.record, histories.get(chosen.gene_id, ()))


def _filtered(rows: list[GeneRow]) -> list[GeneRow]:
    left, middle, right = st.columns([1, 1, 2])
    tiers = {words.word: tier for tier, words in TIERS.items()}
    states = {words.word: name for name, words in STATES.items()}
    tier = left.selectbox("Confidence", ("any", *tiers), key="genes_tier", persist_state="session")
    shown = middle.selectbox("State", ("any", *states), key="genes_state", persist_state="session")
    words = right.text_input(
        "Contains", key="genes_words", persist_state="session",
        placeholder="gene, function or EC number",
    ).lower().split()  # fmt: skip
    return [
        row
        for row in rows
        if tiers.get(tier) in {None, row.tier}
        and states.get(shown) in {None, row.state}
        and all(word in row.searched for word in words)
    ]


def _choose(shown: list[GeneRow], key: str) -> GeneRow:
    """Mark a row by mouse or keyboard; one is always marked, and stays so across pages."""
    names = [row.gene_id for row in shown]
    if st.session_state.get(state.CHOSEN_GENE) not in names:
        proposed = (row.gene_id for row in shown if row.product)
        st.session_state[state.CHOSEN_GENE] = next(proposed, names[0])
    chosen = names.index(st.session_state[state.CHOSEN_GENE])
    gene_table(shown, chosen, key=key, on_select=partial(_mark, key, names))
    return shown[chosen]


def _mark(key: str, names: list[str]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows and rows[0] < len(names):
        st.session_state[state.CHOSEN_GENE] = names[rows[0]]


render()
