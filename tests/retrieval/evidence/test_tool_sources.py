"""Independence of tools: the table knows every tool whose tables are read."""

from __future__ import annotations

import pytest

from ingest.files import read_records
from ingest.readers import READERS
from retrieval.evidence.hit_rows import SEARCHES
from retrieval.evidence.tool_sources import METHODS, method_of
from tests.contracts.reader import DATA, records_of

#: Tables whose rows name another tool each: who assigned the term.
OF_MANY_TOOLS = {"gaf"}


def test_every_tool_has_a_method():
    tables = {name for name in READERS.names() if READERS.get(name).kind == "annotations"}
    tools: dict[str, set[str]] = {}
    for path in DATA.iterdir():
        name = read_records(path).reader
        if name in tables - OF_MANY_TOOLS:
            tools.setdefault(name, set()).update(row.tool.lower() for row in records_of(path))
    assert set(tools) == tables - OF_MANY_TOOLS
    assert set().union(*tools.values()) <= set(METHODS)
    assert {name.lower() for name in SEARCHES} <= set(METHODS)


@pytest.mark.parametrize(
    ("tool", "method"),
    [
        ("Bakta (UniRef90)", "similarity"),
        ("Prokka", "similarity"),
        ("Prokka (HAMAP)", "signatures"),
        ("eggNOG-mapper (eggNOG)", "orthology"),
        ("InterProScan (Hamap)", "signatures"),
        ("RGI (CARD)", "resistance"),
        ("DIAMOND (UniRef90)", "similarity"),
        ("sequence search", "similarity"),
        ("HMMER (Pfam)", "signatures"),
        ("anvi'o (KOfam)", "ko_profiles"),
        ("anvi'o (COG20_FUNCTION)", "orthology"),
        ("anvi'o (my own source)", "unknown"),
        ("my tool", "unknown"),
        ("", "unknown"),
    ],
)
def test_method_of_evidence(tool, method):
    assert method_of(tool) == method
