"""InterProScan 5's XML: proteins with their matches and locations.

    <protein-matches interproscan-version="5.26-65.0">
      <protein><sequence md5="fd17...">MDPM...</sequence><xref id="p1"/>
        <matches><hmmer3-match evalue="5.7E-22"><signature ac="PF00808">...<locations>

Kept: as from the TSV: each location of each match, with member database, signature, E-value or
score, InterPro entry and GO terms, for every id of the protein. Dropped: pathways, models, sites.
See interproscan-docs.readthedocs.io, "Output formats".
"""

from __future__ import annotations

import hashlib
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ingest.annotation_tables import bad_row, placed
from ingest.readers.interproscan import annotation_of
from ingest.records import BadRecord, clean_sequence
from ingest.xml_stream import elements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO
    from xml.etree.ElementTree import Element

    from ingest.readers.base import Kind, Source
    from ingest.records import Annotation

_ROOT: Final = re.compile(r"<(?:\w+:)?(?:protein-matches|nucleotide-sequence-matches)\b")
#: The libraries of the XML -> what the TSV calls them; the others are written the same.
ANALYSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "PFAM": "Pfam",
        "GENE3D": "Gene3D",
        "PROSITE_PROFILES": "ProSiteProfiles",
        "PROSITE_PATTERNS": "ProSitePatterns",
        "HAMAP": "Hamap",
        "COILS": "Coils",
        "MOBIDB_LITE": "MobiDBLite",
        "NCBIFAM": "NCBIfam",
        "FUNFAM": "FunFam",
        "ANTIFAM": "AntiFam",
        "PHOBIUS": "Phobius",
        "PRODOM": "ProDom",
        "PIRSR": "PIRSR",
    }
)


class InterproscanXmlReader:
    """Families and domains of proteins."""

    name = "interproscan_xml"
    kind: Kind = "annotations"
    description = "InterProScan 5 XML"

    def sniff(self, head: str) -> bool:
        """Look for the root element."""
        return head.lstrip("\ufeff \n\t").startswith("<") and _ROOT.search(head) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Annotation | BadRecord]:
        """Yield an Annotation per location of a match, for each id of its protein.

        Raises:
            FormatError: The XML is broken from the start, or no match can be used.
        """
        yield from placed(_rows(handle, source), source, self.name)


def _rows(handle: TextIO, source: Source) -> Iterator[tuple[int, Annotation | BadRecord]]:
    for protein in elements(handle, source, {"protein"}):
        if isinstance(protein, BadRecord):
            yield protein.line, protein
            continue
        sequence = clean_sequence(_child_text(protein, "sequence"))
        ids = [xref.get("id", "") for xref in _children(protein, "xref")]
        for match in _of_protein(protein):
            for cells in _cells(match, sequence):
                for gene_id in ids or [""]:
                    try:
                        yield 0, annotation_of([gene_id, *cells])
                    except ValueError as error:
                        yield 0, bad_row(source, 0, gene_id, error)


def _of_protein(protein: Element) -> Iterator[Element]:
    for matches in _children(protein, "matches"):
        yield from matches


def _cells(match: Element, sequence: str) -> Iterator[list[str]]:
    """Write each location of a match as a row of the TSV, without the protein's id."""
    signature = next(_children(match, "signature"), None)
    if signature is None:
        return
    library = next(_children(signature, "signature-library-release"), None)
    name = (library.get("library", "") if library is not None else "").upper()
    analysis = ANALYSES.get(name, name or "unknown")
    entry = next(_children(signature, "entry"), None)
    found = entry.iter() if entry is not None else iter(())
    go_terms = [it.get("id", "") for it in found if _tag(it) == "go-xref"]
    entry_cells = ["-", "-"]
    if entry is not None:
        entry_cells = [entry.get("ac", "-"), entry.get("desc") or "-"]
    md5 = hashlib.md5(sequence.encode(), usedforsecurity=False).hexdigest()
    field = "score" if analysis.lower() in {"hamap", "prositeprofiles"} else "evalue"
    for locations in _children(match, "locations"):
        for place in locations:
            yield [
                *(md5, str(len(sequence)), analysis, signature.get("ac", "-")),
                signature.get("desc") or signature.get("name") or "-",
                *(place.get("start", ""), place.get("end", "")),
                place.get(field) or match.get(field) or "-",
                *("T", "-", *entry_cells, "|".join(go_terms) or "-", "-"),
            ]


def _children(element: Element, tag: str) -> Iterator[Element]:
    return (child for child in element if _tag(child) == tag)


def _child_text(element: Element, tag: str) -> str:
    return next((child.text or "" for child in _children(element, tag)), "")


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
