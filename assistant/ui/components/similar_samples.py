"""The samples most like a chosen one, with exact distances; metadata only by choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from assistant.ui import services
from assistant.ui.components.plain import plain
from retrieval.cohort.privacy import blocked_columns
from retrieval.evidence.wording import number
from retrieval.profiles.search import AskedSample
from retrieval.profiles.vocabulary import LABELS

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.cohort.metadata import Metadata
    from retrieval.profiles.search import SimilarSample, SimilarSamples

_MOST = 10


def similar_samples(path: Path, metadata: Metadata) -> None:
    """Draw the choice of a sample, and what is like it."""
    names = services.compared_samples(path)
    if not names:
        return
    with st.expander("Similar samples"):
        left, middle, right = st.columns(3)
        sample = left.selectbox(
            "Sample", names, index=None, key="similar_sample", placeholder="Choose a sample"
        )
        hidden = {it.column for it in blocked_columns(metadata.columns)}
        offered = [name for name in metadata.columns if name not in hidden]
        shown = right.multiselect("Show of the others", offered, key="similar_columns")
        if sample is None:
            return
        kinds = services.similar(path, AskedSample(sample), 1).kinds
        kind = middle.selectbox(
            "Compared by", kinds, key="similar_kind", format_func=lambda it: LABELS[it]
        )
        _answer(services.similar(path, AskedSample(sample, kind, tuple(shown)), _MOST), shown)


def _answer(answer: SimilarSamples, columns: list[str]) -> None:
    label = LABELS[answer.kind]
    st.caption(
        plain(
            f"{answer.sample}: {answer.features:,} {label} in {', '.join(answer.sources)}, compared"
            f" with {answer.compared:,} samples. Distances are computed from the stored values: 0"
            " is the same, 1 nothing in common. Likeness of profiles says nothing of its cause."
        )
    )
    for note in answer.notes:
        st.caption(plain(note))
    if not answer.found:
        st.info("No other sample has anything in common with it.")
        return
    event = st.dataframe(
        [_cells(hit, columns) for hit in answer.found],
        hide_index=True,
        key="similar_rows",
        on_select="rerun",
        selection_mode="single-row",
    )
    chosen = event["selection"]["rows"]
    if chosen and chosen[0] < len(answer.found):
        _features(answer.sample, answer.found[chosen[0]])
    else:
        st.caption("Mark a row to see in which features the two are alike and unlike.")


def _cells(hit: SimilarSample, columns: list[str]) -> dict[str, object]:
    known = dict(hit.metadata)
    return {
        "sample": hit.sample,
        "Hellinger": round(hit.hellinger, 3),
        "Bray-Curtis": round(hit.bray_curtis, 3),
        "shared": f"{hit.shared:,} of {hit.features:,}",
        **{name: known.get(name, "") for name in columns},
        "source": f"{hit.source} (another tool)" if hit.is_other_tool else hit.source,
    }


def _features(sample: str, hit: SimilarSample) -> None:
    for title, features in (("In common", hit.alike), ("Different", hit.differing)):
        st.markdown(f"**{title}**")
        st.dataframe(
            [
                {
                    "feature": it.name,
                    f"{sample}, %": number(100 * it.share),
                    f"{hit.sample}, %": number(100 * it.other_share),
                }
                for it in features
            ],
            hide_index=True,
        )
