"""EndNote's tagged format (Refer, .enw): as Google Scholar, publishers and EndNote export it.

    %0 Journal Article
    %T Starch and sugars in the gut
    %A Smith, John

Kept: the tags of ``TAGS``. Dropped: every other tag. A line without a tag goes on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.paper_fields import collected, first
from ingest.tagged_text import paper_of_tags, tagged_records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord, Publication

#: Our field -> tags, in order of preference.
TAGS: Final = {
    "title": ("%T", "%B"),
    "abstract": ("%X",),
    "authors": ("%A",),
    "journal": ("%J", "%B"),
    "year": ("%D", "%8"),
    "pmid": (),
    "pmcid": ("%2",),
    "doi": ("%R",),
    "keywords": ("%K",),
    "types": ("%0", "%9"),
    "language": ("%G",),
    "own_id": ("%M",),
    "place": ("%U", "%Z", "%>"),
}
_START: Final = re.compile(r"\ufeff?%0 ")
_TAG: Final = re.compile(r"\ufeff?(%\S)(?: (.*)|\s*)$", re.DOTALL)
#: EndNote keeps the PMID as the accession number where the record is PubMed's.
_PUBMED: Final = re.compile(r"pubmed|medline|\bNLM\b", re.IGNORECASE)
_PUBMED_LINK: Final = re.compile(r"(?:/pubmed/|pubmed\.ncbi\.nlm\.nih\.gov/)(\d{1,8})\b")


class EndnoteTaggedReader:
    """References from EndNote's tagged text."""

    name = "endnote_tagged"
    kind: Kind = "literature"
    description = "EndNote tagged references (.enw, Refer)"

    def sniff(self, head: str) -> bool:
        """Look for the type of a reference, and another tag behind it."""
        return re.match(r"\ufeff?\s*%0 [A-Z][^\n]*\n%\S ", head) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per reference.

        Raises:
            FormatError: No line tells the type of a reference (%0).
        """
        for line, tagged in tagged_records(handle, source, _START, _TAG):
            fields = collected(tagged, TAGS)
            fields["keywords"] = [
                part for value in fields["keywords"] for part in re.split(r"\n|;\s", value)
            ]
            about = " ".join(value for tag, value in tagged if tag in {"%W", "%~", "%U", "%>"})
            if _PUBMED.search(about) and first(fields, "own_id").isdecimal():
                fields["pmid"], fields["own_id"] = fields["own_id"], []
            fields["pmid"] += _PUBMED_LINK.findall(about)[:1]
            yield paper_of_tags(fields, source, self.name, line)
