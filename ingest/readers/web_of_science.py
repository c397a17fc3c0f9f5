"""Web of Science: references as the "plain text" export writes them (savedrecs.txt, .isi, .ciw).

    FN Clarivate Analytics Web of Science
    PT J
    AU Smith, J
       Doe, AB

Kept: the tags of ``TAGS``. Dropped: every other tag (addresses, funding, cited references).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.paper_fields import collected
from ingest.tagged_text import paper_of_tags, tagged_records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord, Publication

#: Our field -> tags, in order of preference.
TAGS: Final = {
    "title": ("TI",),
    "abstract": ("AB",),
    "authors": ("AU", "BA", "CA"),
    "journal": ("SO", "JI"),
    "year": ("PY", "EA"),
    "pmid": ("PM",),
    "doi": ("DI", "D2"),
    "keywords": ("DE", "ID"),
    "types": ("DT",),
    "language": ("LA",),
    "own_id": ("UT",),
}
_START: Final = re.compile(r"\ufeff?PT (?=[JBSPC]\b)")
_TAG: Final = re.compile(r"\ufeff?([A-Z][A-Z0-9])(?: (.*)|\s*)$", re.DOTALL)
#: The record's own id where the platform gives MEDLINE or PubMed.
_OF_PUBMED: Final = re.compile(r"(?:MEDLINE|PUBMED):(\d{1,8})", re.IGNORECASE)
_HEAD: Final = re.compile(r"\ufeff?\s*(?:FN .*\s+VR .*\s+)?PT [JBSPC]\s*\n[A-Z][A-Z0-9] \S")


class WebOfScienceReader:
    """References from Web of Science's plain text."""

    name = "web_of_science"
    kind: Kind = "literature"
    description = "Web of Science plain text (savedrecs.txt)"

    def sniff(self, head: str) -> bool:
        """Look for the type of a publication, behind the two lines of the file's own."""
        return _HEAD.match(head) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per reference.

        Raises:
            FormatError: No line tells the type of a publication (PT).
        """
        for line, tagged in tagged_records(handle, source, _START, _TAG):
            fields = collected(tagged, TAGS)
            for name, mark in (("authors", "\n"), ("keywords", ";"), ("types", ";")):
                fields[name] = [part for value in fields[name] for part in value.split(mark)]
            fields["pmid"] += [
                it[1] for own in fields["own_id"] if (it := _OF_PUBMED.fullmatch(own))
            ]
            yield paper_of_tags(fields, source, self.name, line)
