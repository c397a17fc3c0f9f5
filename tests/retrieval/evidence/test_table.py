"""The table of sources and the files of the folder say the same."""

from __future__ import annotations

from pathlib import Path

import retrieval.evidence
from retrieval.evidence import SOURCES

# Parts that the sources share; every other file is a source.
SHARED_PARTS = {"__init__", "base", "subjects", "topics", "wording"}
SHARED_PARTS |= {"agreement", "group_descriptions", "sayings"}  # of prior annotation
SHARED_PARTS |= {"tool_rows", "tool_sources", "row_sayings", "hit_rows"}
SHARED_PARTS |= {"gene_order", "relatives"}  # of genomic context and similarity


def test_every_file_is_a_source_in_the_table():
    folder = Path(retrieval.evidence.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - SHARED_PARTS
    assert files == {SOURCES.get(name).__module__.rpartition(".")[2] for name in SOURCES.names()}


def test_each_source_is_filed_under_its_kind():
    for name in SOURCES.names():
        assert SOURCES.get(name)().kind == name
