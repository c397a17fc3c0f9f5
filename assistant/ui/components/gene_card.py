"""One gene on one screen: the draft, why, what speaks against it, what to test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.report.words import flag_words
from assistant.ui.components.evidence_table import evidence_table
from assistant.ui.components.plain import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.claims import AnnotationRecord, Claim, Experiment, Hypothesis, Review

# State and verdict are never told by colour alone: a sign and a word.
STATE_SIGNS = {
    "draft": "✎ draft",
    "accepted": "✔ accepted",
    "accepted_with_changes": "✔ accepted with changes",
    "rejected": "✘ rejected",
    "deferred": "… deferred",
}
VERDICT_SIGNS = {
    "supported": "✔ supported",
    "partial": "◐ partly supported",
    "unsupported": "✘ not supported",
    "contradicted": "✘ contradicted",
    "unchecked": "? not checked",
}


def gene_card(record: AnnotationRecord, review: Review | None) -> None:
    """Draw a gene with its draft; claims that failed their checks are apart and marked."""
    gene, draft = record.gene, record.hypothesis
    st.subheader(plain(gene.id), anchor=False)
    state = STATE_SIGNS[review.state if review else draft.state]
    old = gene.product or "no name"
    st.caption(f"{state} · old name: {plain(old)} · {len(gene.translation)} residues")
    st.markdown(plain(draft.statement))
    if draft.abstain_reason:
        st.info(f"The tool abstains: {plain(draft.abstain_reason)}")
    for flag in draft.flags:
        st.warning(plain(flag_words(flag)))
    _candidates(draft)
    _claims(draft.claims)
    st.markdown("**Evidence**")
    evidence_table(record.evidence)
    _experiments(draft.experiments)
    if draft.unknowns:
        st.markdown("**What the tool does not know**")
        st.markdown("\n".join(f"- {plain(item)}" for item in draft.unknowns))


def _candidates(draft: Hypothesis) -> None:
    if not draft.candidates:
        return
    st.markdown("**Candidates**")
    rows = [
        {
            "rank": candidate.rank,
            "product": candidate.product,
            "EC": candidate.ec_number,
            "probability": round(candidate.probability, 2),
            "tier": candidate.tier,
            "why": " ".join(candidate.reasons),
        }
        for candidate in draft.candidates
    ]
    st.dataframe(rows, hide_index=True, width="stretch")


def _claims(claims: Sequence[Claim]) -> None:
    standing = [claim for claim in claims if claim.stands]
    failed = [claim for claim in claims if not claim.stands]
    if standing:
        st.markdown("**Statements that passed their checks**")
    for claim in standing:
        origin = "language model" if claim.origin == "llm" else "rule"
        st.markdown(f"- {plain(claim.text)} *({origin})*")
    if failed:
        with st.container(border=True):
            st.markdown("**Not supported: kept out of the facts, shown so that you can judge**")
            for claim in failed:
                _failed_claim(claim)


def _failed_claim(claim: Claim) -> None:
    reasons = [check.detail or check.name for check in claim.checks if not check.passed]
    sign = VERDICT_SIGNS[claim.verdict]
    st.markdown(f"- {sign}: {plain(claim.text)}")
    if reasons:
        st.caption(plain("; ".join(reasons)))


def _experiments(experiments: Sequence[Experiment]) -> None:
    if experiments:
        st.markdown("**Experiments**")
    for experiment in experiments:
        with st.expander(plain(experiment.title)):
            st.markdown(plain(experiment.aim))
            st.markdown(plain(experiment.design))
            st.markdown("Controls: " + plain("; ".join(experiment.controls)))
            st.markdown("If true: " + plain(experiment.expected_if_true))
            st.markdown("If false: " + plain(experiment.expected_if_false))
            st.caption(plain(f"Effort: {experiment.effort}. {experiment.safety_note}"))
