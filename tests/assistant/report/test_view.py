"""What a report shows of an item of evidence."""

from __future__ import annotations

import pytest

from assistant.report.links import link_of
from assistant.report.view import NumberedEvidence
from ingest.records import Provenance
from retrieval.evidence.base import Evidence

PROVENANCE = Provenance("papers.jsonl", "1" * 64, "literature_jsonl", 7)


@pytest.mark.parametrize(
    ("reference", "provenance", "told"),
    [
        ("Paper:card_7", PROVENANCE, "papers.jsonl, line 7"),
        ("Drug:levodopa", Provenance("drugs.tsv"), "drugs.tsv"),
        ("Paper:card_7", Provenance(), ""),
        ("UniProtKB:P00722", PROVENANCE, ""),
    ],
)
def test_what_has_no_address_names_its_file(reference, provenance, told):
    item = Evidence("g1", "literature", "ECO:0007321", "s.", reference, provenance=provenance)
    assert NumberedEvidence("E1", item, link_of(reference), ()).file == told
