"""The review desk: one run, its reviews and one person, for the command line and the pages."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.atomic import replacing
from assistant.report.tsv import annotation_row, format_row
from assistant.review.queue import in_order
from assistant.run_folder import ANNOTATIONS

if TYPE_CHECKING:
    from assistant.claims import AnnotationRecord, Review
    from assistant.review.states import Decision
    from assistant.review.store import ReviewStore
    from assistant.run_folder import RunFolder


@dataclass(frozen=True, slots=True)
class ReviewDesk:
    """Where decisions are made."""

    run: RunFolder
    reviews: ReviewStore

    def queue(
        self, *, state: str | None = None, tier: str | None = None, flag: str | None = None
    ) -> list[AnnotationRecord]:
        """List the records in the order in which they need a look; ``flag``: name or class."""
        latest = self.reviews.latest()
        records = (*self.run.records(), *self.run.drafts())
        return in_order(records, latest, state=state, tier=tier, flag=flag)

    def decide(self, gene_id: str, decision: Decision, *, seen: int | None = None) -> Review:
        """Record a decision and bring the gene's row of ``annotations.tsv`` up to date.

        Args:
            gene_id: The gene.
            decision: What was decided, signed with a name.
            seen: How many decisions on this gene the person had before them; None takes what
                stands now.

        Raises:
            ReviewError: No reviewer is named, the decision is not allowed, or somebody else
                decided in between.
            RunError: The run has no such gene.
        """
        record = self.run.record(gene_id)
        known = len(self.reviews.history(gene_id)) if seen is None else seen
        review = self.reviews.decide(record, decision, seen=known, now=datetime.now(UTC))
        self._refresh_row(record, review)
        return review

    def _refresh_row(self, record: AnnotationRecord, review: Review) -> None:
        path = self.run.path / ANNOTATIONS
        lines = path.read_text(encoding="utf-8").splitlines()
        fresh = format_row(annotation_row(record, review))
        with replacing(path) as handle:
            for line in lines:
                gene_id = next(csv.reader([line], delimiter="\t", quoting=csv.QUOTE_NONE))[0]
                chosen = fresh if gene_id == record.gene.id else line
                handle.write(chosen.encode() + b"\n")
