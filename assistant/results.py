"""Write a finished batch into its run folder: everything is re-made from the same records."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.atomic import replacing, write_text
from assistant.claims import AnnotationRecord
from assistant.flags.repeats import flag_repeats
from assistant.report import EXPORTERS
from assistant.report.base import Report
from assistant.report.html import HtmlExporter
from assistant.report.html_pages import is_long, remove_pages, write_paged
from assistant.report.multiqc import multiqc_table
from assistant.report.survival import survival_of
from assistant.run_folder import (
    ANNOTATIONS,
    FAILED,
    GFF3,
    HYPOTHESES,
    MULTIQC,
    REPORT,
    RUN_INFO,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from assistant.batch import Batch
    from assistant.claims import RunInfo

REPORT_TITLE = "Gene function hypotheses"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts of a finished batch; genes in = ``annotated`` + ``failed``.

    ``abstained`` and ``llm_failed`` are parts of ``annotated``; ``llm_reason`` is why the model
    failed first. Of the model's statements, ``llm_supported`` survived the check.
    """

    annotated: int
    abstained: int
    failed: int
    llm_failed: int
    llm_statements: int = 0
    llm_supported: int = 0
    llm_reason: str = ""


def write_results(batch: Batch, lines: Iterable[str]) -> Outcome:
    """Write all files of a run; ``run.json`` comes last and says that it is whole."""
    records, failed = _split(lines)
    records = flag_repeats(records)
    failed = [*batch.query.failed, *failed]
    outcome = _count(records, failed)
    info = batch.info.model_copy(update={"counts": _counts(batch, outcome)})
    report = Report(REPORT_TITLE, info, tuple(records), {}, tuple(failed), include_drafts=True)
    _write_lines(batch.folder / HYPOTHESES, (record.model_dump_json() for record in records))
    _write_lines(batch.folder / FAILED, _failed_rows(failed))
    write_text(batch.folder / MULTIQC, multiqc_table(report))
    export(report, "tsv", batch.folder / ANNOTATIONS)
    if any(record.gene.location for record in records):
        export(report, "gff3", batch.folder / GFF3)
    export(report, "html", batch.folder / REPORT)
    write_text(batch.folder / RUN_INFO, info.model_dump_json(indent=2) + "\n")
    return outcome


def export(report: Report, format_name: str, path: Path, *, one_file: bool = False) -> int:
    """Write a report in one format, replacing the file as a whole.

    A long one as HTML becomes an index with pages, unless ``one_file`` is asked for.

    Returns:
        The number of pages beside the file.
    """
    if format_name == HtmlExporter.name:
        if is_long(report) and not one_file:
            return write_paged(report, path)
        remove_pages(path)
    exporter = EXPORTERS.get(format_name)()
    with replacing(path) as handle:
        exporter.write(report, handle)
    return 0


def counts_of(info: RunInfo) -> Outcome:
    """Read the counts of a finished run back from its ``run.json``."""
    found = info.counts
    return Outcome(
        annotated=found.get("annotated", 0),
        abstained=found.get("abstained", 0),
        failed=found.get("failed", 0),
        llm_failed=found.get("llm_failed", 0),
        llm_statements=found.get("llm_statements", 0),
        llm_supported=found.get("llm_statements_supported", 0),
    )


def _split(lines: Iterable[str]) -> tuple[list[AnnotationRecord], list[tuple[str, str]]]:
    records: list[AnnotationRecord] = []
    failed: list[tuple[str, str]] = []
    for line in lines:
        content = json.loads(line)
        if "failed_gene" in content:
            failed.append((content["failed_gene"], content["reason"]))
        else:
            records.append(AnnotationRecord.model_validate(content))
    return records, failed


def _count(records: list[AnnotationRecord], failed: list[tuple[str, str]]) -> Outcome:
    drafts = [record.hypothesis for record in records]
    survived = survival_of(records)
    reasons = [draft.llm.detail for draft in drafts if draft.llm.status == "failed"]
    return Outcome(
        annotated=len(records),
        abstained=sum(draft.tier == "abstain" for draft in drafts),
        failed=len(failed),
        llm_failed=survived.failed,
        llm_statements=survived.statements,
        llm_supported=survived.verdicts["supported"],
        llm_reason=next(iter(reasons), ""),
    )


def _counts(batch: Batch, outcome: Outcome) -> dict[str, int]:
    return {
        "input": batch.query.count,
        "annotated": outcome.annotated,
        "abstained": outcome.abstained,
        "failed": outcome.failed,
        "llm_failed": outcome.llm_failed,
        "llm_statements": outcome.llm_statements,
        "llm_statements_supported": outcome.llm_supported,
    }


def _failed_rows(failed: Iterable[tuple[str, str]]) -> Iterable[str]:
    yield "gene_id\treason"
    for gene_id, reason in failed:
        yield f"{' '.join(gene_id.split())}\t{' '.join(reason.split())}"


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    with replacing(path) as handle:
        for line in lines:
            handle.write(line.encode() + b"\n")
