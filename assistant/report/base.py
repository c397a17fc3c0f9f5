"""What an exporter is: a run with its review states in, one file out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.claims import AnnotationRecord, Review, RunInfo


@dataclass(frozen=True, slots=True)
class Report:
    """All that an exporter may draw on.

    ``records`` are in input order. ``reviews`` holds the latest decision by gene id; a gene
    without one is a draft. ``include_drafts`` was asked for by the user in so many words.
    """

    title: str
    run: RunInfo
    records: tuple[AnnotationRecord, ...]
    reviews: Mapping[str, Review] = field(default_factory=dict)
    failed: tuple[tuple[str, str], ...] = ()
    include_drafts: bool = False


class Exporter(Protocol):
    """Write a report in one format; every export carries states and the draft notice."""

    name: str
    suffix: str

    def write(self, report: Report, handle: BinaryIO) -> None:
        """Write the whole report as bytes."""
        ...
