"""Flags of the gene's own record: cut off, at a contig's end, too short to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.claims import FlagNote
from ingest.records import clean_sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.flags.case import Case
    from ingest.records import Gene

#: A protein shorter than this is hard to tell from chance (Prodigal's shortest gene is 90 bp).
SHORT_PROTEIN: Final = 60
#: A gene that comes this near to the contig's end may be cut off, base pairs.
CONTIG_EDGE_BP: Final = 20


def record_notes(case: Case) -> Iterator[FlagNote]:
    """Flag what the record itself gives a reviewer to think of."""
    gene = case.gene
    residues = len(clean_sequence(gene.translation))
    if gene.partial:
        told = (
            f"its file says so, and gives {residues} residues" if residues else "its file says so"
        )
        yield FlagNote(flag="partial", reason=f"The gene is cut off: {told}.")
    edge = _edge(gene)
    if edge:
        reason = f"The gene {edge} and may be cut off."
        yield FlagNote(flag="contig_edge", reason=reason)
    if 0 < residues < SHORT_PROTEIN:
        reason = (
            f"The protein has {residues} residues; below {SHORT_PROTEIN} similarity is hard to "
            "tell from chance."
        )
        yield FlagNote(flag="short_protein", reason=reason)


def _edge(gene: Gene) -> str:
    """Say where the gene meets the contig's end, empty when it does not."""
    place = gene.location
    if place is None:
        return ""
    if place.start <= CONTIG_EDGE_BP:
        return f"begins at base {place.start:,} of its contig"
    if 0 < gene.contig_length <= place.end + CONTIG_EDGE_BP:
        return f"ends at base {place.end:,} of a contig of {gene.contig_length:,} bp"
    return ""
