"""EndNote XML: a library as EndNote, Mendeley and Zotero export it, one <record> a reference.

    <xml><records><record><ref-type name="Journal Article">17</ref-type><titles><title>
    <style face="normal">Starch</style></title></titles><dates><year>2020</year></dates></record>

Kept: title, abstract, authors, journal, year, DOI, PMID, PMCID, keywords, type, language. Dropped:
styles, addresses, pages, research notes, attachments. Read as a stream, one record at a time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.paper_fields import first
from ingest.paper_ids import given_first
from ingest.records import BadRecord, Publication
from ingest.tagged_text import paper_of_tags
from ingest.xml_stream import elements, first_tag

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO
    from xml.etree.ElementTree import Element

    from ingest.paper_fields import Fields
    from ingest.readers.base import Kind, Source

#: Our field -> elements of a record, in order of preference.
PATHS: Final = {
    "title": ("titles/title", "titles/short-title"),
    "abstract": ("abstract",),
    "authors": ("contributors/authors/author",),
    "journal": (
        *("periodical/full-title", "titles/secondary-title", "periodical/abbr-1"),
        "titles/alt-title",
    ),
    "year": ("dates/year", "dates/pub-dates/date"),
    "pmid": (),
    "pmcid": ("custom2",),
    "doi": ("electronic-resource-num",),
    "keywords": ("keywords/keyword",),
    "language": ("language",),
    "own_id": ("accession-num",),
    "place": ("urls/related-urls/url", "urls/web-urls/url", "urls/pdf-urls/url", "notes"),
}
_PUBMED: Final = re.compile(r"pubmed|medline|\bNLM\b", re.IGNORECASE)
_PUBMED_LINK: Final = re.compile(r"(?:/pubmed/|pubmed\.ncbi\.nlm\.nih\.gov/)(\d{1,8})\b")
_PMCID: Final = re.compile(r"PMC\d+", re.IGNORECASE)


class EndnoteXmlReader:
    """References from EndNote's XML."""

    name = "endnote_xml"
    kind: Kind = "literature"
    description = "EndNote XML (EndNote, Mendeley, Zotero)"

    def sniff(self, head: str) -> bool:
        """Look for records with a type of reference or a source program."""
        is_list = first_tag(head) in {"xml", "records"} and "<record" in head
        return (
            is_list
            and re.search(r"<(?:ref-type|source-app|contributors|titles)\b", head) is not None
        )

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per record, and a BadRecord where the XML is broken.

        Raises:
            FormatError: The XML is broken before the first record ends, or defines entities.
        """
        number = 0
        for number, element in enumerate(elements(handle, source, ("record",)), 1):
            if isinstance(element, BadRecord):
                yield element
            else:
                yield paper_of_tags(_fields(element), source, self.name, number)
        if not number:
            hint = "EndNote XML holds <record> elements"
            raise FormatError("no record was found", path_name=source.path_name, hint=hint)


def _fields(record: Element) -> Fields:
    fields = {
        field: [text for path in paths for it in record.iterfind(path) if (text := _text(it))]
        for field, paths in PATHS.items()
    }
    kind = record.find("ref-type")
    fields["types"] = [kind.get("name", "")] if kind is not None else []
    fields["keywords"] = [
        part for value in fields["keywords"] for part in re.split(r"[\n\r]|;\s", value)
    ]
    people = (it for value in fields["authors"] for it in re.split(r"[\n\r]|;\s", value))
    fields["authors"] = [given_first(it) for it in people if it.strip()]
    fields["pmcid"] = [it for it in fields["pmcid"] if _PMCID.fullmatch(it.strip())]
    about = " ".join(_text(it) for it in record.iterfind("remote-database-name"))
    number = first(fields, "own_id")
    links = " ".join(fields["place"])
    if number.isdecimal() and (_PUBMED.search(about) or f"/{number}" in links):
        fields["pmid"], fields["own_id"] = [number], []
    fields["pmid"] += _PUBMED_LINK.findall(links)[:1]
    return fields


def _text(element: Element) -> str:
    """Join the styled parts of a text; they bring their own spaces."""
    return "".join(element.itertext())
