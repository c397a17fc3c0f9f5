"""antiSMASH's results as JSON, version 5 on: records with features in Biopython's spelling.

    {"version": "7.1.0", "records": [{"id": "c1", "features": [
      {"type": "region", "location": "[0:4647689](+)", "qualifiers": {"product": ["NRPS"]}},
      {"type": "CDS", "location": "[68:623](-)", "qualifiers": {"locus_tag": ["g_1"]}}]}]}

Kept: of each CDS in a region its products, role, profiles and place; a gene over the origin of a
circle ends past the contig's end. Dropped: sequences, modules, CDS outside of regions.
See docs.antismash.secondarymetabolites.org.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ingest.annotation_tables import gene_id_of
from ingest.biosynthetic_regions import Region, in_region, regions_warning
from ingest.errors import FormatError
from ingest.json_document import document_of
from ingest.records import Annotation, BadRecord, Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import Strand

#: "[0:345](-)", "join{[0:345](-), [900:999](-)}"; "<" and ">" mark cut ends.
_PART: Final = re.compile(r"\[[<>]?(\d{1,12}):[<>]?(\d{1,12})\](?:\(([-+])\))?")
_IDS: Final = ("locus_tag", "ID", "protein_id", "gene")
_REGIONS: Final = frozenset({"region", "cluster"})


class AntismashJsonReader:
    """Genes of biosynthetic regions."""

    name = "antismash_json"
    kind: Kind = "annotations"
    description = "antiSMASH results as JSON"

    def sniff(self, head: str) -> bool:
        """Look for a JSON object with records and antiSMASH's modules or version."""
        if not head.lstrip().startswith("{") or '"records"' not in head:
            return False
        return (
            '"antismash.' in head
            or ('"input_file"' in head and '"taxon"' in head)  # records without any region
            or re.search(r'"type":\s*"(?:region|protocluster)"', head) is not None
        )

    def read(self, handle: TextIO, source: Source) -> Iterator[Annotation | BadRecord]:
        """Yield an Annotation per CDS in a region.

        Raises:
            FormatError: The file is no JSON, or holds no records of antiSMASH.
        """
        version, records = _loaded(handle, source)
        regions: dict[str, list[str]] = {}
        ids: set[str] = set()
        genes = 0
        for record in records:
            for item in _of_record(record, version, regions, source):
                if isinstance(item, BadRecord):
                    yield item
                elif item.gene_id in ids:
                    yield BadRecord(source.path_name, 0, item.gene_id, "the gene occurs twice")
                else:
                    ids.add(item.gene_id)
                    genes += 1
                    yield replace(item, provenance=source.provenance(self.name))
        if regions:
            source.warnings.append(regions_warning(regions, genes))
        if not genes:
            source.warnings.append("the file reports no hits")


def _loaded(handle: TextIO, source: Source) -> tuple[str, list[Mapping[str, Any]]]:
    data = document_of(handle, source)
    records = data.get("records") if isinstance(data, dict) else None
    if not isinstance(records, list) or not all(isinstance(it, dict) for it in records):
        what = "the JSON has no records of antiSMASH"
        raise FormatError(what, path_name=source.path_name)
    version = data.get("version", "")
    return (version if isinstance(version, str) else ""), records


class _Place(NamedTuple):
    parts: list[tuple[int, int]]
    strand: Strand


def _of_record(
    record: Mapping[str, Any], version: str, regions: dict[str, list[str]], source: Source
) -> Iterator[Annotation | BadRecord]:
    seqid = str(record.get("id", ""))
    features = [it for it in record.get("features", []) or [] if isinstance(it, dict)]
    found: list[tuple[str, list[str], _Place]] = []
    for feature in features:
        if feature.get("type") not in _REGIONS:
            continue
        number = _values(feature, "region_number")[:1] or [str(len(found) + 1)]
        name = f"{seqid} region {number[0]}"
        try:
            found.append((name, _values(feature, "product") or ["unknown"], _place(feature)))
        except ValueError as error:
            yield BadRecord(source.path_name, 0, name[:80], str(error))
    regions.update((name, products) for name, products, _ in found)
    for feature in features:
        if feature.get("type") != "CDS":
            continue
        identifier = next((value for key in _IDS for value in _values(feature, key)), "")
        try:
            annotation = _gene(feature, identifier, seqid, found, version, _length(record))
        except ValueError as error:
            yield BadRecord(source.path_name, 0, identifier[:80], str(error))
            continue
        if annotation is not None:
            yield annotation


def _gene(
    feature: Mapping[str, Any],
    identifier: str,
    seqid: str,
    regions: Sequence[tuple[str, list[str], _Place]],
    version: str,
    length: int,
) -> Annotation | None:
    place = _place(feature)
    region = next((it for it in regions if _is_inside(place, it[2])), None)
    if region is None:
        return None
    return in_region(
        gene_id_of(identifier),
        Region(region[0], region[1], version),
        role=(_values(feature, "gene_kind") or [""])[0],
        functions=_values(feature, "gene_functions"),
        location=Location(seqid, *_span(place.parts, length), place.strand),
    )


def _values(feature: Mapping[str, Any], name: str) -> list[str]:
    qualifiers = feature.get("qualifiers")
    values = qualifiers.get(name) if isinstance(qualifiers, dict) else None
    return [it for it in values if isinstance(it, str)] if isinstance(values, list) else []


def _place(feature: Mapping[str, Any]) -> _Place:
    """Read a location: zero-based, half open, in one part or several.

    Raises:
        ValueError: It is none.
    """
    text = feature.get("location")
    found = _PART.findall(text) if isinstance(text, str) else []
    parts = [(int(start), int(end)) for start, end, _ in found]
    if not parts or any(start >= end for start, end in parts):
        message = f"the location is {str(text)[:60]!r}"
        raise ValueError(message)
    strand: Strand = "-" if found[0][2] == "-" else "+" if found[0][2] == "+" else "."
    return _Place(sorted(parts), strand)


def _length(record: Mapping[str, Any]) -> int:
    """The contig's length, by its sequence or its source feature; 0 where neither is there."""
    seq = record.get("seq")
    data = seq.get("data") if isinstance(seq, dict) else None
    if isinstance(data, str):
        return len(data)
    for feature in record.get("features", []) or []:
        if isinstance(feature, dict) and feature.get("type") == "source":
            found = _PART.findall(str(feature.get("location")))
            return max((int(end) for _, end, _ in found), default=0)
    return 0


def _span(parts: Sequence[tuple[int, int]], length: int) -> tuple[int, int]:
    """Find start and end; of a gene over the origin the end passes the contig's end."""
    if len(parts) > 1 and length and parts[0][0] == 0 and parts[-1][1] == length:
        gaps = (n for n in range(1, len(parts)) if parts[n][0] > parts[n - 1][1])
        split = next(gaps, 0)
        if split:
            return parts[split][0] + 1, length + parts[split - 1][1]
    return parts[0][0] + 1, parts[-1][1]


def _is_inside(place: _Place, region: _Place) -> bool:
    """Tell whether every part of a gene lies in a part of the region."""
    return all(
        any(first <= start and end <= last for first, last in region.parts)
        for start, end in place.parts
    )
