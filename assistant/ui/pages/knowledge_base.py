"""Knowledge base: what is in it, search it, add files to it."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import streamlit as st

from assistant.ui import services
from assistant.ui.components.evidence_table import reference_link
from assistant.ui.components.guards import errors_shown, open_knowledge_base
from assistant.ui.components.plain import plain
from ingest.readers import READERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from retrieval.knowledge_base import AddReport, KnowledgeBase

BAD_RECORDS_SHOWN = 20


def render() -> None:
    """Draw contents, search and the form for new files."""
    st.title("Knowledge base", anchor=False)
    path = open_knowledge_base()
    with errors_shown():
        base = services.knowledge_base(path)
        _contents(base)
        _search(base)
        _add(base)


def _contents(base: KnowledgeBase) -> None:
    info = base.info()
    for column, (name, number) in zip(
        st.columns(max(1, len(info.counts))), info.counts.items(), strict=True
    ):
        column.metric(name, f"{number:,}")
    with st.expander("Files and vector spaces"):
        st.dataframe(
            [{"file": item.name, "format": item.reader} for item in info.files], hide_index=True
        )
        st.dataframe(
            [
                {"space": s.name, "embedder": s.embedder, "dimension": s.dim, "vectors": s.vectors}
                for s in info.spaces
            ],
            hide_index=True,
        )


def _search(base: KnowledgeBase) -> None:
    st.markdown("**Search**")
    left, right = st.columns([3, 1])
    query = left.text_input("Papers, proteins, features, samples", key="kb_query")
    scope = right.selectbox("In", ("all", "literature", "proteins", "features"), key="kb_scope")
    if not query:
        return
    hits = base.search(query, 10, scope)
    if not hits:
        st.write("Nothing found.")
    for hit in hits:
        retracted = " — RETRACTED" if hit.is_retracted else ""
        st.markdown(f"**{plain(hit.title)}**{retracted}")
        st.markdown(plain(hit.text))
        st.caption(f"{reference_link(hit.reference)} · {hit.kind} · found by {plain(hit.why)}")


def _add(base: KnowledgeBase) -> None:
    st.markdown("**Add files**")
    with st.form("kb_add", clear_on_submit=True):
        uploads = st.file_uploader(
            "Proteins, genes, papers, MetaPhlAn or HUMAnN tables, sample metadata",
            accept_multiple_files=True,
            key="kb_files",
        )
        forced = st.selectbox("Format", ("recognise by content", *READERS.names()))
        sent = st.form_submit_button("Add to the knowledge base")
    st.caption("Above 200 MB a file: `metalumen add KB FILE` on the command line.")
    if sent and uploads:
        with st.spinner("Reading and embedding ..."):
            reports = _add_uploads(base, uploads, None if forced not in READERS.names() else forced)
        for report in reports:
            _describe(report)


def _add_uploads(
    base: KnowledgeBase, uploads: Sequence[UploadedFile], reader_name: str | None
) -> list[AddReport]:
    """Write the uploads under their base names into a folder of their own, then add them."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, upload in enumerate(uploads):
            place = Path(folder) / str(number)
            place.mkdir()
            path = place / (PurePosixPath(upload.name.replace("\\", "/")).name or "upload")
            path.write_bytes(upload.getvalue())
            paths.append(path)
        return base.add(paths, reader_name=reader_name)


def _describe(report: AddReport) -> None:
    if report.unchanged:
        st.info(plain(f"{report.path_name}: already in the knowledge base, nothing changed"))
        return
    counts = ", ".join(f"{number:,} {name}" for name, number in report.added.items() if number)
    st.success(plain(f"{report.path_name} ({report.reader}): {counts or 'nothing new'} added"))
    for warning in report.warnings:
        st.warning(plain(warning))
    if report.bad:
        st.warning(f"{len(report.bad)} records were left out")
        rows = [{"line": b.line, "record": b.record, "reason": b.reason} for b in report.bad]
        st.dataframe(rows[:BAD_RECORDS_SHOWN], hide_index=True)


render()
