"""A run folder: where a batch's results live, and how they are read back.

annotations.tsv hypotheses.jsonl failed.tsv run.json report.html metalumen_mqc.tsv
annotations.gff3       when the input had coordinates
report_genes/          pages of report.html, above 1,000 genes
reviews.sqlite         after the first review
drafts.jsonl           answers of the chat that were made drafts, one a line
.work/                 finished shards and their ledger; what --resume starts from
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from assistant.atomic import write_text
from assistant.claims import SCHEMA_VERSION, AnnotationRecord, RunInfo
from ingest.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HYPOTHESES = "hypotheses.jsonl"
ANNOTATIONS = "annotations.tsv"
FAILED = "failed.tsv"
RUN_INFO = "run.json"
REPORT = "report.html"
GFF3 = "annotations.gff3"
MULTIQC = "metalumen_mqc.tsv"
REVIEWS = "reviews.sqlite"
DRAFTS = "drafts.jsonl"
WORK = ".work"


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A finished run on disk."""

    path: Path

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """Check that the folder holds a finished run of this schema.

        Raises:
            RunError: It is not a run, is not finished, or has another schema version.
        """
        if not path.is_dir():
            raise RunError(
                "there is no such run folder",
                where=str(path),
                hint="Make one with `metalumen annotate KB GENES -o RUN`",
            )
        if not (path / RUN_INFO).is_file():
            state = "was not finished" if (path / WORK).is_dir() else "is not a run folder"
            raise RunError(
                f"this folder {state}",
                where=str(path),
                hint="Finish it with `metalumen annotate ... --resume`",
            )
        folder = cls(path)
        folder.info()
        return folder

    def info(self) -> RunInfo:
        """Read ``run.json``.

        Raises:
            RunError: The file is damaged or of another schema version.
        """
        path = self.path / RUN_INFO
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            version = content.get("schema_version")
        except (json.JSONDecodeError, UnicodeDecodeError, AttributeError) as error:
            raise RunError(
                f"run.json cannot be read ({error})",
                where=str(path),
                hint="Make the run again with --force",
            ) from error
        if version != SCHEMA_VERSION:
            raise RunError(
                f"the run has schema version {version}, this program reads {SCHEMA_VERSION}",
                where=str(path),
                hint="Make the run again with this version, or read it with that one",
            )
        try:
            return RunInfo.model_validate(content)
        except ValidationError as error:
            raise RunError(
                f"run.json does not fit its schema ({error.error_count()} faults)",
                where=str(path),
                hint="Make the run again with --force",
            ) from error

    def records(self) -> Iterator[AnnotationRecord]:
        """Read the records in input order, one at a time.

        Raises:
            RunError: A line is damaged; the message names it.
        """
        path = self.path / HYPOTHESES
        if not path.is_file():
            raise RunError(
                "the file is missing", where=str(path), hint="Make the run again with --force"
            )
        yield from _read_records(path)

    def drafts(self) -> tuple[AnnotationRecord, ...]:
        """Read the answers that were made drafts; each once, in the order in which they came.

        Raises:
            RunError: A line is damaged; the message names it.
        """
        path = self.path / DRAFTS
        found = _read_records(path) if path.is_file() else ()
        return tuple({record.gene.id: record for record in found}.values())

    def add_draft(self, record: AnnotationRecord) -> None:
        """Put a draft behind the others; one that is there already is left as it is.

        Raises:
            RunError: The file cannot be written.
        """
        known = self.drafts()
        if any(one.gene.id == record.gene.id for one in known):
            return
        lines = (one.model_dump_json() + "\n" for one in (*known, record))
        try:
            write_text(self.path / DRAFTS, "".join(lines))
        except OSError as error:
            what = f"the draft cannot be kept: {error.strerror}"
            raise RunError(what, where=str(self.path / DRAFTS)) from error

    def record(self, gene_id: str) -> AnnotationRecord:
        """Find one gene's record, or a draft by its name.

        Raises:
            RunError: No gene of the run has this id.
        """
        for record in (*self.drafts(), *self.records()):
            if record.gene.id == gene_id:
                return record
        raise RunError(
            f"no gene {gene_id!r} in this run",
            where=str(self.path),
            hint="List the genes with `metalumen review RUN list`",
        )

    def failed(self) -> tuple[tuple[str, str], ...]:
        """Read the ids and reasons of what could not be annotated."""
        path = self.path / FAILED
        if not path.is_file():
            return ()
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
        return tuple((row[0], row[1]) for row in rows)

    @property
    def reviews_url(self) -> str:
        """SQLAlchemy URL of the run's own review database."""
        return f"sqlite:///{self.path / REVIEWS}"


def _read_records(path: Path) -> Iterator[AnnotationRecord]:
    with path.open(encoding="utf-8") as handle:
        for number, line in enumerate(handle, start=1):
            try:
                yield AnnotationRecord.model_validate_json(line)
            except ValidationError as error:
                raise RunError(
                    f"this line does not fit the schema ({error.error_count()} faults)",
                    where=f"{path}, line {number}",
                    hint="Make the run again with --force",
                ) from error
