"""Whether samples are independent witnesses: refuse, warn, or average those of one subject."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ingest.errors import UserError
from retrieval.cohort.design import alike_columns, names_subjects, repeated_columns
from retrieval.cohort.metadata import per_unit
from retrieval.cohort.normalise import relative_abundance

if TYPE_CHECKING:
    from retrieval.cohort.design import Design
    from retrieval.cohort.metadata import Metadata
    from retrieval.cohort.question import Question
    from retrieval.cohort.table import FeatureTable, Floats


def refuse_repeats(metadata: Metadata, question: Question) -> None:
    """Refuse a test that would count the samples of one subject as many."""
    if question.per_subject_mean and not question.subject:
        hint = "Name the column with --subject"
        raise UserError("means per subject need a subject column", where="cohort", hint=hint)
    if question.subject or question.samples_are_independent:
        return
    if found := repeated_columns(metadata, question.group):
        known = [value for value in metadata.column(found[0]) if value]
        what = (
            f"{len(known):,} samples are of {len(set(known)):,} subjects (column {found[0]!r}):"
            " a test that takes them for independent would find differences that are not there"
        )
        hint = (
            f"Use --subject {found[0]!r} (random effect), with --per-subject-mean for means, or"
            " --samples-are-independent if the column means something else"
        )
        raise UserError(what, where="cohort", hint=hint)


def alike_warnings(design: Design, question: Question, square: Floats) -> list[str]:
    """Warn where samples seem to repeat under a name that tells nothing of it."""
    if question.samples_are_independent:
        return []
    if names_subjects(design.metadata, design.column):
        return [
            f"column {design.column!r} names who was sampled: what differs between its values is"
            " told of these subjects only, so no difference is called a finding"
        ]
    if question.subject:
        return []
    outcome = design.metadata.column(design.column) if design.scale is None else design.scale
    return [
        f"samples with the same value in {name} are alike beyond chance and of one group: they seem"
        " to repeat, so no difference is called a finding. Name the column with --subject"
        for name in alike_columns(design.metadata, outcome, square)
    ]


def with_reads(table: FeatureTable, metadata: Metadata) -> tuple[Metadata, str]:
    """Leave out samples in which nothing was found: they have no composition.

    Raises:
        UserError: No sample is left.
    """
    if not table.is_compositional:
        return metadata, ""
    filled = table.keep_samples(metadata.samples).values.sum(axis=0) > 0
    if filled.all():
        return metadata, ""
    if not filled.any():
        hint = "Check the table and its sample names"
        raise UserError("nothing was found in any sample", where="cohort", hint=hint)
    named = [name for name, ok in zip(metadata.samples, filled, strict=True) if not ok]
    note = f"nothing was found in {len(named):,} samples: left out ({', '.join(named[:5])})"
    return metadata.take(np.asarray(filled, dtype=bool)), note


def averaged_beside(
    others: FeatureTable | None, metadata: Metadata, question: Question
) -> FeatureTable | None:
    """Average a second table of the same samples in the same way as the first."""
    if others is None or not question.per_subject_mean:
        return others
    inside = set(others.samples)
    shared = metadata.take(np.array([name in inside for name in metadata.samples], dtype=bool))
    return averaged(others.keep_samples(shared.samples), shared, question)[0]


def averaged(
    table: FeatureTable, metadata: Metadata, question: Question
) -> tuple[FeatureTable, Metadata, str]:
    """Average the samples of each subject (of each group, where it has several)."""
    if not question.per_subject_mean:
        return table, metadata, ""
    known = metadata.present(question.subject) & metadata.present(question.group)
    metadata = metadata.take(known)
    table = table.keep_samples(metadata.samples)
    if table.is_compositional:
        table = replace(table, values=relative_abundance(table).values, unit="fraction")
    keys = list(
        zip(metadata.column(question.subject), metadata.column(question.group), strict=True)
    )
    places: dict[tuple[str, str], list[int]] = {}
    for at, key in enumerate(keys):
        places.setdefault(key, []).append(at)
    values = np.stack([table.values[:, at].mean(axis=1) for at in places.values()], axis=1)
    first = per_unit(metadata, list(places.values()))
    note = f"{len(keys):,} samples were averaged to {len(places):,}, one per subject and group"
    return replace(table, samples=first.samples, values=values), first, note
