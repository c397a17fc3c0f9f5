"""Reports: what the run says as a file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import streamlit as st

from assistant.report import EXPORTERS
from assistant.ui import services
from assistant.ui.components.guards import errors_shown, open_run
from assistant.ui.components.plain import plain

if TYPE_CHECKING:
    from assistant.report.base import Report


def render() -> None:
    """Draw the counts, the choice of format and the download."""
    st.title("Reports", anchor=False)
    run = open_run()
    with errors_shown():
        drafts = st.checkbox(
            "Include drafts that nobody has reviewed (they stay marked as drafts)",
            key="report_drafts",
        )
        report = services.report(run, include_drafts=drafts)
        _counts(report)
        name = st.selectbox("Format", EXPORTERS.names(), key="report_format")
        if st.button("Make the report", key="report_make"):
            _offer(report, name, run.name)


def _counts(report: Report) -> None:
    counts = report.state_counts()
    columns = st.columns(max(1, len(counts)))
    for column, (state, number) in zip(columns, counts.items(), strict=False):
        column.metric(state.replace("_", " "), number)
    if report.failed:
        st.caption(f"{len(report.failed)} records could not be annotated; the report lists why.")


def _offer(report: Report, format_name: str, run_name: str) -> None:
    exporter = EXPORTERS.get(format_name)()
    content = io.BytesIO()
    exporter.write(report, content)
    st.download_button(
        f"Download {run_name}{exporter.suffix} ({len(content.getvalue()) / 1e6:.1f} MB)",
        content.getvalue(),
        file_name=f"{run_name}{exporter.suffix}",
        key="report_download",
    )
    st.caption(
        plain("Machine-drafted, not experimentally verified, except where a name is signed.")
    )


render()
