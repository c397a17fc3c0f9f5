"""The genes of a run as rows: what stands or is proposed for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import streamlit as st

from assistant.report.view import gene_view
from assistant.report.words import STATES, TIERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from assistant.claims import AnnotationRecord, Review, Tier
    from assistant.report.base import ShownState

_ROW_PIXELS: Final = 35
_MOST_ROWS: Final = 9


@dataclass(frozen=True, slots=True)
class GeneRow:
    """One gene of the table; ``product`` is empty where nothing stands or is proposed."""

    record: AnnotationRecord
    state: ShownState
    product: str
    ec_number: str
    probability: float | None
    tier: Tier

    @property
    def gene_id(self) -> str:
        """The gene's id."""
        return self.record.gene.id

    @property
    def searched(self) -> str:
        """All that the filter looks at, in lower case."""
        given = self.record.gene.product
        return f"{self.gene_id} {given} {self.product} {self.ec_number}".lower()

    def cells(self) -> dict[str, object]:
        """Return the row as it is shown, by column."""
        state, tier = STATES[self.state], TIERS[self.tier]
        return {
            "gene": self.gene_id,
            "function": self.product or "–",
            "EC number": self.ec_number,
            "probability": self.probability,
            "confidence": f"{tier.sign} {tier.word}",
            "state": f"{state.sign} {state.word}",
            "evidence": len(self.record.evidence),
        }


def gene_rows(
    records: Iterable[AnnotationRecord], histories: Mapping[str, Sequence[Review]]
) -> list[GeneRow]:
    """Make the rows, in the order of the input."""
    return [_row(record, tuple(histories.get(record.gene.id, ()))) for record in records]


def _row(record: AnnotationRecord, history: tuple[Review, ...]) -> GeneRow:
    view = gene_view(record, history[-1] if history else None, history=history)
    row = view.row
    return GeneRow(
        record=record,
        state=view.state,
        product=row.product,
        ec_number=row.ec_number,
        probability=row.probability,
        tier=record.hypothesis.tier,
    )


def gene_table(
    rows: Sequence[GeneRow], marked: int, *, key: str, on_select: Callable[[], None]
) -> None:
    """Draw the rows with one of them marked; the browser keeps column widths by ``key``."""
    st.session_state[key] = {"selection": {"rows": [marked], "columns": [], "cells": []}}
    st.dataframe(
        [row.cells() for row in rows],
        hide_index=True,
        height=_ROW_PIXELS * (min(len(rows), _MOST_ROWS) + 1) + 2,
        key=key,
        on_select=on_select,
        selection_mode="single-row",
        placeholder="",
        column_config={
            "gene": st.column_config.TextColumn(pinned=True),
            "probability": st.column_config.NumberColumn(format="%.2f"),
        },
    )
