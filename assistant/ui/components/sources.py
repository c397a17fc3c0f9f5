"""Texts that were found, and where they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from assistant.report.links import link_of
from assistant.ui.components.plain import marked, plain
from retrieval.evidence.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.chat.answers import Source
    from assistant.finding import Found
    from retrieval.hits import TextHit

KIND_NAMES: Final = {
    "passage": "literature",
    "protein": "reference protein",
    "feature": "community feature",
    "sample": "sample",
    "gene": "gene of the run",
}
#: Legible on light and on dark.
WEAK_COLOUR: Final = "orange"
LEGEND: Final = (
    "Meaning: cosine similarity of the texts, at most 1. Words: BM25 score of shared words. "
    "Both say how near a text is to the question, not whether it is right."
)


def source_label(passages: Sequence[Source]) -> str:
    """Write the line that stands for the passages of one source: keys, title, paper or kind."""
    first = passages[0]
    keys = " ".join(f"[{source.key}]" for source in passages)
    kind = first.citation or KIND_NAMES.get(first.kind, first.kind)
    caution = source_caution(first)
    told = f"{caution} " if caution else ""
    return f"**{plain(keys)}** {told}{plain(first.title)} · {plain(kind)}"


def source_caution(source: Source) -> str:
    """Write what is to be known of a paper, red or orange; "" where there is nothing."""
    if not source.caution:
        return ""
    colour = "orange" if source.caution == "PREPRINT" else "red"
    return f":{colour}[**{plain(source.caution)}**]"


def source_panel(source: Source) -> None:
    """Draw a source of an answer, with the sentence that was quoted in bold."""
    st.markdown(marked(source.text, source.quote))
    key = f"[{source.key}]" if source.kind == "passage" else ""
    _origin(source.reference, source.kind, source.why, key)


def hits_panel(found: Found) -> None:
    """Draw what a search found; weak hits are apart, each with its rank."""
    numbered = list(enumerate(found.hits, start=1))
    for number, hit in numbered:
        if hit.id not in found.weak:
            hit_panel(hit, number, found)
    weak = [(number, hit) for number, hit in numbered if hit.id in found.weak]
    if not weak:
        return
    with st.expander(f"{counted(len(weak), 'weak hit')}: they share little with the question"):
        for number, hit in weak:
            hit_panel(hit, number, found)


def hit_panel(hit: TextHit, number: int, found: Found) -> None:
    """Draw a hit with its telling sentence in bold; a paper that was drawn is referred to."""
    weak = f":{WEAK_COLOUR}[**weak**] " if hit.id in found.weak else ""
    first = next(n for n, it in enumerate(found.hits, start=1) if it.owner_id == hit.owner_id)
    title = f"**{plain(hit.title)}**" if first == number else plain(f"{hit.title} (as {first})")
    st.markdown(f"{number}\\. {weak}{caution_of(hit)}{title}")
    if hit.status_note:
        st.caption(plain(hit.status_note))
    st.markdown(marked(hit.text, _telling(hit, found)))
    cited = found.citations.get(hit.owner_id, hit.year)
    why = "by its identifier" if found.is_lookup else hit.why
    _origin(hit.reference, hit.kind, why, cited)
    if hit.also_in:
        st.caption(plain(f"Nearly the same text: {', '.join(hit.also_in)}"))


def _telling(hit: TextHit, found: Found) -> str:
    """Return the sentence that stands out; none in a text of one sentence or a weak one."""
    sentence = found.sentences.get(hit.id, "")
    is_part = hit.kind == "passage" and hit.id not in found.weak
    return sentence if is_part and sentence != hit.text.strip() else ""


def caution_of(hit: TextHit) -> str:
    """Write what is to be known of a paper before its title; retractions and concerns in red."""
    if not hit.caution:
        return ""
    colour = "red" if hit.is_retracted or hit.has_concern else "orange"
    return f":{colour}[**{hit.caution}**] "


def _origin(reference: str, kind: str, why: str, cited: str = "") -> None:
    parts = (reference_link(reference), KIND_NAMES.get(kind, kind), plain(cited), plain(why))
    st.caption(" · ".join(part for part in parts if part))


def reference_link(reference: str) -> str:
    """Write a reference as a link where its database has a public page."""
    address = link_of(reference)
    return f"[{plain(reference)}]({address})" if address else plain(reference)
