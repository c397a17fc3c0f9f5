"""metalumen_mqc.tsv: a section that MultiQC picks up by the file's name, without a plug-in.

# id: metalumen_tiers
Sample    Accepted  Draft, high  Draft, medium  Draft, low  Abstained  ...
mag7      12        40           ...
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from assistant.claims import DRAFT_NOTICE
from assistant.report.cells import one_line
from assistant.review.states import ACCEPTED_STATES

if TYPE_CHECKING:
    from assistant.claims import AnnotationRecord
    from assistant.report.base import Report

_HEADER: Final = f"""# id: metalumen_tiers
# section_name: Metalumen
# description: Genes by what the tool says about their function. {DRAFT_NOTICE} unless accepted.
# plot_type: bargraph
# pconfig:
#     id: metalumen_tiers_plot
#     title: "Metalumen: gene function hypotheses"
#     ylab: Genes
"""
CATEGORIES: Final = (
    "Accepted",
    "Rejected",
    "Draft, high",
    "Draft, medium",
    "Draft, low",
    "Abstained",
    "Failed",
)


def multiqc_table(report: Report) -> str:
    """Count each gene in one category; the counts add up to all genes of the input."""
    counts = Counter(_category(report, record) for record in report.records)
    counts["Failed"] = len(report.failed)
    sample = one_line(report.run.input_name).replace("#", "_") or "run"
    rows = ["\t".join(("Sample", *CATEGORIES))]
    rows.append("\t".join((sample, *(str(counts[name]) for name in CATEGORIES))))
    return _HEADER + "\n".join(rows) + "\n"


def _category(report: Report, record: AnnotationRecord) -> str:
    state = report.state_of(record)
    if state in ACCEPTED_STATES:
        return "Accepted"
    if state == "rejected":
        return "Rejected"
    if record.hypothesis.leading is None:
        return "Abstained"
    return f"Draft, {record.hypothesis.tier}"
