"""From rows of annotation tools to sayings: what the rules of all tools share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.vocab import ec_numbers_of, is_uncharacterized, split_name
from retrieval.evidence.agreement import GO_ROOTS
from retrieval.evidence.base import Metrics, Terms
from retrieval.evidence.sayings import Saying
from retrieval.evidence.wording import evalue_text, listed, percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ingest.records import Annotation


def base_saying(row: Annotation, terms: Terms, **more: object) -> Saying:
    """Make a saying of a row; fields given by name replace what the row says."""
    fields: dict[str, object] = {
        "tool": row.tool,
        "label": row.tool,
        "subject": "same_id",
        "subject_id": row.gene_id,
        "terms": terms,
        "key": row.accession or row.gene_id,
        "database": row.database,
        "version": row.version,
        "title": row.product or row.name,
        "metrics": metrics_of(row),
        "family_kind": row.family_kind,
        "provenance": row.provenance,
    }
    return Saying(**(fields | more))  # type: ignore[arg-type]  # fields of Saying, by name


def metrics_of(row: Annotation) -> Metrics:
    """Take the figures of a row; only scores in bits are bit scores."""
    # A score in bits is one of a profile or an alignment; HAMAP's and PROSITE's are not in bits.
    is_bits = row.tool not in {"InterProScan", "Bakta"}
    return Metrics(
        pident=row.pident,
        evalue=row.evalue,
        bitscore=row.score if is_bits else None,
        threshold=row.threshold,
        query_start=row.start or None,
        query_end=row.end or None,
    )


def terms_of_row(row: Annotation, product: str = "") -> Terms:
    """Take the terms of a row, with the product given or its own."""
    name, named_ecs = split_name(product or row.product)
    return Terms(
        product="" if is_uncharacterized(name) else name,
        gene=row.gene,
        ec_numbers=ec_numbers_of((*row.ec_numbers, *named_ecs)),
        go_terms=tuple(term for term in row.go_terms if term not in GO_ROOTS),
        ko=row.ko,
    )


def figures_of(row: Annotation) -> str:
    """Word what a row rests on: accession, identity, coverage, score, E-value, note."""
    told = [row.accession] if row.accession and row.accession not in row.ko else []
    told += [f"{percent(row.pident)} identical"] if row.pident is not None else []
    told += [f"{percent(row.coverage)} covered"] if row.coverage is not None else []
    if row.score is not None:
        bar = f" against a threshold of {row.threshold:.8g}" if row.threshold is not None else ""
        told.append(f"score {row.score:.8g}{bar}")
    told += [f"E-value {evalue_text(row.evalue)}"] if row.evalue is not None else []
    told += [row.note] if row.note else []
    return ", ".join(told)


def domain_sayings(rows: Iterable[Annotation]) -> Iterator[Saying]:
    """Say of each row with a telling name that the gene has the domain or family."""
    for row in rows:
        if row.name and not is_uncharacterized(row.name):
            yield part_saying([row])


def part_saying(group: Sequence[Annotation]) -> Saying:
    """Say that the gene has a domain or family; the first row of the group names it."""
    row = group[0]
    name = row.name if row.name and " " in row.name else row.note or row.name
    entry = [row.dbxrefs[0]] if row.dbxrefs and row.dbxrefs[0].startswith("InterPro:") else []
    where = _ranges(group)
    inside = ", ".join([*([signature_of(row)] if row.accession else []), *entry])
    words = f'has the domain or family "{name}"' + (f" ({inside})" if inside else "")
    return base_saying(
        row,
        Terms(go_terms=go_terms_of_rows(group)),
        key=row.accession or name,
        words=f"{words}{where}",
        grounds=evalue_words(row),
        title=name,
        family_kind="domain" if row.family_kind in {"", "domain"} else row.family_kind,
        caution="a part or family alone does not name the whole protein",
    )


def go_terms_of_rows(group: Sequence[Annotation]) -> tuple[str, ...]:
    """List the GO terms of rows, without the roots."""
    found = (term for row in group for term in row.go_terms if term not in GO_ROOTS)
    return tuple(dict.fromkeys(found))


def _ranges(group: Sequence[Annotation]) -> str:
    same = [row for row in group if row.accession == group[0].accession and row.start]
    spans = sorted({(row.start, row.end) for row in same})
    told = listed([f"{start} to {end}" for start, end in spans], most=3)
    length = f" of {group[0].protein_length}" if group[0].protein_length else ""
    return f" at residues {told}{length}" if told else ""


def signature_of(row: Annotation) -> str:
    """Name a signature with its database."""
    return f"{row.database}:{row.accession}"


def evalue_words(row: Annotation) -> str:
    """Word the E-value, or the score where there is none."""
    if row.evalue is not None:
        return f"E-value {evalue_text(row.evalue)}"
    return f"score {row.score:g}" if row.score is not None else ""
