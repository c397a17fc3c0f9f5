"""Flags in the readable reports: the reason with its numbers, the class, nothing live."""

from dataclasses import replace

import pytest

from assistant.claims import FlagNote
from assistant.report.html import HtmlExporter
from assistant.report.markdown import MarkdownExporter
from tests.assistant.sample_records import conflicting
from tests.assistant.sample_reports import sample_report
from tests.contracts.exporter import written

REASON = "EC 3.5.1.11 has a probability of 0.41 where EC 3.5.1.24 has 0.46."
LIVE = '<script>alert("x")</script> [a](javascript:x)'


def report(reason):
    record = conflicting()
    notes = (FlagNote(flag="conflicting_functions", reason=reason),)
    hypothesis = record.hypothesis.model_copy(update={"flag_notes": notes})
    record = record.model_copy(update={"hypothesis": hypothesis})
    return replace(sample_report(), records=(record,))


@pytest.mark.parametrize("exporter", [HtmlExporter, MarkdownExporter])
def test_the_reason_stands_with_its_class(exporter):
    text = written(exporter(), report(REASON)).replace("\\", "")
    assert REASON in text
    assert "(uncertain, UNC)" in text
    # A flag without a reason of its own has its general meaning.
    assert "A single source speaks for the leading function." in text


@pytest.mark.parametrize(
    ("exporter", "live"),
    [(HtmlExporter, "<script>alert"), (MarkdownExporter, "[a](javascript:x)")],
)
def test_a_name_in_a_reason_is_never_live(exporter, live):
    assert live not in written(exporter(), report(LIVE))
