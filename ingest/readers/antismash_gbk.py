"""antiSMASH's GenBank files: regions (version 5 on) or clusters (version 4) with their genes.

    LOCUS       c42737                  2125 bp    DNA     linear   UNK 01-JAN-1980
    COMMENT     ##antiSMASH-Data-START##
         region          1..2125                             (version 4: cluster)

Kept: the genes, as from any GenBank file, and of each CDS in a region its products, role and
profiles. Dropped: protoclusters, candidate clusters, domains.
See docs.antismash.secondarymetabolites.org.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from ingest.biosynthetic_regions import Region, in_region, regions_warning
from ingest.errors import FormatError
from ingest.readers.genbank import Genes, entries
from ingest.records import BadRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from Bio.SeqFeature import SeqFeature
    from Bio.SeqRecord import SeqRecord

    from ingest.readers.base import Kind, Source
    from ingest.records import Annotation, Record

_COMMENT: Final = "##antiSMASH-Data-START##"
_CLUSTER: Final = re.compile(r"^     cluster  +\S+", re.MULTILINE)
_CLUSTER_NUMBER: Final = re.compile(r'/note="Cluster number: (\d+)')
_LOCUS: Final = re.compile(r"LOCUS\s+(\S+)")
_ID: Final = re.compile(r"\S{1,300}")
_TYPES: Final = frozenset({"region", "cluster"})


class AntismashGbkReader:
    """Genes, and those of biosynthetic regions with their roles."""

    name = "antismash_gbk"
    kind: Kind = "genes"
    description = "antiSMASH GenBank file (regions or clusters)"

    def sniff(self, head: str) -> bool:
        """Look for a GenBank record with antiSMASH's comment, or its clusters of version 4."""
        if not head.lstrip().startswith("LOCUS"):
            return False
        is_old = _CLUSTER.search(head) is not None and _CLUSTER_NUMBER.search(head) is not None
        return _COMMENT in head or is_old

    def read(self, handle: TextIO, source: Source) -> Iterator[Record]:
        """Yield a Gene per CDS and, where it lies in a region, an Annotation.

        Raises:
            FormatError: The file has no LOCUS line.
        """
        genes = Genes(source)
        regions: dict[str, list[str]] = {}
        found, inside = False, 0
        for line, text in entries(handle):
            locus = _LOCUS.search(text)
            found = found or locus is not None
            genes.record = None
            for gene in genes.of(line, locus.group(1) if locus else "", text):
                if isinstance(gene, BadRecord):
                    yield gene
                else:
                    yield replace(gene, provenance=source.provenance(self.name, line))
            if genes.record is not None:
                for annotation in _annotations(genes.record, regions):
                    inside += 1
                    yield replace(annotation, provenance=source.provenance(self.name, line))
        if not found:
            hint = "A GenBank record starts with LOCUS and ends with //"
            raise FormatError("no record was found", path_name=source.path_name, hint=hint)
        if genes.pseudogenes:
            source.warnings.append(f"pseudogenes left out: {genes.pseudogenes}")
        if regions:
            source.warnings.append(regions_warning(regions, inside))


class _Stretch(NamedTuple):
    name: str
    start: int
    end: int
    products: Sequence[str]
    on_edge: bool


def _annotations(record: SeqRecord, regions: dict[str, list[str]]) -> Iterator[Annotation]:
    comment = record.annotations.get("structured_comment")
    data = comment.get("antiSMASH-Data") if isinstance(comment, dict) else None
    version = str(data.get("Version", "")) if isinstance(data, dict) else ""
    found = [
        _region(it, record)
        for it in record.features
        if it.type in _TYPES and it.location is not None
    ]
    regions.update((region.name, list(region.products)) for region in found)
    for feature in record.features:
        place = feature.location
        if feature.type != "CDS" or place is None:
            continue
        start, end = int(place.start), int(place.end)
        region = next((it for it in found if it.start <= start and end <= it.end), None)
        named = (
            feature.qualifiers.get(key, [""])[0] for key in ("locus_tag", "protein_id", "gene")
        )
        identifier = next(filter(None, named), "")
        if region is None or not _ID.fullmatch(identifier):
            continue
        kind = feature.qualifiers.get("gene_kind") or feature.qualifiers.get("sec_met") or []
        yield in_region(
            identifier,
            Region(region.name, region.products, version, region.on_edge),
            role=_role(kind),
            functions=feature.qualifiers.get("gene_functions", []),
        )


def _region(feature: SeqFeature, record: SeqRecord) -> _Stretch:
    qualifiers = feature.qualifiers
    number = qualifiers.get("region_number", [""])[0] or next(
        (
            note.rpartition(": ")[2]
            for note in qualifiers.get("note", [])
            if "Cluster number" in note
        ),
        "1",
    )
    assert feature.location is not None
    products = [it for text in qualifiers.get("product", []) for it in re.split(r"\s*,\s*", text)]
    return _Stretch(
        f"{record.id} {feature.type} {number}",
        int(feature.location.start),
        int(feature.location.end),
        [product for product in products if product] or ["unknown"],
        qualifiers.get("contig_edge", [""])[0].lower() == "true",
    )


def _role(values: Sequence[str]) -> str:
    """Read the role: a qualifier of its own, or "Kind: biosynthetic" in version 4's /sec_met."""
    for value in values:
        if value.startswith("Kind: "):
            return value.removeprefix("Kind: ")
    return values[0] if values and ":" not in values[0] else ""
