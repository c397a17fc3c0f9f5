"""Evidence and references as tables and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.report.links import link_of
from assistant.ui.components.plain import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.evidence.base import Evidence

KIND_NAMES = {
    "similarity": "similar protein",
    "embedding_neighbours": "embedding neighbour",
    "genomic_context": "gene neighbour",
    "abundance": "abundance",
    "literature": "literature",
    "prior_annotation": "earlier annotation",
}


def evidence_table(evidence: Sequence[Evidence]) -> None:
    """Draw the evidence with its numbers; quotes of papers follow below."""
    if not evidence:
        st.write("No evidence was found.")
        return
    st.dataframe([_row(item) for item in evidence], hide_index=True, width="stretch")
    for item in evidence:
        if item.quote:
            st.markdown(f"> {plain(item.quote)}")
            st.caption(f"{plain(item.title)} {reference_link(item.reference)}")


def _row(item: Evidence) -> dict[str, object]:
    metrics = item.metrics
    return {
        "kind": KIND_NAMES.get(item.kind, item.kind),
        "statement": item.statement,
        "identity %": metrics.pident,
        "query covered": metrics.qcov,
        "subject covered": metrics.scov,
        "E-value": f"{metrics.evalue:.0e}" if metrics.evalue is not None else None,
        "reference": item.reference,
        "ECO": item.eco,
    }


def reference_link(reference: str) -> str:
    """Write a reference as a link where its database has a public page."""
    address = link_of(reference)
    return f"[{plain(reference)}]({address})" if address else plain(reference)
