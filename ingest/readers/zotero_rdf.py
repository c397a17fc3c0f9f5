"""Zotero RDF: a library as Zotero exports it, items beside the journals that they are in.

    <bib:Article rdf:about="#item_1"><z:itemType>journalArticle</z:itemType>
    <dcterms:isPartOf rdf:resource="urn:issn:1"/><dc:title>Starch</dc:title></bib:Article>
    <bib:Journal rdf:about="urn:issn:1"><dc:title>J Test</dc:title></bib:Journal>

Kept: title, abstract, authors, journal or book, year, DOI, PMID, PMCID, tags, type, language.
Dropped: editors, pages, notes, files, collections. The file is read whole: journals come last.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from ingest.errors import FormatError
from ingest.records import BadRecord, Publication
from ingest.tagged_text import paper_of_tags
from ingest.xml_stream import elements, first_tag, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO
    from xml.etree.ElementTree import Element

    from ingest.paper_fields import Fields
    from ingest.readers.base import Kind, Source

#: Elements for items, and for the journals, books and series that hold them.
_ITEMS: Final = (
    *("Article", "Book", "BookSection", "Thesis", "Manuscript", "Report", "Document", "Patent"),
    *("Description", "Letter", "Legislation", "Case", "Data", "Image", "Interview", "Recording"),
)
_HOLDERS: Final = ("Journal", "Periodical", "Newspaper", "Series", "ConferenceProceedings")
#: Items of Zotero that are no references, and elements for them.
_BESIDE: Final = frozenset({"attachment", "note", "annotation"})
_ASIDE: Final = ("Attachment", "Memo", "Collection", "UserItem")
#: Zotero's types that the types of papers have a name of their own for.
_TYPES: Final = {
    "journalArticle": "Journal Article", "book": "Book", "bookSection": "Book Chapter",
    "conferencePaper": "Conference Paper", "thesis": "Thesis", "report": "Report",
    "preprint": "Preprint", "dataset": "Dataset", "patent": "Patent",
}  # fmt: skip


class ZoteroRdfReader:
    """References from Zotero's RDF."""

    name = "zotero_rdf"
    kind: Kind = "literature"
    description = "Zotero RDF"

    def sniff(self, head: str) -> bool:
        """Look for RDF with Zotero's or the Biblio vocabulary's items."""
        return first_tag(head) == "RDF" and (
            "zotero.org/namespaces/export" in head or "purl.org/net/biblio" in head
        )

    def read(self, handle: TextIO, source: Source) -> Iterator[Publication | BadRecord]:
        """Yield a Publication per item; ``line`` counts items.

        Raises:
            FormatError: The XML is broken before the first item ends, defines entities, or has
                no item.
        """
        read = list(elements(handle, source, (*_ITEMS, *_HOLDERS, *_ASIDE)))
        found = [it for it in read if not isinstance(it, BadRecord)]
        holders = {_about(it): it for it in found if it.tag in _HOLDERS + _ITEMS}
        items = [it for it in found if it.tag in _ITEMS and _is_reference(it)]
        shared = Counter(target for it in items for target in _targets(it))
        for number, item in enumerate(items, 1):
            fields = _fields(item, holders, shared)
            yield paper_of_tags(fields, source, self.name, number)
        yield from (it for it in read if isinstance(it, BadRecord))
        if not items:
            hint = "Export the library again, as RIS, BibTeX or CSL JSON"
            raise FormatError("no reference was found", path_name=source.path_name, hint=hint)


def _about(element: Element) -> str:
    return next((it for key, it in element.items() if key.endswith("}about")), "")


def _targets(item: Element) -> list[str]:
    """List what an item is part of, by name."""
    parts = [dict(it.items()) for it in item.iterfind("isPartOf")]
    return [it for part in parts for key, it in part.items() if key.endswith("}resource")]


def _is_reference(item: Element) -> bool:
    kind = text_of(item.find("itemType"))
    return kind not in _BESIDE and bool(kind or item.tag != "Description")


def _fields(item: Element, holders: Mapping[str, Element], shared: Counter[str]) -> Fields:
    """Collect an item's fields; a journal that it shares with others has no DOI of its own."""
    targets = _targets(item)
    inside = [child for part in item.iterfind("isPartOf") for child in part]
    above = inside + [holders[it] for it in targets if it in holders]
    own = above if all(shared[it] == 1 for it in targets) else inside
    marked = [text_of(it) for element in (item, *own) for it in element.iterfind("identifier")]
    kind = text_of(item.find("itemType"))
    return {
        "title": [text_of(it) for it in item.iterfind("title")],
        "abstract": [text_of(it) for it in item.iterfind("abstract")],
        "authors": [_person(it) for it in item.iterfind("authors/Seq/li/Person")],
        "journal": [text_of(it.find("title")) for it in above]
        + [text_of(it) for it in item.iterfind("publicationTitle")],
        "year": [text_of(it) for it in item.iterfind("date")],
        "doi": [it for it in marked if it.upper().startswith("DOI")],
        "place": [it for it in marked if not it.upper().startswith(("ISSN", "ISBN"))]
        + [it.text or "" for it in item.iterfind("description")]
        + [_about(item)],
        "keywords": [text_of(it) for it in item.iterfind("subject")],
        "types": [_TYPES.get(kind, kind)],
        "language": [text_of(it) for it in item.iterfind("language")],
    }


def _person(person: Element) -> str:
    family = text_of(person.find("surname"))
    given = text_of(person.find("givenName")) or text_of(person.find("givenname"))
    return f"{family}, {given}" if given else family
