"""Between records and rows of ``kb.sqlite``: pure functions, no database."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, TypeVar, cast

from ingest.hidden_text import without_hidden
from ingest.paper_fields import without_retraction
from ingest.records import (
    Annotation,
    CohortSummary,
    Family,
    FamilyNote,
    Feature,
    Gene,
    Genome,
    Location,
    Notice,
    Protein,
    Provenance,
    Publication,
    Sample,
    clean_sequence,
    digest_of,
)
from ingest.words import spelled_plainly

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from ingest.records import FeatureKind, Strand

RecordT = TypeVar("RecordT", Protein, Publication)
Fact: TypeAlias = (
    Gene
    | Protein
    | Publication
    | Notice
    | Sample
    | Feature
    | Family
    | FamilyNote
    | Annotation
    | CohortSummary
    | Genome
)
Value = str | int | float | None
DocumentKind: TypeAlias = Literal["passage", "protein", "feature", "sample"]

#: Titles below this many letters ("Editorial", "Reply") name no single paper.
_SHORTEST_TITLE: Final = 25
_NOT_A_LETTER: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Document:
    """A text that can be searched: a passage, or what is said of a protein, feature or sample.

    ``owner_id`` is the accession, feature id, sample name or publication id that it is about.
    ``start`` and ``end`` are offsets in the section, for passages.
    """

    id: str
    kind: DocumentKind
    owner_id: str
    title: str
    text: str
    section: str = ""
    start: int = 0
    end: int = 0


def summary_document(summary: CohortSummary) -> Document:
    """Lay a summary out as a text; its section names the analysis that it is of."""
    parts = (summary.subject_kind, summary.subject_id, summary.analysis)
    return Document(
        id=f"doc-{digest_of('cohort', *parts, summary.title, summary.text)}",
        kind=summary.subject_kind,
        owner_id=summary.subject_id,
        title=summary.title,
        text=summary.text,
        section=f"cohort {summary.analysis}",
    )


def filled(old: RecordT, new: RecordT) -> RecordT:
    """Fill the empty fields of ``old`` from ``new``; what is known stays.

    >>> one, other = Protein("P1", "MK", name="Lactase"), Protein("P1", "MK", "LacZ", gene="lacZ")
    >>> filled(one, other).name, filled(one, other).gene
    ('Lactase', 'lacZ')
    """
    gaps = [field.name for field in fields(old) if not getattr(old, field.name)]
    return replace(old, **{name: getattr(new, name) for name in gaps})


def storable(record: Fact) -> Fact:
    """Make a record fit to be kept: no lone surrogates (they become ``?``), no hidden text.

    JSON can smuggle surrogates in, and no file can hold them. What nobody sees is dropped
    (``ingest.hidden_text``), before passages are cut and ids are computed.
    """
    changes: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name == "values" and "".join(name for name, _ in value).isascii():
            continue  # most tables: thousands of values need no second look
        if (cleaned := _storable(value)) != value:
            changes[field.name] = cleaned
    return replace(record, **changes) if changes else record


def _storable(value: object) -> object:
    if isinstance(value, str):
        return without_hidden(value.encode("utf-8", "replace").decode())
    return tuple(map(_storable, value)) if isinstance(value, tuple) else value


def to_json(values: object) -> str:
    """Write tuples and pairs as compact JSON."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _texts(column: str) -> tuple[str, ...]:
    return tuple(json.loads(column))


def _pairs(column: str) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in json.loads(column))


def provenance(row: sqlite3.Row) -> Provenance:
    """Read the place that a record was read from."""
    return Provenance(row["path_name"], row["sha256"], row["reader"], row["line"])


def protein_columns(protein: Protein) -> dict[str, Value]:
    """Lay a protein out as columns; its sequence and file are added by the writer."""
    return {
        "accession": protein.accession,
        "name": protein.name,
        "gene": protein.gene,
        "ec_numbers": to_json(protein.ec_numbers),
        "go_terms": to_json(protein.go_terms),
        "ko": to_json(protein.ko),
        "taxon": protein.taxon,
        "reviewed": int(protein.reviewed),
        "function": protein.function,
        "pmids": to_json(protein.pmids),
        "database": protein.database,
    }


def protein_of_row(row: sqlite3.Row) -> Protein:
    """Read a protein of its view."""
    return Protein(
        accession=row["accession"],
        sequence=row["residues"] or "",
        name=row["name"],
        gene=row["gene"],
        ec_numbers=_texts(row["ec_numbers"]),
        go_terms=_texts(row["go_terms"]),
        ko=_texts(row["ko"]),
        taxon=row["taxon"],
        reviewed=bool(row["reviewed"]),
        function=row["function"],
        pmids=_texts(row["pmids"]),
        database=row["database"],
        provenance=provenance(row),
    )


def gene_columns(gene: Gene) -> dict[str, Value]:
    """Lay a gene out as columns; ``content`` is equal for equal genes of different files."""
    place = gene.location
    columns: dict[str, Value] = {
        "gene_id": gene.id,
        "product": gene.product,
        "gene": gene.gene,
        "seqid": place.seqid if place else None,
        "start": place.start if place else None,
        "end": place.end if place else None,
        "strand": place.strand if place else None,
        "contig_length": gene.contig_length,
        "partial": int(gene.partial),
        "ec_numbers": to_json(gene.ec_numbers),
        "go_terms": to_json(gene.go_terms),
        "ko": to_json(gene.ko),
        "dbxrefs": to_json(gene.dbxrefs),
        "inference": gene.inference,
        "source": gene.source,
    }
    sequence = clean_sequence(gene.translation)
    columns["content"] = digest_of(sequence, to_json(list(columns.values())))
    return columns


