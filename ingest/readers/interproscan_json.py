"""InterProScan's JSON: matches of proteins, as in its XML and TSV.

    {"interproscan-version": "5.59-91.0", "results": [{"sequence": "MKT", "md5": "14...",
     "matches": [{"signature": {"accession": "PF00001", "entry": {...}}, "locations": [...]}],
     "xref": [{"id": "P1", "name": "P1 a protein"}]}]}

Kept: as from the TSV, for every id of a protein. Dropped: pathways, models, sites. Matches of
nucleotides (version 5 with -t n) are those of the proteins found in them.
See interproscan-docs.readthedocs.io, "Output formats".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ingest.annotation_tables import bad_row, placed
from ingest.errors import FormatError
from ingest.json_document import document_of
from ingest.readers.interproscan import annotation_of
from ingest.readers.interproscan_xml import ANALYSES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import Annotation, BadRecord

_HEAD: Final = re.compile(r'\s*\{\s*"(?:interproscan-version|interpro-version)"\s*:')
#: Members that write a score of their own where others write an E-value.
_SCORED: Final = frozenset({"hamap", "prositeprofiles"})
#: Residues of a protein that JSON may give as a number of digits.
_LONGEST: Final = 10**9


class InterproscanJsonReader:
    """Families and domains of proteins."""

    name = "interproscan_json"
    kind: Kind = "annotations"
    description = "InterProScan 5 JSON"

    def sniff(self, head: str) -> bool:
        """Look for the version that the object begins with."""
        return _HEAD.match(head.lstrip("\ufeff")) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Annotation | BadRecord]:
        """Yield an Annotation per location of a match, for each id of its protein.

        Raises:
            FormatError: The text is no JSON of InterProScan, or no match can be used.
        """
        yield from placed(_rows(_results(handle, source), source), source, self.name)


def _results(handle: TextIO, source: Source) -> list[Any]:
    content = document_of(handle, source)
    results = content.get("results") if isinstance(content, dict) else None
    if not isinstance(results, list):
        hint = "Give the JSON that InterProScan wrote"
        raise FormatError("there is no list of results", path_name=source.path_name, hint=hint)
    return results


def _rows(results: list[Any], source: Source) -> Iterator[tuple[int, Annotation | BadRecord]]:
    for result in _objects(results):
        proteins = [it.get("protein", it) for it in _objects(result.get("openReadingFrames"))]
        for protein in _objects(proteins) if proteins else [result]:
            yield from _of_protein(protein, source)


def _of_protein(
    protein: dict[str, Any], source: Source
) -> Iterator[tuple[int, Annotation | BadRecord]]:
    ids = [_text(it.get("id")) for it in _objects(protein.get("xref"))]
    sequence, md5 = _text(protein.get("sequence")), _text(protein.get("md5")).lower()
    for match in _objects(protein.get("matches")):
        for cells in _cells(match, md5, len(sequence)):
            for gene_id in ids or [""]:
                try:
                    yield 0, annotation_of([gene_id, *cells])
                except ValueError as error:
                    yield 0, bad_row(source, 0, gene_id, error)


def _cells(match: dict[str, Any], md5: str, length: int) -> Iterator[list[str]]:
    """Write each location of a match as a row of the TSV, without the protein's id."""
    signature = _object(match.get("signature"))
    library = _object(signature.get("signatureLibraryRelease"))
    name = _text(library.get("library")).upper()
    analysis = ANALYSES.get(name, name or "unknown")
    entry = _object(signature.get("entry"))
    go_terms = [_text(it.get("identifier")) for it in _objects(entry.get("goXRefs"))]
    field = "score" if analysis.lower() in _SCORED else "evalue"
    for place in _objects(match.get("locations")):
        found = place.get(field, match.get(field))
        yield [
            *(md5, str(length), analysis, _text(signature.get("accession")) or "-"),
            _text(signature.get("description")) or _text(signature.get("name")) or "-",
            *(_whole(place.get("start")), _whole(place.get("end"))),
            *(str(found) if _is_number(found) else "-", "T", "-"),
            *(_text(entry.get("accession")) or "-", _text(entry.get("description")) or "-"),
            *("|".join(go_terms) or "-", "-"),
        ]


def _objects(values: object) -> list[dict[str, Any]]:
    return [it for it in values if isinstance(it, dict)] if isinstance(values, list) else []


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(value: object) -> str:
    is_place = isinstance(value, int) and not isinstance(value, bool) and 0 < value < _LONGEST
    return str(value) if is_place else "?"
