r"""GO terms of families: the GO Consortium's pfam2go and its kin, or a table of family and GO term.

    Pfam:PF00001 7tm_1 > GO:G protein-coupled receptor activity ; GO:0004930
    PF00031<TAB>GO:0004869<TAB>cysteine-type endopeptidase inhibitor activity<TAB>function

Kept: family and GO term, one pair a line. Dropped: names, aspects, comments (``!`` and ``#``).
See the external2go mappings of the GO Consortium; hamap2go has the same lines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.families import OWN, database_of, split_accession
from ingest.records import BadRecord, FamilyNote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source

_COMMENTS: Final = ("!", "#")
_OFFICIAL: Final = re.compile(r"[A-Za-z_]+:(\S+)\s[^>]*>\s*GO:.*;\s*(GO:\d{7})\s*")
_ROW: Final = re.compile(r"([\w.]+)\t(GO:\d{7})(?:\t.*|\s*)")
_DIGITS: Final = re.compile(r"\d{4}")
_WRITTEN: Final = "Pfam:PF00001 NAME > GO:NAME ; GO:0000000, or PF00001, a tab and GO:0000000"


class Pfam2goReader:
    """GO terms for profiles that other files bring."""

    name = "pfam2go"
    kind: Kind = "families"
    description = "GO terms of families: pfam2go, hamap2go, or TSV of family and GO term"

    def sniff(self, head: str) -> bool:
        """Look for a pair of family and GO term in the first or second line of data."""
        lines = [line for line in head.split("\n") if line.strip()]
        data = [line for line in lines if not line.startswith(_COMMENTS)]
        return any(_pair(line) is not None for line in data[:2])

    def read(self, handle: TextIO, source: Source) -> Iterator[FamilyNote | BadRecord]:
        """Yield a FamilyNote per pair.

        Raises:
            FormatError: No line has a pair.
        """
        found = False
        for line, text in enumerate(handle, 1):
            if text.startswith(_COMMENTS) or not text.strip():
                continue
            pair = _pair(text)
            if pair is not None:
                found = True
                place = source.provenance(self.name, line)
                yield FamilyNote(pair[0], go_terms=(pair[1],), provenance=place)
            elif found or _DIGITS.search(text):
                yield _bad(text, line, source)
            # else: the names of the columns
        if not found:
            hint = f"A line is written {_WRITTEN}"
            what = "no pair of family and GO term was found"
            raise FormatError(what, path_name=source.path_name, hint=hint)


def _pair(text: str) -> tuple[str, str] | None:
    """Part a line into accession and GO term; None where it is no such pair of a known family."""
    found = _OFFICIAL.fullmatch(text.rstrip("\n")) or _ROW.fullmatch(text.rstrip("\n"))
    if found is None:
        return None
    accession, _ = split_accession(found[1])
    return None if database_of(accession) == OWN else (accession, found[2])


def _bad(text: str, line: int, source: Source) -> BadRecord:
    record = re.split(r"\s", text.strip(), maxsplit=1)[0][:40]
    return BadRecord(source.path_name, line, record, f"the line is not written {_WRITTEN}")