def document_of_row(row: sqlite3.Row) -> Document:
    """Read a text."""
    return Document(
        id=row["document_id"],
        kind=row["kind"],
        owner_id=row["owner_id"],
        title=row["title"],
        text=row["text"],
        section=row["section"],
        start=row["start"],
        end=row["end"],
    )


def gene_of_row(row: sqlite3.Row) -> Gene:
    """Read a gene of its view."""
    location = None
    if row["seqid"] is not None:
        strand = cast("Strand", row["strand"])
        location = Location(row["seqid"], row["start"], row["end"], strand)
    return Gene(
        id=row["gene_id"],
        translation=row["residues"] or "",
        product=row["product"],
        gene=row["gene"],
        location=location,
        contig_length=row["contig_length"],
        partial=bool(row["partial"]),
        ec_numbers=_texts(row["ec_numbers"]),
        go_terms=_texts(row["go_terms"]),
        ko=_texts(row["ko"]),
        dbxrefs=_texts(row["dbxrefs"]),
        inference=row["inference"],
        source=row["source"],
        provenance=provenance(row),
    )


def publication_columns(publication: Publication) -> dict[str, Value]:
    """Lay a publication out as columns; its status comes from notices (``store_notices``)."""
    return {
        "source_id": publication.source_id,
        "title": publication.title,
        "abstract": publication.abstract,
        "sections": to_json(publication.sections),
        "authors": to_json(publication.authors),
        "journal": publication.journal,
        "year": publication.year,
        "pmid": publication.pmid,
        "pmcid": publication.pmcid,
        "doi": publication.doi,
        "keywords": to_json(publication.keywords),
        "publication_types": to_json(publication.publication_types),
        "is_preprint": int(publication.is_preprint),
        "mesh": to_json(publication.mesh),
        "chemicals": to_json(publication.chemicals),
        "mentions": to_json(publication.mentions),
        "links": to_json(publication.links),
        "other_abstracts": to_json(publication.other_abstracts),
        "language": publication.language,
        "license": publication.license,
        "version": publication.version,
        "revised": publication.revised,
        "title_key": title_key(publication.title),
    }


def publication_of_row(row: sqlite3.Row) -> Publication:
    """Read a publication of its view."""
    return Publication(
        source_id=row["source_id"],
        title=row["title"],
        abstract=row["abstract"],
        sections=_pairs(row["sections"]),
        authors=_texts(row["authors"]),
        journal=row["journal"],
        year=row["year"],
        pmid=row["pmid"],
        pmcid=row["pmcid"],
        doi=row["doi"],
        keywords=_texts(row["keywords"]),
        publication_types=_texts(row["publication_types"]),
        is_retracted=bool(row["is_retracted"]),
        has_concern=bool(row["has_concern"]),
        is_preprint=bool(row["is_preprint"]),
        status_note=row["status_note"],
        mesh=_pairs(row["mesh"]),
        chemicals=_pairs(row["chemicals"]),
        mentions=tuple((kind, key, text) for kind, key, text in json.loads(row["mentions"])),
        links=_pairs(row["links"]),
        other_abstracts=_pairs(row["other_abstracts"]),
        language=row["language"],
        license=row["license"],
        version=row["version"],
        revised=row["revised"],
        provenance=provenance(row),
    )


def title_key(title: str) -> str:
    """Reduce a title to its letters and digits, hashed; "" for titles too short to tell.

    Accents, Greek letters and their names, and what publishers put before the title of a paper
    that they retracted, make no difference.
    """
    letters = _NOT_A_LETTER.sub("", spelled_plainly(without_retraction(title)).casefold())
    return digest_of(letters) if len(letters) >= _SHORTEST_TITLE else ""


def sample_of_row(row: sqlite3.Row) -> Sample:
    """Read a sample of its view."""
    return Sample(row["samp_name"], _pairs(row["attributes"]), provenance(row))


def feature_columns(feature: Feature) -> dict[str, Value]:
    """Lay a feature out as columns; only values that are not zero are kept, by position."""
    values = [[n, value] for n, (_, value) in enumerate(feature.values) if value != 0]
    return {
        "feature_id": feature.id,
        "name": feature.name,
        "kind": feature.kind,
        "unit": feature.unit,
        "stratum": feature.stratum,
        "rank": feature.rank,
        "special": int(feature.special),
        "tool": feature.tool,
        "lineage": feature.lineage,
        "dbxrefs": to_json(feature.dbxrefs),
        "abundances": to_json(values),
    }


def feature_of_row(row: sqlite3.Row, samples: Sequence[str]) -> Feature:
    """Read a feature of its view; ``samples`` is its sample list."""
    values = [0.0] * len(samples)
    for position, value in json.loads(row["abundances"]):
        values[position] = float(value)
    return Feature(
        id=row["feature_id"],
        name=row["name"],
        kind=cast("FeatureKind", row["kind"]),
        unit=row["unit"],
        values=tuple(zip(samples, values, strict=True)),
        stratum=row["stratum"],
        rank=row["rank"],
        special=bool(row["special"]),
        tool=row["tool"],
        lineage=row["lineage"],
        dbxrefs=_texts(row["dbxrefs"]),
        provenance=provenance(row),
    )
