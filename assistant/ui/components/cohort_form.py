"""The form that asks a question of a cohort."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from retrieval.cohort.analysis import Question
from retrieval.cohort.design import repeated_columns
from retrieval.cohort.learners import LEARNER_NAMES, LEARNERS
from retrieval.cohort.privacy import blocked_columns
from retrieval.cohort.question import group_choices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.cohort.loading import Cohort
    from retrieval.cohort.metadata import Metadata

_NONE = "(none)"
_FEWEST = 2


def cohort_form(cohort: Cohort) -> Question | None:
    """Draw the form; return the question when it is sent. Blocked columns are not offered."""
    hidden = {it.column for it in blocked_columns(cohort.metadata.columns)}
    names = [name for name in cohort.metadata.columns if name not in hidden]
    groups = [name for name in names if len(set(cohort.metadata.column(name))) >= _FEWEST]
    told = group_choices(cohort.metadata)
    # What forms groups stands first; an outcome on a scale may be asked for as well.
    groups = sorted(groups, key=[*told, *groups].index)
    if not groups:
        st.info("No metadata column has two values or more: there is nothing to compare.")
        return None
    with st.form("cohort_form"):
        left, middle, right = st.columns(3)
        group = left.selectbox(
            "Compare by", groups, key="cohort_group", format_func=lambda it: told.get(it, it)
        )
        subject = middle.selectbox(
            "Who was sampled", (_NONE, *names), key="cohort_subject",
            index=_repeating(cohort.metadata, names),
            help="The column that tells who gave several samples. Without it no test is made of"
            " samples that repeat.",
        )  # fmt: skip
        time = right.selectbox("Time", (_NONE, *names), key="cohort_time")
        covariates = left.multiselect("Adjust for", names, key="cohort_covariates")
        reference = middle.text_input("Reference group", key="cohort_reference")
        learners = right.multiselect(
            "Models", LEARNERS, key="cohort_models", format_func=lambda it: LEARNER_NAMES[it]
        )
        ignored = left.multiselect(
            "Known to be no confounders", names, key="cohort_ignored",
            help="Columns that say the same as the groups, or that cannot matter, on your word.",
        )  # fmt: skip
        mean = st.checkbox("Average the samples of each subject first", key="cohort_mean")
        apart = st.checkbox("The samples are independent of each other", key="cohort_independent")
        sent = st.form_submit_button("Compare", type="primary")
    if not sent:
        return None
    return Question(
        group=group,
        subject="" if subject == _NONE else subject,
        time="" if time == _NONE else time,
        covariates=tuple(covariates),
        reference=reference.strip(),
        per_subject_mean=mean,
        samples_are_independent=apart,
        learners=tuple(learners),
        ignored=tuple(ignored),
    )


def _repeating(metadata: Metadata, names: Sequence[str]) -> int:
    """Choose the column that says who gave several samples: 1 is the first of names, 0 is none."""
    found = repeated_columns(metadata, "")
    return next((place for place, name in enumerate(names, start=1) if name in found), 0)
