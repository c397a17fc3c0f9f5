"""What an exporter is: a run with its review states in, one file out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol, TypeAlias

from assistant.review.states import ACCEPTED_STATES, standing_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.claims import AnnotationRecord, Review, RunInfo, State

#: A record's state as readers see it: one that nobody decided and nothing was drafted for is
#: "abstained".
ShownState: TypeAlias = Literal[
    "accepted", "accepted_with_changes", "rejected", "deferred", "draft", "abstained"
]
_DECIDED: frozenset[str] = ACCEPTED_STATES | {"rejected"}


@dataclass(frozen=True, slots=True)
class Report:
    """All that an exporter may draw on.

    ``records`` are in input order. ``reviews`` holds the latest decision by gene id; a gene
    without one is a draft. ``failed`` pairs gene ids with reasons. ``include_drafts`` was asked
    for by the user in so many words. ``histories`` holds all decisions by gene id, oldest
    first; where it is empty, the latest decision stands for them.
    """

    title: str
    run: RunInfo
    records: tuple[AnnotationRecord, ...]
    reviews: Mapping[str, Review] = field(default_factory=dict)
    failed: tuple[tuple[str, str], ...] = ()
    include_drafts: bool = False
    histories: Mapping[str, tuple[Review, ...]] = field(default_factory=dict)

    def review_of(self, record: AnnotationRecord) -> Review | None:
        """Return the latest decision on a record's gene."""
        return self.reviews.get(record.gene.id)

    def history_of(self, record: AnnotationRecord) -> tuple[Review, ...]:
        """Return all known decisions on a record's gene, oldest first."""
        review = self.review_of(record)
        return self.histories.get(record.gene.id) or ((review,) if review else ())

    def state_of(self, record: AnnotationRecord) -> State:
        """Return the state in which a record stands."""
        return standing_state(record, self.review_of(record))

    def shown_state_of(self, record: AnnotationRecord) -> ShownState:
        """Return the state as readers see it."""
        return shown_state(record, self.review_of(record))

    def shows(self, record: AnnotationRecord) -> bool:
        """Tell whether the draft may be shown: a person decided on it, or drafts were asked for."""
        return self.include_drafts or self.state_of(record) in _DECIDED

    def state_counts(self) -> dict[ShownState, int]:
        """Count records by the state that readers see."""
        return Counter(self.shown_state_of(record) for record in self.records)


def shown_state(record: AnnotationRecord, review: Review | None) -> ShownState:
    """Return the state as readers see it: a draft without a proposal is "abstained"."""
    state = standing_state(record, review)
    is_silent = state == "draft" and record.hypothesis.leading is None
    return "abstained" if is_silent else state


class Exporter(Protocol):
    """Write a report in one format; every export carries states and the draft notice."""

    name: str
    suffix: str

    def write(self, report: Report, handle: BinaryIO) -> None:
        """Write the whole report as bytes."""
        ...
