"""Reports: what the run says as a file, in each format."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from assistant.report import EXPORTERS
from assistant.report.words import STATES
from assistant.ui import services
from assistant.ui.components.guards import errors_shown, open_run
from assistant.ui.components.plain import plain

if TYPE_CHECKING:
    from assistant.report.base import Report

# What each format is for; one of a plug-in goes by its name alone.
PURPOSES = {
    "html": "One page to read, print and send: every gene with its evidence, checks and history",
    "markdown": "The same as text, for a notebook or a repository",
    "tsv": "One row per gene, for a spreadsheet or a script",
    "jsonl": "Everything on each gene, drafts too, each with its state; for programs",
    "gff3": "Genes with coordinates, for a genome browser or a submission",
}


def render() -> None:
    """Draw the counts, what is left out, and a download for each format."""
    st.title("Reports", anchor=False)
    run = open_run()
    with errors_shown():
        drafts = st.checkbox(
            "Include drafts that nobody has reviewed; they stay marked as drafts",
            key="report_drafts",
            persist_state="session",
        )
        report = services.report(run, include_drafts=drafts)
        _counts(report)
        stem = run.resolve().name
        for name in EXPORTERS.names():
            _offer(report, name, stem)
        st.caption("Acceptance is a person's judgement of the evidence, not an experiment.")


def _counts(report: Report) -> None:
    counts = report.state_counts()
    with st.container(horizontal=True, gap="medium"):
        for state, words in STATES.items():
            label = f"{words.sign} {words.word}"
            st.metric(label, f"{counts.get(state, 0):,}", help=words.meaning, width="content")
    hidden = sum(not report.shows(record) for record in report.records)
    if hidden:
        st.info(
            f"{hidden} of {len(report.records)} genes are neither accepted nor rejected: "
            "the reports to read name them and leave their drafts out."
        )
    if report.failed:
        st.caption(f"{len(report.failed)} records could not be annotated; the report says why.")


def _offer(report: Report, format_name: str, stem: str) -> None:
    exporter = EXPORTERS.get(format_name)
    left, middle, right = st.columns([1, 5, 2], vertical_alignment="center")
    left.markdown(f"**{plain(format_name)}**")
    middle.markdown(plain(PURPOSES.get(format_name, "")))
    right.download_button(
        f"Download {exporter.suffix}",
        partial(services.exported, report, format_name),
        file_name=f"{stem}{exporter.suffix}",
        key=f"download_{format_name}",
        on_click="ignore",
        width="stretch",
    )


render()
