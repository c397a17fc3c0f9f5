"""The form that adds files to a knowledge base, and what became of each file."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

import streamlit as st

from assistant.ui import services
from assistant.ui.components.plain import plain
from ingest.readers import READERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from retrieval.knowledge_base import AddReport

_BY_CONTENT: Final = "recognise by content"
_BAD_RECORDS_SHOWN: Final = 20


def add_form(path: Path) -> None:
    """Draw the form; when it is sent, add the files and say what became of them."""
    with st.form("kb_add", clear_on_submit=True):
        uploads = st.file_uploader(
            "Proteins, genes, papers, MetaPhlAn or HUMAnN tables, sample metadata",
            accept_multiple_files=True,
            key="kb_files",
        )
        chosen = st.selectbox("Format", (_BY_CONTENT, *READERS.names()), key="kb_format")
        sent = st.form_submit_button("Add to the knowledge base", type="primary")
    st.caption("Large files are faster with `metalumen add KB FILE` on the command line.")
    if sent and not uploads:
        st.info("Choose a file first.")
    elif sent:
        for report in _added(path, uploads, None if chosen == _BY_CONTENT else chosen):
            _describe(report)


def _added(base: Path, uploads: Sequence[UploadedFile], reader_name: str | None) -> list[AddReport]:
    """Write the uploads under their own names into folders of their own, then add them."""
    bar = st.progress(0.0, "Reading ...")

    def tick(stage: str, done: int, total: int) -> None:
        of = f" of {total:,}" if total else ""
        bar.progress(min(1.0, done / total) if total else 0.0, plain(f"{stage}: {done:,}{of}"))

    with tempfile.TemporaryDirectory() as folder:
        paths = [_written(Path(folder) / str(n), upload) for n, upload in enumerate(uploads)]
        try:
            return services.add(base, paths, reader_name, tick)
        finally:
            bar.empty()


def _written(folder: Path, upload: UploadedFile) -> Path:
    """Keep the base name only: a name with a path in it stays in the folder."""
    folder.mkdir()
    name = PurePosixPath(upload.name.replace("\\", "/")).name
    path = folder / (name if name not in {"", ".", ".."} else "upload")
    path.write_bytes(upload.getbuffer())
    return path


def _describe(report: AddReport) -> None:
    if report.unchanged:
        st.info(plain(f"{report.path_name} was there already; nothing changed."))
        return
    counts = ", ".join(f"{name} {number:,}" for name, number in report.added.items() if number)
    st.success(plain(f"{report.path_name}, read as {report.reader}. New: {counts or 'nothing'}."))
    for warning in report.warnings:
        st.warning(plain(warning))
    if report.bad:
        st.warning(f"Left out: {len(report.bad):,} records, the first of them below.")
        rows = [{"line": b.line, "record": b.record, "reason": b.reason} for b in report.bad]
        st.dataframe(rows[:_BAD_RECORDS_SHOWN], hide_index=True)
