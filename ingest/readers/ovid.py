"""Ovid and the Cochrane Library: numbered references as text.

    <1>                     <1>                           Record #1 of 2
    UI  - 31000001          Unique Identifier             ID: CN-01234567
    TI  - Starch            31000001                      TI: Starch

Kept: the tags and labels of ``TAGS``. Dropped: every other. Lines that are set in go on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.author_lists import split_authors
from ingest.paper_fields import collected, first
from ingest.tagged_text import paper_of_tags, tagged_records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from ingest.paper_fields import Fields
    from ingest.readers.base import Kind, Source
    from ingest.records import BadRecord, Publication

#: Our field -> tags and labels, in order of preference.
TAGS: Final = {
    "title": ("TI", "Title", "Article Title", "Original Title"),
    "abstract": ("AB", "Abstract"),
    "authors": ("AU", "Author", "Authors"),
    "journal": ("JN", "JT", "SO", "Source", "Journal Name"),
    "year": ("YR", "YearofPublication", "Year of Publication", "Publication Date", "DP"),
    "pmid": ("PM", "PMID", "PubMed Identifier"),
    "doi": ("DO", "DOI", "Digital Object Identifier"),
    "keywords": ("KW", "KY", "Keyword Heading", "Keywords", "SH", "MH"),
    "types": ("PT", "Publication Type"),
    "language": ("LG", "LA", "Language"),
    "own_id": ("ID", "UI", "Unique Identifier", "Accession Number", "AN"),
}
_START: Final = re.compile(r"\ufeff?(?:<\d{1,6}>\s*$|Record #\d+ of \d+)")
_TAG: Final = re.compile(
    r"(?!Record #)([A-Z][A-Z0-9]{1,3}|[A-Z][a-z]+(?: ?[A-Za-z]+){0,4})"
    r"(?:  ?-|:)?(?:(?<=[-:]) (.*)|\s*)$",
    re.DOTALL,
)
_HEAD: Final = re.compile(
    r"\ufeff?\s*(?:<1>\s*\n(?:[A-Z][A-Z0-9]  - |[A-Z][A-Za-z ]+\n)|Record #1 of \d+\s*\n[A-Z]{2}: )"
)
_NUMBER: Final = re.compile(r"(?:PUBMED )?(\d{1,8})")
_YEAR_IN_SOURCE: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class OvidReader:
    """References from the text exports of Ovid and the Cochrane Library."""

    name = "ovid"
    kind: Kind = "literature"
    description = "numbered references of Ovid and the Cochrane Library as text"

    def sniff(self, head: str) -> bool:
        """Look for the number of the first reference and a tag or label behind it."""
        return _HEAD.match(head) is not None

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per reference.

        Raises:
            FormatError: No line numbers a reference.
        """
        for line, tagged in tagged_records(handle, source, _START, _TAG):
            fields = collected(tagged, TAGS)
            _tidy(fields, is_cochrane=any(value.startswith("CN-") for value in fields["own_id"]))
            yield paper_of_tags(fields, source, self.name, line)


def _tidy(fields: Fields, *, is_cochrane: bool) -> None:
    fields["pmid"] = [it[1] for value in fields["pmid"] if (it := _NUMBER.fullmatch(value.strip()))]
    # Ovid's number of a MEDLINE record is its PMID; Embase's and others' are ten digits.
    own = first(fields, "own_id")
    if not is_cochrane and own.isdecimal() and len(own) <= 8:
        fields["pmid"].append(own)
    fields["keywords"] = [
        part for value in fields["keywords"] for part in re.split(r"\n|;\s", value)
    ]
    lines = [part for value in fields["authors"] for part in value.split("\n")]
    fields["authors"] = [
        name for it in lines for name in split_authors(re.sub(r"\. (?=[A-Z][a-z])", "; ", it))
    ]
    source = first(fields, "journal")
    fields["year"] += _YEAR_IN_SOURCE.findall(source)[:1]
    fields["journal"] = [re.split(r"\. |\s\d{4};|\s\d+\(", source, maxsplit=1)[0]] if source else []
