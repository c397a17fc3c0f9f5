"""What a search on the Knowledge base page may be narrowed by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import streamlit as st

from retrieval.search_options import MODES, Filters, SearchOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.search_options import Mode

_ANY: Final = "any"
_FILTERS: Final = ("kb_year_from", "kb_year_to", "kb_taxon", "kb_type", "kb_retracted")
_COUNTS: Final = (10, 25, 50, 100)
#: The mode, in words.
_MODE_NAMES: Final = {
    "hybrid": "meaning and words",
    "rrf": "meaning and words, by rank",
    "dense": "meaning alone",
    "lexical": "words alone",
}


def search_options(types: Sequence[str]) -> tuple[int, SearchOptions]:
    """Draw the filters of papers and the ways to search; return how many hits, and the options."""
    # Open while something is set, so that no filter is forgotten.
    is_set = any(st.session_state.get(key) not in {None, "", _ANY, False} for key in _FILTERS)
    with st.expander("Filters and ways to search", expanded=is_set):
        first, last, taxon, kind = st.columns([1, 1, 2, 2])
        year_from = first.number_input("From year", 1500, 2199, None, key="kb_year_from", step=1)
        year_to = last.number_input("To year", 1500, 2199, None, key="kb_year_to", step=1)
        named = taxon.text_input("Taxon", key="kb_taxon", placeholder="Bacteroides")
        chosen = kind.selectbox("Type of paper", (_ANY, *types), key="kb_type")
        how, count, ticks = st.columns([2, 1, 3], vertical_alignment="bottom")
        mode = how.selectbox("By", MODES, key="kb_mode", format_func=lambda it: _MODE_NAMES[it])
        k = count.selectbox("Hits", _COUNTS, key="kb_hits")
        retracted = ticks.checkbox("Retracted papers, too; they are marked", key="kb_retracted")
        every = ticks.checkbox("Find all: search again with what the best say", key="kb_feedback")
    paper_type = "" if chosen == _ANY else chosen
    filters = Filters(year_from, year_to, named.strip(), paper_type, retracted)
    return k, SearchOptions(mode=cast("Mode", mode), feedback=every, filters=filters)
