"""Query genes: read the files that a user wants annotated into genes, losing none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.joining import joined
from ingest.errors import InputError
from ingest.files import read_records
from ingest.gene_calling import genes_of
from ingest.records import Annotation, BadRecord, Contig, Gene, Protein, clean_sequence
from retrieval.evidence.base import Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from ingest.readers.base import Kind
    from ingest.records import Record


@dataclass(frozen=True, slots=True)
class QueryGenes:
    """The genes of the input in order, and the records that are not usable genes.

    ``failed`` holds (id, reason) for each record of the input that cannot be annotated, so
    that the genes and the failures together are the whole input.
    """

    genes: tuple[Gene, ...]
    failed: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    sha256: tuple[str, ...]

    @property
    def count(self) -> int:
        """Records of the input, usable or not."""
        return len(self.genes) + len(self.failed)


def read_query_genes(files: Sequence[Path], *, reader_name: str | None = None) -> QueryGenes:
    """Read genes, proteins or contigs to annotate.

    A GFF3 file without sequences and the FASTA of its proteins, given together, make one set of
    genes (see ``assistant.joining``).

    Raises:
        InputError: A file is missing, empty, of an unknown format, or holds no gene at all.
    """
    genes: list[Gene] = []
    bare: list[Gene] = []
    failed: list[tuple[str, str]] = []
    warnings: list[str] = []
    digests: list[str] = []
    for path in files:
        opened = read_records(path, reader_name)
        # What a file of genes also says of them (antiSMASH's regions) is for `add`.
        records = (it for it in opened.records if not _is_said(it, opened.kind))
        for item in _query_items(records, path):
            _sort_in(item, genes, bare, failed)
        warnings += (f"{path.name}: {warning}" for warning in opened.source.warnings)
        digests.append(opened.source.sha256)
    genes = joined(genes, bare, failed)
    if not genes and not failed:
        names = ", ".join(path.name for path in files)
        raise InputError(
            "there is no gene in this input",
            where=names,
            hint="Give a FASTA, GFF3 or GenBank file with proteins or contigs",
        )
    return QueryGenes(_unique(genes, failed), tuple(failed), tuple(warnings), tuple(digests))


def _is_said(record: Record, kind: Kind) -> bool:
    return kind == "genes" and isinstance(record, Annotation)


def _query_items(records: Iterable[Record], path: Path) -> Iterator[Gene | BadRecord]:
    for record in records:
        match record:
            case Gene() | BadRecord():
                yield record
            case Contig():
                yield from genes_of(record)
            case Protein():
                yield _gene_of(record)
            case _:
                what = f"this file holds {type(record).__name__.lower()} records, not genes"
                raise InputError(
                    what,
                    where=path.name,
                    hint="Use `metalumen add KB FILE` for reference data, tables and papers",
                )


def _gene_of(protein: Protein) -> Gene:
    return Gene(
        id=protein.accession,
        translation=protein.sequence,
        product=protein.name,
        gene=protein.gene,
        source=protein.database,
        provenance=protein.provenance,
    )


def _sort_in(
    item: Gene | BadRecord, genes: list[Gene], bare: list[Gene], failed: list[tuple[str, str]]
) -> None:
    if isinstance(item, BadRecord):
        failed.append(
            (
                item.record or f"line {item.line}",
                f"{item.path_name}, line {item.line}: {item.reason}",
            )
        )
    elif not clean_sequence(item.translation):
        bare.append(item)
    else:
        genes.append(item)


def _unique(genes: list[Gene], failed: list[tuple[str, str]]) -> tuple[Gene, ...]:
    """Refuse the second gene of a name: results are found by name."""
    seen: Counter[str] = Counter()
    kept: list[Gene] = []
    for gene in genes:
        seen[gene.id] += 1
        if seen[gene.id] > 1:
            failed.append(
                (gene.id, f"a gene of this name came before; this is number {seen[gene.id]}")
            )
        else:
            kept.append(replace(gene, translation=clean_sequence(gene.translation)))
    return tuple(kept)


def surroundings_of(genes: Iterable[Gene], seqids: frozenset[str] | None = None) -> Surroundings:
    """Group genes by contig and sort them by start, for genomic context.

    Args:
        genes: All genes of the input.
        seqids: Only these contigs, or all.
    """
    contigs: dict[str, list[Gene]] = {}
    for gene in genes:
        if gene.location and (seqids is None or gene.location.seqid in seqids):
            contigs.setdefault(gene.location.seqid, []).append(gene)
    ordered = {
        seqid: tuple(
            sorted(members, key=lambda gene: (gene.location.start if gene.location else 0, gene.id))
        )
        for seqid, members in contigs.items()
    }
    return Surroundings(ordered)
