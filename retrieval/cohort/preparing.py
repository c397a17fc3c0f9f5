"""What of a cohort is analysed: columns and samples that are asked for, and their design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrieval.cohort.design import Design, make_design
from retrieval.cohort.independence import averaged, averaged_beside, refuse_repeats, with_reads
from retrieval.cohort.metadata import Metadata, selected
from retrieval.cohort.privacy import Blocked, blocked_columns
from retrieval.cohort.question import refuse_unknown_columns, without_columns
from retrieval.cohort.times import with_times

if TYPE_CHECKING:
    from retrieval.cohort.question import Question
    from retrieval.cohort.table import FeatureTable


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """What is analysed.

    ``whole`` and ``everyone`` are the table and the metadata before samples were chosen: donors
    need not be among what is compared. ``notes`` go to the warnings; some are empty.
    """

    table: FeatureTable
    metabolites: FeatureTable | None
    design: Design
    whole: FeatureTable
    everyone: Metadata
    blocked: tuple[Blocked, ...]
    notes: tuple[str, ...]


def prepared(
    whole: FeatureTable, metadata: Metadata, question: Question, metabolites: FeatureTable | None
) -> Prepared:
    """Keep the samples and columns that are asked for.

    Raises:
        UserError: A column is absent, nothing can be compared, or samples repeat and no subject
            is named.
    """
    refuse_unknown_columns(metadata, question)
    metadata, ignored = without_columns(metadata, question)
    metadata, timed = with_times(metadata, question.time)
    everyone = with_reads(whole, metadata)[0]
    metadata = selected(metadata, question.where)
    metadata, empty = with_reads(whole, metadata)
    refuse_repeats(metadata, question)
    blocked = tuple(blocked_columns(metadata.columns))
    metabolites = averaged_beside(metabolites, metadata, question)
    table, metadata, note = averaged(whole.keep_samples(metadata.samples), metadata, question)
    design = _design_of(metadata, question)
    return Prepared(
        table=table.keep_samples(design.metadata.samples),
        metabolites=metabolites,
        design=design,
        whole=whole,
        everyone=everyone,
        blocked=blocked,
        notes=(ignored, timed, empty, note),
    )


def _design_of(metadata: Metadata, question: Question) -> Design:
    return make_design(
        metadata,
        question.group,
        subject=question.subject,
        covariates=question.covariates,
        reference=question.reference,
        named=[question.donor] if question.donor else [],
    )
