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
from ingest.paper_ids import given_first
from ingest.tagged_text import paper_of_tags, tagged_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
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
_START: Final = re.compile(r"\ufeff?%0 |\x01")
#: Refer, the older form, has no type: its references begin behind an empty line.
_REFER: Final = re.compile(r"\ufeff?\s*(?:%[A-Z] [^\n]*\n){2,}")
_TAG: Final = re.compile(r"[\ufeff\x01]?(%\S)(?: (.*)|\s*)$", re.DOTALL)
#: EndNote keeps the PMID as the accession number where the record is PubMed's.
_PUBMED: Final = re.compile(r"pubmed|medline|\bNLM\b", re.IGNORECASE)
_PUBMED_LINK: Final = re.compile(r"(?:/pubmed/|pubmed\.ncbi\.nlm\.nih\.gov/)(\d{1,8})\b")


class EndnoteTaggedReader:
    """References from EndNote's tagged text."""

    name = "endnote_tagged"
    kind: Kind = "literature"
    description = "EndNote tagged references (.enw, Refer)"

    def sniff(self, head: str) -> bool:
        """Look for the type of a reference and another tag behind it, or for Refer's tags."""
        if re.match(r"\ufeff?\s*%0 [A-Z][^\n]*\n%\S ", head):
            return True
        return (
            _REFER.match(head) is not None and re.search(r"^%T \S", head, re.MULTILINE) is not None
        )

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per reference.

        Raises:
            FormatError: No line tells the type of a reference (%0), nor begins one.
        """
        for line, tagged in tagged_records(_with_starts(handle), source, _START, _TAG):
            fields = collected(tagged, TAGS)
            fields["authors"] = [given_first(it) for it in fields["authors"]]
            fields["keywords"] = [
                part for value in fields["keywords"] for part in re.split(r"\n|;\s", value)
            ]
            about = " ".join(value for tag, value in tagged if tag in {"%W", "%~", "%U", "%>"})
            if _PUBMED.search(about) and first(fields, "own_id").isdecimal():
                fields["pmid"], fields["own_id"] = fields["own_id"], []
            fields["pmid"] += _PUBMED_LINK.findall(about)[:1]
            yield paper_of_tags(fields, source, self.name, line)


def _with_starts(handle: Iterable[str]) -> Iterator[str]:
    """Mark the first line of each reference where no reference has a type (Refer)."""
    is_refer, was_empty = None, True
    for line in handle:
        if is_refer is None and line.strip("\ufeff \n"):
            is_refer = not line.lstrip("\ufeff \t").startswith("%0 ")
        is_first = is_refer and was_empty and line.lstrip("\ufeff").startswith("%")
        yield "\x01" + line.lstrip("\ufeff") if is_first else line
        was_empty = not line.strip()
