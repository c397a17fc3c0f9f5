"""Joining: places from one file and proteins from another make one gene, by id.

Gene callers write a GFF3 file without sequences and a FASTA file without names of neighbours or
contig lengths. Two entries are one gene when they have the same id and the gene's bases code for
a protein of that length; "gene_1" of another genome then rarely passes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ingest.records import clean_sequence
from ingest.vocab import is_uncharacterized

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.records import Gene

#: Bases of a gene beyond three per residue: a stop codon, bases of a codon that is cut off at the
#: contig's end, one of a programmed frame shift.
MOST_EXTRA_BASES: Final = 6

NO_SEQUENCE: Final = "no protein sequence: the file has neither a translation nor the contig"


def joined(
    genes: Sequence[Gene], bare: Sequence[Gene], failed: list[tuple[str, str]]
) -> list[Gene]:
    """Give the places and names of ``bare`` genes to the proteins of the same id.

    Args:
        genes: Genes with a protein, in the order of the input.
        bare: Genes without one.
        failed: Told (id, reason) of each bare gene that finds no protein.
    """
    counts = Counter(gene.id for gene in (*genes, *bare))
    proteins = {gene.id: gene for gene in genes}
    whole: dict[str, Gene] = {}
    for gene in bare:
        protein = proteins.get(gene.id)
        reason = NO_SEQUENCE if protein is None else _difference(gene, protein)
        if protein is not None and counts[gene.id] > 2:
            reason = "more than two entries have this id: which protein is meant is unclear"
        if protein is None or reason:
            failed.append((gene.id, reason))
        else:
            whole[gene.id] = _merged(gene, protein)
    return [whole.get(gene.id, gene) for gene in genes]


def _difference(gene: Gene, protein: Gene) -> str:
    """Say why two entries of one id are not one gene, empty when they are."""
    if gene.location is None or protein.location not in {None, gene.location}:
        return "the protein of this id lies elsewhere"
    bases = gene.location.end - gene.location.start + 1
    residues = len(clean_sequence(protein.translation))
    if 0 <= bases - 3 * residues <= MOST_EXTRA_BASES:
        return ""
    return f"the protein of this id has {residues} residues, which {bases} bases do not code for"


def _merged(gene: Gene, protein: Gene) -> Gene:
    """Take the protein, and the name that says more; all terms are kept."""
    named = gene if is_uncharacterized(protein.product) else protein
    return replace(
        protein,
        product=named.product or protein.product,
        gene=protein.gene or gene.gene,
        location=gene.location,
        contig_length=gene.contig_length,
        partial=gene.partial or protein.partial,
        ec_numbers=_all(protein.ec_numbers, gene.ec_numbers),
        go_terms=_all(protein.go_terms, gene.go_terms),
        ko=_all(protein.ko, gene.ko),
        dbxrefs=_all(protein.dbxrefs, gene.dbxrefs),
        inference=gene.inference or protein.inference,
        source=gene.source or protein.source,
    )


def _all(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))
