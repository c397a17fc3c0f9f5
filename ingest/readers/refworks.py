"""RefWorks' tagged format: as RefWorks, HighWire (bioRxiv), ProQuest and libraries export it.

    RT Journal Article
    T1 Starch and sugars in the gut
    A1 Smith, John

Kept: the tags of ``TAGS``. Dropped: every other tag. A line without a known tag goes on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.author_lists import split_authors
from ingest.paper_fields import collected, first
from ingest.paper_ids import given_first
from ingest.tagged_text import paper_of_tags, tagged_records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord, Publication

#: Our field -> tags, in order of preference.
TAGS: Final = {
    "title": ("T1", "TI", "OT"),
    "abstract": ("AB",),
    "authors": ("A1", "AU"),
    "journal": ("JF", "T2", "JO", "T3"),
    "year": ("YR", "FD", "PY"),
    "pmid": ("PM",),
    "pmcid": (),
    "doi": ("DO",),
    "keywords": ("K1", "KW"),
    "types": ("RT",),
    "language": ("LA",),
    "own_id": ("AN",),
    "place": ("UL", "LK", "NO", "U1", "U2", "U3", "U4", "U5"),
}
_START: Final = re.compile(r"\ufeff?RT (?=[A-Z])")
#: The tags that the format has: other lines of two capitals and a space are text.
_TAG: Final = re.compile(
    r"\ufeff?(A[1-6BDINUV]|C[LNRT]|D[BOS]|ED|F[DR]|I[DS]|J[FO]|K[1W]|L[AKS]|MD|NO|O[LPRT]|P[BMPY]"
    r"|R[DT]|S[LNPR]|T[1-3AI]|U[1-5L]|VO|W[PTV]|YR)(?: (.*)|\s*)$",
    re.DOTALL,
)
_PUBMED: Final = re.compile(r"pubmed|medline|\bNLM\b", re.IGNORECASE)


class RefworksReader:
    """References from RefWorks' tagged text."""

    name = "refworks"
    kind: Kind = "literature"
    description = "RefWorks tagged references (RefWorks, HighWire, ProQuest)"

    def sniff(self, head: str) -> bool:
        """Look for the type of a reference with other tags behind it, among the first lines."""
        tagged = re.search(r"(?:\A\ufeff?|\n)RT [A-Z][^\n]*\n(?:[A-Z][A-Z0-9] ?[^\n]*\n){2}", head)
        is_start = tagged is not None and head.count("\n", 0, tagged.start()) < 12
        return is_start and re.search(r"^(?:T1|TI) \S", head, re.MULTILINE) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per reference.

        Raises:
            FormatError: No line tells the type of a reference (RT).
        """
        for line, tagged in tagged_records(handle, source, _START, _TAG):
            fields = collected(tagged, TAGS)
            fields["authors"] = [name for it in fields["authors"] for name in _names(it)]
            fields["keywords"] = [
                part for value in fields["keywords"] for part in re.split(r"\n|;\s*", value)
            ]
            about = " ".join(value for tag, value in tagged if tag in {"DB", "DS", "UL", "LK"})
            if _PUBMED.search(about) and first(fields, "own_id").isdecimal():
                fields["pmid"], fields["own_id"] = fields["own_id"], []
            yield paper_of_tags(fields, source, self.name, line)


def _names(value: str) -> list[str]:
    return split_authors(value) if ";" in value else [given_first(value)]
