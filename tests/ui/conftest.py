"""A small knowledge base and a run for the pages, and a way to open them."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from assistant.results import export
from assistant.settings import load_settings
from assistant.ui.server import OPEN_KNOWLEDGE_BASE, OPEN_LLM, OPEN_RUN, entry_file
from tests.assistant.sample_nasty import NASTY
from tests.assistant.sample_reports import sample_report
from tests.retrieval.bases import METADATA, PAPERS, PROFILE, PROTEINS, written

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = " ".join(NASTY[:6]) + " $x$ :smile: www.evil.example a@evil.example"
HOSTILE_PAPER = {"pmid": "9", "title": f"Porphyran {HOSTILE}", "abstract": f"Porphyran. {HOSTILE}"}


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """A folder with ``kb`` and ``run``; not to be changed."""
    from assistant.services import open_or_create_base

    folder = tmp_path_factory.mktemp("pages")
    papers = "\n".join(json.dumps(paper) for paper in [*PAPERS, HOSTILE_PAPER])
    files = written(
        folder / "in", proteins__tsv=PROTEINS, papers__jsonl=papers, profile__tsv=PROFILE
    )
    (metadata,) = written(folder / "in", metadata__tsv=METADATA)
    made = {"text_embedder": "hashing", "protein_embedder": "hashing"}
    with open_or_create_base(folder / "kb", load_settings(), **made) as base:
        base.add(files, metadata=metadata)
    _write_run(folder / "run")
    return folder


def _write_run(folder: Path) -> None:
    report = sample_report()
    folder.mkdir()
    lines = (record.model_dump_json() + "\n" for record in report.records)
    (folder / "hypotheses.jsonl").write_text("".join(lines))
    (folder / "run.json").write_text(report.run.model_dump_json())
    (folder / "failed.tsv").write_text("gene_id\treason\nGUT_00077\tThe sequence is empty\n")
    export(report, "tsv", folder / "annotations.tsv")


@pytest.fixture
def opened(built, tmp_path, monkeypatch) -> Path:
    """A copy of the knowledge base and the run that the pages open with."""
    folder = tmp_path / "opened"
    shutil.copytree(built, folder)
    monkeypatch.setenv(OPEN_KNOWLEDGE_BASE, str(folder / "kb"))
    monkeypatch.setenv(OPEN_RUN, str(folder / "run"))
    monkeypatch.setenv(OPEN_LLM, "none")
    return folder


@pytest.fixture
def page():
    """Open a page through the entry file, by the name of its file."""
    from streamlit.testing.v1 import AppTest

    def open_page(name: str):
        app = AppTest.from_file(str(entry_file()), default_timeout=30).run()
        return app.switch_page(f"assistant/ui/pages/{name}.py").run() if name != "chat" else app

    return open_page
