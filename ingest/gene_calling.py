"""From nucleotides to genes: a contig that is one coding sequence is translated, others are called.

Pyrodigal (GPL-3) is optional and called only for contigs. It runs in metagenome mode: contigs of
a metagenome come from many organisms, so nothing is trained.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from ingest.coding import translate
from ingest.errors import MissingDependencyError
from ingest.records import Gene, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.records import Contig

#: Longer sequences are contigs: no gene of bacteria is known to reach 15 kb without doubt.
LONGEST_GENE: Final = 15_000
#: Prodigal's own minimum, bases.
SHORTEST_CALL: Final = 90
#: A sequence of ten codons from start to stop is still taken for a gene, bases.
SHORTEST_GENE: Final = 30


def genes_of(contig: Contig) -> Iterator[Gene]:
    """Yield the genes of a contig in order.

    A contig that reads as one gene from start codon to stop keeps its id. Genes of others are
    named ``<seqid>_<n>``, as Prodigal does.

    Raises:
        MissingDependencyError: Genes must be called and Pyrodigal is not installed.
    """
    translation = _whole_gene(contig.sequence)
    if translation:
        yield Gene(
            contig.seqid,
            translation,
            product=contig.description,
            location=Location(contig.seqid, 1, len(contig.sequence), "+"),
            contig_length=len(contig.sequence),
            source="translated",
            provenance=contig.provenance,
        )
    elif len(contig.sequence) >= SHORTEST_CALL:
        yield from _called(contig)


def _whole_gene(dna: str) -> str:
    """Translate a sequence that is one complete gene of genetic code 11, else return ""."""
    from Bio.Data.CodonTable import unambiguous_dna_by_id

    table = unambiguous_dna_by_id[11]
    bases = dna.upper().replace("U", "T")
    is_framed = len(bases) % 3 == 0 and SHORTEST_GENE <= len(bases) <= LONGEST_GENE
    if not (is_framed and bases[:3] in table.start_codons and bases[-3:] in table.stop_codons):
        return ""
    try:
        return translate(bases)
    except ValueError:
        return ""


def _called(contig: Contig) -> Iterator[Gene]:
    for number, call in enumerate(_finder().find_genes(contig.sequence.encode()), 1):
        yield Gene(
            f"{contig.seqid}_{number}",
            str(call.translate()).rstrip("*"),
            location=Location(
                contig.seqid, int(call.begin), int(call.end), "+" if call.strand == 1 else "-"
            ),
            contig_length=len(contig.sequence),
            partial=bool(call.partial_begin or call.partial_end),
            inference=f"ab initio prediction:{_tool()}",
            source=_tool(),
            provenance=contig.provenance,
        )


@cache
def _finder() -> Any:  # noqa: ANN401 - Pyrodigal has no types
    try:
        import pyrodigal
    except ImportError as error:
        hint = "pip install 'metalumen[genes]', or give proteins (.faa)"
        raise MissingDependencyError("calling genes needs Pyrodigal", hint=hint) from error
    return pyrodigal.GeneFinder(meta=True)


@cache
def _tool() -> str:
    return f"Pyrodigal:{version('pyrodigal')}"
