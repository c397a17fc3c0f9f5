"""MODS: references of library catalogues, repositories, Zotero and bibutils, one <mods> each.

    <mods><titleInfo><title>Starch in the gut</title></titleInfo><name type="personal">
    <namePart type="family">Doe</namePart><namePart type="given">Jane</namePart></name>
    <relatedItem type="host"><titleInfo><title>J Test</title></titleInfo></relatedItem></mods>

Kept: title, abstract, authors, journal (the host), year, DOI, PMID, PMCID, subjects, genre,
language. Dropped: editors and other roles, places, pages, shelf marks. Read as a stream.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.paper_ids import given_first
from ingest.records import BadRecord, Publication
from ingest.tagged_text import paper_of_tags
from ingest.xml_stream import elements, first_tag, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO
    from xml.etree.ElementTree import Element

    from ingest.paper_fields import Fields
    from ingest.readers.base import Kind, Source

_ROOTS: Final = frozenset({"modsCollection", "mods"})
#: Our field -> elements of a record, in order of preference.
PATHS: Final = {
    "abstract": ("abstract",),
    "year": (
        *("originInfo/dateIssued", "part/date", "relatedItem[@type='host']/part/date"),
        *("relatedItem[@type='host']/originInfo/dateIssued", "originInfo/copyrightDate"),
        *("originInfo/dateCreated", "originInfo/dateOther"),
    ),
    "keywords": ("subject/topic", "subject/geographic"),
    "types": ("genre",),
    "language": ("language/languageTerm",),
    "place": ("location/url", "note"),
    "own_id": ("recordInfo/recordIdentifier",),
}
_IDS: Final = {"doi": "doi", "pmid": "pmid", "pubmed": "pmid", "pmcid": "pmcid", "pmc": "pmcid"}
#: What someone who wrote the text is called (marcrelator); a name without a role wrote it.
_WROTE: Final = frozenset({"", "aut", "author", "cre", "creator"})


class ModsReader:
    """References from MODS, version 3."""

    name = "mods"
    kind: Kind = "literature"
    description = "MODS XML (library catalogues, repositories, Zotero, bibutils)"

    def sniff(self, head: str) -> bool:
        """Look for XML whose first element is MODS's."""
        return first_tag(head) in _ROOTS

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per record, and a BadRecord where the XML is broken.

        Raises:
            FormatError: The XML is broken before the first record ends, or defines entities.
        """
        number = 0
        for number, element in enumerate(elements(handle, source, ("mods",)), 1):
            if isinstance(element, BadRecord):
                yield element
            else:
                yield paper_of_tags(_fields(element), source, self.name, number)
        if not number:
            hint = "MODS holds <mods> elements"
            raise FormatError("no record was found", path_name=source.path_name, hint=hint)


def _fields(record: Element) -> Fields:
    fields: Fields = {
        field: [text for path in paths for it in record.iterfind(path) if (text := text_of(it))]
        for field, paths in PATHS.items()
    }
    fields["title"] = [_title(it) for it in record.iterfind("titleInfo") if not it.get("type")]
    hosts = record.iterfind("relatedItem[@type='host']/titleInfo")
    fields["journal"] = [_title(it) for it in hosts if it.get("type") != "abbreviated"]
    fields["authors"] = [_author(it) for it in record.iterfind("name") if _wrote(it)]
    for identifier in record.iterfind("identifier"):
        if field := _IDS.get(identifier.get("type", "").lower()):
            fields.setdefault(field, []).append(text_of(identifier))
    if record.get("ID"):
        fields["own_id"].append(record.get("ID", ""))
    return fields


def _title(info: Element) -> str:
    """Join the parts of a title: ``The`` + ``gut`` + ``: a story``."""
    whole = " ".join(filter(None, (text_of(info.find(it)) for it in ("nonSort", "title"))))
    return ": ".join(filter(None, (whole, text_of(info.find("subTitle")))))


def _wrote(name: Element) -> bool:
    roles = [text_of(it).lower() for it in name.iterfind("role/roleTerm")] or [""]
    return any(role in _WROTE for role in roles)


def _author(name: Element) -> str:
    parts: dict[str, list[str]] = {}
    for part in name.iterfind("namePart"):
        parts.setdefault(part.get("type", ""), []).append(text_of(part))
    family, given = " ".join(parts.get("family", ())), " ".join(parts.get("given", ()))
    if family:
        return f"{family}, {given}" if given else family
    whole = " ".join(parts.get("", ())).strip(" ,")
    return given_first(whole) if name.get("type") == "personal" else whole
