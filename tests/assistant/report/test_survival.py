"""The share of a model's statements that survived the check stands in every readable report."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from io import BytesIO

import pytest

from assistant.claims import LlmPart
from assistant.report.html import HtmlExporter
from assistant.report.markdown import MarkdownExporter
from assistant.report.survival import Survival, survival_of
from tests.assistant.sample_reports import sample_report


def asked(record, status="answered"):
    part = LlmPart(model="m", status=status)
    draft = record.hypothesis.model_copy(update={"llm": part})
    return record.model_copy(update={"hypothesis": draft})


def test_counts_over_all_genes_that_were_asked_about():
    records = sample_report().records
    told = survival_of([asked(record) for record in records])
    verdicts = [
        claim.verdict
        for record in records
        for claim in record.hypothesis.claims
        if claim.origin == "llm"
    ]
    assert told.statements == len(verdicts) > 3
    assert told.share == verdicts.count("supported") / len(verdicts)
    assert survival_of([asked(record, "not_asked") for record in records]).text == ""


@pytest.mark.parametrize(
    ("failed", "verdicts", "text"),
    [
        (
            0,
            {"supported": 45, "partial": 130, "contradicted": 5},
            "The language model was asked about 81 genes. Of its 180 statements 45 (25 %) survived "
            "the check against the evidence that they cite; 130 partly supported, 5 contradicted: "
            "these are shown apart and are no part of the annotations.",
        ),
        (
            81,
            {},
            "The language model was asked about 81 genes and gave no usable answer for 81. It made "
            "no statement.",
        ),
        (
            0,
            {"supported": 1},
            "The language model was asked about 81 genes. Of its 1 statement 1 (100 %) survived "
            "the check against the evidence that they cite.",
        ),
    ],
)
def test_says_it_in_words(failed, verdicts, text):
    assert Survival(81, failed, Counter(verdicts)).text == text


@pytest.mark.parametrize("exporter", [HtmlExporter, MarkdownExporter])
@pytest.mark.parametrize("drafts", [True, False])
def test_every_readable_report_says_it_twice_also_without_drafts(exporter, drafts):
    report = sample_report()
    records = tuple(asked(record) for record in report.records)
    report = replace(report, records=records, include_drafts=drafts)
    handle = BytesIO()
    exporter().write(report, handle)
    share = f"{survival_of(records).share:.0%}".replace("%", " %")
    assert handle.getvalue().decode().count(f"({share}) survived the check") == 2, (
        "at the head and in the methods"
    )
