"""Bakta's JSON: the whole annotation of a genome, with its proteins.

    {"genome": {...}, "stats": {...}, "features": [{"type": "cds", "contig": "contig_1",
     "start": 413, "stop": 736, "strand": "+", "locus": "X_00005", "product": "...", "aa": "M..."}],
     "sequences": [{"id": "contig_1", "length": 1330}], "version": {"bakta": "1.8.1"}}

Kept: CDS and small ORFs with protein, place, gene, product, cross-references, the UniRef cluster
that the name rests on, Bakta's version. Dropped: every other feature type, pseudogenes, bases.
Features of version 1.10 and later say "sequence" for "contig". See github.com/oschwengers/bakta.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from ingest.coding import UniqueIds, terms_of
from ingest.errors import FormatError
from ingest.json_document import document_of
from ingest.readers.fasta import AMINO_ACIDS, sequence_fault
from ingest.records import BadRecord, Gene, Location, clean_sequence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import Strand

_HEAD: Final = re.compile(r'\s*\{\s*"genome"\s*:\s*\{')
_PROTEINS: Final = frozenset({"cds", "sorf"})
_CLUSTER: Final = re.compile(r"UniRef:(UniRef(?:100|90|50))_(\w+)")
#: Larger coordinates are faults: no chromosome is that long.
_LONGEST: Final = 10**12


class BaktaJsonReader:
    """Genes with their proteins from Bakta's JSON."""

    name = "bakta_json"
    kind: Kind = "genes"
    description = "Bakta JSON"

    def sniff(self, head: str) -> bool:
        """Look for the object that Bakta's file begins with."""
        is_own = _HEAD.match(head) is not None or '"bakta"' in head
        return is_own and head.lstrip().startswith("{") and '"features"' in head

    def read(self, handle: TextIO, source: Source) -> Iterator[Gene | BadRecord]:
        """Yield a Gene per protein.

        Raises:
            FormatError: The text is no JSON, or no annotation of Bakta.
        """
        content = _content(handle, source)
        lengths = {it.get("id"): it.get("length") for it in _objects(content.get("sequences"))}
        version = content.get("version")
        tool = version.get("bakta") if isinstance(version, dict) else ""
        ids = UniqueIds()
        left_out = 0
        for feature in _objects(content["features"]):
            left_out += "pseudogene" in feature
            if feature.get("type") not in _PROTEINS or "pseudogene" in feature:
                continue
            try:
                yield _gene(feature, lengths, f"Bakta {_text(tool)}".strip(), ids, source)
            except ValueError as error:
                name = _text(feature.get("locus")) or _text(feature.get("id"))
                yield BadRecord(source.path_name, 0, name[:120], str(error))
        if left_out:
            source.warnings.append(f"pseudogenes left out: {left_out}")


def _content(handle: TextIO, source: Source) -> dict[str, object]:
    content = document_of(handle, source)
    if not isinstance(content, dict) or not isinstance(content.get("features"), list):
        what = "there is no list of features in it"
        hint = "Give the JSON that Bakta wrote"
        raise FormatError(what, path_name=source.path_name, hint=hint)
    return cast("dict[str, object]", content)


def _objects(values: object) -> Iterator[dict[str, object]]:
    """Yield what is an object in a list; other values hold nothing for us."""
    found = values if isinstance(values, list) else []
    yield from (item for item in found if isinstance(item, dict))


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _gene(
    feature: Mapping[str, object],
    lengths: Mapping[object, object],
    tool: str,
    ids: UniqueIds,
    source: Source,
) -> Gene:
    gene_id = ids.take((_text(feature.get("locus")), _text(feature.get("id"))))
    if not gene_id:
        raise ValueError("it has no locus tag, or one that occurred before")
    sequence = clean_sequence(_text(feature.get("aa")))
    if fault := sequence_fault(sequence, AMINO_ACIDS):
        raise ValueError(fault)
    listed = feature.get("db_xrefs")
    terms = terms_of([], [_text(item) for item in listed] if isinstance(listed, list) else [])
    known = lengths.get(_text(feature.get("contig")) or _text(feature.get("sequence")))
    length = known if isinstance(known, int) and 0 < known < _LONGEST else 0
    return Gene(
        id=gene_id,
        translation=sequence,
        product=_text(feature.get("product")),
        gene=_text(feature.get("gene")),
        location=_place(feature, length),
        contig_length=length,
        partial=bool(feature.get("truncated")),
        ec_numbers=terms.ec_numbers,
        go_terms=terms.go_terms,
        ko=terms.ko,
        dbxrefs=terms.dbxrefs,
        inference=_inference(terms.dbxrefs),
        source=tool,
        provenance=source.provenance(BaktaJsonReader.name),
    )


def _place(feature: Mapping[str, object], length: int) -> Location | None:
    """The place; of a gene over the origin None where the contig's length is unknown."""
    seqid = _text(feature.get("contig")) or _text(feature.get("sequence"))
    start, stop = feature.get("start"), feature.get("stop")
    strand = _text(feature.get("strand"))
    if not isinstance(start, int) or not isinstance(stop, int) or not seqid:
        raise ValueError("it has no place on a contig")
    if not 1 <= start < _LONGEST or not 1 <= stop < _LONGEST or strand not in {"+", "-"}:
        message = f"its place is {start}..{stop} ({strand})"
        raise ValueError(message)
    end = stop if stop >= start else stop + length
    return Location(seqid, start, end, cast("Strand", strand)) if end >= start else None


def _inference(dbxrefs: tuple[str, ...]) -> str:
    """Say which UniRef cluster the name rests on: of several the narrowest."""
    found = [match for item in dbxrefs if (match := _CLUSTER.fullmatch(item))]
    best = max(found, key=lambda match: int(match.group(1)[6:]), default=None)
    return f"similar to AA sequence:{best.group(1)}:{best.group(0)[7:]}" if best else ""
