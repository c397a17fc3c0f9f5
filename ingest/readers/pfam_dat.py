"""Pfam's facts beside its profiles: Pfam-A.hmm.dat, one Stockholm header for each family.

    #=GF ID   ZZ
    #=GF AC   PF00569.23
    #=GF CL   CL0229

Kept: accession, name, description, type (TP) and clan (CL). Dropped: cut-offs (the profiles have
them), length, and aligned sequences where a file has them. See the Pfam user manual.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.families import KINDS, split_accession
from ingest.records import BadRecord, FamilyNote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from ingest.readers.base import Kind, Source

_FIRST: Final = re.compile(r"\s*# STOCKHOLM 1\.0\s*\n(?:#=GF \w\w .*\n)*?#=GF AC   PF\d{5}")
_TAG: Final = re.compile(r"#=GF (\w\w)\s+(.*)")
_FAMILY: Final = re.compile(r"PF\d{5}")
_CLAN: Final = re.compile(r"CL\d{4}")


class PfamDatReader:
    """Types and clans of Pfam families, for profiles that another file brings."""

    name = "pfam_dat"
    kind: Kind = "families"
    description = "Pfam-A.hmm.dat: type and clan of each Pfam family"

    def sniff(self, head: str) -> bool:
        """Look for Stockholm's first line and a Pfam accession."""
        return _FIRST.match(head) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[FamilyNote | BadRecord]:
        """Yield a FamilyNote per family.

        Raises:
            FormatError: No family was found.
        """
        found = False
        first_lines: dict[str, int] = {}
        for line, tags, is_closed in _entries(handle):
            found = True
            accession, _ = split_accession(tags.get("AC", ""))
            fault = _fault(accession, tags, is_closed=is_closed)
            first = first_lines.setdefault(accession, line)
            if not fault and first != line:
                fault = f"the accession occurs twice, first on line {first}"
            if fault:
                record = accession or tags.get("ID", "")
                yield BadRecord(source.path_name, line, record[:40], fault)
            else:
                yield _note(accession, tags, line, source)
        if not found:
            hint = "Pfam-A.hmm.dat has lines such as: #=GF AC   PF00001.24"
            raise FormatError("no family was found", path_name=source.path_name, hint=hint)


def _entries(handle: TextIO) -> Iterator[tuple[int, dict[str, str], bool]]:
    """Yield the first line, the tags, and whether ``//`` ended it, for each entry."""
    start, tags = 0, dict[str, str]()
    for number, text in enumerate(handle, 1):
        if text.startswith("//"):
            if tags:
                yield start, tags, True
            tags = {}
        elif found := _TAG.match(text):
            start = start if tags else number
            tags.setdefault(found[1], found[2].strip())
    if tags:
        yield start, tags, False


def _fault(accession: str, tags: Mapping[str, str], *, is_closed: bool) -> str:
    if not is_closed:
        return "the entry has no // at its end (is the file cut short?)"
    if not _FAMILY.fullmatch(accession):
        return f"the accession {accession[:40]!r} is none of Pfam"
    if "TP" in tags and tags["TP"].lower() not in KINDS:
        return f"the type {tags['TP'][:40]!r} is not known"
    if "CL" in tags and not _CLAN.fullmatch(tags["CL"]):
        return f"the clan {tags['CL'][:40]!r} is no accession of a clan"
    return ""


def _note(accession: str, tags: Mapping[str, str], line: int, source: Source) -> FamilyNote:
    kind = tags.get("TP", "").lower()
    return FamilyNote(
        accession=accession,
        name=tags.get("ID", ""),
        description=tags.get("DE", ""),
        kind=KINDS[kind] if kind else "",
        clan=tags.get("CL", ""),
        provenance=source.provenance(PfamDatReader.name, line),
    )
