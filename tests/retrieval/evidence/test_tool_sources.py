"""Independence of tools: the table knows every tool whose tables are read."""

from __future__ import annotations

import pytest

from ingest.readers import READERS
from retrieval.evidence.tool_sources import METHODS, method_of
from tests.contracts.reader import DATA, records_of

SAMPLES = {
    "eggnog": "eggnog.annotations",
    "interproscan": "interproscan.tsv",
    "bakta": "bakta.tsv",
    "prokka": "prokka.tsv",
    "amrfinderplus": "amrfinderplus.tsv",
    "dbcan": "dbcan.tsv",
    "kofamscan": "kofamscan.txt",
}


def test_every_tool_has_a_method():
    tables = {name for name in READERS.names() if READERS.get(name).kind == "annotations"}
    assert tables == set(SAMPLES)
    tools = {records_of(DATA / sample)[0].tool.lower() for sample in SAMPLES.values()}
    assert tools == set(METHODS)


@pytest.mark.parametrize(
    ("tool", "method"),
    [
        ("Bakta (UniRef90)", "similarity"),
        ("Prokka", "similarity"),
        ("Prokka (HAMAP)", "signatures"),
        ("eggNOG-mapper (eggNOG)", "orthology"),
        ("InterProScan (Hamap)", "signatures"),
        ("my tool", "unknown"),
        ("", "unknown"),
    ],
)
def test_method_of_evidence(tool, method):
    assert method_of(tool) == method
