"""InterProScan 5's TSV: no header, 11 to 15 columns, in one file of mixed width.

    p1<TAB>e7613f4e37dfa84d4adca4b355525920<TAB>133<TAB>Pfam<TAB>PF01042<TAB>Endoribonuclease L-PSP
    <TAB>2<TAB>130<TAB>1.5E-22<TAB>T<TAB>26-03-2025<TAB>IPR006175<TAB>YjgF family<TAB>GO:1(InterPro)

Kept: MD5 and length of the protein, member database, signature, description, place, score,
status, InterPro entry, GO terms. Dropped: the date and the pathways. The score is an E-value
but for HAMAP and ProSiteProfiles, whose score it is.
See interproscan-docs.readthedocs.io, "Output formats".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from ingest.annotation_tables import (
    EMPTY,
    bad_row,
    evalue_of,
    gene_id_of,
    go_terms_of,
    number,
    placed,
    whole,
)
from ingest.errors import FormatError
from ingest.records import Annotation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord, FamilyKind

TOOL: Final = "InterProScan"

#: How much a signature of each member database says of a whole protein. HAMAP and SFLD's
#: families are made so that members share a function; PIRSF and PANTHER group whole proteins;
#: NCBIfam holds everything, and its table says not what. All others are parts or patterns.
KIND_OF: Final[Mapping[str, FamilyKind]] = {
    "hamap": "equivalog",
    "pirsf": "family",
    "panther": "family",
    "ncbifam": "family",
    "tigrfam": "family",
    "sfld": "family",
}
#: Members whose description is a protein's name; the others write codes or whole superfamilies.
_NAMES_PROTEINS: Final = frozenset({"hamap", "ncbifam", "tigrfam", "sfld"})
#: Predictors of structure and place, which name no family.
_NO_FAMILY: Final = re.compile(r"(?:coils|mobidb.*|phobius|signalp.*|.*tmhmm|elm)")
#: What version 4 calls the members.
_OLD_NAMES: Final[Mapping[str, str]] = {
    "hmmpfam": "Pfam",
    "hmmtigr": "TIGRFAM",
    "hmmpir": "PIRSF",
    "hmmpanther": "PANTHER",
    "hmmsmart": "SMART",
    "fprintscan": "PRINTS",
    "blastprodom": "ProDom",
    "profilescan": "ProSiteProfiles",
    "patternscan": "ProSitePatterns",
}
#: These write their own score where others write an E-value.
_SCORED: Final = frozenset({"hamap", "prositeprofiles"})
#: Columns: protein, MD5, length, analysis, signature, description, start, stop, score, status,
#: date; then InterPro entry and its name, GO terms, pathways.
_FEWEST, _MOST = 11, 15
_MD5: Final = re.compile(r"[0-9a-f]{32}")
#: Version 4 has checksums of another kind, which tell nothing here.
_CRC64: Final = re.compile(r"[0-9a-f]{16}")
#: A header that people put above the table.
_HEADER: Final = re.compile(r"#?\s*(?:protein|sequence|query|gene)[ _]?\w*", re.IGNORECASE)
_STATUS: Final = frozenset({"T", "?", "F"})
_HAMAP_GENE: Final = re.compile(r"\s*\[(\w+)\]\.?$")
_NAMES_A_PART: Final = re.compile(r"\b(?:domain|repeat|motif|region|signature|site)s?\b", re.I)


class InterproscanReader:
    """Families and domains of proteins, with InterPro entries and GO terms."""

    name = "interproscan"
    kind: Kind = "annotations"
    description = "InterProScan 4 and 5 TSV (11 to 15 columns)"

    def sniff(self, head: str) -> bool:
        """Look at the first line: an MD5, a length, a place on the protein and a status."""
        lines = [line for line in head.splitlines() if line.strip()][:2]
        lines = lines[1:] if lines and _is_header(lines[0].split("\t")) else lines
        cells = lines[0].split("\t") if lines else [""]
        if not _FEWEST <= len(cells) <= _MOST or not _is_checksum(cells[1].strip()):
            return False
        return all(cells[place].strip().isdigit() for place in (2, 6, 7))

    def read(self, handle: TextIO, source: Source) -> Iterator[Annotation | BadRecord]:
        """Yield an Annotation per match.

        Raises:
            FormatError: No line holds anything, or no row can be used.
        """
        yield from placed(_rows(handle, source), source, self.name)


def _rows(handle: TextIO, source: Source) -> Iterator[tuple[int, Annotation | BadRecord]]:
    seen = False
    for line, text in enumerate(handle, 1):
        if not text.strip():
            continue
        seen = True
        cells = [cell.strip() for cell in text.rstrip("\n").split("\t")]
        if line == 1 and _is_header(cells):
            continue
        try:
            yield line, annotation_of(cells)
        except ValueError as error:
            yield line, bad_row(source, line, cells[0], error)
    if not seen:
        raise FormatError("the file is blank", path_name=source.path_name)


def annotation_of(cells: Sequence[str]) -> Annotation:
    """Make the annotation of a match, from the columns of the TSV.

    Raises:
        ValueError: A cell is not what InterProScan writes there.
    """
    _check(cells)
    analysis, signature, description = cells[3:6]
    analysis = _OLD_NAMES.get(analysis.lower(), analysis)
    start, end = whole(cells[6], "start"), whole(cells[7], "stop")
    length = whole(cells[2], "the length")
    if not 1 <= start <= end <= length:
        message = f"the match {start}..{end} lies outside a protein of {length} residues"
        raise ValueError(message)
    entry, entry_name, go_text = [*cells[11:14], "", "", ""][:3]
    score = number(cells[8], "the score")
    is_scored = analysis.lower() in _SCORED
    description = "" if description in EMPTY else description
    kind = _kind(analysis, signature, description)
    is_name = analysis.lower() in _NAMES_PROTEINS and kind in {"equivalog", "family"}
    symbol = _HAMAP_GENE.search(description)
    return Annotation(
        gene_id=gene_id_of(cells[0]),
        tool=TOOL,
        database=analysis,
        accession=signature,
        name=description,
        product=_HAMAP_GENE.sub("", description).rstrip(".") if is_name else "",
        gene=symbol.group(1) if symbol and is_name else "",
        go_terms=go_terms_of(go_text),
        dbxrefs=() if entry in EMPTY else (f"InterPro:{entry}",),
        family_kind=kind,
        start=start,
        end=end,
        protein_length=length,
        sequence_md5=cells[1].lower() if _MD5.fullmatch(cells[1].lower()) else "",
        score=score if is_scored else None,
        evalue=None if is_scored else evalue_of(score),
        is_significant=cells[9] == "T",
        note="" if entry_name in EMPTY else entry_name,
    )


def _is_checksum(text: str) -> bool:
    return (_MD5.fullmatch(text.lower()) or _CRC64.fullmatch(text.lower())) is not None


def _is_header(cells: Sequence[str]) -> bool:
    names = [cell.strip().lower() for cell in cells]
    is_wide = _FEWEST <= len(names) <= _MOST and _HEADER.fullmatch(names[0]) is not None
    return is_wide and "md5" in names[1] and not names[2].isdigit()


def _check(cells: Sequence[str]) -> None:
    if not _FEWEST <= len(cells) <= _MOST:
        message = f"{len(cells)} fields where InterProScan has {_FEWEST} to {_MOST}"
        raise ValueError(message)
    if not _is_checksum(cells[1]):
        message = f"{cells[1][:40]!r} is no MD5"
        raise ValueError(message)
    if cells[9] not in _STATUS:
        message = f"the status is {cells[9][:20]!r}"
        raise ValueError(message)


def _kind(analysis: str, signature: str, description: str) -> FamilyKind | Literal[""]:
    if _NO_FAMILY.fullmatch(analysis.lower()):
        return ""
    if signature.startswith(("SFLDG", "SFLDS")) or _NAMES_A_PART.search(description):
        return "domain"
    return KIND_OF.get(analysis.lower(), "domain")
