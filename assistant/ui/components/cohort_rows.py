"""Rows of a comparison: as a table, as a source of an answer, as a question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from assistant.chat.answers import Source
from retrieval.cohort.summaries import difference_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.cohort.analysis import CohortResult
    from retrieval.cohort.differential import Difference

_KEY: Final = "cohort_rows"


def difference_table(rows: Sequence[Difference]) -> int | None:
    """Draw the rows; return the place of the chosen one, or None."""
    event = st.dataframe(
        [_cells(row) for row in rows],
        hide_index=True,
        key=_KEY,
        on_select="rerun",
        selection_mode="single-row",
        column_config={"q": st.column_config.NumberColumn(format="%.2g")},
    )
    chosen = event["selection"]["rows"]
    st.caption("Mark a row to read its numbers in words and to start a hypothesis from it.")
    return chosen[0] if chosen and chosen[0] < len(rows) else None


def _cells(row: Difference) -> dict[str, object]:
    return {
        "feature": row.name,
        "contrast": row.contrast,
        f"effect ({row.effect_unit})": round(row.effect, 3),
        "95 % interval": f"{row.low:.2f} to {row.high:.2f}",
        "q": row.q,
        "told as": row.status or "finding",
    }


def row_source(result: CohortResult, row: Difference) -> Source:
    """Make the source that an answer may cite: the feature's summary with exact numbers."""
    summary = next(
        (it for it in result.summaries if it.subject_id == row.feature
         and it.subject_kind == "feature"),
        None,
    )  # fmt: skip
    sentence = f"{row.contrast}: {difference_sentence(row)}"
    return Source(
        key="",
        kind="feature",
        title=summary.title if summary else f"{row.name} by {result.design.column}",
        reference=row.feature,
        text=summary.text if summary else sentence,
        quote=sentence,
        why="chosen on the Cohort page",
        score=1.0,
    )


def question_about(row: Difference) -> str:
    """Ask what may lie behind a row; what is no finding is not asked as if it were one."""
    if not row.is_finding:
        return f"What is known of {row.name}, and could it have to do with {row.contrast}?"
    one, _, other = row.contrast.partition(" vs ")
    if not other:
        how = "rises" if row.effect > 0 else "falls"
        return f"What may explain that {row.name} {how} with {one}, and what would test it?"
    return (
        f"What may explain that {row.name} is {row.direction} in {one} than in {other},"
        " and what would test it?"
    )
